"""The stories stage: reports in, one change each out; the open stories live in its state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from enrich.stories.stories import Stories
from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.ports import Names, Record, State, Unit
from schemas.report import Report
from schemas.story import Change, Materiality, Story
from schemas.topics import CHANGES

KEPT: Final = timedelta(days=21)
"""A story no report has touched for so long (by our clock, not the publishers') is let go."""


def alone(report: Report, now: datetime) -> Change:
    """The change of a canary: a story of its own that no report can join, for it is not remembered."""
    story = Story(
        id=report.id, revision=1, headline=report.title, sources=("tocsin",), reports=1, first_seen=now, last_seen=now
    )
    joined = "a canary stands alone"
    return Change(
        id=f"{report.id}/1",
        story=story,
        report=report,
        materiality=Materiality.M0,
        joined=joined,
        opens=True,
        live=True,
    )


class StoriesStage:
    """One writer for all stories."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._stories = Stories(names)

    def restore(self, state: State) -> None:
        """Take up the open stories again."""
        self._stories = Stories(self._names)
        self._stories.load(state)

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """One change a report; a tick lets go of what is old."""
        for record in batch:
            try:
                report = decode_as(record, Report)
            except Unreadable as error:
                unit.dead(record, error)
                continue
            change = alone(report, unit.now) if report.canary else self._stories.add(report, unit, unit.now)
            unit.emit(CHANGES, change.story.id, change, record)
        self._stories.let_go(unit.now - KEPT, unit)
