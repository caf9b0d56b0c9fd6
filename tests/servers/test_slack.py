"""The emulator is a Slack workspace: it keeps channels, threads and edits, and forgets them when told to."""

import httpx

from .slack import SlackServer


async def test_a_posted_message_is_in_the_channel_with_its_metadata(slack: SlackServer) -> None:
    metadata = '{"event_type": "tocsin_alert", "event_payload": {"delivery_id": "d1"}}'
    posted = await slack.call("chat.postMessage", channel=slack.channel, text="ring", metadata=metadata)
    (message,) = await slack.messages()
    assert (message["ts"], message["text"]) == (posted["ts"], "ring")
    assert message["metadata"]["event_payload"] == {"delivery_id": "d1"}


async def test_a_reply_is_in_its_thread_and_not_in_the_channel(slack: SlackServer) -> None:
    root = await slack.call("chat.postMessage", channel=slack.channel, text="root")
    await slack.call("chat.postMessage", channel=slack.channel, text="more", thread_ts=root["ts"])
    assert [message["text"] for message in await slack.messages()] == ["root"]
    assert [reply["text"] for reply in await slack.replies(slack.channel, root["ts"])] == ["more"]


async def test_an_update_changes_the_message_in_place(slack: SlackServer) -> None:
    root = await slack.call("chat.postMessage", channel=slack.channel, text="old")
    await slack.call("chat.update", channel=slack.channel, ts=root["ts"], text="new")
    assert [message["text"] for message in await slack.messages()] == ["new"]


async def test_the_webhook_posts_to_general(slack: SlackServer) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(slack.webhook_url, json={"text": "ring"})
    assert answer.text == "ok"
    assert [message["text"] for message in await slack.messages(slack.channels["general"])] == ["ring"]


async def test_a_reset_empties_the_workspace_and_keeps_the_address(slack: SlackServer) -> None:
    await slack.call("chat.postMessage", channel=slack.channel, text="ring")
    address = slack.api_url
    slack.reset()
    assert await slack.messages() == []
    assert slack.api_url == address
