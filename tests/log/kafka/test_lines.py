"""What the Kafka log does when a reader falls silent, a cache is stale, or a topic is not the one it was."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from schemas.errors import LogError
from schemas.item import Item
from schemas.ports import Record, Task
from schemas.topics import ITEMS
from tests.log.simulation.cluster import Cluster, Process, SimReceiver, SimWire
from tests.log.simulation.loop import simulate
from tests.log.simulation.mill import GRIND, NAMES, SimLog
from tocsin.log.kafka.cache import Cache
from tocsin.log.kafka.line import FRESH_MS
from tocsin.log.kafka.wire import Place, Raw
from tocsin.log.partition import partition_of

HOME = partition_of("k", 2)


class Deaf(SimReceiver):
    """A reader that never hears anything: what a client with a lost connection looks like."""

    async def poll(self, limit: int, wait: float) -> Sequence[Raw]:
        await asyncio.sleep(wait)
        return []


class Wire(SimWire):
    """A cluster whose first reader of items is deaf, or whose items begin and end elsewhere."""

    deaf = 0
    items: tuple[int, int] | None = None

    async def receiver(self, positions: Mapping[Place, int]) -> SimReceiver:
        if self.deaf and (NAMES.topic("items"), HOME) in positions:
            self.deaf -= 1
            return Deaf(self.cluster, self.process, positions)
        return await super().receiver(positions)

    async def bounds(self, place: Place) -> tuple[int, int]:
        if self.items is not None and place[0] == NAMES.topic("items"):
            return self.items
        return await super().bounds(place)


def opened(wire: Wire, disks: dict[Task, Cache] | None = None) -> SimLog:
    return SimLog(wire, {} if disks is None else disks)


async def push(log: SimLog, *names: str) -> None:
    async with log.unit(Task("push")) as unit:
        for name in names:
            unit.emit(ITEMS, "k", Item(id=name))


async def read(log: SimLog, task: Task, seconds: float) -> Sequence[Record]:
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        if found := await log.read(task, wait=1.0):
            return found
    return ()


def test_a_reader_that_fell_silent_is_replaced_after_a_minute() -> None:
    async def main() -> tuple[int, int]:
        wire = Wire(Cluster({}), Process("one"))
        log = opened(wire)
        wire.deaf = 1
        task = await log.claim(GRIND, HOME)
        await push(log, "1")
        return len(await read(log, task, 50.0)), len(await read(log, task, 30.0))

    assert simulate(main(), 1) == (0, 1)


def test_a_cache_older_than_tombstones_live_is_read_anew() -> None:
    async def main() -> tuple[str | None, str | None]:
        wire, disks = Wire(Cluster({}), Process("one")), dict[Task, Cache]()
        log = opened(wire, disks)
        task = await log.claim(GRIND, HOME)
        async with log.unit(task) as unit:
            unit.put("kept", 1)
        cache = disks[task]
        at = cache.offset()
        cache.apply({"sghost": "1"}, at, cache.stamp() - FRESH_MS - 1)  # its tombstone was compacted away
        ghost = cache.text("sghost")
        await opened(wire, disks).claim(GRIND, HOME)
        return ghost, cache.text("sghost") or cache.text("skept")

    assert simulate(main(), 1) == ("1", "1")


def test_a_topic_that_ends_before_our_position_is_refused() -> None:
    async def main() -> None:
        wire = Wire(Cluster({}), Process("one"))
        log = opened(wire)
        task = await log.claim(GRIND, HOME)
        await push(log, "1", "2")
        batch = await read(log, task, 10.0)
        async with log.unit(task) as unit:
            unit.acknowledge(batch)
        wire.items = (0, 1)
        await opened(wire).claim(GRIND, HOME)

    with pytest.raises(LogError, match="it is another topic by now"):
        simulate(main(), 1)


def test_retention_that_overtook_a_reader_is_an_alarm_and_not_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> int:
        wire = Wire(Cluster({}), Process("one"))
        log = opened(wire)
        task = await log.claim(GRIND, HOME)
        await push(log, "1", "2", "3", "4")
        (first, *_) = await read(log, task, 10.0)
        async with log.unit(task) as unit:
            unit.acknowledge([first])
        wire.items = (first.offset + 2, 99)
        again = opened(wire)
        return len(await read(again, await again.claim(GRIND, HOME), 10.0))

    assert simulate(main(), 1) == 2
    assert "records_expired_unread" in capsys.readouterr().out
