"""What every channel keeps, whatever its wire: a new channel is added to `OPENINGS` and must pass all of this."""

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from alert.channel import Channel, Sent, Undelivered
from alert.channels import Services, build, kinds
from ingest.guard import GuardedHttp
from schemas.settings import Destination
from tests.alert.build import alert, match, report
from tests.alert.channels.parcels import digest_parcel, parcel
from tests.alert.words.hostile import CORPUS
from tests.servers.http import FeedServer
from tests.servers.slack.pace import UNLIMITED
from tests.servers.slack_proxy import SlackProxy
from tests.servers.smtp import MailServer
from tocsin.clock import SystemClock

SECRET = "hunter2-hunter2-hunter2"


@dataclass(frozen=True)
class Opening:
    """How a channel is configured: with a server that answers, and with one that is not there."""

    works: dict[str, Any]
    dead: dict[str, Any] | None


def console(_: pytest.FixtureRequest) -> Opening:
    return Opening({}, None)


def slack(request: pytest.FixtureRequest) -> Opening:
    proxy: SlackProxy = request.getfixturevalue("slack_proxy")
    proxy.limits = UNLIMITED
    options = {"channel": proxy.channel, "token": proxy.token, "api_url": proxy.api_url, "signing_secret": SECRET}
    dead = {"channel": proxy.channel, "token": f"xoxb-{SECRET}", "api_url": "http://127.0.0.1:9/"}
    return Opening(options, dead)


def slack_webhook(request: pytest.FixtureRequest) -> Opening:
    proxy: SlackProxy = request.getfixturevalue("slack_proxy")
    proxy.limits = UNLIMITED
    return Opening({"url": proxy.webhook_url}, {"url": f"http://127.0.0.1:9/services/T0/B0/{SECRET}"})


def email(request: pytest.FixtureRequest) -> Opening:
    server: MailServer = request.getfixturevalue("smtp")
    usual = {"from": "tocsin@alerts.example.org", "to": ["anna@example.org"]}
    dead = {"smtp": "smtp://127.0.0.1:9", "username": "tocsin", "password": SECRET}
    return Opening({**usual, "smtp": server.url("plain")}, {**usual, **dead})


def webhook(request: pytest.FixtureRequest) -> Opening:
    server: FeedServer = request.getfixturevalue("feed_server")
    server.put("/hook", b"ok")
    return Opening({"url": server.url("/hook"), "secret": SECRET}, {"url": "http://127.0.0.1:9/", "secret": SECRET})


def apprise(request: pytest.FixtureRequest) -> Opening:
    server: FeedServer = request.getfixturevalue("feed_server")
    server.put("/", b"{}")
    request.getfixturevalue("monkeypatch").setattr("apprise.plugins.ntfy.NotifyNtfy.request_rate_per_sec", 0)
    topic = server.url("/topic").replace("http://", "ntfy://")
    return Opening({"url": topic}, {"url": f"ntfy://127.0.0.1:9/{SECRET}"})


OPENINGS: dict[str, Callable[[pytest.FixtureRequest], Opening]] = {
    "console": console, "slack": slack, "slack_webhook": slack_webhook, "email": email, "webhook": webhook,
    "apprise": apprise, "nowhere": console,
}  # fmt: skip


@pytest.fixture(params=sorted(OPENINGS))
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Channel, Channel | None]]:
    """A channel that works, and the same with nobody at the other end."""
    opening = OPENINGS[request.param](request)
    async with GuardedHttp(allow_private=["127.0.0.1"]) as http:
        services = Services(SystemClock(), http)
        with redirect_stdout(io.StringIO()):
            good = build("desk", Destination(kind=request.param, options=opening.works), services)
        dead = None
        if opening.dead is not None:
            dead = build("desk", Destination(kind=request.param, options=opening.dead), services)
        yield good, dead
        await good.close()
        if dead is not None:
            await dead.close()


@pytest.fixture
def captured() -> Iterator[io.StringIO]:
    """Everything that is logged, at any level, by anybody."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=stream))
    yield stream
    structlog.reset_defaults()
    root.removeHandler(handler)
    root.setLevel(level)


def test_every_kind_has_to_keep_this() -> None:
    assert set(OPENINGS) == set(kinds())


async def test_it_takes_a_root_a_reply_and_a_digest(pair: tuple[Channel, Channel | None]) -> None:
    channel, _ = pair
    for leg in channel.legs():
        root = await channel.send(parcel("d1", leg=leg))
        assert isinstance(root, Sent)
        assert root.handle
        assert (await channel.send(parcel("d2", "reply", leg=leg, thread=root.handle, broadcast=True))).handle
        assert (await channel.send(digest_parcel(30, "d3", leg=leg))).handle


async def test_it_takes_whatever_a_feed_wrote(pair: tuple[Channel, Channel | None]) -> None:
    channel, _ = pair
    leg = channel.legs()[0]
    for number, words in enumerate(CORPUS):
        wish = match(title=words, reasons=(words,))
        one = alert(report=report(title=words, text=words, source=words), matches=(wish,), facts={"headline": words})
        for plainer in range(channel.can.plainer + 1):
            await channel.send(parcel(f"d{number}-{plainer}", of=one, leg=leg, plainer=plainer))


async def test_it_says_what_it_can_and_lives_under_limits(pair: tuple[Channel, Channel | None]) -> None:
    channel, _ = pair
    assert channel.can.parallel >= 1
    assert channel.legs()
    for kind in ("root", "reply", "edit", "digest"):
        for limit in channel.limits(kind):
            assert limit.per_second > 0
            assert SECRET not in limit.name
    assert await channel.check()


async def test_with_nobody_there_it_says_undelivered_and_no_secret(
    pair: tuple[Channel, Channel | None], captured: io.StringIO
) -> None:
    _, dead = pair
    if dead is None:
        return
    with pytest.raises(Undelivered) as caught:
        await dead.send(parcel(leg=dead.legs()[0]))
    for text in (str(caught.value), repr(caught.value), caught.value.reason, repr(dead), str(caught.value.__cause__)):
        assert SECRET not in text
    said = [line for line in captured.getvalue().splitlines() if not line.startswith(("send_request", "connect_tcp"))]
    assert SECRET not in "\n".join(said)


async def test_what_it_finds_again_is_what_it_sent(pair: tuple[Channel, Channel | None]) -> None:
    channel, _ = pair
    if channel.can.reconcile:
        sent = await channel.send(parcel("d1"))
        assert await channel.reconcile(parcel("d1")) == sent
        assert await channel.reconcile(parcel("d2")) is None
