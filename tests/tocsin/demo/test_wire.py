"""The sample wire is real feeds in real formats."""

from datetime import UTC, datetime

import feedparser
import httpx
import pytest

from tocsin.clock import SystemClock
from tocsin.demo.server import wire_server
from tocsin.demo.wire import Published, load_wire, render

WIRE = load_wire()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_every_item_says_what_must_come_of_it() -> None:
    ids = {item.id for item in WIRE.items}
    for item in WIRE.items:
        assert item.feed in WIRE.feeds
        assert sum([item.before, item.rings is not None, item.joins is not None, item.quiet]) == 1
        assert item.joins is None or item.joins in ids


def test_the_wire_speaks_six_languages_or_more() -> None:
    assert len({feed.lang for feed in WIRE.feeds.values()}) >= 6


@pytest.mark.parametrize("name", sorted(WIRE.feeds))
def test_a_feed_parses_as_what_it_says_it_is(name: str) -> None:
    feed = WIRE.feeds[name]
    items = [Published(item, NOW, f"http://x.example/{item.id}") for item in WIRE.items if item.feed == name]
    document = render(feed, "http://x.example/", items)
    if feed.format == "json":
        assert b"jsonfeed.org" in document.body
        return
    parsed = feedparser.parse(document.body)
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == [published.item.title for published in items]
    assert {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}[feed.format] == parsed.version


async def test_the_server_knows_when_every_feed_was_looked_at() -> None:
    async with wire_server(WIRE, SystemClock()) as server, httpx.AsyncClient() as client:
        for name in WIRE.feeds:
            assert not server.looked.is_set()
            answer = await client.get(server.feed_url(name))
            again = await client.get(server.feed_url(name), headers={"if-none-match": answer.headers["etag"]})
            assert (answer.status_code, again.status_code) == (200, 304)
        assert server.looked.is_set()
