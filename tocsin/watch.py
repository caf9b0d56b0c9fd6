"""What the lines report, turned into health and metrics."""

from schemas.ports import Task
from tocsin.health import Health, State
from tocsin.metrics import Metrics


class Watching:
    """The `Watch` of every line."""

    def __init__(self, health: Health, metrics: Metrics) -> None:
        self._health = health
        self._metrics = metrics

    def handled(self, task: Task, records: int, seconds: float) -> None:
        """A unit was committed."""
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
        self._health.set(str(task), State.OK)
