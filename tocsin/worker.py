"""The worker of a pure stage: read, decide in a thread, commit; and what to do when that fails.

A record no code can read or bear goes to the dead letters, in a unit of its own. A brake stops the line when too many
do: then it is the code that is broken, not the records.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Protocol

import structlog

from schemas.codec import NewerVersion
from schemas.errors import Fenced, LogError, TocsinError, TryLater
from schemas.ports import Record, Runtime, Stage, Task

log = structlog.get_logger(__name__)

LOG_PAUSE: Final = 5.0
"""Seconds between two tries while the log cannot be written."""


class Stopped(TocsinError):
    """The line stands still until a person acts: the brake was pulled, or a record is from a newer tocsin."""


class Watch(Protocol):
    """Who wants to know how the lines are doing (metrics, health)."""

    def handled(self, task: Task, records: int, seconds: float) -> None:
        """A unit was committed."""

    def died(self, task: Task, error: str) -> None:
        """A record went to the dead letters; `error` is the class."""

    def stopped(self, task: Task, reason: str) -> None:
        """The line stands still: health is red."""

    def going(self, task: Task) -> None:
        """The line moves (again)."""

    def left(self, task: Task) -> None:
        """The line is not this process's any more."""


class Unwatched:
    """A `Watch` for when nobody looks."""

    def handled(self, task: Task, records: int, seconds: float) -> None:
        """Ignored."""

    def died(self, task: Task, error: str) -> None:
        """Ignored."""

    def stopped(self, task: Task, reason: str) -> None:
        """Ignored."""

    def going(self, task: Task) -> None:
        """Ignored."""

    def left(self, task: Task) -> None:
        """Ignored."""


@dataclass(frozen=True, slots=True)
class BrakeLimits:
    """When dead letters stop the line: so many in a row, or such a share of the last `window` records."""

    consecutive: int = 5
    ratio: float = 0.2
    window: int = 100


@dataclass
class Brake:
    """Counts how records end; pure but for its memory."""

    limits: BrakeLimits = BrakeLimits()
    _recent: deque[bool] = field(default_factory=deque)
    _row: int = 0

    def good(self, records: int) -> None:
        """So many records were handled."""
        if records:
            self._row = 0
            self._note([True] * min(records, self.limits.window))

    def bad(self) -> str | None:
        """A record is about to die; returns why it must not, None where it may."""
        if self._row + 1 >= self.limits.consecutive:
            return f"{self._row + 1} records in a row failed"
        dead = self._recent.count(False) + 1
        if len(self._recent) >= self.limits.window and dead > self.limits.ratio * self.limits.window:
            return f"{dead} of the last {self.limits.window} records failed"
        self._row += 1
        self._note([False])
        return None

    def _note(self, ends: list[bool]) -> None:
        self._recent.extend(ends)
        while len(self._recent) > self.limits.window:
            self._recent.popleft()


class StageWorker:
    """Runs a `Stage` for one task (a `Worker`).

    `tick` is the time in seconds after which the stage is handed an empty batch when nothing arrives.
    """

    def __init__(
        self, stage: Stage, *, tick: float = 1.0, limit: int = 500, limits: BrakeLimits = BrakeLimits(),
        watch: Watch = Unwatched(),  # noqa: B008 - both are frozen values
    ) -> None:  # fmt: skip
        self._stage = stage
        self._tick = tick
        self._limit = limit
        self._brake = Brake(limits)
        self._watch = watch

    async def run(self, task: Task, runtime: Runtime) -> None:
        """Work until cancelled; a stopped line stands still, red, while the others go on.

        Raises `Fenced` when the task moved elsewhere.
        """
        try:
            await self._restore(task, runtime)
            self._watch.going(task)
            while True:
                batch = await runtime.read(task, self._limit, self._tick)
                await self._work(batch, task, runtime)
        except Stopped as stop:
            self._watch.stopped(task, str(stop))
            log.critical("line_stopped", task=str(task), reason=str(stop))
            await asyncio.Event().wait()

    async def _restore(self, task: Task, runtime: Runtime) -> None:
        async with runtime.unit(task) as unit:
            await asyncio.to_thread(self._stage.restore, unit)

    async def _work(self, batch: Sequence[Record], task: Task, runtime: Runtime) -> None:
        try:
            await self._unit(batch, task, runtime)
        except Exception as error:  # noqa: BLE001 - sorted by `_recover`, which raises what is not a record's fault
            await self._recover(batch, error, task, runtime)

    async def _unit(self, batch: Sequence[Record], task: Task, runtime: Runtime) -> None:
        began = perf_counter()
        async with runtime.unit(task) as unit:
            await asyncio.to_thread(self._stage.handle, batch, unit)
            unit.acknowledge(batch)
        self._brake.good(len(batch))
        self._watch.handled(task, len(batch), perf_counter() - began)

    async def _recover(self, batch: Sequence[Record], error: Exception, task: Task, runtime: Runtime) -> None:
        """After a dropped unit: wait, stop, or find the record that is to blame."""
        if isinstance(error, Fenced):
            raise error
        if isinstance(error, NewerVersion):
            raise Stopped(f"{error}; upgrade this tocsin first") from error
        if isinstance(error, TryLater | LogError):
            await self._pause(error, task)
        elif not batch:
            raise Stopped(f"a tick failed: {type(error).__name__}: {error}") from error
        await runtime.rewind(task)
        await self._restore(task, runtime)
        if isinstance(error, TryLater | LogError):
            return
        if len(batch) > 1:
            await self._one_by_one(batch, task, runtime)
        else:
            await self._bury(batch[0], error, task, runtime)

    async def _pause(self, error: Exception, task: Task) -> None:
        delay = error.delay if isinstance(error, TryLater) else LOG_PAUSE
        log.warning("line_waits", task=str(task), reason=str(error), seconds=delay)
        self._watch.stopped(task, str(error))
        await asyncio.sleep(delay)
        self._watch.going(task)

    async def _one_by_one(self, batch: Sequence[Record], task: Task, runtime: Runtime) -> None:
        """The batch again, a record a unit, so that only the guilty one dies."""
        for _ in batch:
            single = await runtime.read(task, 1, 0.0)
            await self._work(single, task, runtime)

    async def _bury(self, guilty: Record, error: Exception, task: Task, runtime: Runtime) -> None:
        """Lay a record aside with its error; what comes before it in another input by now is worked on first."""
        if reason := self._brake.bad():
            raise Stopped(f"{reason}; the last error: {type(error).__name__}: {error}") from error
        while following := await runtime.read(task, 1, 0.0):
            if following[0].place != guilty.place:
                await self._work(following, task, runtime)
                continue
            async with runtime.unit(task) as unit:
                unit.dead(guilty, error)
                unit.acknowledge([guilty])
            self._watch.died(task, type(error).__name__)
            log.error("record_died", task=str(task), place=guilty.place, error=type(error).__name__)
            return
