"""The embedded log's units against the bare SQLite statements they need, in one run on one disk."""

import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from schemas.codec import encode
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import CHANGES, ITEMS
from tocsin.log import StageSpec
from tocsin.log.sqlite import SqliteLog
from tocsin.log.sqlite.schema import connect, prepare

RECORDS = 6_000
BATCH = 100
TEXT = "x" * 1_900
SPEC = StageSpec("echo", (ITEMS,))
ROUNDS = 7
PARTITIONS = 3


class _Clock:
    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


async def filled(path: Path) -> SqliteLog:
    """A log with items to read, spread over its partitions."""
    log = SqliteLog(path, _Clock(), PARTITIONS)
    await log.open()
    for start in range(0, RECORDS, 1_000):
        async with log.unit(Task("push")) as unit:
            for number in range(start, start + 1_000):
                unit.emit(ITEMS, str(number % 97), Item(id=str(number), text=TEXT))
    return log


async def units(path: Path) -> float:
    """Read, remember, write on and acknowledge, as a stage with three tasks does; records a second."""
    log = await filled(path)
    tasks = [await log.claim(SPEC, number) for number in range(PARTITIONS)]
    began = time.perf_counter()
    done = sum(await asyncio.gather(*(_echo(log, task) for task in tasks)))
    took = time.perf_counter() - began
    await log.close()
    return done / took


async def _echo(log: SqliteLog, task: Task) -> int:
    message, done = Item(id="1", text=TEXT), 0
    while batch := await log.read(task, BATCH, wait=0.0):
        async with log.unit(task) as unit:
            for record in batch:
                unit.put(f"seen/{record.offset}", 1)
                unit.emit(CHANGES, record.key, message, record)
            unit.acknowledge(batch)
        done += len(batch)
    return done


def bare(path: Path) -> float:
    """The same reads and writes with nothing around them: no decoding, no checks, no threads; records a second."""
    asyncio.run(_only_fill(path))
    writer, reader = connect(path), connect(path)
    value, headers = encode(Item(id="1", text=TEXT)), json.dumps({f"h{n}": "x" * 30 for n in range(9)})
    began = time.perf_counter()
    for at in range(0, RECORDS, BATCH):
        rows = reader.execute(
            "SELECT topic, part, off, key, value, headers, ts FROM log WHERE topic='items' AND part=0 AND off>=? "
            "ORDER BY off LIMIT ?", (at // PARTITIONS, BATCH),
        ).fetchall()  # fmt: skip
        _write(writer, at, len(rows), headers, value)
    took = time.perf_counter() - began
    writer.close()
    reader.close()
    return RECORDS / took


async def _only_fill(path: Path) -> None:
    await (await filled(path)).close()


def _write(writer: sqlite3.Connection, at: int, count: int, headers: str, value: bytes) -> None:
    writer.execute("BEGIN IMMEDIATE")
    writer.executemany(
        "INSERT OR REPLACE INTO state VALUES('echo',0,?,'1')", [(f"seen/{at + n}",) for n in range(count)]
    )
    writer.executemany(
        "INSERT INTO log(topic, part, off, ts, key, headers, value) VALUES('changes',0,?,1,'k',?,?)",
        [(at + n, headers, value) for n in range(count)],
    )
    writer.execute("INSERT OR REPLACE INTO heads VALUES('changes',0,?,1)", (at + count,))
    writer.execute("INSERT OR REPLACE INTO positions VALUES('echo',0,'items',?)", (at + count,))
    writer.execute("INSERT OR REPLACE INTO heard VALUES('echo',0,'items','tocsin/push/0',?)", (at + count,))
    writer.execute("INSERT OR REPLACE INTO written VALUES('echo',0,'changes',0,?)", (at + count,))
    writer.execute("COMMIT")


def _once(run: Callable[[Path], float]) -> float:
    with tempfile.TemporaryDirectory() as room:
        prepare(Path(room) / "log.db", PARTITIONS)
        return run(Path(room) / "log.db")


def main() -> None:
    """Print both and their ratio."""
    rounds = [(_once(lambda path: asyncio.run(units(path))), _once(bare)) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratios = sorted(one / other for one, other in rounds)
    print(f"embedded units, batches of {BATCH} x 2 KB: {ours:,.0f} records/s")
    print(f"the bare statements:                  {floor:,.0f} records/s")
    print(f"ratio of medians: {ours / floor:.2f} (wanted >= 0.7); of the rounds {ratios[0]:.2f}…{ratios[-1]:.2f}")


if __name__ == "__main__":
    main()
