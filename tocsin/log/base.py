"""What every log does alike: ownership, reading, units, lag and history, over a handful of storage steps."""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog

from schemas.errors import Fenced
from schemas.ports import Clock, Record, State, Task, Unit
from schemas.topics import Topic
from tocsin.log.cursor import Cursor, Heard, Settlement
from tocsin.log.history import PAGE, Pages, in_order
from tocsin.log.partition import width
from tocsin.log.port import Committed, Gap, Lag, StageSpec, Work
from tocsin.log.unit import BufferedUnit

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """What the log remembers of a task: positions by topic, numbers heard by (topic, writer), and the epoch."""

    epoch: int
    positions: Mapping[str, int]
    heard: Mapping[Heard, int]


@dataclass(frozen=True, slots=True)
class Owned:
    """A task this process owns. `news` is set when something may be there to read."""

    spec: StageSpec
    epoch: int
    cursor: Cursor
    news: asyncio.Event = field(default_factory=asyncio.Event)


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await work that must not be cut off: a cancellation is passed on once it has ended."""
    running = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        if not running.cancelled():
            await asyncio.wait([running])
            if not running.cancelled() and (error := running.exception()):
                log.warning("commit_failed_while_stopping", error=str(error))
        raise


class BaseLog(ABC):
    """Tasks, cursors and units; a concrete log brings the storage steps (the abstract methods)."""

    def __init__(self, clock: Clock, partitions: int) -> None:
        self._clock = clock
        self._width = partitions
        self._owned: dict[Task, Owned] = {}
        self._locks: defaultdict[Task, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._lost: list[Gap] = []
        self.committed: Committed = lambda unit: None

    @abstractmethod
    async def _take_over(self, task: Task, topics: Sequence[Topic]) -> Held:
        """Fence the previous owner and say where the task stands; positions are written down if new."""

    @abstractmethod
    async def _commit(self, unit: BufferedUnit, settlement: Settlement, owned: Owned | None) -> None:
        """Write outputs, state and positions, all or nothing. Raises `Fenced`, `LogFull`."""

    @abstractmethod
    async def _gather(self, owned: Owned, partition: int, limit: int, wait: float) -> Sequence[Record]:
        """Up to `limit` records from where the cursor reads on; when there are none, wait for news and return."""

    @abstractmethod
    def _state(self, task: Task) -> State:
        """The committed state of a task."""

    @abstractmethod
    def _pages(self) -> Pages:
        """How history is read."""

    @abstractmethod
    async def _positions(self) -> Sequence[tuple[Task, Topic, int]]:
        """Every committed position."""

    async def _ready(self, task: Task, owned: Owned | None) -> int | None:
        """Make ready for a unit of the task.

        For a task nobody owns (`push`) returns a number that changes with each of its units, so that two processes
        that build on its state cannot cross.
        """
        return None

    def partitions(self, topic: Topic) -> int:
        """How many partitions a topic has."""
        return width(topic, self._width)

    def tasks(self, spec: StageSpec) -> tuple[Task, ...]:
        """Every task of a stage, in whatever process."""
        widths = {self.partitions(topic) for topic in spec.inputs} or {1}
        if len(widths) > 1:
            raise ValueError(f"the inputs of {spec.name} differ in partitions: {sorted(widths)}")
        return tuple(Task(spec.name, partition) for partition in range(widths.pop()))

    async def claim(self, spec: StageSpec, partition: int) -> Task:
        """Own a task from now on; whoever owned it before is fenced."""
        task = Task(spec.name, partition)
        async with self._locks[task]:
            held = await self._take_over(task, spec.inputs)
            cursor = Cursor(task, held.positions, held.heard)
            self._owned[task] = Owned(spec, held.epoch, cursor)
        return task

    async def run_stage(self, spec: StageSpec, work: Work) -> None:
        """Own every task of the stage and run `work` for each until cancelled."""
        tasks = [await self.claim(spec, task.partition) for task in self.tasks(spec)]
        try:
            async with asyncio.TaskGroup() as group:
                for task in tasks:
                    group.create_task(_worked(work(task, self)), name=str(task))
        finally:
            for task in tasks:
                self._give_up(task)

    def _give_up(self, task: Task) -> None:
        if owned := self._owned.pop(task, None):
            self._lost += owned.cursor.gaps

    @asynccontextmanager
    async def unit(self, task: Task) -> AsyncIterator[Unit]:
        """Open a unit; leaving the block commits it, an exception drops it."""
        async with self._locks[task]:
            basis = await self._ready(task, self._owned.get(task))
            unit = BufferedUnit(task, self._clock.now(), self._state(task), self.partitions)
            unit.basis = basis
            try:
                yield unit
            finally:
                unit.seal()
            await to_the_end(self._finish(unit))

    async def _finish(self, unit: BufferedUnit) -> None:
        owned = self._owned.get(unit.task)
        if owned is None and unit.acknowledged:
            raise Fenced(f"{unit.task} is not ours")
        settlement = owned.cursor.settle(unit.acknowledged) if owned else Settlement({}, {})
        if unit.changes or unit.outputs or settlement:
            try:
                await self._commit(unit, settlement, owned)
            except Fenced:
                self._give_up(unit.task)
                raise
        if owned:
            owned.cursor.commit(settlement, unit.acknowledged)
        self._ring({output.place for output in unit.outputs})
        self.committed(unit)

    def _ring(self, places: set[tuple[str, int]] | None = None) -> None:
        """Wake the readers of these partitions, or all."""
        for task, owned in self._owned.items():
            if places is None or any((topic.name, task.partition) in places for topic in owned.spec.inputs):
                owned.news.set()

    async def read(self, task: Task, limit: int = 500, wait: float = 1.0) -> Sequence[Record]:
        """The task's next unread records (none after `wait` seconds without any)."""
        now = asyncio.get_running_loop().time
        deadline = now() + wait
        while True:
            owned = self._mine(task)
            raw = await self._gather(owned, task.partition, limit, deadline - now())
            if fresh := self._take(owned, raw):
                return fresh
            if not raw and now() >= deadline:
                return ()

    def _mine(self, task: Task) -> Owned:
        if (owned := self._owned.get(task)) is None:
            raise Fenced(f"{task} is not ours")
        return owned

    def _take(self, owned: Owned, raw: Sequence[Record]) -> Sequence[Record]:
        known = len(owned.cursor.gaps)
        fresh = owned.cursor.take(raw)
        for gap in owned.cursor.gaps[known:]:
            log.error("records_missing", task=str(gap.task), source=gap.source, place=gap.place,
                      expected=gap.expected, found=gap.found)  # fmt: skip
        return fresh

    async def rewind(self, task: Task) -> None:
        """The next read starts after the last committed position."""
        self._mine(task).cursor.rewind()

    def gaps(self) -> tuple[Gap, ...]:
        """What this process found missing since it was opened."""
        return tuple(self._lost) + tuple(gap for owned in self._owned.values() for gap in owned.cursor.gaps)

    async def peek(self, task: Task) -> State:
        """The committed state of any task, to be read off the event loop."""
        return self._state(task)

    def history(
        self, topic: Topic, *, since: datetime | None = None, until: datetime | None = None, key: str | None = None,
        newest_first: bool = False, limit: int | None = None,
    ) -> AsyncIterator[Record]:  # fmt: skip
        """Committed records with `since <= timestamp < until`, over all partitions in order of time."""
        pages = self._pages()
        return in_order(
            pages, topic, self.partitions(topic), since=since, until=until, key=key, newest_first=newest_first,
            limit=limit,
        )  # fmt: skip

    async def written(self, topic: Topic) -> int:
        """The sum of the ends of its partitions."""
        return sum(await self.ends(topic))

    async def ends(self, topic: Topic) -> tuple[int, ...]:
        """The next offset to be written in each of its partitions."""
        pages = self._pages()
        return tuple([(await pages.bounds(topic.name, number))[1] for number in range(self.partitions(topic))])

    async def after(self, topic: Topic, partition: int, offset: int, limit: int = PAGE) -> Sequence[Record]:
        """Committed records of a partition from an offset on, oldest first."""
        return await self._pages().page(topic.name, partition, offset, limit=limit)

    async def lag(self) -> list[Lag]:
        """Every task that ever had a position, with how far it is behind."""
        pages, now = self._pages(), self._clock.now()
        result: dict[Task, Lag] = {}
        for task, topic, position in await self._positions():
            first, head = await pages.bounds(topic.name, task.partition)
            waiting = max(0, head - max(position, first))
            oldest = await pages.page(topic.name, task.partition, position, limit=1) if waiting else ()
            waiting = waiting if oldest else 0
            stamps = [(now - record.timestamp).total_seconds() for record in oldest if record.timestamp]
            before = result.get(task, Lag(task, 0, 0.0))
            result[task] = Lag(task, before.records + waiting, max(0.0, before.seconds, *stamps))
        return list(result.values())


async def _worked(work: Any) -> None:
    await work
