"""What is handed in comes in once."""

from datetime import UTC, datetime

from ingest.door import DOOR, let_in
from schemas.codec import decode_as
from schemas.item import Item
from schemas.topics import ITEMS
from tocsin.log.memory import MemoryLog


class Noon:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


async def items_after(log: MemoryLog, *items: Item, backfill: bool = False) -> int:
    async with log.unit(DOOR) as unit:
        return let_in(items, unit, backfill=backfill)


async def read(log: MemoryLog) -> list[Item]:
    return [decode_as(record, Item) async for record in log.history(ITEMS)]


async def test_an_id_comes_in_once() -> None:
    log = MemoryLog(Noon())
    await log.open()
    assert await items_after(log, Item(id="1", title="a"), Item(id="1", title="a")) == 1
    assert await items_after(log, Item(id="1", title="a"), Item(id="2", title="b")) == 1
    assert [item.id for item in await read(log)] == ["1", "2"]


async def test_a_back_fill_never_rings() -> None:
    log = MemoryLog(Noon())
    await log.open()
    await items_after(log, Item(id="1", title="a", url="https://a.example/x"), backfill=True)
    (item,) = await read(log)
    assert not item.alertable
    assert item.fetched == Noon.at


async def test_an_id_is_forgotten_in_the_end() -> None:
    clock = Noon()
    log = MemoryLog(clock)
    await log.open()
    await items_after(log, Item(id="1", title="a"))
    clock.at = datetime(2026, 9, 1, tzinfo=UTC)
    await items_after(log, Item(id="2", title="b"))
    assert await items_after(log, Item(id="1", title="a")) == 1
