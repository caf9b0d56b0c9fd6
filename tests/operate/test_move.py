"""A log carried to another goes on where it was: same state, same next record, same row of numbers."""

from pathlib import Path
from uuid import uuid4

import pytest

from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Kafka, Retention
from schemas.topics import CHANGES, ITEMS
from tests.log.clocks import SetClock
from tests.log.test_contract import past, take
from tocsin.audit import sqlite as audit_reader
from tocsin.audit.checks import findings
from tocsin.log import StageSpec
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.sqlite import SqliteLog
from tocsin.operate.move import CannotMove, Target, move

STAGE = StageSpec("stage", (ITEMS,))
PUSH = Task("push")


async def embedded(path: Path, partitions: int = 1) -> SqliteLog:
    log = SqliteLog(path, SetClock(), partitions)
    await log.open()
    return log


async def on_kafka(bootstrap: str, directory: Path) -> KafkaLog:
    access = Access(bootstrap, Kafka(topic_prefix=f"m{uuid4().hex[:8]}", partitions=1))
    log = KafkaLog(access, SetClock(), directory, Retention(items=3e9, reports=3e9))
    await log.open()
    return log


async def use(log: Target) -> None:
    """Three items, of which one is worked on."""
    assert isinstance(log, SqliteLog | KafkaLog)
    async with log.unit(PUSH) as unit:
        for name in ("1", "2", "3"):
            unit.emit(ITEMS, "k", Item(id=name))
    task = await log.claim(STAGE, 0)
    (first,) = await take(log, task, 1)
    async with log.unit(task) as unit:
        unit.put("seen", "1")
        unit.emit(CHANGES, "story", Item(id="c1"), first)
        unit.acknowledge([first])
    await past(log, CHANGES, 1)


async def go_on(log: Target) -> None:
    """The work is taken up where it was."""
    assert isinstance(log, SqliteLog | KafkaLog)
    task = await log.claim(STAGE, 0)
    rest = await take(log, task, 2)
    assert [record.headers["ce_id"] for record in rest] == ["2", "3"]
    async with log.unit(task) as unit:
        assert unit.get("seen") == "1"
        unit.emit(CHANGES, "story", Item(id="c2"), rest[0])
        unit.acknowledge(rest)
    async with log.unit(PUSH) as unit:
        unit.emit(ITEMS, "k", Item(id="4"))
    items = await past(log, ITEMS, 4)
    assert [record.headers["tocsin_seq"] for record in items] == ["1", "2", "3", "4"]
    assert [record.headers["tocsin_seq"] for record in await past(log, CHANGES, 2)] == ["1", "2"]
    assert log.gaps() == ()


@pytest.mark.parametrize("way", ["sqlite to sqlite", "sqlite to kafka", "kafka to sqlite"])
async def test_a_moved_log_goes_on(way: str, tmp_path: Path, kafka: str) -> None:
    source: SqliteLog | KafkaLog
    target: SqliteLog | KafkaLog
    source = await (on_kafka(kafka, tmp_path / "s") if way.startswith("kafka") else embedded(tmp_path / "s.db"))
    target = await (on_kafka(kafka, tmp_path / "t") if way.endswith("kafka") else embedded(tmp_path / "t.db"))
    await use(source)
    assert await move(source, target) == 4
    await source.close()
    await go_on(target)
    await target.close()
    if isinstance(target, SqliteLog):
        assert findings(audit_reader.read(tmp_path / "t.db")) == []


async def test_only_an_empty_log_of_the_same_shape_takes_it_in(tmp_path: Path) -> None:
    source, full = await embedded(tmp_path / "s.db"), await embedded(tmp_path / "f.db")
    other = await embedded(tmp_path / "o.db", partitions=2)
    await use(full)
    with pytest.raises(CannotMove, match="move needs an empty one"):
        await move(source, full)
    with pytest.raises(CannotMove, match="they must be equal"):
        await move(source, other)
    for log in (source, full, other):
        await log.close()
