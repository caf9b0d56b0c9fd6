"""Running: every stage's share of tasks side by side, until somebody says stop; then what is in flight ends first."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from schemas.errors import Fenced, LogError
from schemas.ports import Runtime, Task, Worker
from tocsin.log.port import Log, StageSpec
from tocsin.worker import Unwatched, Watch

log = structlog.get_logger()

LOG_PAUSE: Final = 5.0
"""Seconds between two tries while the log cannot be reached."""
INSIST: Final = 15.0
"""Seconds before what has not ended is cancelled again; longer than a commit in flight may take."""


@dataclass(frozen=True, slots=True)
class Running:
    """A stage with what does its work."""

    spec: StageSpec
    worker: Callable[[], Worker]
    """Makes the worker of one task: what it keeps in memory is that task's alone."""
    watch: Watch = field(default_factory=Unwatched)

    async def work(self, task: Task, runtime: Runtime) -> None:
        """Run a task with a worker of its own; while the log is out of reach, wait and begin anew with another.

        Nothing is lost by that: a worker's memory is made of committed state. Raises `Fenced`, and every bug.
        """
        try:
            while not await self._ended(task, runtime):
                await self._until_the_log_is_back(task, runtime)
                self.watch.going(task)
        finally:
            self.watch.left(task)

    async def _ended(self, task: Task, runtime: Runtime) -> bool:
        """Run a worker to its end; False where the log went out of reach."""
        try:
            await self.worker().run(task, runtime)
            return True
        except (LogError, ExceptionGroup) as error:
            if (trouble := log_trouble(error)) is None:
                raise
            self.watch.stopped(task, str(trouble))
            log.warning("worker_waits_for_the_log", task=str(task), reason=str(trouble))
            return False

    async def _until_the_log_is_back(self, task: Task, runtime: Runtime) -> None:
        while True:
            await asyncio.sleep(LOG_PAUSE)
            try:
                return await runtime.rewind(task)
            except Fenced:
                raise
            except LogError as error:
                log.warning("log_still_away", task=str(task), reason=str(error))


def log_trouble(error: Exception) -> LogError | None:
    """What is wrong with the log, where that is all that is wrong and the task is still ours; else None."""
    leaves = list(_leaves(error))
    if any(isinstance(leaf, Fenced) or not isinstance(leaf, LogError) for leaf in leaves):
        return None
    return next((leaf for leaf in leaves if isinstance(leaf, LogError)), None)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


@asynccontextmanager
async def stopping(stop: asyncio.Event) -> AsyncIterator[None]:
    """SIGTERM and SIGINT set `stop` inside the block; the old ways come back after it."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def run(log_: Log, stages: Sequence[Running], duties: Sequence[Awaitable[None]], stop: asyncio.Event) -> None:
    """Run the stages and the duties beside them until `stop`; the first error ends all and is raised.

    Leaving, every unit in flight is committed or dropped whole: that is the log's promise on cancellation.
    """
    others = asyncio.all_tasks()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(log_.run_stage(stage.spec, stage.work), name=stage.spec.name) for stage in stages]
        tasks += [group.create_task(_finish(duty), name="duty") for duty in duties]
        await stop.wait()
        log.info("stopping", stages=[stage.spec.name for stage in stages])
        await _cancel(tasks, others)


async def _cancel(tasks: Sequence[asyncio.Task[None]], others: Set[asyncio.Task[Any]]) -> None:
    """Cancel until all have ended: a library may swallow a cancellation, and a daemon must still stop.

    It may be a task deep below a stage's that swallowed it, so the second time it is everyone but `others`.
    """
    cancelled = set(tasks)
    while True:
        for task in cancelled:
            task.cancel()
        _, pending = await asyncio.wait(tasks, timeout=INSIST)
        if not pending:
            return
        cancelled = asyncio.all_tasks() - others
        log.warning(
            "still_stopping", stages=sorted(task.get_name() for task in pending), at=sorted(map(_place, cancelled))
        )


def _place(task: asyncio.Task[Any]) -> str:
    """Where a task stands, for the person who reads why we do not stop."""
    frames = task.get_stack(limit=1)
    return f"{frames[-1].f_code.co_qualname}:{frames[-1].f_lineno}" if frames else task.get_name()


async def _finish(duty: Awaitable[None]) -> None:
    await duty
