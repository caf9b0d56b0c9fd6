"""Replay: items of the past once more through the pipeline, in the back-fill lane, so that nobody is rung."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Record, Task, Unit
from schemas.topics import ITEMS
from tocsin.log.append import append
from tocsin.log.port import Log

REPLAY: Final = Task("replay")
BATCH: Final = 200


async def replay(log: Log, since: datetime, until: datetime | None = None) -> int:
    """Write the items of a span of time again with `alertable: false`; returns how many.

    Their ids stay, so stories that know them take them as repeats; what is new in the lexicon is found in them.
    """
    found = [record async for record in log.history(ITEMS, since=since, until=until)]
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        await append(log, REPLAY, lambda unit, batch=batch: _write(unit, batch))  # type: ignore[misc]
    return len(found)


def _write(unit: Unit, records: Iterable[Record]) -> None:
    for record in records:
        item = decode_as(record, Item)
        unit.emit(ITEMS, record.key, item.model_copy(update={"alertable": False}))
