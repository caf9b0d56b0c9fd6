"""The file of the embedded log: whose it is, who may read it, and what else it might be."""

import asyncio
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from schemas.errors import Fenced, LogBusy, LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.log import StageSpec
from tocsin.log.partition import partition_of
from tocsin.log.sqlite import SqliteLog
from tocsin.log.sqlite.schema import VERSION

READER = StageSpec("reader", (ITEMS,))
PUSH = Task("push")


async def opened(path: Path, partitions: int = 3) -> SqliteLog:
    log = SqliteLog(path, SetClock(), partitions)
    await log.open()
    return log


async def test_two_daemons_cannot_share_a_file(tmp_path: Path) -> None:
    first, second = await opened(tmp_path / "log.db"), await opened(tmp_path / "log.db")
    await first.claim(READER, 0)
    with pytest.raises(LogBusy, match=r"log\.db is in use by another tocsin \(process \d+\)"):
        await second.claim(READER, 1)
    await first.close()
    await second.claim(READER, 0)
    await second.close()


async def test_the_number_of_partitions_is_the_files(tmp_path: Path) -> None:
    await (await opened(tmp_path / "log.db", 3)).close()
    log = await opened(tmp_path / "log.db", 12)
    assert log.partitions(ITEMS) == 3
    await log.close()


async def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.db")
    async with log.unit(PUSH) as unit:
        unit.put("k", 1)
    modes = {name: stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in os.listdir(tmp_path)}  # noqa: PTH116, PTH208
    assert {name: mode & 0o077 for name, mode in modes.items()} == dict.fromkeys(modes, 0)
    await log.close()


async def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE theirs(x)")
    other.close()
    with pytest.raises(LogError, match="something else"):
        await opened(tmp_path / "other.db")


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello, this is no database at all\n" * 100)
    with pytest.raises(LogError, match="cannot be used as a log"):
        await opened(tmp_path / "text.db")


async def test_a_file_of_a_newer_tocsin_is_refused(tmp_path: Path) -> None:
    await (await opened(tmp_path / "log.db")).close()
    newer = sqlite3.connect(tmp_path / "log.db")
    newer.execute(f"PRAGMA user_version={VERSION + 1}")
    newer.close()
    with pytest.raises(LogError, match="newer tocsin"):
        await opened(tmp_path / "log.db")


async def test_another_process_commit_wakes_the_reader(tmp_path: Path) -> None:
    daemon, pusher = await opened(tmp_path / "log.db"), await opened(tmp_path / "log.db")
    task = await daemon.claim(READER, partition_of("a.example", 3))
    waiting = asyncio.create_task(daemon.read(task, wait=60.0))
    async with pusher.unit(PUSH) as unit:
        unit.emit(ITEMS, "a.example", Item(id="1"))
    async with asyncio.timeout(10):
        assert [record.headers["ce_id"] for record in await waiting] == ["1"]
    await daemon.close()
    await pusher.close()


async def test_two_outsiders_that_build_on_the_same_state_cannot_both_win(tmp_path: Path) -> None:
    first, second = await opened(tmp_path / "log.db"), await opened(tmp_path / "log.db")

    async def slow() -> None:
        async with first.unit(PUSH) as mine:
            assert mine.get("seen") is None
            mine.put("seen", "first")
            async with second.unit(PUSH) as theirs:
                theirs.put("seen", "second")

    with pytest.raises(Fenced, match="in the meantime"):
        await slow()
    assert (await first.peek(PUSH)).get("seen") == "second"
    await first.close()
    await second.close()


async def test_many_units_at_once_all_get_in_and_a_bad_one_sinks_alone(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.db", 1)
    stale = await log.claim(READER, 0)
    log._owned[stale] = log._owned[stale].__class__(READER, 0, log._owned[stale].cursor)

    async def one(task: Task) -> None:
        async with log.unit(task) as unit:
            unit.emit(ITEMS, "k", Item(id=str(task)))

    tasks = [Task("push", number) for number in range(200)]
    ends = await asyncio.gather(*(one(task) for task in (*tasks, stale)), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [Fenced]
    assert len([record async for record in log.history(ITEMS)]) == 200
    await log.close()
