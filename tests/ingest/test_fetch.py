"""One look: what the server said, and where redirects and credentials end."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ingest.fetch import Ask, Seen, credentials, look, max_age, retry_after
from ingest.guard import GuardedHttp
from tests.servers.http import Answer, FeedServer, redirect, slow, status

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


async def seen(server: FeedServer, path: str = "/feed", **ask: object) -> Seen:
    async with GuardedHttp(allow_private=["127.0.0.1", "localhost"]) as http:
        return await look(http, Ask(server.url(path), **ask), NOW)  # type: ignore[arg-type]  # fields of Ask


async def test_a_document_comes_with_its_validators(feed_server: FeedServer) -> None:
    feed_server.put("/feed", "<rss/>", etag='"1"', last_modified=NOW, headers={"Cache-Control": "public, max-age=120"})
    found = await seen(feed_server)
    assert (found.what, found.body, found.etag, found.max_age) == ("body", b"<rss/>", '"1"', 120)
    assert found.last_modified == "Mon, 05 Jan 2026 08:00:00 GMT"
    again = await seen(feed_server, etag=found.etag, last_modified=found.last_modified)
    assert (again.what, again.body) == ("unchanged", b"")


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (status(410), "gone"), (status(404), "failed"), (status(500), "failed"), (status(401), "blocked"),
        (status(403), "blocked"), (Answer(403, b"", {"cf-mitigated": "challenge"}), "blocked"), (status(429), "busy"),
        (status(503, retry_after=9), "busy"), (status(204), "failed"),
    ],
)  # fmt: skip
async def test_each_answer_has_a_meaning_and_a_reason(feed_server: FeedServer, answer: Answer, what: str) -> None:
    feed_server.script("/feed", [answer])
    found = await seen(feed_server)
    assert found.what == what
    assert str(answer.status) in found.reason


async def test_trouble_is_an_outcome_and_no_exception(feed_server: FeedServer) -> None:
    feed_server.script("/feed", [slow(5)])
    assert (await seen(feed_server, seconds=0.2)).what == "failed"
    async with GuardedHttp() as http:
        assert (await look(http, Ask(feed_server.url("/feed")), NOW)).what == "refused"


async def test_a_move_for_good_is_noted_when_every_hop_says_so(feed_server: FeedServer) -> None:
    feed_server.put("/new", "<rss/>")
    feed_server.script("/feed", [redirect("/mid", 301), redirect("/mid", 302)])
    feed_server.script("/mid", [redirect("/new", 308), redirect("/new", 308)])
    assert (await seen(feed_server)).permanent == feed_server.url("/new")
    later = await seen(feed_server)
    assert (later.what, later.permanent, later.url) == ("body", None, feed_server.url("/new"))


async def test_redirects_in_a_circle_or_without_end_are_refused(feed_server: FeedServer) -> None:
    feed_server.script("/feed", [redirect("/a"), *[redirect(f"/{n}") for n in range(1)]])
    feed_server.script("/a", [redirect("/feed")])
    assert "circle" in (await seen(feed_server)).reason
    feed_server.reset()
    for number in range(9):
        feed_server.script(f"/{number}", [redirect(f"/{number + 1}")])
    assert "more than 5" in (await seen(feed_server, "/0")).reason


@pytest.mark.parametrize("there", ["file:///etc/passwd", "javascript:1", "", "http://[", "http://10.0.0.1/latest"])
async def test_a_redirect_to_where_we_do_not_go_is_refused(feed_server: FeedServer, there: str) -> None:
    feed_server.script("/feed", [redirect(there)])
    assert (await seen(feed_server)).what == "refused"


@pytest.mark.parametrize("kind", ["basic", "bearer", "header", "cookie"])
async def test_credentials_never_cross_hosts(feed_server: FeedServer, kind: str) -> None:
    feed_server.script("/feed", [redirect(feed_server.url("/new", "localhost"))])
    feed_server.put("/new", "<rss/>")
    secret = "X-Key: s3cret" if kind == "header" else "user:s3cret"
    found = await seen(feed_server, auth={kind: SecretStr(secret)})
    first, second = feed_server.requests
    assert found.what == "body"
    assert set(credentials({kind: SecretStr(secret)}).items()) <= {
        (name, value) for name, value in [("Authorization", first.headers.get("authorization")),
        ("X-Key", first.headers.get("x-key")), ("Cookie", first.headers.get("cookie"))]
    }  # fmt: skip
    assert not {"authorization", "x-key", "cookie"} & set(second.headers)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("Mon, 05 Jan 2026 08:02:00 GMT", 120), ("Mon, 05 Jan 2026 07:00:00 GMT", 0), ("soon", None),
     ("", None), (None, None), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_max_age_is_read_where_it_stands() -> None:
    assert max_age({"cache-control": 'no-transform, Max-Age="60"'}) == 60
    assert max_age({"cache-control": "max-age=x"}) is None
    assert max_age({}) is None


@given(st.text(max_size=60))
def test_no_header_breaks_a_look(value: str) -> None:
    retry_after(value, NOW)
    max_age({"cache-control": value})
