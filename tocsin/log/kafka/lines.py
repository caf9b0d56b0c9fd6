"""The log on Kafka: the steps of `BaseLog` on a cluster, each task with a producer, a reader and a cache of its own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from schemas.errors import Fenced, LogError
from schemas.ports import Clock, Record, State, Task
from schemas.topics import Topic
from tocsin.log.base import BaseLog, Held, Owned
from tocsin.log.cursor import Cursor, Settlement
from tocsin.log.kafka.cache import Cache, CachedState
from tocsin.log.kafka.changelog import STATE, text_of
from tocsin.log.kafka.line import PATIENCE, Line, Names
from tocsin.log.kafka.pages import record_of, records_between
from tocsin.log.kafka.wire import Receiver, Wire
from tocsin.log.port import StageSpec
from tocsin.log.unit import BufferedUnit, DictState

log = structlog.get_logger(__name__)

STALLED: Final = 60.0
"""Seconds without a record after which a reader is compared with what the cluster has."""


class LineLog(BaseLog):
    """Tasks over a `Wire`, whichever: what the simulation runs is this very code."""

    def __init__(self, wire: Wire, names: Names, clock: Clock, partitions: int, caches: Path | None) -> None:
        """`caches` is the directory of the tasks' caches, None keeps them in memory."""
        super().__init__(clock, partitions)
        self._wire = wire
        self._names = names
        self._caches = caches
        self._patience = PATIENCE
        self._lines: dict[Task, Line] = {}
        self._readers: dict[Task, Receiver] = {}
        self._idle: dict[Task, float] = {}

    def _cache(self, task: Task) -> Cache:
        return Cache(None if self._caches is None else self._caches / f"{task.stage}-{task.partition}.db")

    async def _changelog_there(self, task: Task, width: int) -> None:
        """Make sure that the changelog's topic exists."""

    async def _has_changelog(self, task: Task) -> bool:
        """Whether the task ever wrote anything."""
        return True

    async def _line(self, task: Task, width: int) -> Line:
        await self._changelog_there(task, width)
        if (line := self._lines.get(task)) is None:
            cache = await asyncio.to_thread(self._cache, task)
            line = self._lines[task] = Line(task, self._wire, self._names, cache, self._patience)
        await line.recover(round(self._clock.now().timestamp() * 1000))
        return line

    async def _take_over(self, task: Task, topics: Sequence[Topic]) -> Held:
        line = await self._line(task, len(self.tasks(StageSpec(task.stage, tuple(topics)))))
        known, heard = await line.stand()
        if new := {topic.name: 0 for topic in topics if topic.name not in known}:
            first = BufferedUnit(task, self._clock.now(), CachedState(line.cache), self.partitions)
            await line.commit(first, Settlement(new, {}))  # so that its lag is seen from the first day
        positions = {topic.name: known.get(topic.name, 0) for topic in topics}
        await self._new_reader(task, positions)
        return Held(line.epoch, positions, heard)

    async def _new_reader(self, task: Task, positions: dict[str, int]) -> None:
        if old := self._readers.pop(task, None):
            await old.close()
        places = {}
        for topic, at in positions.items():
            place = (self._names.topic(topic), task.partition)
            places[place] = await self._clamped(place, at)
        if places:
            self._readers[task] = await self._wire.receiver(places)
        self._idle[task] = _seconds()

    async def _clamped(self, place: tuple[str, int], at: int) -> int:
        """A position the topic has; retention that overtook a reader is an alarm, never a silent jump."""
        first, end = await self._wire.bounds(place)
        if at and at < first:
            log.error("records_expired_unread", topic=place[0], partition=place[1], position=at, first=first)
        if at > end:
            raise LogError(f"{place[0]}/{place[1]} ends at {end}, before our position {at}: it is another topic by now")
        return max(at, first)

    async def _ready(self, task: Task, owned: Owned | None) -> int | None:
        if owned is None and ((line := self._lines.get(task)) is None or line.doubtful):
            await self._line(task, 1)
        return None

    async def _commit(self, unit: BufferedUnit, settlement: Settlement, owned: Owned | None) -> None:
        line = self._lines[unit.task]
        if owned and owned.epoch != line.epoch:
            raise Fenced(f"{unit.task} was taken over")
        await line.commit(unit, settlement)

    async def rewind(self, task: Task) -> None:
        """The next read starts after the last committed position; after a doubtful unit, look what became of it."""
        owned = self._mine(task)
        async with self._locks[task]:
            if self._lines[task].doubtful:
                held = await self._take_over(task, owned.spec.inputs)
                self._lost += owned.cursor.gaps
                self._owned[task] = Owned(owned.spec, held.epoch, Cursor(task, held.positions, held.heard))
                return
            owned.cursor.rewind()
            for topic, at in owned.cursor.reading().items():
                place = (self._names.topic(topic), task.partition)
                await self._readers[task].seek(place, await self._clamped(place, at))

    async def _gather(self, owned: Owned, partition: int, limit: int, wait: float) -> list[Record]:
        task = Task(owned.spec.name, partition)
        if (reader := self._readers.get(task)) is None:
            await asyncio.sleep(max(0.0, wait))
            return []
        raws = await reader.poll(limit, wait)
        if raws:
            self._idle[task] = _seconds()
        elif _seconds() - self._idle[task] > STALLED:
            await self._look_closer(task, owned)
        skip = len(self._names.prefix) + 1
        return [record_of(raw, raw.topic[skip:]) for raw in raws]

    async def _look_closer(self, task: Task, owned: Owned) -> None:
        """The watchdog: a reader that is silent although there are records is replaced."""
        self._idle[task] = _seconds()
        for topic, at in owned.cursor.reading().items():
            place = (self._names.topic(topic), task.partition)
            first, end = await self._wire.bounds(place)
            if await records_between(self._wire, place, max(first, at), min(end, at + 100)):
                log.error("reader_stalled", task=str(task), topic=topic, position=at, end=end)
                await self._new_reader(task, owned.cursor.reading())
                return

    def _state(self, task: Task) -> State:
        line = self._lines.get(task)
        if line is None:
            raise Fenced(f"{task} is not ours")
        return CachedState(line.cache)

    async def peek(self, task: Task) -> State:
        """The committed state of any task; of one that is not ours it is read from its changelog."""
        if line := self._lines.get(task):
            return CachedState(line.cache)
        texts = await self._texts(task)
        return DictState({key[1:]: text for key, text in texts.items() if key.startswith(STATE)})

    async def _texts(self, task: Task) -> dict[str, str]:
        """Every entry of a task's changelog."""
        if not await self._has_changelog(task):
            return {}
        place = self._names.changelog(task)
        texts: dict[str, str] = {}
        for raw in await records_between(self._wire, place, *await self._wire.bounds(place)):
            key, text = raw.key.decode(), text_of(raw.value)
            if text is None:
                texts.pop(key, None)
            else:
                texts[key] = text
        return texts

    async def _let_go(self, task: Task) -> None:
        """Give the task up: its reader and its producer are closed; its cache stays on disk."""
        self._give_up(task)
        if reader := self._readers.pop(task, None):
            await reader.close()
        if line := self._lines.pop(task, None):
            await line.close()

    async def close(self) -> None:
        """Give up every task."""
        await asyncio.gather(*map(self._close_one, list(self._lines)))

    async def _close_one(self, task: Task) -> None:
        async with self._locks[task]:
            await self._let_go(task)


def _seconds() -> float:
    """The event loop's time: a simulation has one of its own."""
    return asyncio.get_running_loop().time()
