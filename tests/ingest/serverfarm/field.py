"""The feeds of the farm: what each publishes and when, and how it misbehaves."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random

from aiohttp import web

from tests.ingest.feeds import rss
from tests.ingest.serverfarm.clock import START

HOUR = 3600.0
WINDOW = 25
KINDS = ("good", "liar", "re-id", "circle", "busy", "silent", "html", "broken", "shuffled", "bare")


@dataclass
class Crop:
    """One feed: its kind, and the virtual seconds at which it publishes."""

    number: int
    kind: str
    times: list[float]
    served: dict[int, float] = field(default_factory=dict)
    """Item → the virtual second at which it first stood in a document that was handed out."""
    refusals: int = 0
    """How often running it gave no good answer, to this day."""

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/feed/{self.number}"

    @property
    def host(self) -> str:
        """A loopback address of its own for every third of the feeds: some hosts carry several."""
        return f"127.0.{1 + self.number // 3 // 200}.{1 + self.number // 3 % 200}"

    def title(self, index: int) -> str:
        """The headline of its item number so."""
        return f"Report {index} of the paper number {self.number} on what happened"

    def shown(self, now: float) -> list[int]:
        """The items that stand in the feed at a virtual second, newest first."""
        upto = bisect_right(self.times, now)
        return list(range(max(upto - WINDOW, 0), upto))[::-1]

    def document(self, now: float) -> str:
        """The feed as it stands at a virtual second."""
        shown = self.shown(now)
        if self.kind == "shuffled":
            Random(int(now)).shuffle(shown)
        return rss(*[self._item(index, now) for index in shown])

    def _item(self, index: int, now: float) -> str:
        guid, site = f"g-{self.number}-{index}", "https://example.org"
        if self.kind == "re-id" and now > 5 * HOUR:
            guid = f"{guid}-again"
        if self.kind == "re-id" and now > 8 * HOUR:
            site = "http://www.example.org"
        link = f"{site}/{self.number}/2026-{index:05}-story"
        when = datetime.fromtimestamp(START + self.times[index], UTC)
        date = f"<pubDate>{format_datetime(when)}</pubDate>" if self.kind != "shuffled" else ""
        return f"<title>{self.title(index)}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>{date}"

    async def answer(self, request: web.Request, now: float, chance: Random) -> web.StreamResponse:
        """What it says when it is looked at."""
        body = self.document(now)
        etag = '"' + hashlib.md5(body.encode(), usedforsecurity=False).hexdigest() + '"'
        conditional = request.headers.get("If-None-Match")
        if (refused := self._misbehaving(request, now, chance)) is not None:
            self.refusals += 1
            return refused
        self.refusals = 0
        if conditional is not None and (conditional == etag or self.kind == "liar"):
            return web.Response(status=304)
        for index in self.shown(now):
            self.served.setdefault(index, now)
        headers = {} if self.kind == "bare" else {"ETag": etag}
        return web.Response(text=body, content_type="application/rss+xml", headers=headers)

    def _misbehaving(self, request: web.Request, now: float, chance: Random) -> web.StreamResponse | None:
        middle = 3 * HOUR < now < 5 * HOUR
        if self.kind == "circle" and middle:
            return web.Response(status=302, headers={"Location": f"{self.path}?{1 - len(request.query_string)}"})
        if self.kind == "busy" and chance.random() < 0.2:
            return web.Response(status=429, headers={"Retry-After": "1200"})
        if self.kind == "silent" and chance.random() < 0.2 and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if self.kind == "html" and middle:
            return web.Response(text="<html><body>Please sign in</body></html>", content_type="text/html")
        return web.Response(status=500) if self.kind == "broken" and chance.random() < 0.3 else None


def sow(feeds: int, hours: float, per_day: float = 20) -> list[Crop]:
    """So many feeds that publish for so many virtual hours."""
    chance, crops = Random(3), []
    for number in range(feeds):
        times, now = list[float](), -6 * HOUR
        while (now := now + chance.expovariate(per_day / 86400)) < hours * HOUR:
            times.append(now)
        crops.append(Crop(number, KINDS[number % len(KINDS)], times))
    return crops
