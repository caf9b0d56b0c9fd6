"""A copy of a log that is being written is a log of its own, of one instant."""

import asyncio
from pathlib import Path

import pytest

from schemas.codec import decode_as
from schemas.errors import LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.log.sqlite import SqliteLog
from tocsin.log.sqlite.backup import back_up

PUSH = Task("push")


async def push(log: SqliteLog, number: int) -> None:
    async with log.unit(PUSH) as unit:
        unit.put("count", number)
        unit.emit(ITEMS, "a.example", Item(id=str(number), title="a"))


async def copied(path: Path) -> tuple[list[str], object]:
    log = SqliteLog(path, SetClock(), 1)
    await log.open()
    try:
        ids = [decode_as(record, Item).id async for record in log.history(ITEMS)]
        return ids, (await log.peek(PUSH)).get("count")
    finally:
        await log.close()


async def test_records_and_state_of_a_copy_made_while_writing_belong_together(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.db", SetClock(), 1)
    await log.open()
    await push(log, 0)
    copying = asyncio.create_task(asyncio.to_thread(back_up, tmp_path / "a.db", tmp_path / "b.db"))
    number = 0
    while not copying.done():
        number += 1
        await push(log, number)
    assert await copying > 0
    await push(log, number + 1)
    await log.close()
    ids, count = await copied(tmp_path / "b.db")
    assert ids == [str(each) for each in range(len(ids))]
    assert count == len(ids) - 1
    assert len((await copied(tmp_path / "a.db"))[0]) == number + 2


async def test_no_earlier_backup_is_lost(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.db", SetClock(), 1)
    await log.open()
    await log.close()
    (tmp_path / "b.db").write_text("yesterday")
    with pytest.raises(LogError, match="is there already"):
        back_up(tmp_path / "a.db", tmp_path / "b.db")
    assert (tmp_path / "b.db").read_text() == "yesterday"


def test_what_cannot_be_copied_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="there is no log"):
        back_up(tmp_path / "none.db", tmp_path / "b.db")
    (tmp_path / "a.db").write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(LogError, match="no backup was made"):
        back_up(tmp_path / "a.db", tmp_path / "b.db")
    with pytest.raises(LogError, match="no backup was made"):
        back_up(tmp_path / "a.db", tmp_path / "nowhere" / "b.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]
