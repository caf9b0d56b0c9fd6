"""Where a site's feeds are."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from ingest.discover import Discovered, candidates, discover
from ingest.fetch import Ask
from ingest.guard import GuardedHttp
from schemas.errors import Unreadable
from tests.ingest.feeds import atom, paper
from tests.servers.http import FeedServer

PAGE = """<!DOCTYPE html><html><head>
<link rel="alternate" type="text/xml" href="/loose.xml">
<LINK REL='alternate' TYPE='application/rss+xml; charset=utf-8' TITLE='News &amp; views' HREF='/news.rss?a=1&amp;b=2'>
<link rel="stylesheet" href="/style.css"><link rel="alternate" hreflang="ar" href="/ar">
</head><body><a href="/about">About</a> <a class=x href=/blog/feed/>RSS</a></body></html>"""


class Now:
    def now(self) -> datetime:
        return datetime(2026, 1, 5, tzinfo=UTC)


async def found(server: FeedServer, path: str = "/") -> list[Discovered]:
    async with GuardedHttp(allow_private=["127.0.0.1"]) as http:
        return await discover(http, Now(), Ask(server.url(path)))


def test_announced_feeds_come_before_linked_ones_and_guesses_last() -> None:
    places = candidates(PAGE, "https://e.org/", {"link": '</top.atom>; rel="alternate"; type="application/atom+xml"'})
    assert [place.url for place in places][:5] == [
        "https://e.org/top.atom",
        "https://e.org/news.rss?a=1&b=2",
        "https://e.org/loose.xml",
        "https://e.org/blog/feed/",
        "https://e.org/feed",
    ]
    assert places[1].title == "News & views"


async def test_the_address_of_a_feed_is_its_own_answer(feed_server: FeedServer) -> None:
    feed_server.put("/feed", paper([1, 2]))
    (only,) = await found(feed_server, "/feed")
    assert (only.url, only.title, len(only.parsed.items)) == (feed_server.url("/feed"), "The Example", 2)


async def test_feeds_are_found_and_read(feed_server: FeedServer) -> None:
    feed_server.put("/", PAGE, content_type="text/html")
    feed_server.put("/news.rss", paper([1]))
    feed_server.put("/blog/feed/", atom("<id>1</id><title>x</title>"))
    assert [each.url for each in await found(feed_server)] == [
        feed_server.url("/news.rss?a=1&b=2"),
        feed_server.url("/blog/feed/"),
    ]


async def test_the_usual_places_are_tried_where_robots_allow(feed_server: FeedServer) -> None:
    feed_server.put("/", "<html><body>nothing announced</body></html>")
    feed_server.put("/robots.txt", "User-agent: *\nDisallow: /feed\n", content_type="text/plain")
    feed_server.put("/feed", paper([1]))
    feed_server.put("/rss.xml", paper([1]))
    assert [each.url for each in await found(feed_server)] == [feed_server.url("/rss.xml")]
    assert feed_server.requests_of("/feed") == []


async def test_a_site_without_feeds_is_an_error_that_says_so(feed_server: FeedServer) -> None:
    feed_server.put("/", "<html><body>nothing</body></html>")
    with pytest.raises(Unreadable, match="no feed was found"):
        await found(feed_server)
    with pytest.raises(Unreadable, match="404"):
        await found(feed_server, "/missing")


async def test_credentials_go_to_the_same_origin_only(feed_server: FeedServer) -> None:
    elsewhere = feed_server.url("/there").replace("127.0.0.1", "localhost")
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    feed_server.put("/", f"<html>{link.format('/here')}{link.format(elsewhere)}</html>")
    feed_server.put("/here", paper([1]))
    feed_server.put("/there", paper([2]))
    async with GuardedHttp(allow_private=["127.0.0.1", "localhost", "::1"]) as http:
        await discover(http, Now(), Ask(feed_server.url("/"), auth={"basic": SecretStr("anna:pw")}))
    carried = {seen.path: "authorization" in seen.headers for seen in feed_server.requests}
    assert carried["/"]
    assert carried["/here"]
    assert not carried.get("/there")
