"""The local copy of a task's changelog: an SQLite file that can be thrown away and read anew."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final

import structlog
from pydantic import JsonValue

from schemas.errors import LogError
from tocsin.log.kafka.changelog import STATE
from tocsin.log.sqlite.writer import named
from tocsin.log.unit import successor

log = structlog.get_logger(__name__)

PAGE: Final = 500
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS entries(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS at(id INTEGER PRIMARY KEY, offset INTEGER NOT NULL, stamp INTEGER NOT NULL);
"""


class Cache:
    """Entries of one task and the changelog offset they stand at; usable from any thread.

    It may lag behind the changelog, never run ahead of it: entries are applied after their transaction committed.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` None keeps it in memory."""
        self._path = path
        self._lock = RLock()
        try:
            self._connection = self._open()
        except sqlite3.OperationalError as error:
            raise named(error) from error
        except sqlite3.DatabaseError as error:
            log.error("cache_damaged", path=str(path), reason=str(error))
            self._throw_away()

    @contextmanager
    def _safely(self) -> Iterator[None]:
        """One use of the file at a time. Raises `LogFull` when the disk is full, else `LogError`.

        A file that is damaged is thrown away before that: it is only a copy, and the next look reads it anew.
        """
        with self._lock:
            try:
                yield
            except sqlite3.OperationalError as error:
                raise named(error) from error
            except sqlite3.DatabaseError as error:
                log.error("cache_damaged", path=str(self._path), reason=str(error))
                self._connection.close()
                self._throw_away()
                raise LogError(f"the cache {self._path} was damaged ({error}); it is read anew") from error

    def _throw_away(self) -> None:
        if self._path is not None:
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path or ":memory:", isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")  # what a power cut takes is in the changelog
            connection.executescript(_TABLES)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def offset(self) -> int:
        """The changelog offset up to which everything is in here."""
        rows = self._rows("SELECT offset FROM at WHERE id=0")
        return int(rows[0][0]) if rows else 0

    def stamp(self) -> int:
        """When something was last taken over, in milliseconds; 0 for never."""
        rows = self._rows("SELECT stamp FROM at WHERE id=0")
        return int(rows[0][0]) if rows else 0

    def apply(self, changes: Mapping[str, str | None], offset: int, stamp: int) -> None:
        """Take over committed entries; the changelog stands at `offset` after them, it is `stamp` milliseconds."""
        gone = [(key,) for key, text in changes.items() if text is None]
        kept = [(key, text) for key, text in changes.items() if text is not None]
        with self._safely(), self._whole():
            self._connection.executemany("DELETE FROM entries WHERE key=?", gone)
            self._connection.executemany("INSERT OR REPLACE INTO entries VALUES(?,?)", kept)
            self._connection.execute("INSERT OR REPLACE INTO at VALUES(0,?,?)", (offset, stamp))

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A transaction."""
        self._connection.execute("BEGIN")
        try:
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def text(self, key: str) -> str | None:
        """The JSON text of an entry."""
        rows = self._rows("SELECT value FROM entries WHERE key=?", (key,))
        return rows[0][0] if rows else None

    def pairs(self, prefix: str, until: str | None = None, limit: int | None = None) -> Iterator[tuple[str, str]]:
        """Entries in order of their keys."""
        high = min((end for end in (successor(prefix), until) if end is not None), default=None)
        low, left = prefix, limit
        while left is None or left > 0:
            size = PAGE if left is None else min(left, PAGE)
            rows = self._rows(
                "SELECT key, value FROM entries WHERE key>=? AND key<? ORDER BY key LIMIT ?",
                (low, b"" if high is None else high, size),
            )
            yield from rows
            if len(rows) < size:
                return
            low = rows[-1][0] + "\0"
            left = None if left is None else left - len(rows)

    def clear(self) -> None:
        """Forget everything: the changelog is another one, or the file cannot be trusted."""
        with self._safely(), self._whole():
            self._connection.execute("DELETE FROM entries")
            self._connection.execute("DELETE FROM at")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    def _rows(self, sql: str, parameters: Iterable[object] = ()) -> list[tuple[str, str]]:
        with self._safely():
            return self._connection.execute(sql, tuple(parameters)).fetchall()


class CachedState:
    """The state entries of a cache (`State`)."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""
        text = self._cache.text(STATE + key)
        return None if text is None else json.loads(text)

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys that start with `prefix` (and are < `until`) in order, with their values."""
        pairs = self._cache.pairs(STATE + prefix, None if until is None else STATE + until, limit)
        return ((key[1:], json.loads(text)) for key, text in pairs)
