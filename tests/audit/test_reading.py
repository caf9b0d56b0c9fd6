"""Both readers see in a log what the log's own code wrote into it."""

import subprocess
import sys
from pathlib import Path

import pytest

from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Kafka, Retention
from schemas.topics import CHANGES, ITEMS
from tests.log.clocks import SetClock
from tocsin.audit import kafka as kafka_reader
from tocsin.audit import sqlite as sqlite_reader
from tocsin.audit.facts import Facts
from tocsin.log import Log, StageSpec
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.sqlite import SqliteLog

UNDERSTAND = StageSpec("understand", (ITEMS,))


async def use(log: Log) -> None:
    """Two items pushed, one read on."""
    await log.open()
    async with log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "a", Item(id="1"))
        unit.emit(ITEMS, "a", Item(id="2"))
    task = await log.claim(UNDERSTAND, 0)
    (first,) = await log.read(task, limit=1, wait=20.0)
    async with log.unit(task) as unit:
        unit.put("seen", 1)
        unit.emit(CHANGES, "story", Item(id="c"), first)
        unit.acknowledge([first])
    await log.close()


def assert_seen(facts: Facts) -> None:
    assert [(entry.key, entry.number, entry.writer) for entry in facts.topic("items")] == [
        ("a", 1, "push/0"), ("a", 2, "push/0"),
    ]  # fmt: skip
    assert facts.topic("changes")[0].cause == "items/0/0"
    assert facts.positions["understand", 0]["items"] == 1
    assert facts.written[("push", 0), ("items", 0)] == 2
    assert facts.heard[("understand", 0), "items", "tocsin/push/0"] == 1
    assert facts.state["understand", 0] == {"seen": 1}


async def test_the_embedded_log_is_read(tmp_path: Path) -> None:
    await use(SqliteLog(tmp_path / "log.db", SetClock(), partitions=1))
    assert_seen(sqlite_reader.read(tmp_path / "log.db"))


async def test_kafka_is_read_with_another_client(kafka: str, tmp_path: Path) -> None:
    settings = Kafka(topic_prefix=tmp_path.name, partitions=1)
    await use(KafkaLog(Access(kafka, settings), SetClock(), tmp_path, Retention(items=3e9)))
    assert_seen(kafka_reader.read(kafka, tmp_path.name))


@pytest.mark.parametrize("arguments", [["sqlite:/nowhere/log.db"]])
def test_a_log_that_cannot_be_read_is_no_clean_log(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tocsin.audit", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "there is no log at" in ended.stderr
