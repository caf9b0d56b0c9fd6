"""Subscriptions tried on the log's own history, for `tocsin try` and the desk. Nothing is sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from alert.backtest import Seen, Trial, back_test
from alert.lone import LONE
from alert.needles import Sieve, sieve
from alert.subscriptions import SubscriptionSet
from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.ports import Names, Record
from schemas.story import Change
from schemas.topics import CHANGES
from tocsin.log.history import chunked
from tocsin.log.port import Log

DAYS: Final = 30
MOST: Final = 20_000
"""Reports the desk looks back on: some seconds of work, whatever was asked."""
CHUNK: Final = 200
PATIENCE: Final = 120.0
"""Seconds the log may take for a chunk."""


def sought(sets: Sequence[SubscriptionSet], only: Sequence[str], names: Names) -> Sieve | None:
    """Lets through every record any of the subscriptions can want; None where all must be read."""
    chosen = [one for wanted in sets for name, one in wanted.compiled.items() if not only or name in only]
    return sieve([one.open for one in chosen], names, sets[0].origin.folding)


async def seen(records: AsyncIterator[Record], wanted: Sieve | None) -> AsyncIterator[Seen | None]:
    """The changes of these records; None for those that nobody can want. Canaries are left out.

    Read in a thread, chunk by chunk: decoding a chunk takes longer than the event loop may stand still.
    """
    first = True
    async for chunk in chunked(records, CHUNK):
        settled = first and len(chunk) == CHUNK
        first = False
        for one in await asyncio.to_thread(_read, chunk, wanted, settle=settled):
            yield one


def _read(records: Sequence[Record], wanted: Sieve | None, *, settle: bool) -> list[Seen | None]:
    """The changes of a chunk; the sieve is settled on the first full one."""
    if wanted is not None and settle:
        wanted.settle([record.value or b"" for record in records])
    found: list[Seen | None] = []
    for record in records:
        if wanted is not None and not wanted.lets(record.value or b""):
            found.append(None)
            continue
        try:
            change = decode_as(record, Change)
        except Unreadable:
            continue
        if not change.report.canary:
            found.append(Seen(record.timestamp or change.story.last_seen, change))
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query would have rung for."""

    trial: Trial
    since: datetime
    until: datetime
    whole: bool
    """False: there is more in those days than was looked at; `since` is where the looking began."""

    @property
    def days(self) -> list[tuple[date, int]]:
        """Stories a day, days without any among them."""
        first, last = self.since.date().toordinal(), self.until.date().toordinal()
        return [(date.fromordinal(day), self.trial.days[date.fromordinal(day)]) for day in range(first, last + 1)]

    @property
    def warning(self) -> str:
        """Words for who would be flooded, or would hear nothing."""
        return self.trial.warning((self.until - self.since).total_seconds() / 86400)


async def attempt(log: Log, one: SubscriptionSet, now: datetime, most: int = MOST) -> Tried:
    """Try a lone query on the newest reports of the last days, at most so many. Raises `LogError`."""
    asked = now - timedelta(days=DAYS)
    since = max(asked, await _edge(log, most))
    stream = seen(log.history(CHANGES, since=since), sought([one], (LONE,), one.origin.names))
    loop = asyncio.get_running_loop()
    trials = await asyncio.to_thread(back_test, one, _pulled(stream, loop), (LONE,))
    return Tried(trials[LONE], since, now, whole=since == asked)


async def _edge(log: Log, most: int) -> datetime:
    """When the newest so many began, by partition the latest: what is older is not looked at."""
    ends = await log.ends(CHANGES)
    share = max(1, most // max(len(ends), 1))
    edges = [datetime.min.replace(tzinfo=UTC)]
    for partition, end in enumerate(ends):
        if end > share:
            records = await log.after(CHANGES, partition, end - share, limit=1)
            edges += [record.timestamp for record in records if record.timestamp]
    return max(edges)


def _pulled(stream: AsyncIterator[Seen | None], loop: asyncio.AbstractEventLoop) -> Iterator[Seen | None]:
    """The stream from a thread beside the loop, a chunk at a time: a history need not fit into memory."""
    while chunk := asyncio.run_coroutine_threadsafe(_chunk(stream), loop).result(PATIENCE):
        yield from chunk


async def _chunk(stream: AsyncIterator[Seen | None]) -> list[Seen | None]:
    found: list[Seen | None] = []
    async for one in stream:
        found.append(one)
        if len(found) == CHUNK:
            break
    return found
