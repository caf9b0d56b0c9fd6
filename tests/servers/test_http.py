"""The feed server speaks real HTTP, answers conditionally, and goes wrong on demand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from .certificates import Authority
from .http import FeedServer, cut_off, dripping, gzipped, huge, no_answer, redirect, slow, status

FEED = "<rss>خبر</rss>"


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield client


async def test_a_feed_is_served_as_it_was_put(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    answer = await web.get(feed_server.put("/rss.xml", FEED))
    assert (answer.status_code, answer.content) == (200, FEED.encode())
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert (await web.get(feed_server.url("/other"))).status_code == 404


async def test_the_same_tag_gets_304_until_the_feed_changes(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    url = feed_server.put("/rss.xml", FEED)
    tag = (await web.get(url)).headers["ETag"]
    again = await web.get(url, headers={"If-None-Match": f"W/{tag}"})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    feed_server.put("/rss.xml", FEED * 2)
    assert (await web.get(url, headers={"If-None-Match": tag})).status_code == 200


async def test_the_same_date_gets_304_unless_a_tag_was_sent(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    when = datetime(2025, 4, 28, 6, 10, tzinfo=UTC)
    url = feed_server.put("/rss.xml", FEED, etag='"1"', last_modified=when)
    headers = {"If-Modified-Since": (await web.get(url)).headers["Last-Modified"]}
    assert headers == {"If-Modified-Since": "Mon, 28 Apr 2025 06:10:00 GMT"}
    assert (await web.get(url, headers=headers)).status_code == 304
    assert (await web.get(url, headers=headers | {"If-None-Match": '"2"'})).status_code == 200


async def test_scripted_answers_come_in_order_and_then_stop(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    url = feed_server.put("/rss.xml", FEED)
    feed_server.script("/rss.xml", [status(503, retry_after=120), None, redirect("/moved", 308), slow(0.05)])
    answers = [await web.get(url) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [503, 200, 308, 200, 200]
    assert answers[0].headers["Retry-After"] == "120"
    assert answers[2].headers["Location"] == "/moved"
    assert [seen.status for seen in feed_server.requests_of("/rss.xml")] == [503, 200, 308, 200, 200]


async def test_requests_are_recorded_as_sent(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    url = feed_server.put("/rss.xml", FEED)
    await web.get(url + "?page=2", headers={"X-Probe": "1"})
    await web.head(url)
    first, second = feed_server.requests_of("/rss.xml")
    assert (first.method, first.path, first.headers["x-probe"]) == ("GET", "/rss.xml?page=2", "1")
    assert (second.method, second.status) == ("HEAD", 200)
    assert first.at <= second.at


async def test_bodies_are_compressed_dripped_and_cut_off(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    url = feed_server.put("/rss.xml", FEED)
    feed_server.script("/rss.xml", [gzipped(), dripping(0.001, piece=1), cut_off(), no_answer()])
    packed = await web.get(url)
    assert (packed.headers["Content-Encoding"], packed.text) == ("gzip", FEED)
    assert (await web.get(url)).text == FEED
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            await web.get(url)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "bomb"])
async def test_huge_bodies_come_without_a_length(feed_server: FeedServer, web: httpx.AsyncClient, packed: bool) -> None:
    url = feed_server.put("/rss.xml", FEED)
    feed_server.script("/rss.xml", [huge(3_000_000, gzip=packed)])
    async with web.stream("GET", url) as answer:
        assert "Content-Length" not in answer.headers
        raw = sum([len(piece) async for piece in answer.aiter_raw()])
    assert raw < 10_000 if packed else raw == 3_000_000 + len(FEED.encode())


async def test_a_reader_may_leave_a_huge_body(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    url = feed_server.put("/rss.xml", FEED)
    feed_server.script("/rss.xml", [huge(50_000_000)])
    async with web.stream("GET", url) as answer:
        async for _ in answer.aiter_raw():
            break
    assert (await web.get(url)).text == FEED


async def test_bodies_sent_to_it_are_kept(feed_server: FeedServer, web: httpx.AsyncClient) -> None:
    await web.post(feed_server.put("/hook", "taken"), content=b"ring")
    assert [seen.body for seen in feed_server.requests_of("/hook")] == [b"ring"]


async def test_https_is_believed_by_who_pins_the_authority(tls_feed_server: FeedServer, authority: Authority) -> None:
    url = tls_feed_server.put("/rss.xml", FEED)
    async with httpx.AsyncClient(verify=authority.client_context()) as trusting:
        assert (await trusting.get(url)).text == FEED
    async with httpx.AsyncClient() as wary:
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await wary.get(url)
