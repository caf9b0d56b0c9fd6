"""Back-pressure: when what was fetched piles up unread, no more is fetched until half of it is gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tocsin.log.port import Lag

LIMIT: Final = 20_000
"""Records a stage may be behind before feeds are left alone: some hours of ten thousand feeds."""
SOURCE: Final = "ingest"
"""The stage that is told to wait; its own lag is the configuration's."""


@dataclass
class Backlog:
    """How far the stages are behind, and so whether to look at feeds. Only the source waits, never a stage in the
    middle: two that wait for one another would stand still for ever."""

    limit: int = LIMIT
    reason: str = ""
    """Why feeds are not looked at now; "" when they are."""

    def note(self, lags: Iterable[Lag]) -> str:
        """Take a new measurement; returns the reason."""
        behind: dict[str, int] = {}
        for lag in lags:
            if lag.task.stage != SOURCE:
                behind[lag.task.stage] = behind.get(lag.task.stage, 0) + lag.records
        stage, records = max(behind.items(), key=lambda pair: pair[1], default=("", 0))
        limit = self.limit / 2 if self.reason else self.limit
        self.reason = f"{stage} is {records:,} records behind; feeds wait" if records > limit else ""
        return self.reason
