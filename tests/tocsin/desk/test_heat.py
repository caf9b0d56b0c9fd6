"""What each feed brought, hour by hour: read once, then only what is new."""

from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.desk.heat import HOURS, Heat
from tocsin.log.memory import MemoryLog, Vault

FEED = "https://a.example/feed"


async def bring(log: MemoryLog, count: int, feed: str | None = FEED) -> None:
    async with log.unit(Task("push")) as unit:
        for number in range(count):
            unit.emit(ITEMS, "a.example", Item(id=str(number), title="a", feed=feed))


async def test_hours_of_a_day_the_newest_last() -> None:
    clock = SetClock()
    log = MemoryLog(clock, Vault(partitions=2))
    await log.open()
    await bring(log, 9)
    clock.move(30 * 3600)
    await bring(log, 2)
    heat = Heat(log, clock)
    assert await heat.strips() == {FEED: [0] * (HOURS - 1) + [2]}
    clock.move(3600)
    await bring(log, 3)
    await bring(log, 1, feed=None)
    assert await heat.strips() == {FEED: [0] * (HOURS - 2) + [2, 3]}
    clock.move(48 * 3600)
    assert await heat.strips() == {}
