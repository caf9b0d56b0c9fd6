"""Pictures as the points of inline SVG: lines over time, strips, bars. Pure; templates put them on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from schemas.story import Change

WIDTH: Final = 240
HEIGHT: Final = 28
"""Units of a small picture."""
TALL: Final = 90
"""Units of a story's chart."""
MOST_UNITS: Final = 4

XY = tuple[float, float]


def line(points: Sequence[XY], width: float = WIDTH, height: float = HEIGHT, top: float = 0.0) -> str:
    """`x,y …` of a polyline through (time, value) pairs; empty for fewer than two. `top`: the least full height."""
    if len(points) < 2:
        return ""
    times = [time for time, _ in points]
    first, span = min(times), max(max(times) - min(times), 1e-9)
    most = max(*(value for _, value in points), top, 1e-9)
    return " ".join(
        f"{(time - first) / span * width:.1f},{height - 1 - value / most * (height - 2):.1f}" for time, value in points
    )


def sparkline(times: Sequence[datetime], buckets: int = 40) -> str:
    """Points of a polyline: how many reports came when; empty for fewer than two."""
    if len(times) < 2:
        return ""
    first, last = min(times), max(times)
    width = max((last - first).total_seconds(), 1.0)
    counts = [0] * buckets
    for time in times:
        counts[min(buckets - 1, int((time - first).total_seconds() / width * buckets))] += 1
    return line(list(enumerate(map(float, counts))))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a strip, or a bar of a chart."""

    x: float
    y: float
    width: float
    height: float
    shade: float
    """0…1."""
    title: str


def strip(counts: Sequence[int], titles: Sequence[str]) -> list[Cell]:
    """A cell a count; the fullest is darkest, and even one shows."""
    most, width = max(counts, default=0), WIDTH / max(len(counts), 1)
    return [
        Cell(at * width, 0, width - 1, 10, 0.25 + 0.75 * count / most if count else 0.0, title)
        for at, (count, title) in enumerate(zip(counts, titles, strict=True))
    ]


def bars(days: Sequence[tuple[date, int]], height: float = TALL) -> list[Cell]:
    """A bar a day."""
    most, width = max((count for _, count in days), default=0), WIDTH * 2 / max(len(days), 1)
    found = []
    for at, (day, count) in enumerate(days):
        tall = count / most * (height - 2) if most else 0.0
        found.append(Cell(at * width, height - tall, width - 1, tall, 1.0, f"{day}: {count}"))
    return found


@dataclass(frozen=True, slots=True)
class Dot:
    """What one report says of a number."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One unit of a story over time: a line for what the story holds, a dot for each report's own number."""

    unit: str
    line: str
    dots: tuple[Dot, ...]
    most: float
    rows: tuple[tuple[datetime, float, str], ...]
    """The same in words: when, how many, who says so."""


def charts(changes: Sequence[Change]) -> list[Chart]:
    """The numbers of a story's main event over time, the units told most often first; only what was told twice."""
    told: dict[str, list[tuple[datetime, float, str]]] = {}
    for change in changes:
        for event in change.report.events[:1]:
            for quantity in event.quantities:
                value = quantity.value if quantity.value is not None else quantity.max or quantity.min
                if value is not None:
                    by = ", ".join(quantity.said_by) or change.report.source or "unattributed"
                    told.setdefault(quantity.unit, []).append((_when(change), value, by))
    most_told = sorted((unit for unit in told if len(told[unit]) > 1), key=lambda unit: -len(told[unit]))
    return [_chart(unit, told[unit], changes) for unit in most_told[:MOST_UNITS]]


def _when(change: Change) -> datetime:
    return change.report.published or change.story.last_seen


def _chart(unit: str, rows: Sequence[tuple[datetime, float, str]], changes: Sequence[Change]) -> Chart:
    held = [(_when(change).timestamp(), value) for change in changes if (value := _held(change, unit)) is not None]
    held.sort()
    most = max(*(value for _, value, _ in rows), *(value for _, value in held), 1e-9)
    times = [*(when.timestamp() for when, _, _ in rows), *(time for time, _ in held)]
    first, span = min(times), max(max(times) - min(times), 1e-9)

    def place(time: float, value: float) -> XY:
        return 4 + (time - first) / span * (2 * WIDTH - 8), TALL - 5 - value / most * (TALL - 10)

    dots = tuple(
        Dot(*place(when.timestamp(), value), f"{value:,.0f}, {by}, {when:%Y-%m-%d %H:%M} UTC")
        for when, value, by in rows
    )
    steps = _steps([place(time, value) for time, value in held])
    return Chart(unit, steps, dots, most, tuple(sorted(rows)))


def _held(change: Change, unit: str) -> float | None:
    values = [q.value if q.value is not None else q.max for q in change.story.quantities if q.unit == unit]
    return max((value for value in values if value is not None), default=None)


def _steps(points: Sequence[XY]) -> str:
    """A line that keeps its height until the next report."""
    if len(points) < 2:
        return ""
    found, before = [], points[0][1]
    for x, y in points:
        found += [(x, before), (x, y)]
        before = y
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in found)
