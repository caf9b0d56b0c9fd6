"""Turning the mill in one process: all stages, and a source that never pushes an item twice."""

import asyncio
from contextlib import suppress

from schemas.errors import LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.mill.stages import STAGES, spec_of
from tocsin.log.port import Log, Work
from tocsin.runner import Running
from tocsin.worker import StageWorker

SOURCE = Task("push")
HOSTS = 5


async def turn(log: Log, stages: tuple[str, ...] = tuple(STAGES), *, items: int = 0, batch: int = 10) -> None:
    """Work until cancelled; push items up to the number `items`."""
    async with asyncio.TaskGroup() as group:
        for name in stages:
            group.create_task(log.run_stage(spec_of(name), _worker(name)))
        if items:
            group.create_task(feed(log, items, batch))


def _worker(name: str) -> Work:
    return Running(spec_of(name), lambda: StageWorker(STAGES[name](), tick=0.5, limit=20)).work


async def feed(log: Log, items: int, batch: int) -> None:
    """Push items 1, 2, 3… How far it came is kept in the same unit, so no number is pushed twice or left out."""
    while await _push(log, items, batch) < items:  # noqa: ASYNC110 - each turn is a unit
        await asyncio.sleep(0)


async def _push(log: Log, items: int, batch: int) -> int:
    reached = 0
    with suppress(LogError):
        async with log.unit(SOURCE) as unit:
            found = unit.get("reached")
            reached = found if isinstance(found, int) else 0
            for number in range(reached + 1, min(items, reached + batch) + 1):
                unit.emit(ITEMS, f"host{number % HOSTS}", Item(id=str(number), title=f"item {number}"))
                unit.put("reached", number)
    return reached


async def until_idle(log: Log, items: int) -> None:
    """Wait until everything pushed was delivered."""
    while await _push(log, items, 10) < items or any(lag.records for lag in await log.lag()):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
