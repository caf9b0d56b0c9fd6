"""The proxy is as strict as Slack's documents and as unreliable as its script says."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from .slack.blocks import assert_valid_blocks
from .slack.faults import Fault, delay, drop_after, drop_before, error_after, error_before, rate_limited, says, stall
from .slack.limits import block_problems
from .slack.pace import UNLIMITED, Limits
from .slack_proxy import SlackProxy

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


@pytest.fixture
async def api(slack_proxy: SlackProxy) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {slack_proxy.token}"}
    async with httpx.AsyncClient(base_url=slack_proxy.api_url, headers=headers, timeout=5) as client:
        yield client


async def post(api: httpx.AsyncClient, channel: str, **fields: Any) -> dict[str, Any]:
    answer = await api.post("chat.postMessage", json={"channel": channel, "text": "ring", **fields})
    body: dict[str, Any] = answer.json()
    return body


async def test_a_good_message_passes_and_names_its_app(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    posted = await post(api, slack_proxy.channel, blocks=[SECTION])
    assert posted["ok"]
    assert posted["message"]["bot_id"] == slack_proxy.server.bot_id
    assert [message["blocks"] for message in await slack_proxy.server.messages()] == [[SECTION]]


@pytest.mark.parametrize(("fault", "arrives"), [(drop_after(), True), (drop_before(), False)], ids=["after", "before"])
async def test_a_dropped_answer_hides_whether_the_message_arrived(
    slack_proxy: SlackProxy, api: httpx.AsyncClient, fault: Fault, arrives: bool
) -> None:
    slack_proxy.script([fault])
    with pytest.raises(httpx.RemoteProtocolError):
        await post(api, slack_proxy.channel)
    assert len(await slack_proxy.server.messages()) == arrives


@pytest.mark.parametrize(
    ("fault", "status", "arrives"),
    [(error_after(), 500, True), (error_before(503), 503, False), (rate_limited(12), 429, False)],
    ids=["500 after", "503 before", "429"],
)
async def test_an_error_answer_hides_it_as_well(
    slack_proxy: SlackProxy, api: httpx.AsyncClient, fault: Fault, status: int, arrives: bool
) -> None:
    slack_proxy.script([fault])
    answer = await api.post("chat.postMessage", json={"channel": slack_proxy.channel, "text": "ring"})
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("12" if status == 429 else None)
    assert len(await slack_proxy.server.messages()) == arrives


async def test_a_stalled_answer_comes_after_the_message(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.script([stall(30)])
    with pytest.raises(httpx.ReadTimeout):
        await api.post("chat.postMessage", json={"channel": slack_proxy.channel, "text": "ring"}, timeout=0.3)
    assert len(await slack_proxy.server.messages()) == 1


async def test_faults_come_in_order_and_then_stop(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = UNLIMITED
    slack_proxy.script([says("fatal_error"), None, delay(0.05)])
    answers = [await post(api, slack_proxy.channel) for _ in range(4)]
    assert [answer.get("error") for answer in answers] == ["fatal_error", None, None, None]


async def test_a_callable_chooses_by_the_request(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = UNLIMITED
    slack_proxy.on_call = lambda call: says("internal_error") if call.fields.get("text") == "bad" else None
    assert (await post(api, slack_proxy.channel, text="bad"))["error"] == "internal_error"
    assert (await post(api, slack_proxy.channel, text="good"))["ok"]
    assert [call.fields["text"] for call in slack_proxy.calls_of("chat.postMessage")] == ["bad", "good"]


async def test_the_second_post_within_a_second_is_turned_away(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    answers = [
        await api.post("chat.postMessage", json={"channel": slack_proxy.server.channels[name], "text": "ring"})
        for name in ("alerts", "alerts", "desk")
    ]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["Retry-After"] == "1"


async def test_the_workspace_has_a_ceiling_of_its_own(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = Limits(channel_period=0, workspace_per_minute=2)
    codes = [
        (await api.post("chat.postMessage", json={"channel": slack_proxy.channel, "text": "ring"})).status_code
        for _ in range(3)
    ]
    assert codes == [200, 200, 429]


async def test_history_honours_oldest_and_shows_metadata_only_when_asked(
    slack_proxy: SlackProxy, api: httpx.AsyncClient
) -> None:
    slack_proxy.limits = UNLIMITED
    metadata = {"event_type": "tocsin_alert", "event_payload": {"delivery_id": "d1"}}
    first, second = [(await post(api, slack_proxy.channel, metadata=metadata))["ts"] for _ in range(2)]
    asked = {"channel": slack_proxy.channel, "oldest": first}
    (bare,) = (await api.post("conversations.history", data=asked)).json()["messages"]
    assert bare["ts"] == second
    assert "metadata" not in bare
    asked |= {"inclusive": "true", "include_all_metadata": "true"}
    found = (await api.post("conversations.history", data=asked)).json()["messages"]
    assert [(message["ts"], message["metadata"]) for message in found] == [(second, metadata), (first, metadata)]


async def test_history_comes_in_pages(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = UNLIMITED
    stamps = [(await post(api, slack_proxy.channel))["ts"] for _ in range(5)]
    seen: list[str] = []
    asked = {"channel": slack_proxy.channel, "limit": "2"}
    while True:
        page = (await api.post("conversations.history", data=asked)).json()
        seen += [message["ts"] for message in page["messages"]]
        asked["cursor"] = page["response_metadata"]["next_cursor"]
        if not page["has_more"]:
            break
    assert seen == stamps[::-1]


async def test_a_broadcast_reply_is_in_the_channel_too(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = UNLIMITED
    root = (await post(api, slack_proxy.channel))["ts"]
    await post(api, slack_proxy.channel, thread_ts=root, text="aside")
    loud = (await post(api, slack_proxy.channel, thread_ts=root, text="break", reply_broadcast=True))["ts"]
    history = (await api.post("conversations.history", data={"channel": slack_proxy.channel})).json()["messages"]
    assert [(message["ts"], message.get("subtype")) for message in history] == [
        (loud, "thread_broadcast"),
        (root, None),
    ]


async def test_history_lags_behind_what_was_posted(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.history_lag = 3600
    await post(api, slack_proxy.channel)
    asked = {"channel": slack_proxy.channel}
    assert (await api.post("conversations.history", data=asked)).json()["messages"] == []
    slack_proxy.history_lag = 0
    assert len((await api.post("conversations.history", data=asked)).json()["messages"]) == 1


async def test_replies_need_a_root(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.limits = UNLIMITED
    channel = slack_proxy.channel
    assert (await post(api, channel, thread_ts="1.000001"))["error"] == "cannot_reply_to_message"
    root = (await post(api, channel))["ts"]
    reply = (await post(api, channel, thread_ts=root, text="more"))["ts"]
    thread = (await api.post("conversations.replies", data={"channel": channel, "ts": root})).json()
    assert [message["ts"] for message in thread["messages"]] == [root, reply]
    lost = (await api.post("conversations.replies", data={"channel": channel, "ts": "1.000001"})).json()
    assert lost["error"] == "thread_not_found"


async def test_a_token_must_be_known(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.token_errors = {"xoxb-old": "token_revoked"}
    for token, error in (("xoxb-wrong", "invalid_auth"), ("xoxb-old", "token_revoked"), ("", "not_authed")):
        answer = await api.post("auth.test", headers={"Authorization": f"Bearer {token}".strip()})
        assert answer.json()["error"] == error
    assert (await api.post("auth.test")).json()["bot_id"] == slack_proxy.server.bot_id


async def test_a_token_without_the_scope_cannot_look_back(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {slack_proxy.server.blind_token}"}
    answer = await api.post("conversations.history", data={"channel": slack_proxy.channel}, headers=headers)
    assert answer.json()["error"] == "missing_scope"


async def test_a_channel_must_be_there_be_open_and_have_the_bot_in_it(
    slack_proxy: SlackProxy, api: httpx.AsyncClient
) -> None:
    slack_proxy.limits = UNLIMITED
    channels = slack_proxy.server.channels
    await slack_proxy.server.call("conversations.archive", channel=channels["desk"])
    refusals = [
        (await post(api, channel))["error"] for channel in ("C404", "alerts", channels["random"], channels["desk"])
    ]
    assert refusals == ["channel_not_found", "channel_not_found", "not_in_channel", "is_archived"]


async def test_the_webhook_is_strict_too(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    slack_proxy.script([drop_after()], method="webhook")
    with pytest.raises(httpx.RemoteProtocolError):
        await api.post(slack_proxy.webhook_url, json={"text": "ring"})
    assert len(await slack_proxy.server.messages(slack_proxy.server.channels["general"])) == 1
    assert (await api.post(slack_proxy.webhook_url, json={"text": "ring"})).status_code == 429
    slack_proxy.limits = UNLIMITED
    answers = [
        await api.post(slack_proxy.webhook_url, json={}),
        await api.post(slack_proxy.webhook_url, json={"blocks": [{"type": "section"}]}),
        await api.post(slack_proxy.webhook_url + "X", json={"text": "ring"}),
        await api.post(slack_proxy.webhook_url, data={"payload": '{"text": "ring"}'}),
    ]
    assert [(answer.status_code, answer.text) for answer in answers] == [
        (400, "no_text"), (400, "invalid_blocks"), (404, "no_service"), (200, "ok"),
    ]  # fmt: skip


async def test_slacks_own_client_works_through_it(slack_proxy: SlackProxy) -> None:
    client = AsyncWebClient(slack_proxy.token, base_url=slack_proxy.api_url)
    before = time.time()
    posted = await client.chat_postMessage(channel=slack_proxy.channel, text="ring", blocks=[SECTION])
    history = await client.conversations_history(channel=slack_proxy.channel, oldest=str(before - 10))
    assert [message["ts"] for message in history["messages"]] == [posted["ts"]]
    assert [call.method for call in slack_proxy.calls] == ["chat.postMessage", "conversations.history"]
    assert all(before <= call.at <= time.time() for call in slack_proxy.calls)


def text(kind: str, length: int) -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": text("plain_text", 3), "action_id": "a", **fields}


BAD_BLOCKS: dict[str, list[dict[str, Any]]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "section text": [{"type": "section", "text": text("mrkdwn", 3001)}],
    "empty text": [{"type": "section", "text": text("mrkdwn", 0)}],
    "11 fields": [{"type": "section", "fields": [text("mrkdwn", 1)] * 11}],
    "long field": [{"type": "section", "fields": [text("mrkdwn", 2001)]}],
    "header": [{"type": "header", "text": text("plain_text", 151)}],
    "mrkdwn header": [{"type": "header", "text": text("mrkdwn", 1)}],
    "11 context elements": [{"type": "context", "elements": [text("mrkdwn", 1)] * 11}],
    "26 actions": [{"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]}],
    "twin action_id": [{"type": "actions", "elements": [button(), button()]}],
    "button text": [{"type": "actions", "elements": [button(text=text("plain_text", 76))]}],
    "button value": [{"type": "actions", "elements": [button(value="x" * 2001)]}],
    "button url": [{"type": "actions", "elements": [button(url="javascript:alert(1)")]}],
    "twin block_id": [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}],
    "unknown block": [{"type": "marquee"}],
    "unknown rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_shout", "elements": []}]}],
    "no fields at all": [{"type": "section"}],
}


@pytest.mark.parametrize("name", BAD_BLOCKS)
async def test_blocks_beyond_the_limits_are_refused(slack_proxy: SlackProxy, api: httpx.AsyncClient, name: str) -> None:
    refused = await post(api, slack_proxy.channel, blocks=BAD_BLOCKS[name])
    assert refused["error"] == "invalid_blocks"
    assert "json-pointer:/blocks" in refused["response_metadata"]["messages"][0]
    with pytest.raises(AssertionError, match="json-pointer"):
        assert_valid_blocks(BAD_BLOCKS[name])


async def test_a_message_must_fit_as_a_whole(slack_proxy: SlackProxy, api: httpx.AsyncClient) -> None:
    channel, big = slack_proxy.channel, [{"type": "section", "text": text("mrkdwn", 2900)}] * 5
    slack_proxy.limits = UNLIMITED
    assert (await post(api, channel, blocks=big))["error"] == "msg_blocks_too_long"
    assert (await post(api, channel, text="x" * 40_001))["error"] == "msg_too_long"
    assert (await post(api, channel, text=""))["error"] == "no_text"
    assert (await post(api, channel, metadata={"event_type": "x"}))["error"] == "invalid_metadata_format"
    broken = await api.post("chat.postMessage", data={"channel": channel, "text": "x", "blocks": "[{"})
    assert broken.json()["error"] == "invalid_blocks_format"
    assert await slack_proxy.server.messages() == []


def test_good_blocks_please_both_judges() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": text("plain_text", 150)},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Who*\nNorth Korea", "verbatim": True}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "قوات"}]}],
        },
        {"type": "actions", "elements": [button(value="st_1:1", style="primary")]},
    ]
    assert_valid_blocks(blocks)
    assert block_problems(json.loads(json.dumps(blocks))) == []
