"""The ingest worker: looks at the feeds of its partitions, and hands what is new to the log.

What happens while a partition is owned is in `ingest/round.py`; what is decided, in `ingest/looks.py`.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable

from ingest import health
from ingest.articles import Articles
from ingest.options import Options, Sleep
from ingest.parse import Sandbox
from ingest.robots import Robots
from ingest.round import Parts, Round
from schemas.ports import Clock, Http, Runtime, Task

_TELL_EVERY = 10.0

__all__ = ["IngestWorker", "Options"]


class IngestWorker:
    """`schemas.ports.Worker` for the tasks of the ingest stage."""

    def __init__(
        self, http: Http, clock: Clock, options: Options | None = None, *,
        sleep: Sleep = asyncio.sleep, jitter: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._options, self._clock = options or Options(), clock
        self._sandbox = Sandbox(self._options.parsers)
        self._rounds: dict[Task, Round] = {}
        self._told = 0.0
        articles = Articles(http, Robots(http), self._sandbox, clock, sleep)
        self._parts = Parts(http, clock, self._options, self._sandbox, articles, sleep, jitter, self.share, self._tell)

    async def run(self, task: Task, runtime: Runtime) -> None:
        """Work until cancelled."""
        self._rounds[task] = turn = Round(self._parts, task, runtime)
        try:
            await turn.run()
        finally:
            del self._rounds[task]

    def share(self) -> float:
        """One task's part of the budget."""
        return self._options.budget / max(len(self._rounds), 1)

    def conditions(self) -> Counter[str]:
        """How many feeds are how: healthy, empty, stale, failing, gone, …"""
        now = self._clock.now().timestamp()
        watches = [watch for turn in list(self._rounds.values()) for watch in list(turn.watches.values())]
        return Counter(health.examine(watch, now).condition for watch in watches)

    async def _tell(self) -> None:
        """Say how the feeds are, not more often than every few seconds; counting many takes too long for the loop."""
        now = self._clock.now().timestamp()
        if self._options.on_feeds is not None and abs(now - self._told) >= _TELL_EVERY:
            self._told = now
            self._options.on_feeds(await asyncio.to_thread(self.conditions))

    def close(self) -> None:
        """End the parser processes."""
        self._sandbox.close()
