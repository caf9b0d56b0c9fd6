"""Living with the file: retention, forgetting, a full disk, a new format."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from schemas.errors import LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Retention
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.log import StageSpec
from tocsin.log.sqlite import SqliteLog
from tocsin.log.sqlite.migrate import format_of, migrate
from tocsin.log.sqlite.schema import VERSION

READER = StageSpec("reader", (ITEMS,))
PUSH = Task("push")
DAY = 86400.0


async def opened(path: Path, clock: SetClock, days: float = 30) -> SqliteLog:
    log = SqliteLog(path, clock, 1, Retention(items=days * DAY))
    await log.open()
    return log


async def push(log: SqliteLog, *names: str, text: str = "") -> None:
    async with log.unit(PUSH) as unit:
        for name in names:
            unit.emit(ITEMS, "k", Item(id=name, text=text))


async def kept(log: SqliteLog) -> list[str]:
    return [record.headers["ce_id"] async for record in log.history(ITEMS)]


async def test_what_is_too_old_goes_and_offsets_go_on(tmp_path: Path) -> None:
    clock = SetClock()
    log = await opened(tmp_path / "log.db", clock)
    await push(log, "old")
    clock.move(31 * DAY)
    await push(log, "new")
    assert await log.tidy() == 1
    assert await kept(log) == ["new"]
    await push(log, "newer")
    assert [record.offset async for record in log.history(ITEMS)] == [1, 2]
    await log.close()


async def test_nothing_goes_that_a_reader_has_yet_to_acknowledge(tmp_path: Path) -> None:
    clock = SetClock()
    log = await opened(tmp_path / "log.db", clock)
    task = await log.claim(READER, 0)
    await push(log, "read", "unread")
    (first,) = await log.read(task, limit=1)
    async with log.unit(task) as unit:
        unit.acknowledge([first])
    clock.move(365 * DAY)
    assert await log.tidy() == 1
    assert await kept(log) == ["unread"]
    await log.close()


async def test_a_long_backlog_goes_in_small_steps_and_the_room_comes_back(tmp_path: Path) -> None:
    clock = SetClock()
    log = await opened(tmp_path / "log.db", clock)
    await push(log, *(str(number) for number in range(1_200)), text="x" * 2_000)
    clock.move(31 * DAY)
    before = (await log._read_pages.rows("PRAGMA page_count"))[0][0]
    assert await log.tidy() == 1_200
    assert (await log._read_pages.rows("PRAGMA page_count"))[0][0] < before / 4
    await log.close()


async def test_a_blanked_record_keeps_its_place_and_loses_its_bytes(tmp_path: Path) -> None:
    clock = SetClock()
    log = await opened(tmp_path / "log.db", clock)
    await push(log, "kept", "secret", text="")
    await push(log, "later")
    assert await log.blank([("items", 0, 1)]) == 1
    assert await kept(log) == ["kept", "later"]
    task = await log.claim(READER, 0)
    assert [record.headers["ce_id"] for record in await log.read(task)] == ["kept", "later"]
    assert log.gaps() == ()
    await log.close()


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from schemas.errors import LogFull
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.log.sqlite import SqliteLog

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = SqliteLog(Path(sys.argv[1]), SetClock(), 1)
    await log.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    written, refused = 0, 0
    while refused < 3:
        try:
            async with log.unit(Task("push")) as unit:
                unit.emit(ITEMS, "k", Item(id=str(written), text="x" * 20_000))
            written += 1
        except LogFull:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    async with log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "k", Item(id=str(written)))
    found = [record.headers["ce_id"] async for record in log.history(ITEMS)]
    assert found == [str(number) for number in range(written + 1)], found
    await log.close()
    print(written)

asyncio.run(main())
"""


def test_a_full_disk_refuses_units_whole_and_the_log_goes_on_when_there_is_room(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "log.db")], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 0
    audit = subprocess.run([sys.executable, "-m", "tocsin.audit", f"sqlite:{tmp_path / 'log.db'}"], check=False)
    assert audit.returncode == 0


def add_a_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE extra(x)")


async def test_a_migration_keeps_a_copy_and_the_log(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.db", SetClock())
    await push(log, "1")
    await log.close()
    copy = await asyncio.to_thread(migrate, tmp_path / "log.db", {VERSION: add_a_table}, VERSION + 1)
    assert copy is not None
    assert (format_of(copy), format_of(tmp_path / "log.db")) == (VERSION, VERSION + 1)
    old = await opened(copy, SetClock())
    assert await kept(old) == ["1"]
    await old.close()


async def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    await (await opened(tmp_path / "log.db", SetClock())).close()

    def fail(connection: sqlite3.Connection) -> None:
        add_a_table(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate(tmp_path / "log.db", {VERSION: fail}, VERSION + 1)
    assert format_of(tmp_path / "log.db") == VERSION
    with closing(sqlite3.connect(tmp_path / "log.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name='extra'").fetchone() == (0,)


async def test_nothing_is_done_where_nothing_is_to_do_and_no_way_is_said(tmp_path: Path) -> None:
    await (await opened(tmp_path / "log.db", SetClock())).close()
    assert migrate(tmp_path / "log.db") is None
    with pytest.raises(LogError, match="no way"):
        migrate(tmp_path / "log.db", {}, VERSION + 1)
