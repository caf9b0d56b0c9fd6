"""Writing from outside of the stages: push, actions, the operator's commands."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from schemas.errors import LogError, LogFull
from schemas.ports import Task, Unit
from tocsin.log.port import Log

T = TypeVar("T")

ATTEMPTS: Final = 6


async def append(log: Log, task: Task, write: Callable[[Unit], T], attempts: int = ATTEMPTS) -> T:
    """Run `write` in a unit of an outsider's task and commit it; tried again when another process came between.

    `write` may run more than once; only the last time counts. Raises `LogFull` at once, `LogError` after the last try.
    """
    for attempt in range(attempts):
        try:
            async with log.unit(task) as unit:
                return write(unit)
        except LogFull:
            raise
        except LogError:
            if attempt + 1 == attempts:
                raise
            await asyncio.sleep(0.05 * 2**attempt)
    raise AssertionError("a loop of at least one turn returns or raises")
