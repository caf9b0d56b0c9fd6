"""The log on a Kafka cluster: `LineLog` over aiokafka, with topics made and checked, and tasks shared by groups."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from schemas.errors import Fenced, LogError
from schemas.ports import Clock, Record, Task
from schemas.settings import Retention
from schemas.topics import TOPICS, Topic
from tocsin.log.forgotten import FORGET, carried, forgotten
from tocsin.log.history import Pages
from tocsin.log.kafka.access import Access
from tocsin.log.kafka.aio import AioWire
from tocsin.log.kafka.carry import Carrier
from tocsin.log.kafka.changelog import POSITION, state_topic
from tocsin.log.kafka.line import Names
from tocsin.log.kafka.lines import LineLog
from tocsin.log.kafka.membership import Membership
from tocsin.log.kafka.pages import KafkaPages
from tocsin.log.kafka.topics import Topics
from tocsin.log.port import StageSpec, Work

log = structlog.get_logger(__name__)

AGAIN: Final = 1.0
"""Seconds before a task that was fenced, but is still assigned to us, is claimed again."""


class KafkaLog(LineLog):
    """A `Log` on the cluster of `access`; caches of the tasks' state lie in `directory`."""

    def __init__(self, access: Access, clock: Clock, directory: Path | None, retention: Retention) -> None:
        self._access = access
        self._aio = AioWire(access)
        names = Names(access.settings.topic_prefix)
        super().__init__(self._aio, names, clock, access.settings.partitions, None)
        self._patience = 0.8 * access.request
        self._directory = directory
        self._topics = Topics(access, names, retention)
        self.id = ""

    async def open(self) -> None:
        """Reach the cluster; make the topics that are missing and check the others. Raises `LogError`."""
        try:
            identity = await self._topics.identify(self._wire, self._width)
        except LogError as error:
            await self._aio.close()
            if reason := await self._access.refusal():
                raise LogError(f"kafka lets us in nowhere: {reason}") from error
            raise
        self.id, self._width = identity.id, identity.partitions
        if self._directory is not None:
            self._caches = self._directory / identity.id

    async def close(self) -> None:
        """Give up every task and let go of every connection."""
        await super().close()
        await self._aio.close()

    async def _changelog_there(self, task: Task, width: int) -> None:
        await self._topics.changelog(self._wire, state_topic(task.stage), width)

    async def _has_changelog(self, task: Task) -> bool:
        return await self._topics.has(state_topic(task.stage))

    def _pages(self) -> Pages:
        return KafkaPages(self._aio, self._names)

    async def _positions(self) -> Sequence[tuple[Task, Topic, int]]:
        skip = len(self._names.prefix) + 1
        return [
            (Task(group[skip:], partition), TOPICS[topic[skip:]], at)
            for group, topic, partition, at in await self._topics.positions()
            if topic[skip:] in TOPICS
        ]

    async def history(
        self, topic: Topic, *, since: datetime | None = None, until: datetime | None = None, key: str | None = None,
        newest_first: bool = False, limit: int | None = None,
    ) -> AsyncIterator[Record]:  # fmt: skip
        """As of every log; what is forgotten is hidden, since Kafka cannot erase a single record."""
        gone = forgotten(await self.peek(FORGET))
        given = 0
        async for record in super().history(topic, since=since, until=until, key=key, newest_first=newest_first):
            if gone and carried(record) & gone:
                continue
            if given == limit:
                return
            given += 1
            yield record

    async def every(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        """Records as they lie there, tombstones included."""
        return await self._pages().page(topic.name, partition, offset, limit=limit)

    async def every_task(self) -> Sequence[Task]:
        """Every task that keeps something."""
        found = []
        for stage, partitions in await self._topics.changelogs():
            for partition in range(partitions):
                first, end = await self._wire.bounds((self._names.topic(state_topic(stage)), partition))
                found += [Task(stage, partition)] if end > first else []
        return found

    async def entries(self, task: Task) -> Mapping[str, str]:
        """What a task keeps."""
        return await self._texts(task)

    async def put_records(self, records: Sequence[Record]) -> Sequence[int]:
        """Append records of one partition as they are; their new offsets."""
        return await Carrier(self._wire, self._names).records(records)

    async def put_entries(self, task: Task, entries: Mapping[str, str]) -> None:
        """Set what a task keeps."""
        inputs = [key[1:] for key in entries if key.startswith(POSITION)]
        width = self._width if inputs and not any(TOPICS[name].single for name in inputs if name in TOPICS) else 1
        await self._changelog_there(task, width)
        await Carrier(self._wire, self._names).entries(task, entries)

    async def run_stage(self, spec: StageSpec, work: Work) -> None:
        """Own this process's share of the stage's tasks, as its group assigns them, and run `work` for each."""
        await self._topics.changelog(self._wire, state_topic(spec.name), len(self.tasks(spec)))
        await Share(self, spec, work).run()


class Share:
    """One process's share of a stage: follows the group's assignment with running work."""

    def __init__(self, kafka: KafkaLog, spec: StageSpec, work: Work) -> None:
        self._log = kafka
        self._spec = spec
        self._work = work
        self._wanted: set[int] = set()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        inputs = [topic.name for topic in spec.inputs] or [state_topic(spec.name)]
        names = kafka._names
        self._membership = Membership(
            kafka._access, names.group(spec.name), [names.topic(name) for name in inputs], self._stop_all, self._note
        )

    async def run(self) -> None:
        """Work until cancelled; an error of the work or of the group ends all."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._membership.run())
                group.create_task(self._follow(group))
        finally:
            mine = [Task(self._spec.name, partition) for partition in self._wanted]
            await asyncio.gather(*(self._log._let_go(task) for task in mine))

    def _note(self, partitions: set[int]) -> None:
        self._wanted = partitions
        self._changed.set()
        log.info("share_assigned", stage=self._spec.name, partitions=sorted(partitions))

    async def _stop_all(self) -> None:
        """Cancel all work; each ends after its unit in flight."""
        running = list(self._running.values())
        self._wanted = set()
        for work in running:
            work.cancel()
        if running:
            await asyncio.wait(running)

    async def _follow(self, group: asyncio.TaskGroup) -> None:
        """Start what was assigned; let go of what was not. Outside the callbacks, so that heartbeats go on."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for task in [t for t in self._log._lines if t.stage == self._spec.name and t.partition not in self._wanted]:
                await self._log._let_go(task)
            for partition in self._wanted:
                if partition not in self._running or self._running[partition].done():
                    self._running[partition] = group.create_task(self._one(partition))

    async def _one(self, partition: int) -> None:
        """One task for as long as it is ours; fenced although it is ours, it is claimed again."""
        while partition in self._wanted:
            try:
                task = await self._log.claim(self._spec, partition)
            except LogError as error:
                log.warning("task_not_claimed", stage=self._spec.name, partition=partition, reason=str(error))
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self._work(task, self._log)
            except* Fenced as fenced:
                log.warning("task_fenced", stage=self._spec.name, partition=partition, reason=str(fenced.exceptions[0]))
            await asyncio.sleep(AGAIN)
