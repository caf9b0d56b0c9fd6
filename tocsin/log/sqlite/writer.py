"""The one writer: a thread that commits what has gathered in one transaction, a savepoint for each job."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from schemas.errors import LogBusy, LogError, LogFull
from tocsin.log.sqlite.schema import connect

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]

GROUP: Final = 64
"""Jobs in one transaction at most."""
_NO_ROOM: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC})


def named(error: sqlite3.Error) -> LogError:
    """The error of ours for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    if code in _NO_ROOM or code == sqlite3.SQLITE_IOERR_TRUNCATE:
        return LogFull(f"no room for the log: {error}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LogBusy("another process has been writing to the log for too long")
    return LogError(f"the log cannot be written: {error}")


class _Order:
    """A job with the future that waits for it."""

    def __init__(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        self.job = job
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Tell the event loop how it ended; a loop that is gone no longer cares."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Owns the only writing connection; jobs run in its thread, in order of arrival."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    async def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job in a transaction; returns once it is on the disk.

        Raises what the job raises (nothing of it is written then), `LogFull`, `LogBusy` or `LogError`.
        """
        order = _Order(job, asyncio.get_running_loop())
        self._orders.put(order)
        result: T = await order.future
        return result

    def close(self) -> None:
        """Finish what was ordered and let go of the file. Blocks for at most a group of jobs."""
        self._orders.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection = connect(self._path)
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        try:
            while group := self._gather():
                self._commit(connection, group)
                for order in group:
                    order.settle()
        finally:
            connection.close()

    def _gather(self) -> list[_Order]:
        """The next orders, none when it is time to stop; waits for the first only."""
        first = self._orders.get()
        group = [] if first is None else [first]
        with suppress(Empty):
            while group and len(group) < GROUP:
                following = self._orders.get_nowait()
                if following is None:
                    self._orders.put(None)  # stop after this group
                    break
                group.append(following)
        return group

    def _commit(self, connection: sqlite3.Connection, group: list[_Order]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for order in group:
                _attempt(connection, order)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            for order in group:
                order.error = order.error or named(error)


def _attempt(connection: sqlite3.Connection, order: _Order) -> None:
    connection.execute("SAVEPOINT job")
    try:
        order.result = order.job(connection)
    except sqlite3.Error:
        raise  # of the file, not of the job: the whole group fails and is tried again by its owners
    except Exception as error:  # noqa: BLE001 - the job's error is its owner's, the group goes on
        order.error = error
        connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")
