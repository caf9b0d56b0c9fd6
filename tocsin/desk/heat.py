"""What each feed brought, hour by hour, over a day: an index over the log that can be thrown away and rebuilt."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from schemas.ports import Clock, Record
from schemas.topics import ITEMS
from tocsin.log.port import Log

HOURS: Final = 24
PAGE: Final = 200
FAR: Final = 20_000
"""Items that are read at the first look; what is older stays unknown."""


class Heat:
    """Items a feed and hour. The first look reads the past day, every later one only what is new."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._counts: dict[str, Counter[int]] = {}
        self._at: list[int] = []
        self._turn = asyncio.Lock()

    async def strips(self) -> Mapping[str, Sequence[int]]:
        """Feed → items in each of the last hours, oldest first; only feeds that brought anything."""
        async with self._turn:
            await (self._more() if self._at else self._first())
            last = int(self._clock.now().timestamp() // 3600)
            hours = range(last - HOURS + 1, last + 1)
            for feed, counts in list(self._counts.items()):
                for hour in [hour for hour in counts if hour < hours[0]]:
                    del counts[hour]
                if not counts:
                    del self._counts[feed]
            return {feed: [counts[hour] for hour in hours] for feed, counts in self._counts.items()}

    async def _first(self) -> None:
        self._at = list(await self._log.ends(ITEMS))
        since = self._clock.now() - timedelta(hours=HOURS)
        async for record in self._log.history(ITEMS, since=since, newest_first=True, limit=FAR):
            if record.offset < self._at[record.partition]:
                self._count(record)

    async def _more(self) -> None:
        for partition, end in enumerate(await self._log.ends(ITEMS)):
            while self._at[partition] < end:
                records = await self._log.after(ITEMS, partition, self._at[partition], PAGE)
                for record in records:
                    self._count(record)
                last = records[-1].offset + 1 if records else end
                self._at[partition] = last if len(records) == PAGE else max(last, end)  # what is between is no record

    def _count(self, record: Record) -> None:
        if record.value is None or record.timestamp is None:
            return
        try:
            feed = json.loads(record.value).get("feed")
        except (ValueError, AttributeError):
            return
        if isinstance(feed, str):
            self._counts.setdefault(feed, Counter())[int(record.timestamp.timestamp() // 3600)] += 1
