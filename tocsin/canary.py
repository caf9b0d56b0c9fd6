"""The canary: a labelled synthetic item let in at the door every few minutes and followed to the end of each lane.

It proves that every stage works and tells how long the whole way takes, without a word to a real destination.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from alert.canary import PREFIX, lanes
from schemas.alert import Outcome, Receipt
from schemas.codec import decode_as
from schemas.errors import LogError, TocsinError
from schemas.item import Item
from schemas.ports import Clock, Record
from schemas.settings import Canary, Settings
from schemas.topics import RECEIPTS
from tocsin.health import Health, State
from tocsin.log.port import Log
from tocsin.metrics import Metrics

log = structlog.get_logger()

LOOK: Final = 2.0
"""Seconds between two looks."""
FAR: Final = 2_000
"""Receipts that are looked through for the last arrivals."""
PART: Final = "canary"
"""Its name among the parts of the daemon."""


def turn(now: datetime, every: float) -> tuple[str, datetime]:
    """The id and the beginning of the turn an instant lies in: the same in every process."""
    began = datetime.fromtimestamp(now.timestamp() // every * every, UTC)
    return f"canary-{began:%Y%m%dT%H%M%SZ}", began


def item(id: str, now: datetime) -> Item:
    """The canary itself. It says what it is, for whoever reads a test channel."""
    return Item(
        id=id, title="Canary: tocsin tests itself, nothing happened", source="tocsin", lang="en", published=now,
        canary=True, text=f"A synthetic report, made on {now:%Y-%m-%d at %H:%M} UTC and sent through every stage.",
    )  # fmt: skip


def expected(settings: Settings) -> list[str]:
    """Where a canary must arrive, as people know it: `nobody`, and each destination with a test target."""
    return [name.removeprefix(PREFIX) for name in lanes(settings)]


def arrival(record: Record) -> tuple[Receipt, str, float] | None:
    """The receipt of a canary that arrived, where, and after how many seconds; None for every other record."""
    try:
        receipt = decode_as(record, Receipt)
    except TocsinError:
        return None
    if not receipt.destination.startswith(PREFIX) or receipt.outcome is not Outcome.SENT or receipt.fetched is None:
        return None
    return receipt, receipt.destination.removeprefix(PREFIX), max(0.0, (receipt.at - receipt.fetched).total_seconds())


async def last_arrivals(log_: Log) -> dict[str, tuple[datetime, float]]:
    """By destination: when the newest canary arrived, and after how many seconds."""
    found: dict[str, tuple[datetime, float]] = {}
    async for record in log_.history(RECEIPTS, newest_first=True, limit=FAR):
        if (seen := arrival(record)) is not None:
            found.setdefault(seen[1], (seen[0].at, seen[2]))
    return found


def is_overdue(last: datetime | None, now: datetime, canary: Canary) -> bool:
    """Whether the next one should have arrived by now; never for who has not seen one yet."""
    return last is not None and (now - last).total_seconds() > canary.every + canary.late


@dataclass
class Watcher:
    """Lets one fly a turn, follows it, and says where it is late."""

    log: Log
    push: Callable[[Sequence[Item], bool], Awaitable[int]]
    clock: Clock
    health: Health
    metrics: Metrics
    canary: Canary
    expected: Sequence[str]
    late: set[str] = field(default_factory=set)
    """Where the last one has not arrived in time; until one does."""
    _flying: str = ""
    _since: datetime | None = None
    _arrived: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Until cancelled. A log that is out of reach is tried again."""
        while True:
            try:
                await self.look()
            except LogError as error:
                self.health.set(PART, State.DEGRADED, f"it cannot fly: {error}")
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Begin the turn if it is due, follow the one that flies, say how it is."""
        now = self.clock.now()
        id, began = turn(now, self.canary.every)
        if id != self._flying:
            await self.push([item(id, now)], False)
            self._flying, self._since, self._arrived = id, now, set()
        if self._missing():
            await self._follow(began)
        self._judge(now)

    def _missing(self) -> list[str]:
        return [name for name in self.expected if name not in self._arrived]

    async def _follow(self, began: datetime) -> None:
        async for record in self.log.history(RECEIPTS, since=began):
            seen = arrival(record)
            if seen is not None and seen[0].report == self._flying:
                self._arrived.add(seen[1])
                self.metrics.canary_seconds.labels(seen[1]).set(seen[2])

    def _judge(self, now: datetime) -> None:
        age = (now - (self._since or now)).total_seconds()
        self.late -= self._arrived
        if age >= self.canary.late:
            self.late.update(self._missing())
        for name in self.expected:
            self.metrics.canary_late.labels(name).set(name in self.late)
        where = ", ".join(sorted(self.late))
        detail = f"it has not reached {where} within {self.canary.late:.0f} seconds" if where else ""
        if detail and self.health.parts.get(PART) != (State.DEGRADED, detail):
            log.warning("canary_late", destinations=sorted(self.late))
        self.health.set(PART, State.DEGRADED if where else State.OK, detail)
