"""A new version works on an old file in the old format until it is told to finish; until then a rollback works."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.errors import LogBusy, LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import CHANGES, ITEMS
from tests.log.clocks import SetClock
from tocsin.audit import sqlite as audit_reader
from tocsin.audit.checks import findings
from tocsin.log import StageSpec
from tocsin.log import open as opening
from tocsin.log.sqlite import SqliteLog, migrate, schema
from tocsin.log.sqlite.migrate import format_of
from tocsin.log.sqlite.owner import Owner

OLD = schema.VERSION
STAGE = StageSpec("stage", (ITEMS,))
URL = "sqlite:log.db"


def add_a_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE meta ADD COLUMN note TEXT")


@contextmanager
def the_next_version() -> Iterator[None]:
    """A tocsin whose newest format is one higher."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (schema, opening):
            patch.setattr(module, "VERSION", OLD + 1)
        patch.setattr(opening, "migrate", lambda path: migrate.migrate(path, {OLD: add_a_column}, OLD + 1))
        yield


async def work(path: Path, name: str) -> None:
    """Push an item and pass it on, wherever the task stands."""
    log = SqliteLog(path, SetClock(), 1)
    await log.open()
    async with log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "k", Item(id=name))
    task = await log.claim(STAGE, 0)
    (record,) = await log.read(task)
    async with log.unit(task) as unit:
        unit.put(name, 1)
        unit.emit(CHANGES, "k", Item(id=f"c{name}"), record)
        unit.acknowledge([record])
    assert log.gaps() == ()
    await log.close()


async def test_a_rollback_before_the_finish_goes_on_and_the_audit_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    await work(path, "1")
    with the_next_version():
        await work(path, "2")
        assert "tocsin upgrade --finish" in opening.format_words(URL, tmp_path)
    assert format_of(path) == OLD
    await work(path, "3")
    facts = audit_reader.read(path)
    assert findings(facts) == []
    assert [entry.headers["ce_id"] for entry in facts.topic("changes")] == ["c1", "c2", "c3"]


async def test_the_finish_keeps_the_old_file_and_shuts_the_old_version_out(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    await work(path, "1")
    with the_next_version():
        told = opening.finish_upgrade(URL, tmp_path)
        await work(path, "2")
    assert f"log.db.format-{OLD}" in told
    assert format_of(path) == OLD + 1
    with pytest.raises(LogError, match="newer tocsin"):
        await work(path, "3")
    await work(tmp_path / f"log.db.format-{OLD}", "3")
    assert findings(audit_reader.read(path)) == []


async def test_no_finish_under_a_running_daemon(tmp_path: Path) -> None:
    await work(tmp_path / "log.db", "1")
    daemon = Owner(tmp_path / "log.db")
    daemon.take()
    with the_next_version(), pytest.raises(LogBusy):
        opening.finish_upgrade(URL, tmp_path)
    daemon.release()
    assert format_of(tmp_path / "log.db") == OLD
