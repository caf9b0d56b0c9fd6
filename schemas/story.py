"""Story and Change: one happening as it stands now, and what a report changed in it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from schemas.base import Message, UtcTime
from schemas.report import Context, EventQuantity, Report, Status

Lifecycle = Literal["breaking", "developing", "fading", "closed"]
FADING: Final = timedelta(hours=24)
"""A story that no report has touched for longer is fading."""
CLOSED: Final = timedelta(hours=72)
"""… is closed; a report after that says that the story is back."""


class Materiality(StrEnum):
    """How much a change matters; ordered, so `>=` reads as it should."""

    M0 = "M0"
    M1 = "M1"
    M2 = "M2"
    M3 = "M3"


class Statement(Message):
    """One claim in the story's timeline: who said what of the main event, when, in which report."""

    by: str | None
    status: Status
    at: UtcTime | None = None
    report: str
    source: str | None = None
    lang: str | None = None
    words: str = ""
    """The evidence, in the original language; at most 300 characters."""


class Story(Message):
    """One happening and its present facts."""

    id: str
    revision: int
    type: str | None = None
    """Main event type; None for a story of reports without an event."""
    status: Status | None = None
    context: Context = Context.CURRENT
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    date: str | None = None
    quantities: tuple[EventQuantity, ...] = ()
    said_by: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    headline: str = ""
    """In English, composed from the facts; rendering composes it anew in the reader's language."""
    disputed: bool = False
    sources: tuple[str, ...] = ()
    """Independent publishers, in order of arrival."""
    languages: tuple[str, ...] = ()
    reports: int = 0
    first_seen: UtcTime
    last_seen: UtcTime
    lifecycle: Lifecycle = "breaking"
    merged: tuple[str, ...] = ()
    """Ids of stories found to be this one."""

    def lifecycle_at(self, now: datetime) -> Lifecycle:
        """Where the story is in its life as a reader sees it at `now`: nothing is written when it falls silent."""
        quiet = now - self.last_seen
        return "closed" if quiet > CLOSED else "fading" if quiet > FADING else self.lifecycle


class Change(Message):
    """One per report, immaterial ones included (topic `tocsin.changes`, key: story id)."""

    id: str
    story: Story
    """As it stands after the report."""
    report: Report
    materiality: Materiality
    what: tuple[str, ...] = ()
    """What is new, in words (English), most important first; empty when nothing is."""
    joined: str = ""
    """Why this report belongs to this story, and the nearest story it did not join."""
    opens: bool = False
    """True for the first report of its story."""
    alertable: bool = True
    live: bool = False
    """True once any report of the story came in the live lane."""
