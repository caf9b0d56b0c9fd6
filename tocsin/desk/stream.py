"""Alerts as they are written, for any number of listeners: server-sent events with a position to go on from.

An event's id says how far each partition was read (`12` or `12.40.7`), so a listener that comes back with it
(`Last-Event-ID`) hears all it missed, and nothing twice.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from alert import canary
from schemas.alert import Alert
from schemas.codec import decode_as
from schemas.errors import LogError, TocsinError
from schemas.ports import Record
from schemas.topics import ALERTS
from tocsin.log.port import Log

POLL: Final = 1.0
"""Seconds between two looks for new alerts."""
PAGE: Final = 200
"""Records of a partition that are read at once."""
QUIET: Final = 15
"""Looks without news after which a comment keeps proxies from hanging up."""

Position = tuple[int, ...]
"""The next offset to be read of each partition of the alerts."""


class Tail:
    """The end of the alerts. However many listen, the log is asked once a second whether there is more."""

    def __init__(self, log: Log, poll: float = POLL) -> None:
        self._log = log
        self._poll = poll
        self._ends: Position = ()
        self._looked = -1e9
        self._turn = asyncio.Lock()

    async def ends(self) -> Position:
        """Where the alerts end, as of the last second."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now - self._looked >= self._poll:
                self._ends, self._looked = await self._log.ends(ALERTS), now
        return self._ends

    def position(self, last_event: str, ends: Position) -> Position:
        """Where a listener goes on; from the end for one that says nothing, or something that cannot be."""
        parts = last_event.split(".")
        if len(parts) != len(ends) or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
            return ends
        return tuple(min(int(part), end) for part, end in zip(parts, ends, strict=True))

    async def since(self, position: Position, ends: Position) -> tuple[list[tuple[Alert, Position]], Position]:
        """The alerts between two positions in order of time, each with the position behind it; and where to go on."""
        found: list[Record] = []
        reached = list(position)
        for partition, (at, end) in enumerate(zip(position, ends, strict=True)):
            if at < end:
                records = await self._log.after(ALERTS, partition, at, PAGE)
                found += records
                last = records[-1].offset + 1 if records else at
                reached[partition] = last if len(records) == PAGE else max(last, end)  # what is between is no record
        told: list[tuple[Alert, Position]] = []
        for record in sorted(found, key=lambda one: (str(one.timestamp), one.partition, one.offset)):
            behind = record.offset + 1
            position = (*position[: record.partition], behind, *position[record.partition + 1 :])
            if (alert := _alert(record)) is not None:
                told.append((alert, position))
        return told, tuple(reached)

    async def events(
        self, last_event: str, wanted: str | None, gone: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[str]:
        """Server-sent events until the listener is gone. A log out of reach is tried again."""
        ends = await self.ends()
        position, still = self.position(last_event, ends), 0
        yield f"retry: 2000\nid: {_id(position)}\n: alerts from here on\n\n"
        while not await gone():
            try:
                told, position = await self.since(position, await self.ends())
            except LogError:
                told = []
            for alert, behind in told:
                if wanted is None or any(match.subscription == wanted for match in alert.matches):
                    yield f"id: {_id(behind)}\nevent: alert\ndata: {_data(alert)}\n\n"
            still = 0 if told else still + 1
            if still >= QUIET:
                still = 0
                yield ":\n\n"
            await asyncio.sleep(self._poll)


def _alert(record: Record) -> Alert | None:
    if record.value is None:
        return None
    try:
        alert = decode_as(record, Alert)
    except TocsinError:
        return None
    return None if canary.is_of(alert) else alert


def _id(position: Position) -> str:
    return ".".join(str(offset) for offset in position)


def _data(alert: Alert) -> str:
    return json.dumps(alert.model_dump(mode="json"), ensure_ascii=False)
