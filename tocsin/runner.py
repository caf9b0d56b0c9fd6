"""Running: every stage's share of tasks side by side, until somebody says stop; then what is in flight ends first."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from schemas.ports import Runtime, Task, Worker
from tocsin.log.port import Log, StageSpec

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Running:
    """A stage with what does its work."""

    spec: StageSpec
    worker: Callable[[], Worker]
    """Makes the worker of one task: what it keeps in memory is that task's alone."""

    async def work(self, task: Task, runtime: Runtime) -> None:
        """Run a task with a worker of its own."""
        await self.worker().run(task, runtime)


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
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(log_.run_stage(stage.spec, stage.work), name=stage.spec.name) for stage in stages]
        tasks += [group.create_task(_finish(duty), name="duty") for duty in duties]
        await stop.wait()
        log.info("stopping", stages=[stage.spec.name for stage in stages])
        for task in tasks:
            task.cancel()


async def _finish(duty: Awaitable[None]) -> None:
    await duty
