"""Full text: for feeds that ask for it, the article behind an item, published later as an update of it.

The item itself is never kept waiting. Pages are asked for politely: robots.txt, one at a time, seconds apart for a
host, and no more than two megabytes; what a page says is read by trafilatura in the killable worker.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from ingest import fetch
from ingest.canon import host
from ingest.looks import kept
from ingest.options import Sleep
from ingest.parse import Body, Sandbox
from ingest.robots import Robots
from schemas.errors import Unreadable
from schemas.item import Feed, Item
from schemas.ports import Clock, Http

ENOUGH = 1_500
"""Code points: an item that carries so much text has its article in it."""
_GAIN = 200
_LARGEST = 2_000_000
_GAP = 2.0
_ATTEMPTS = 2


def is_wanted(item: Item, feed: Feed, asked: Callable[[Item], bool] = lambda item: False) -> bool:
    """Whether the article of an item is to be fetched: allowed to be kept, new, not there already, and asked for."""
    possible = (
        feed.store == "full" and item.kind == "new" and item.alertable and item.url is not None
        and len(item.text) < ENOUGH
    )  # fmt: skip
    return possible and (feed.full_text or asked(item))


class Articles:
    """Fetches articles; knows when each host was last asked."""

    def __init__(self, http: Http, robots: Robots, sandbox: Sandbox, clock: Clock, sleep: Sleep) -> None:
        self._http, self._robots, self._sandbox, self._clock, self._sleep = http, robots, sandbox, clock, sleep
        self._asked: dict[str, float] = {}

    async def fetch(self, item: Item) -> Item | None:
        """The item with its article's text, as an update; None where there is none to be had."""
        url = item.url or ""
        if await self._robots.refusal(url):
            return None
        for _ in range(_ATTEMPTS):
            await self._wait(host(url))
            seen = await fetch.look(self._http, fetch.Ask(url, largest=_LARGEST), self._clock.now())
            if seen.what != "failed":
                break
        if seen.what != "body":
            return None
        try:
            body = Body(seen.body, seen.content_type)
            text = await self._sandbox.extract_aside(body, url)
        except Unreadable:
            return None
        return self._updated(item, text)

    def _updated(self, item: Item, text: str) -> Item | None:
        if len(text) < len(item.text) + _GAIN:
            return None
        now = datetime.fromtimestamp(self._clock.now().timestamp(), UTC)
        return item.model_copy(update={"text": kept(text, item.store), "kind": "update", "fetched": now})

    async def _wait(self, place: str) -> None:
        """Until the host may be asked again."""
        now = self._clock.now().timestamp()
        wait = self._asked.get(place, 0.0) + _GAP - now
        if len(self._asked) > 10_000:
            self._asked.clear()
        self._asked[place] = max(now, now + wait)
        if wait > 0:
            await self._sleep(wait)
