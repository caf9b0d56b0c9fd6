"""What the lines report, turned into health and metrics; and which of them do not move although they should."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from schemas.ports import Task
from tocsin.health import Health, State
from tocsin.log.port import Lag
from tocsin.metrics import Metrics

STALLED: Final = 900.0
"""Seconds without a unit, while records wait as long, after which a restart is the best that is left."""


class Watching:
    """The `Watch` of every line."""

    def __init__(self, health: Health, metrics: Metrics, now: Callable[[], float] = time.monotonic) -> None:
        self._health = health
        self._metrics = metrics
        self._now = now
        self._moved: dict[Task, float] = {}
        """When each line of this process last did anything."""

    def handled(self, task: Task, records: int, seconds: float) -> None:
        """A unit was committed."""
        self._moved[task] = self._now()
        if self._state(task) is State.STALLED:
            self.going(task)
        if records:
            self._metrics.stage_seconds.labels(task.stage).observe(seconds)
            self._metrics.done(task.stage, records)

    def died(self, task: Task, error: str) -> None:
        """A record went to the dead letters."""
        self._metrics.dead.labels(task.stage).inc()
        self._health.set(str(task), State.DEGRADED, f"a record died: {error}")

    def stopped(self, task: Task, reason: str) -> None:
        """The line stands still."""
        self._health.set(str(task), State.STOPPED, reason)

    def going(self, task: Task) -> None:
        """The line moves."""
        self._moved[task] = self._now()
        self._health.set(str(task), State.OK)

    def left(self, task: Task) -> None:
        """The line is another process's now."""
        self._moved.pop(task, None)
        self._health.parts.pop(str(task), None)

    def look(self, lags: Iterable[Lag]) -> None:
        """Call stalled what has records waiting, and has not moved for as long; a line that stopped said why itself."""
        now = self._now()
        for lag in lags:
            still = now - self._moved.get(lag.task, now)
            if (
                lag.records
                and min(lag.seconds, still) > STALLED
                and self._state(lag.task) in (State.OK, State.DEGRADED)
            ):
                why = f"{lag.records} records wait, and nothing has moved for {still / 60:.0f} minutes"
                self._health.set(str(lag.task), State.STALLED, why)

    def _state(self, task: Task) -> State | None:
        return self._health.parts.get(str(task), (None, ""))[0]
