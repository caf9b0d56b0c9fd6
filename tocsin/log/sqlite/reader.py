"""The readers: a connection a thread, never a transaction longer than a page."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import from_json

from schemas.ports import Record, Task
from tocsin.log.sqlite.schema import connect
from tocsin.log.unit import successor

SCAN_PAGE: Final = 500


class Readers:
    """Connections for reading, one for each thread that asks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[sqlite3.Connection] = []
        self._watch: sqlite3.Connection | None = None
        self.pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="log-reader")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query; blocks on the disk, so not for the event loop."""
        return self._connection().execute(sql, parameters).fetchall()

    def version(self) -> int:
        """A number that changes with every commit to the file, by whatever process. One caller at a time."""
        if self._watch is None:
            self._watch = connect(self._path)
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path)
            connection.execute("PRAGMA query_only=1")
            with self._lock:
                self._all.append(connection)
        return connection

    def close(self) -> None:
        """Let go of every connection."""
        self.pool.shutdown()
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
        if self._watch is not None:
            self._watch.close()


class TaskState:
    """The committed state of a task (`State`)."""

    def __init__(self, readers: Readers, task: Task) -> None:
        self._readers = readers
        self._at = (task.stage, task.partition)

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""
        rows = self._readers.rows("SELECT value FROM state WHERE stage=? AND part=? AND key=?", (*self._at, key))
        return json.loads(rows[0][0]) if rows else None

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys that start with `prefix` (and are < `until`) in order, with their values."""
        ends = [end for end in (successor(prefix), until) if end is not None]
        low, left = prefix, limit
        while left is None or left > 0:
            rows = self._page(low, min(ends, default=None), SCAN_PAGE if left is None else min(left, SCAN_PAGE))
            for key, text in rows:
                yield key, json.loads(text)
            if len(rows) < SCAN_PAGE:
                return
            low = rows[-1][0] + "\0"  # the next string there is
            left = None if left is None else left - len(rows)

    def _page(self, low: str, high: str | None, limit: int) -> list[tuple[Any, ...]]:
        end = b"" if high is None else high  # any text is less than any blob
        return self._readers.rows(
            "SELECT key, value FROM state WHERE stage=? AND part=? AND key>=? AND key<? ORDER BY key LIMIT ?",
            (*self._at, low, end, limit),
        )


COLUMNS: Final = "topic, part, off, key, value, headers, ts"


def record_of(row: tuple[Any, ...]) -> Record:
    """The record of a row of `COLUMNS`."""
    topic, part, off, key, value, headers, ts = row
    return Record(topic, part, off, key, value, from_json(headers), datetime.fromtimestamp(ts / 1000, UTC))
