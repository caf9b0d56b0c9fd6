"""A small pipeline with state in each of its two stages, run by processes that may die, freeze and come back."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Record, State, Task, Unit
from schemas.topics import CHANGES, ITEMS, RECEIPTS, Topic
from tests.log.clocks import SetClock
from tests.log.simulation.cluster import Cluster, Crash, Process, SimWire
from tocsin.log.history import Pages
from tocsin.log.kafka.cache import Cache
from tocsin.log.kafka.line import Names
from tocsin.log.kafka.lines import LineLog
from tocsin.log.port import StageSpec
from tocsin.worker import StageWorker

NAMES = Names("sim")
PARTITIONS = 2
GRIND = StageSpec("grind", (ITEMS,))
BAKE = StageSpec("bake", (CHANGES,))
HORIZON = 3_600.0
STEPS = 20_000


class Count:
    """A stage that numbers the records of each key and writes one output each: order and repeats show in it."""

    def __init__(self, into: Topic) -> None:
        self._into = into
        self._memory: dict[str, int] = {}

    def restore(self, state: State) -> None:
        """The numbers so far."""
        self._memory = {key: value for key, value in state.scan() if isinstance(value, int)}

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """Number each record within its key."""
        for record in batch:
            item = decode_as(Record(ITEMS.name, 0, 0, record.key, record.value), Item)
            self._memory[record.key] = number = self._memory.get(record.key, 0) + 1
            unit.put(record.key, number)
            unit.emit(self._into, record.key, Item(id=item.id, title=f"{item.title} {number}".strip()), record)


class _Disk(Cache):
    """A cache that outlives its process."""

    def close(self) -> None:
        """The file stays."""


class SimLog(LineLog):
    """The Kafka log's code on a simulated cluster; `disks` are the caches of its machine."""

    def __init__(self, wire: SimWire, disks: dict[Task, Cache]) -> None:
        super().__init__(wire, NAMES, SetClock(), PARTITIONS, None)
        self._disks = disks

    def _cache(self, task: Task) -> Cache:
        return self._disks.setdefault(task, _Disk(None))

    def _pages(self) -> Pages:
        raise NotImplementedError

    async def _positions(self) -> Sequence[tuple[Task, Topic, int]]:
        raise NotImplementedError


@dataclass
class Outcome:
    """What a run came to: everything needed to judge it."""

    cluster: Cluster
    items: list[Item]
    states: dict[Task, Mapping[str, str]] = field(default_factory=dict)


async def work(log: SimLog) -> None:
    """One process: every task of both stages, until it is cancelled, dies, or is fenced."""
    async with asyncio.TaskGroup() as group:
        for spec, into in ((GRIND, CHANGES), (BAKE, RECEIPTS)):
            for partition in range(PARTITIONS):
                group.create_task(_one(log, spec, partition, into))


async def _one(log: SimLog, spec: StageSpec, partition: int, into: Topic) -> None:
    task = await log.claim(spec, partition)
    await StageWorker(Count(into), tick=5.0, limit=2).run(task, log)


async def run(plan: Mapping[int, str], items: Sequence[tuple[str, str]]) -> Outcome:
    """Grind and bake the items (key, id) while faults happen, then until nothing is left to do."""
    cluster = Cluster({})
    machines: list[dict[Task, Cache]] = [{}, {}]
    pusher = SimLog(SimWire(cluster, Process("pusher")), {})
    for key, name in items:
        async with pusher.unit(Task("push")) as unit:
            unit.emit(ITEMS, key, Item(id=name))
    cluster.steps, cluster.plan = 0, dict(plan)
    await _supervise(cluster, machines)
    outcome = Outcome(cluster, [Item(id=name) for _, name in items])
    await _look(outcome)
    return outcome


async def _supervise(cluster: Cluster, machines: list[dict[Task, Cache]]) -> None:
    """Keep a process working: a dead one is replaced, a frozen one gets a rival and is thawed later."""
    for number, machine in _turns(machines):
        process = Process(f"process {number}")
        working = asyncio.ensure_future(work(SimLog(SimWire(cluster, process), machine)))
        frozen = asyncio.ensure_future(process.frozen.wait())
        idle = asyncio.ensure_future(_all_done(cluster))
        await asyncio.wait([working, frozen, idle], return_when=asyncio.FIRST_COMPLETED)
        if idle.done() and idle.exception():
            await _stop(working)
            raise idle.exception() or AssertionError
        over = idle.done() and not frozen.done()
        if frozen.done() and not working.done():
            wire, disks = SimWire(cluster, Process(f"rival {number}")), machines[(number + 1) % len(machines)]
            rival = asyncio.ensure_future(work(SimLog(wire, disks)))
            await asyncio.sleep(1.0 if number % 2 else 30.0)
            process.thawed.set()
            await asyncio.sleep(30.0)
            await _stop(rival)
        for task in (working, frozen, idle):
            await _stop(task)
        if over:
            return


def _turns(machines: list[dict[Task, Cache]]) -> Iterator[tuple[int, dict[Task, Cache]]]:
    number = 0
    while True:
        yield number, machines[number % len(machines)]
        number += 1


async def _stop(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    with suppress(BaseException):
        await task


async def _all_done(cluster: Cluster) -> None:
    """Wait until every committed record was acknowledged by its reader."""
    while not _is_idle(cluster):
        await asyncio.sleep(0.5)
        if asyncio.get_running_loop().time() > HORIZON or cluster.steps > STEPS:
            raise AssertionError(f"no end in sight: {cluster.happened}")


def _is_idle(cluster: Cluster) -> bool:
    lanes = [(spec, topic, n) for spec, topic in ((GRIND, ITEMS), (BAKE, CHANGES)) for n in range(PARTITIONS)]
    return not cluster.open and all(_position(cluster, *lane) > _last(cluster, *lane[1:]) for lane in lanes)


def _last(cluster: Cluster, topic: Topic, number: int) -> int:
    committed = cluster.committed((NAMES.topic(topic.name), number))
    return committed[-1].offset if committed else -1


def _position(cluster: Cluster, spec: StageSpec, topic: Topic, number: int) -> int:
    return cluster.groups.get((NAMES.group(spec.name), (NAMES.topic(topic.name), number)), 0)


async def _look(outcome: Outcome) -> None:
    """The state as the changelogs tell it."""
    for spec in (GRIND, BAKE):
        for number in range(PARTITIONS):
            task = Task(spec.name, number)
            texts: dict[str, str] = {}
            for raw in outcome.cluster.committed(NAMES.changelog(task)):
                if raw.value is None:
                    texts.pop(raw.key.decode(), None)
                else:
                    texts[raw.key.decode()] = raw.value.decode()
            outcome.states[task] = texts


__all__ = ["BAKE", "GRIND", "Crash", "Outcome", "run"]
