"""The embedded log: the steps of `BaseLog` on one SQLite file."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from schemas.errors import LogError
from schemas.ports import Clock, Record, State, Task
from schemas.settings import Retention
from schemas.topics import TOPICS, Topic
from tocsin.log.base import Held, Owned
from tocsin.log.cursor import Settlement
from tocsin.log.history import Pages
from tocsin.log.local import LocalLog
from tocsin.log.port import StageSpec
from tocsin.log.sqlite import carry
from tocsin.log.sqlite.commit import apply, take_over
from tocsin.log.sqlite.owner import Owner
from tocsin.log.sqlite.pages import SqlitePages
from tocsin.log.sqlite.reader import Readers, TaskState
from tocsin.log.sqlite.schema import prepare
from tocsin.log.sqlite.tidy import blank, expire, expiries, give_back
from tocsin.log.sqlite.writer import Writer
from tocsin.log.unit import BufferedUnit

log = structlog.get_logger(__name__)

_KEPT: Final = Retention()
TIDY: Final = 600.0
"""Seconds between two rounds of housekeeping."""
LOOK: Final = 0.2
"""Seconds between looks for commits of other processes."""


class SqliteLog(LocalLog):
    """A `Log` in the file `path`, made with so many partitions if it is not there."""

    def __init__(
        self, path: Path, clock: Clock, partitions: int = 6, retention: Retention = _KEPT
    ) -> None:  # fmt: skip
        super().__init__(clock, partitions)
        self._retention = retention
        self.id = ""
        self._path = path
        self._owner = Owner(path)

    async def open(self) -> None:
        """Open the file, made if need be. Raises `LogError` for a file that is no log of ours."""
        self._width = await asyncio.to_thread(prepare, self._path, self._width)
        self._writer = Writer(self._path)
        self._readers = Readers(self._path)
        self._read_pages = SqlitePages(self._readers)
        self._looking = asyncio.create_task(self._look(), name="log-look")
        self._tidying = asyncio.create_task(self._keep_tidy(), name="log-tidy")
        self.id = (await self._read_pages.rows("SELECT value FROM meta WHERE key='id'"))[0][0]

    async def close(self) -> None:
        """Give up every task, finish what was ordered, let go of the file."""
        for background in (self._looking, self._tidying):
            background.cancel()
            with suppress(asyncio.CancelledError):
                await background
        for task in list(self._owned):
            self._give_up(task)
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._readers.close)
        self._owner.release()

    async def _look(self) -> None:
        """Notice what other processes committed (`tocsin push`, a desk): SQLite counts every commit for us."""
        loop, seen = asyncio.get_running_loop(), None
        while True:
            version = await loop.run_in_executor(self._readers.pool, self._readers.version)
            if version != seen:
                seen = version
                self._ring()
            await asyncio.sleep(LOOK)

    async def _keep_tidy(self) -> None:
        """The owner's housekeeping."""
        while True:
            await asyncio.sleep(TIDY)
            if self._owner.held:
                try:
                    await self.tidy()
                except LogError as error:
                    log.warning("log_not_tidied", reason=str(error))

    async def tidy(self) -> int:
        """Delete what is too old and give the room back; returns how many records went."""
        gone = 0
        for expiry in expiries(self._retention, self._width, self._clock.now()):
            while step := await self._writer.do(partial(expire, expiry=expiry)):
                gone += step
        left = await self._writer.do(give_back)
        while left and left != (left := await self._writer.do(give_back)):
            pass
        return gone

    async def blank(self, places: Iterable[tuple[str, int, int]]) -> int:
        """Take the bytes out of records at (topic, partition, offset); returns how many."""
        return await self._writer.do(partial(blank, places=list(places)))

    async def every(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        """Records as they lie there, tombstones included."""
        return await self._fetch(topic, partition, offset, limit)

    async def every_task(self) -> Sequence[Task]:
        """Every task that keeps something."""
        return await self._writer.do(carry.tasks_of)

    async def entries(self, task: Task) -> Mapping[str, str]:
        """What a task keeps."""
        return await self._writer.do(partial(carry.entries_of, task=task))

    async def put_records(self, records: Sequence[Record]) -> Sequence[int]:
        """Append records of one partition as they are; their new offsets."""
        return await self._writer.do(partial(carry.put_records, records=records))

    async def put_entries(self, task: Task, entries: Mapping[str, str]) -> None:
        """Set what a task keeps."""
        await self._writer.do(partial(carry.put_entries, task=task, entries=entries))

    async def claim(self, spec: StageSpec, partition: int) -> Task:
        """Own a task from now on, and the file for as long as this log is open."""
        self._owner.take()
        return await super().claim(spec, partition)

    async def _take_over(self, task: Task, topics: Sequence[Topic]) -> Held:
        return await self._writer.do(lambda connection: take_over(connection, task, topics))

    async def _commit(self, unit: BufferedUnit, settlement: Settlement, owned: Owned | None) -> None:
        epoch = owned.epoch if owned else None
        basis = unit.basis if unit.looked else None
        await self._writer.do(lambda connection: apply(connection, unit, settlement, epoch, basis))

    async def _ready(self, task: Task, owned: Owned | None) -> int | None:
        if owned:
            return None
        rows = await self._read_pages.rows(
            "SELECT units FROM tasks WHERE stage=? AND part=?", (task.stage, task.partition)
        )
        return rows[0][0] if rows else 0

    async def _fetch(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        return await self._read_pages.page(topic.name, partition, offset, limit=limit)

    def _state(self, task: Task) -> State:
        return TaskState(self._readers, task)

    def _pages(self) -> Pages:
        return self._read_pages

    async def _positions(self) -> Sequence[tuple[Task, Topic, int]]:
        rows = await self._read_pages.rows("SELECT stage, part, topic, next FROM positions")
        return [(Task(stage, part), TOPICS[topic], at) for stage, part, topic, at in rows if topic in TOPICS]
