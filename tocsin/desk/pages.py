"""What the desk shows, read from the log's history and state."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from alert import canary
from alert.subscriptions import SubscriptionSet
from ingest import memory
from ingest.health import Health, examine
from ingest.opml import without_password
from schemas.alert import Alert, Receipt
from schemas.base import Message
from schemas.codec import decode_as
from schemas.errors import TocsinError
from schemas.ports import Clock, Record
from schemas.report import Report
from schemas.settings import FeedSettings, Settings
from schemas.story import Change, Story
from schemas.topics import ALERTS, CHANGES, FEEDS, RECEIPTS, Topic
from tocsin import trying
from tocsin.desk.drawing import Cell, sparkline, strip
from tocsin.desk.heat import HOURS, Heat
from tocsin.log.history import chunked
from tocsin.log.port import Lag, Log, StageSpec
from tocsin.operate import dead, standing
from tocsin.operate.standing import Arrival, Outlook
from tocsin.trying import Tried

SHOWN: Final = 40
"""Stories on the first page."""
FAR: Final = 4_000
"""Records of a topic that are looked through for one story or subscription."""
CHUNK: Final = 100
"""Records decoded at once, in a thread."""
M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Row:
    """One story on the first page."""

    story: Story
    report: Report
    severity: str
    """Of its loudest alert; empty when it rang nowhere."""
    line: str = ""
    """Its reports over time, as the points of a picture; empty for fewer than two."""


class Pages:
    """Reads for the desk."""

    def __init__(
        self, log: Log, clock: Clock, feeds: Sequence[FeedSettings] = (), settings: Settings | None = None
    ) -> None:
        self._log = log
        self._clock = clock
        self.configured = feeds
        self.settings = settings or Settings()
        self._heat = Heat(log, clock)
        self._trying = asyncio.Semaphore(1)

    async def _read(self, topic: Topic, kind: type[M], *, key: str | None = None, limit: int = FAR) -> AsyncIterator[M]:
        records = self._log.history(topic, newest_first=True, limit=limit, key=key)
        async for chunk in chunked(records, CHUNK):
            for message in await asyncio.to_thread(_decoded, chunk, kind):
                yield message

    async def stories(self, most: int = SHOWN, one: SubscriptionSet | None = None) -> list[Row]:
        """The newest stories, each with its newest report; only those a lone query wants, as far back as `FAR`."""
        loudest: dict[str, str] = {}
        async for alert in self._read(ALERTS, Alert, limit=20 * SHOWN):
            loudest.setdefault(alert.story.id, alert.severity.value)
        found: dict[str, Row] = {}
        times: dict[str, list[datetime]] = {}
        async for change in self._read(CHANGES, Change, limit=20 * most if one is None else FAR):
            times.setdefault(change.story.id, []).append(change.report.published or change.story.last_seen)
            if change.story.id in found:
                continue
            if one is not None and not await asyncio.to_thread(one.wanting, change.report, change.story):
                continue
            story = self.as_of_now(change.story)
            found.setdefault(story.id, Row(story, change.report, loudest.get(story.id, "")))
            if len(found) >= most:
                break
        return [replace(row, line=sparkline(times[id])) for id, row in found.items()]

    def as_of_now(self, story: Story) -> Story:
        """The story with its stage of life now."""
        return story.model_copy(update={"lifecycle": story.lifecycle_at(self._clock.now())})

    async def story(self, id: str) -> list[Change]:
        """Every change of a story that is kept, oldest first; empty for no such story."""
        found = [change async for change in self._read(CHANGES, Change, key=id)]
        return found[::-1]

    async def rung(self, id: str) -> list[Receipt]:
        """What became of the story's alerts, newest first."""
        return [receipt async for receipt in self._read(RECEIPTS, Receipt) if receipt.story == id]

    async def receipts(self) -> list[Receipt]:
        """The newest receipts."""
        return [receipt async for receipt in self._read(RECEIPTS, Receipt, limit=SHOWN)]

    async def alerts(self, subscription: str | None = None, limit: int = FAR) -> AsyncIterator[Alert]:
        """Alerts, newest first, of one subscription or of all."""
        async for alert in self._read(ALERTS, Alert, limit=limit):
            if subscription is None or any(match.subscription == subscription for match in alert.matches):
                yield alert

    async def last_rings(self) -> tuple[Counter[str], dict[str, str]]:
        """By subscription: alerts among the newest, and when the last of them came (ISO time)."""
        counts, last = Counter[str](), dict[str, str]()
        async for alert in self._read(ALERTS, Alert):
            for match in alert.matches:
                counts[match.subscription] += 1
                last.setdefault(match.subscription, alert.created.isoformat(timespec="seconds"))
        return counts, last

    async def feeds(self) -> list[tuple[Health, list[Cell]]]:
        """How each configured feed is, silent and ill ones first, with what it brought hour by hour."""
        states = [await self._log.peek(task) for task in self._log.tasks(StageSpec("ingest", (FEEDS,)))]
        seen = await asyncio.to_thread(lambda: {w.url: w for state in states for w in memory.watches(state)})
        now = self._clock.now().timestamp()
        found = [
            examine(seen[feed.url], now) if feed.url in seen else Health(feed.url, "new", "not looked at yet")
            for feed in self.configured
        ]
        strips, last = await self._heat.strips(), self._clock.now().replace(minute=0)
        hours = [last - timedelta(hours=HOURS - 1 - at) for at in range(HOURS)]
        found.sort(key=lambda each: (each.condition in ("healthy", "new"), each.condition, each.url))
        return [
            (Health(without_password(each.url), each.condition, each.reason), _strip(strips.get(each.url), hours))
            for each in found
        ]

    async def lag(self) -> list[Lag]:
        """How far each stage is behind: its worst task."""
        worst: dict[str, Lag] = {}
        for lag in await self._log.lag():
            if lag.task.stage not in worst or lag.seconds > worst[lag.task.stage].seconds:
                worst[lag.task.stage] = lag
        return sorted(worst.values(), key=lambda lag: lag.task.stage)

    async def outlooks(self) -> list[Outlook]:
        """How each destination stands: what waits, what is on its way, who is silent."""
        return await standing.outlooks(self._log, self.settings, self._clock.now())

    async def arrivals(self) -> list[Arrival]:
        """The newest canary of each destination that gets one."""
        return await standing.arrivals(self._log, self.settings, self._clock.now())

    async def retry(self, letter: str) -> None:
        """Send a dead letter on its way again. Raises `UnknownLetter`."""
        await dead.retry(self._log, [await dead.letter_of(self._log, letter)])

    async def tried(self, one: SubscriptionSet) -> Tried:
        """What a lone query would have rung for. One is tried at a time: each takes seconds of work."""
        async with self._trying:
            return await trying.attempt(self._log, one, self._clock.now())

    async def dead(self) -> list[dead.Laid]:
        """The newest dead letters."""
        return await dead.letters(self._log, SHOWN)


def _decoded(records: Sequence[Record], kind: type[M]) -> list[M]:
    """What can be read of these records, canaries left out. Takes milliseconds: not for the event loop."""
    found: list[M] = []
    for record in records:
        try:
            message = decode_as(record, kind)
        except TocsinError:
            continue
        if not canary.is_of(message):
            found.append(message)
    return found


def _strip(counts: Sequence[int] | None, hours: Sequence[datetime]) -> list[Cell]:
    known = counts or [0] * len(hours)
    return strip(known, [f"{hour:%d %b %H:00} UTC: {count}" for hour, count in zip(hours, known, strict=True)])
