"""Where do the in-process servers run? On an event loop in a thread of their own, open to any test's loop."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds that starting or stopping one server may take before the test run is stopped with an error."""


class LoopThread:
    """An event loop in a daemon thread; `run` hands it one coroutine and waits for the outcome."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._wind_up())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run `work` on the loop's thread and return what it returns; raises what it raises, or TimeoutError."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    async def _wind_up(self) -> None:
        """Cancel what is still waiting: a stalled answer, an open connection."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.loop.shutdown_asyncgens()
