"""The webhook, against a real HTTP server through the guarded client."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from alert.channel import Broken, Channel, NotSent, Refused, Uncertain
from alert.channels import Services, build
from alert.channels.webhook import key, signature
from ingest.guard import GuardedHttp
from schemas.errors import ConfigError
from schemas.settings import Destination
from tests.alert.channels.parcels import digest_parcel, parcel
from tests.servers.http import FeedServer, no_answer, redirect, status
from tocsin.clock import SystemClock

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"
OLD = "whsec_b2xkIHNlY3JldCBvbGQgc2VjcmV0IG9sZA=="


def hook(http: GuardedHttp, url: str, **more: Any) -> Channel:
    destination = Destination(kind="webhook", options={"url": url, "secret": SECRET, **more})
    return build("soc", destination, Services(SystemClock(), http))


@pytest.fixture
async def http() -> AsyncIterator[GuardedHttp]:
    async with GuardedHttp(allow_private=["127.0.0.1"]) as client:
        yield client


async def test_a_receiver_that_follows_the_standard_believes_it(http: GuardedHttp, feed_server: FeedServer) -> None:
    feed_server.put("/hook", b"ok")
    await hook(http, feed_server.url("/hook")).send(parcel("d1"))
    (seen,) = feed_server.requests
    assert Verifier(SECRET).verify(seen.body, dict(seen.headers))
    assert seen.headers["webhook-id"] == "d1"
    told = json.loads(seen.body)
    assert told["type"] == "alert.opened"
    assert told["data"]["facts"]["actors"] == ["KP"]
    assert told["data"]["headline"].startswith("North Korea confirms")
    with pytest.raises(WebhookVerificationError):
        Verifier(OLD).verify(seen.body, dict(seen.headers))


async def test_while_rotating_both_secrets_are_good(http: GuardedHttp, feed_server: FeedServer) -> None:
    feed_server.put("/hook", b"ok")
    await hook(http, feed_server.url("/hook"), old_secret=OLD).send(digest_parcel())
    (seen,) = feed_server.requests
    for secret in (SECRET, OLD):
        assert Verifier(secret).verify(seen.body, dict(seen.headers))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(410), Broken), (status(401), Broken), (redirect("http://127.0.0.1/x"), Broken),
        (status(429, retry_after=7), NotSent), (status(503), NotSent), (status(500), Uncertain),
        (status(422), Refused), (no_answer(), Uncertain),
    ],
)  # fmt: skip
async def test_each_answer_has_its_meaning(
    http: GuardedHttp, feed_server: FeedServer, answer: Any, kind: type[Exception]
) -> None:
    feed_server.put("/hook", b"ok")
    feed_server.script("/hook", [answer])
    with pytest.raises(kind) as caught:
        await hook(http, feed_server.url("/hook")).send(parcel())
    if isinstance(caught.value, NotSent):
        assert caught.value.delay in (7.0, 30.0)


async def test_a_private_address_is_refused_by_the_guard(feed_server: FeedServer) -> None:
    async with GuardedHttp() as guarded:
        with pytest.raises(Broken, match="guard"):
            await hook(guarded, feed_server.url("/hook")).send(parcel())
    assert feed_server.requests == []


async def test_a_ping_proves_the_address(http: GuardedHttp, feed_server: FeedServer) -> None:
    feed_server.put("/hook", b"ok")
    assert "answers" in await hook(http, feed_server.url("/hook")).check()
    assert json.loads(feed_server.requests[0].body)["type"] == "tocsin.ping"


def test_without_the_guarded_client_there_is_no_webhook() -> None:
    with pytest.raises(ConfigError, match="guarded"):
        build("soc", Destination(kind="webhook", options={"url": "https://x.example", "secret": SECRET}),
              Services(SystemClock()))  # fmt: skip


@given(st.binary(max_size=200), st.text(alphabet="abc0-", min_size=1, max_size=20))
def test_our_signature_is_the_standards(body: bytes, message_id: str) -> None:
    now = SystemClock().now() - timedelta(seconds=1)
    stamp = int(now.timestamp())
    ours = signature(message_id, stamp, body, (key(SECRET),))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    assert ours == Verifier(SECRET).sign(message_id, now.replace(microsecond=0), text)
