"""Writing the ledger: changes from all destinations of a task, gathered into units, so that many share one commit."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from alert.delivery.pages import Pages
from schemas.ports import Runtime, Task

T = TypeVar("T")

MAX_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class _Change:
    apply: Callable[[Pages], Any]
    done: "asyncio.Future[Any]"


class Books:
    """The one writer of a task's ledger. `committed` is called with every committed change's pages, in order.

    A change that raises is told so and has no effect; the others of its unit are committed.
    """

    def __init__(self, task: Task, runtime: Runtime, committed: Callable[[Pages], None]) -> None:
        self._task = task
        self._runtime = runtime
        self._committed = committed
        self._queue: asyncio.Queue[_Change] = asyncio.Queue()

    async def write(self, change: Callable[[Pages], T]) -> T:
        """Apply a change in a unit and return its result once that is committed."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Change(change, done))
        return await done

    async def run(self) -> None:
        """Write until cancelled. A unit that cannot be committed ends it: what memory holds is then worth nothing."""
        while True:
            changes = [await self._queue.get()]
            while not self._queue.empty() and len(changes) < MAX_TOGETHER:
                changes.append(self._queue.get_nowait())
            await self._write(changes)

    async def _write(self, changes: list[_Change]) -> None:
        applied: list[tuple[_Change, Pages, Any]] = []
        try:
            async with self._runtime.unit(self._task) as unit:
                for change in changes:
                    _apply(change, Pages(unit), applied)
        except BaseException as error:
            for change in changes:
                _fail(change.done, error)
            raise
        for change, pages, result in applied:
            self._committed(pages)
            if not change.done.done():
                change.done.set_result(result)


def _apply(change: _Change, pages: Pages, applied: list[tuple[_Change, Pages, Any]]) -> None:
    try:
        result = change.apply(pages)
    except Exception as error:  # noqa: BLE001 - whoever asked for the change hears of it and decides
        _fail(change.done, error)
        return
    pages.turn()
    applied.append((change, pages, result))


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    """Tell a waiting writer; one that went away needs no telling."""
    if done.done():
        return
    if isinstance(error, Exception):
        done.set_exception(error)
        done.exception()  # marked as seen: the run itself raises it
    else:
        done.cancel()
