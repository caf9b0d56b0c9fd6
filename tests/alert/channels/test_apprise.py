"""Apprise, with the real library, against a server that stands for ntfy."""

from typing import Any

import pytest

from alert.channel import Channel, NotSent
from alert.channels import Services, build
from schemas.errors import ConfigError
from schemas.settings import Destination
from tests.alert.channels.parcels import digest_parcel, parcel
from tests.servers.http import FeedServer, status
from tocsin.clock import SystemClock


def channel(url: str) -> Channel:
    return build("phone", Destination(kind="apprise", options={"url": url}), Services(SystemClock()))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apprise.plugins.ntfy.NotifyNtfy.request_rate_per_sec", 0)


def ntfy(server: FeedServer) -> str:
    return server.url("/secret-topic").replace("http://", "ntfy://")


async def test_a_message_reaches_the_service(feed_server: FeedServer) -> None:
    feed_server.put("/", b"{}")
    await channel(ntfy(feed_server)).send(parcel())
    (seen,) = feed_server.requests
    assert "North Korea confirms troop deployment" in seen.body.decode()


async def test_a_digest_is_cut_to_what_services_take(feed_server: FeedServer) -> None:
    feed_server.put("/", b"{}")
    await channel(ntfy(feed_server)).send(digest_parcel(25))
    assert len(feed_server.requests[0].body.decode()) < 2_500


async def test_a_no_is_tried_again(feed_server: FeedServer) -> None:
    feed_server.put("/", b"{}")
    feed_server.script("/", [status(500)] * 5)
    with pytest.raises(NotSent) as caught:
        await channel(ntfy(feed_server)).send(parcel())
    assert "secret-topic" not in str(caught.value)


@pytest.mark.parametrize("url", ["json://169.254.169.254/", "syslog://", "file:///etc/passwd", "xml://127.0.0.1", "x"])
def test_only_listed_services_are_let_through(url: str) -> None:
    with pytest.raises(ConfigError, match="not on the list"):
        channel(url)


def test_an_address_apprise_does_not_understand_is_refused_without_naming_it() -> None:
    with pytest.raises(ConfigError, match="does not understand") as caught:
        channel("tgram://not-a-token")
    assert "not-a-token" not in str(caught.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    real = importlib.import_module

    def missing(name: str, package: str | None = None) -> Any:
        if name == "apprise":
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ConfigError, match=r"tocsin\[apprise\]"):
        channel("ntfy://topic")
