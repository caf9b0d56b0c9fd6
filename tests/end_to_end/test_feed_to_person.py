"""A feed gains an item; a person is told once, in Slack and by mail, on both logs, whatever is killed in between."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.end_to_end.daemon import running
from tests.servers.slack import SlackServer
from tests.servers.smtp import MailServer
from tocsin.clock import SystemClock
from tocsin.demo.server import WireServer, wire_server
from tocsin.demo.wire import load_wire

WIRE = load_wire()


def configure(directory: Path, server: WireServer, slack: SlackServer, smtp: MailServer, log: str) -> None:
    """A configuration that watches the wire and tells Slack and a mailbox."""
    (directory / "subscriptions").mkdir()
    feeds = "".join(f"  - {{url: '{server.feed_url(name)}', publisher: {name}}}\n" for name in WIRE.feeds)
    (directory / "feeds.yaml").write_text(f"feeds:\n{feeds}", encoding="utf-8")
    (directory / "tocsin.yaml").write_text(
        f"""
log: {log}
kafka: {{topic_prefix: "{directory.name}", partitions: 1}}
network: {{allow_private: [127.0.0.1/32], quick: {{127.0.0.1: 0.5s}}}}
desk: {{listen: "127.0.0.1:0"}}
destinations:
  chat: {{slack: {{channel: {slack.channel}, token: "{slack.token}", api_url: "{slack.api_url}"}}}}
  mail: {{email: {{from: tocsin@example.org, to: [desk@example.org], smtp: "{smtp.url("plain")}"}}}}
""",
        encoding="utf-8",
    )
    (directory / "subscriptions" / "all.yaml").write_text(
        "subscriptions:\n  - {id: troops, match: 'event:troop_deployment', notify: [chat, mail]}\n", encoding="utf-8"
    )


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 120) -> None:
    """Wait for a condition to hold."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.1)


class Reader:
    """The person who is told: what came into the channel and the mailbox."""

    def __init__(self, slack: SlackServer, smtp: MailServer) -> None:
        self._slack, self._smtp = slack, smtp

    async def threads(self) -> list[str]:
        """The text of every message that opens a thread."""
        messages = await self._slack.messages()
        return [message["text"] for message in messages if message.get("thread_ts", message["ts"]) == message["ts"]]

    def has_threads(self, least: int) -> Callable[[], Awaitable[bool]]:
        async def condition() -> bool:
            return len(await self.threads()) >= least

        return condition

    def has_mails(self, least: int) -> Callable[[], Awaitable[bool]]:
        async def condition() -> bool:
            return len(self._smtp.messages) >= least

        return condition

    def mails(self) -> list[str]:
        """The plain text of every mail."""
        bodies = [received.message.get_body(("plain",)) for received in self._smtp.messages]
        return [body.get_content() for body in bodies if body is not None]


def publish(server: WireServer, *ids: str) -> None:
    for item in WIRE.items:
        if item.id in ids:
            server.publish(item)


@pytest.mark.parametrize("log", ["sqlite:tocsin.db", "kafka"])
async def test_one_story_is_one_thread_and_one_mail(
    log: str, tmp_path: Path, slack: SlackServer, smtp: MailServer, request: pytest.FixtureRequest
) -> None:
    url = f"kafka://{request.getfixturevalue('kafka')}" if log == "kafka" else log
    reader = Reader(slack, smtp)
    async with wire_server(WIRE, SystemClock()) as server:
        configure(tmp_path, server, slack, smtp, url)
        async with running(tmp_path) as daemon:
            await asyncio.wait_for(server.looked.wait(), 120)
            publish(server, "rasid-1")
            await until(reader.has_threads(1))
            publish(server, "harbour-1", "volna-1", "hangang-1", "port-1", "sur-1", "volna-2")
            await until(reader.has_threads(2))
            await until(reader.has_mails(2))
        assert await daemon.ended() == 0, daemon.words()
    threads = await reader.threads()
    assert len(threads) == 2, threads
    assert any("North Korea" in text for text in threads)
    assert sum("كوريا" in mail for mail in reader.mails()) == 1, reader.mails()


async def test_killed_at_any_moment_nothing_is_lost_and_none_rings_twice(
    tmp_path: Path, slack: SlackServer, smtp: MailServer
) -> None:
    reader = Reader(slack, smtp)
    async with wire_server(WIRE, SystemClock()) as server:
        configure(tmp_path, server, slack, smtp, "sqlite:tocsin.db")
        async with running(tmp_path) as daemon:
            await asyncio.wait_for(server.looked.wait(), 120)
            publish(server, "rasid-1")
            await until(reader.has_threads(1))
            publish(server, "harbour-1", "volna-2")
            daemon.kill()
            await daemon.ended()
        for pause in (0.9, 1.3, 1.7, 2.2):
            async with running(tmp_path) as daemon:
                await asyncio.sleep(pause)
                daemon.kill()
                await daemon.ended()
        async with running(tmp_path) as daemon:
            publish(server, "hangang-1")
            await until(reader.has_threads(2))
            await until(reader.has_mails(2))
    threads = await reader.threads()
    assert len(threads) == 2, threads
