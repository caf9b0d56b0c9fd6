"""The other door: items that wires, archives and exporters hand us. An id that came in once does not come in again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from schemas.item import Item
from schemas.ports import Task, Unit
from schemas.topics import ITEMS

DOOR: Final = Task("push")
"""Whose units these are: its state remembers the ids."""

KEEP: Final = timedelta(days=90)
"""How long an id is remembered."""


def let_in(items: Iterable[Item], unit: Unit, *, backfill: bool = False) -> int:
    """Emit the items whose ids are new; how many these were. `backfill`: they make history and never ring."""
    fresh = 0
    for item in items:
        if unit.get(f"id/{item.id}") is not None:
            continue
        fresh += 1
        day = unit.now.date().isoformat()
        unit.put(f"id/{item.id}", day)
        unit.put(f"day/{day}/{item.id}", value=True)
        alertable = item.alertable and not backfill
        stamped = item.model_copy(update={"fetched": item.fetched or unit.now, "alertable": alertable})
        unit.emit(ITEMS, _host(item), stamped)
    _forget(unit)
    return fresh


def _host(item: Item) -> str:
    """Items of one publisher's host keep their order; without an address the source's name does as well."""
    name = urlsplit(item.feed or item.url or "").hostname or item.source or "push"
    return name.replace(" ", "_")


def _forget(unit: Unit) -> None:
    until = f"day/{(unit.now - KEEP).date().isoformat()}"
    for key, _ in list(unit.scan("day/", until=until, limit=1000)):
        unit.delete(key)
        unit.delete(f"id/{key.split('/', 2)[2]}")
