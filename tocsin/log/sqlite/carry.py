"""Carrying the embedded log away, or filling it: `Source` and `Target` of a move, as jobs of the writer."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.ports import Record, Task
from tocsin.log.kafka.changelog import HEARD, POSITION, STATE, WRITTEN

Rows = list[tuple[Any, ...]]


def tasks_of(connection: sqlite3.Connection) -> list[Task]:
    """Every task that keeps something."""
    rows = connection.execute(
        "SELECT stage, part FROM state UNION SELECT stage, part FROM positions UNION SELECT stage, part FROM written"
    )
    return [Task(stage, part) for stage, part in rows]


def entries_of(connection: sqlite3.Connection, task: Task) -> dict[str, str]:
    """What a task keeps, in the words of a changelog."""

    def rows(columns: str, table: str) -> Rows:
        sql = f"SELECT {columns} FROM {table} WHERE stage=? AND part=?"  # noqa: S608 - our own words
        return connection.execute(sql, (task.stage, task.partition)).fetchall()

    found = {STATE + key: text for key, text in rows("key, value", "state")}
    found |= {POSITION + topic: str(at) for topic, at in rows("topic, next", "positions")}
    found |= {f"{HEARD}{topic} {writer}": str(seq) for topic, writer, seq in rows("topic, writer, seq", "heard")}
    found |= {f"{WRITTEN}{topic} {dest}": str(seq) for topic, dest, seq in rows("topic, dest, seq", "written")}
    return found


def put_entries(connection: sqlite3.Connection, task: Task, entries: Mapping[str, str]) -> None:
    """Set what a task keeps."""
    at = (task.stage, task.partition)
    for table, values in _sorted_out(entries):
        marks = ",".join("?" * (len(values) + 2))
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES({marks})", (*at, *values))


def _sorted_out(entries: Mapping[str, str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for key, text in entries.items():
        kind, name = key[0], key[1:]
        topic, _, rest = name.partition(" ")
        if kind == STATE:
            yield "state", (name, text)
        elif kind == POSITION:
            yield "positions", (name, int(text))
        elif kind == HEARD:
            yield "heard", (topic, rest, int(text))
        elif kind == WRITTEN:
            yield "written", (topic, int(rest), int(text))


def put_records(connection: sqlite3.Connection, records: Sequence[Record]) -> list[int]:
    """Append records of one partition as they are; their new offsets."""
    if not records:
        return []
    place = (records[0].topic, records[0].partition)
    head, ts = connection.execute("SELECT next, ts FROM heads WHERE topic=? AND part=?", place).fetchone() or (0, 0)
    offsets = list(range(head, head + len(records)))
    for offset, record in zip(offsets, records, strict=True):
        ts = max(ts, round(record.timestamp.timestamp() * 1000) if record.timestamp else ts)
        headers = json.dumps(dict(record.headers), ensure_ascii=False, separators=(",", ":"))
        connection.execute(
            "INSERT INTO log(topic, part, off, ts, key, headers, value) VALUES(?,?,?,?,?,?,?)",
            (*place, offset, ts, record.key, headers, record.value),
        )
    connection.execute("INSERT OR REPLACE INTO heads VALUES(?,?,?,?)", (*place, offsets[-1] + 1, ts))
    return offsets
