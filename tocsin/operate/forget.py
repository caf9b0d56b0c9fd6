"""Forgetting an item: its text goes from everything that carries it.

On the embedded log the bytes are overwritten at once. On Kafka a single record cannot be erased: a tombstone hides it
from every reader and page from now on, and the bytes go with the topic's retention, whose days are told.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

from schemas.ports import Record, Unit
from schemas.topics import ALERTS, CHANGES, DEAD, ITEMS, REPORTS, Topic
from tocsin.log.append import append
from tocsin.log.forgotten import FORGET, body_of, carried, prefix
from tocsin.log.port import Log

CARRIERS: Final[tuple[Topic, ...]] = (ITEMS, REPORTS, CHANGES, ALERTS)


@runtime_checkable
class Blanking(Protocol):
    """A log that can take the bytes out of its records."""

    async def blank(self, places: list[tuple[str, int, int]]) -> int:
        """Overwrite records at (topic, partition, offset)."""


@dataclass
class Forgotten:
    """What was forgotten: ids of items, places of records that carried them, and when the bytes are gone."""

    ids: set[str] = field(default_factory=set)
    places: list[tuple[str, int, int]] = field(default_factory=list)
    at_once: bool = False


async def forget(log: Log, what: str) -> Forgotten:
    """Forget every item whose id or address is `what`."""
    result = Forgotten()
    async for record in log.history(ITEMS):
        body = body_of(record)
        if what in (body.get("id"), body.get("url")):
            result.ids.add(str(body.get("id")))
    async for record in _carrying(log, result.ids):
        result.places.append((record.topic, record.partition, record.offset))
    await append(log, FORGET, lambda unit: _note(unit, result.ids))
    if isinstance(log, Blanking):
        await log.blank(result.places)
        result.at_once = True
    return result


def _note(unit: Unit, ids: set[str]) -> None:
    for each in ids:
        unit.put(prefix + each, unit.now.isoformat())


async def _carrying(log: Log, ids: set[str]) -> AsyncIterator[Record]:
    """Every record with the text of one of the items: itself, its report, and what was made of the report."""
    places = set()
    for topic in CARRIERS:
        async for record in log.history(topic):
            if carried(record) & ids:
                places.add(record.place)
                yield record
    async for record in log.history(DEAD):
        body = body_of(record)
        if f"{body.get('topic')}/{body.get('partition')}/{body.get('offset')}" in places:
            yield record
