"""The guarded client on a real server: bounds on addresses, size and time."""

import pytest

from ingest.guard import GuardedHttp, user_agent
from ingest.network import Forbidden
from schemas.errors import TryLater, Unreadable
from schemas.ports import Http
from tests.servers.certificates import Authority
from tests.servers.http import FeedServer, cut_off, dripping, gzipped, huge, no_answer, redirect, slow, status

OWN = ("127.0.0.1",)


async def test_an_answer_comes_with_status_headers_and_body(feed_server: FeedServer) -> None:
    url = feed_server.put("/feed", "<rss/>")
    async with GuardedHttp(allow_private=OWN, agent="tocsin/1") as http:
        port: Http = http
        answer = await port.request("GET", url, headers={"X-A": "b"})
    assert (answer.status, answer.body, answer.url) == (200, b"<rss/>", url)
    assert answer.headers["content-type"].startswith("application/rss+xml")
    (seen,) = feed_server.requests
    assert (seen.headers["user-agent"], seen.headers["x-a"]) == ("tocsin/1", "b")


async def test_a_private_address_is_refused_unless_it_is_opened(feed_server: FeedServer) -> None:
    async with GuardedHttp() as http:
        with pytest.raises(Forbidden, match="not a public address"):
            await http.request("GET", feed_server.url("/feed"))
        with pytest.raises(Forbidden):
            await http.request("GET", feed_server.url("/feed", "localhost"))
    assert feed_server.requests == []


async def test_redirects_are_handed_back_and_never_followed(feed_server: FeedServer) -> None:
    feed_server.script("/a", [redirect("/b", 301)])
    async with GuardedHttp(allow_private=OWN) as http:
        answer = await http.request("GET", feed_server.url("/a"))
    assert (answer.status, answer.headers["location"]) == (301, "/b")
    assert len(feed_server.requests) == 1


async def test_a_body_is_sent(feed_server: FeedServer) -> None:
    async with GuardedHttp(allow_private=OWN) as http:
        await http.request("POST", feed_server.url("/hook"), content=b"payload")
    assert feed_server.requests[0].body == b"payload"


async def test_a_packed_body_comes_unpacked(feed_server: FeedServer) -> None:
    url = feed_server.put("/feed", "<rss/>" * 1000)
    feed_server.script("/feed", [gzipped()])
    async with GuardedHttp(allow_private=OWN) as http:
        assert (await http.request("GET", url)).body == b"<rss/>" * 1000


@pytest.mark.parametrize("packed", [False, True])
async def test_what_is_too_large_is_refused(feed_server: FeedServer, packed: bool) -> None:
    feed_server.put("/feed", "<rss/>")
    feed_server.script("/feed", [huge(50_000_000, gzip=packed)])
    async with GuardedHttp(allow_private=OWN) as http:
        with pytest.raises(Unreadable, match=r"more than|times its size"):
            await http.request("GET", feed_server.url("/feed"), limit=1_000_000)


@pytest.mark.parametrize("trouble", [slow(5), dripping(0.05), no_answer(), cut_off()])
async def test_what_may_pass_is_to_be_tried_later(feed_server: FeedServer, trouble: object) -> None:
    feed_server.put("/feed", "x" * 10_000)
    feed_server.script("/feed", [trouble])  # type: ignore[list-item]  # the answers above
    async with GuardedHttp(allow_private=OWN) as http:
        with pytest.raises(TryLater):
            await http.request("GET", feed_server.url("/feed"), timeout=0.3)
        assert (await http.request("GET", feed_server.url("/feed"))).status == 200


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "http://", "gopher://x", "http://[::1"])
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    async with GuardedHttp() as http:
        with pytest.raises((Unreadable, TryLater)):
            await http.request("GET", url)


async def test_a_private_authority_is_believed_only_where_configured(
    tls_feed_server: FeedServer, authority: Authority
) -> None:
    url = tls_feed_server.put("/feed", "<rss/>")
    async with GuardedHttp(allow_private=OWN) as http:
        with pytest.raises(TryLater, match="connection failed"):
            await http.request("GET", url)
    async with GuardedHttp(allow_private=OWN, ca_file=str(authority.ca_file)) as http:
        assert (await http.request("GET", url)).status == 200


async def test_cookies_are_not_kept(feed_server: FeedServer) -> None:
    url = feed_server.put("/feed", "<rss/>", headers={"Set-Cookie": "spy=1"})
    async with GuardedHttp(allow_private=OWN) as http:
        await http.request("GET", url)
        await http.request("GET", url)
    assert all("cookie" not in seen.headers for seen in feed_server.requests)


async def test_through_a_proxy_the_proxy_is_asked(feed_server: FeedServer) -> None:
    feed_server.script("http://far.example/feed", [status(204)])
    async with GuardedHttp(proxy=feed_server.url("")) as http:
        await http.request("GET", "http://far.example/feed")
    assert feed_server.requests[0].headers["host"] == "far.example"


def test_we_say_who_we_are() -> None:
    assert user_agent("1.2", "ops@example.org") == "tocsin/1.2 (news alerts; ops@example.org)"
