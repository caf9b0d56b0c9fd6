"""How the stages did over the last hours: kept in memory, a point a minute, for the desk's pictures."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

STEP: Final = 60.0
"""Seconds between two points."""
POINTS: Final = 360
"""Six hours."""


@dataclass(frozen=True, slots=True)
class Point:
    """Every stage at one instant."""

    at: datetime
    behind: Mapping[str, float]
    """Stage → seconds."""
    done: Mapping[str, float]
    """Stage → records worked on since the start of this process."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One stage over time, oldest first."""

    stage: str
    behind: tuple[tuple[float, float], ...]
    """(seconds since 1970, seconds behind)."""
    pace: tuple[tuple[float, float], ...]
    """(seconds since 1970, records a second since the point before)."""


@dataclass
class Trends:
    """The points so far; the first two come at once, so that there is something to see."""

    points: deque[Point] = field(default_factory=lambda: deque(maxlen=POINTS))

    def note(self, at: datetime, behind: Mapping[str, float], done: Mapping[str, float]) -> None:
        """Take a point, unless the last one is younger than a step."""
        if len(self.points) < 2 or (at - self.points[-1].at).total_seconds() >= STEP:
            self.points.append(Point(at, dict(behind), dict(done)))

    def of(self, stage: str) -> Trend:
        """What is known of a stage."""
        behind = tuple((point.at.timestamp(), point.behind[stage]) for point in self.points if stage in point.behind)
        pace = tuple(
            (new.at.timestamp(), _pace(old, new, stage))
            for old, new in pairwise(self.points)
            if stage in old.done and stage in new.done
        )
        return Trend(stage, behind, pace)


def _pace(old: Point, new: Point, stage: str) -> float:
    seconds = (new.at - old.at).total_seconds()
    return max(0.0, new.done[stage] - old.done[stage]) / seconds if seconds > 0 else 0.0
