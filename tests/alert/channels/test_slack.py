"""Slack, against the emulator behind the strict proxy."""

from collections.abc import AsyncIterator

import pytest

from alert.channel import BadMessage, Broken, Channel, NotSent, Refused, ThreadGone, Uncertain
from alert.channels import Services, build
from schemas.settings import Destination
from tests.alert.channels.parcels import digest_parcel, parcel
from tests.servers.slack import faults
from tests.servers.slack.blocks import assert_valid_blocks
from tests.servers.slack.pace import UNLIMITED
from tests.servers.slack_proxy import SlackProxy
from tocsin.clock import SystemClock


@pytest.fixture
async def desk(slack_proxy: SlackProxy) -> AsyncIterator[Channel]:
    """The channel under test, talking to the proxy."""
    slack_proxy.limits = UNLIMITED
    options = {"channel": slack_proxy.channel, "token": slack_proxy.token, "api_url": slack_proxy.api_url,
               "signing_secret": "x"}  # fmt: skip
    channel = build("desk", Destination(kind="slack", options=options), Services(SystemClock()))
    yield channel
    await channel.close()


async def test_a_root_its_reply_and_its_edit_stand_in_one_thread(desk: Channel, slack_proxy: SlackProxy) -> None:
    root = await desk.send(parcel("d1"))
    await desk.send(parcel("d2", "reply", thread=root.handle, broadcast=True))
    await desk.update(parcel("d3", "edit", thread=root.handle))
    replies = await slack_proxy.server.replies(slack_proxy.channel, root.handle)
    assert [message["thread_ts"] for message in replies] == [root.handle]
    roots = await slack_proxy.server.messages()
    assert roots[-1]["ts"] == root.handle
    for message in (*roots, *replies):
        assert_valid_blocks(message["blocks"])
        assert "North Korea" in message["text"] or "soldiers" in message["text"]


async def test_a_digest_is_one_message(desk: Channel, slack_proxy: SlackProxy) -> None:
    await desk.send(digest_parcel(25))
    (message,) = await slack_proxy.server.messages()
    assert_valid_blocks(message["blocks"])
    assert message["text"].startswith("25 stories")


async def test_a_lost_answer_is_uncertain_and_the_message_is_found(desk: Channel, slack_proxy: SlackProxy) -> None:
    slack_proxy.script([faults.drop_after()])
    one = parcel("d1")
    with pytest.raises(Uncertain):
        await desk.send(one)
    found = await desk.reconcile(one)
    assert found is not None
    assert [message["ts"] for message in await slack_proxy.server.messages()] == [found.handle]


async def test_a_reply_is_looked_for_in_its_thread(desk: Channel, slack_proxy: SlackProxy) -> None:
    root = await desk.send(parcel("d1"))
    slack_proxy.script([faults.error_after()])
    reply = parcel("d2", "reply", thread=root.handle)
    with pytest.raises(Uncertain):
        await desk.send(reply)
    assert await desk.reconcile(reply) is not None
    assert await desk.reconcile(parcel("d7", "reply", thread=root.handle)) is None


async def test_a_request_that_never_arrived_is_not_found(desk: Channel, slack_proxy: SlackProxy) -> None:
    slack_proxy.script([faults.drop_before()])
    with pytest.raises(Uncertain):
        await desk.send(parcel("d1"))
    assert await desk.reconcile(parcel("d1")) is None


async def test_too_fast_is_no_failed_attempt(desk: Channel, slack_proxy: SlackProxy) -> None:
    slack_proxy.script([faults.rate_limited(12)])
    with pytest.raises(NotSent) as caught:
        await desk.send(parcel())
    assert (caught.value.delay, caught.value.scope) == (12.0, "pace")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_auth", Broken), ("channel_not_found", Broken), ("is_archived", Broken), ("missing_scope", Broken),
        ("invalid_blocks", BadMessage), ("msg_blocks_too_long", BadMessage), ("msg_too_long", BadMessage),
        ("cannot_reply_to_message", ThreadGone), ("message_not_found", ThreadGone),
        ("fatal_error", Uncertain), ("internal_error", Uncertain), ("service_unavailable", NotSent),
        ("ratelimited", NotSent), ("something_new", Refused),
    ],
)  # fmt: skip
async def test_each_word_of_slack_has_its_meaning(
    desk: Channel, slack_proxy: SlackProxy, code: str, kind: type[Exception]
) -> None:
    slack_proxy.script([faults.says(code)])
    with pytest.raises(kind):
        await desk.send(parcel())


async def test_no_connection_is_surely_not_sent(slack_proxy: SlackProxy) -> None:
    options = {"channel": slack_proxy.channel, "token": slack_proxy.token, "api_url": "http://127.0.0.1:9/api/"}
    channel = build("desk", Destination(kind="slack", options=options), Services(SystemClock()))
    with pytest.raises(NotSent) as caught:
        await channel.send(parcel())
    assert slack_proxy.token not in str(caught.value)
    await channel.close()


async def test_check_says_who_we_are_and_a_bad_token_is_broken(desk: Channel, slack_proxy: SlackProxy) -> None:
    assert "#alerts" in await desk.check()
    slack_proxy.token_errors[slack_proxy.token] = "token_revoked"
    with pytest.raises(Broken, match="token_revoked"):
        await desk.check()
