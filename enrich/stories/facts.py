"""Pure rules on the facts of a story: what a report adds to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeVar

from schemas.report import Event, EventQuantity, Report, Status
from schemas.story import Statement, Story

T = TypeVar("T")

STRENGTH: Final = (
    Status.HYPOTHETICAL, Status.THREATENED, Status.DEMANDED, Status.PLANNED, Status.REPORTED, Status.CLAIMED,
    Status.REFUSED, Status.DENIED, Status.CONFIRMED, Status.RETRACTED,
)  # fmt: skip
"""Weakest word first: the status of a story is the strongest of its reports'."""

LONGEST_WORDS: Final = 300
MOST_STATEMENTS: Final = 50


def main_event(report: Report) -> Event | None:
    """The event the report is about, if it tells one."""
    return next((event for event in report.events if event.main), None)


def union(old: Iterable[T], new: Iterable[T]) -> tuple[T, ...]:
    """Everything, in order of arrival, once."""
    return tuple(dict.fromkeys((*old, *new)))


def stronger(old: Status | None, new: Status | None) -> Status | None:
    """The stronger of two words."""
    if old is None or new is None:
        return new or old
    return max(old, new, key=STRENGTH.index)


def statements(report: Report, event: Event) -> tuple[Statement, ...]:
    """The event's claims as entries of the story's timeline."""
    return tuple(
        Statement(
            by=claim.by, status=claim.status, at=report.published or report.fetched, report=report.id,
            source=report.source, lang=report.lang,
            words=report.body[claim.evidence[0] : claim.evidence[1]][:LONGEST_WORDS],
        )
        for claim in event.claims
    )  # fmt: skip


def quantities(old: tuple[EventQuantity, ...], new: tuple[EventQuantity, ...]) -> tuple[EventQuantity, ...]:
    """What is said of counts now, a count said again staying as it was."""
    known = {(q.value, q.min, q.max, q.unit) for q in old}
    return old + tuple(q for q in new if (q.value, q.min, q.max, q.unit) not in known)


def opened(id: str, report: Report, now: datetime) -> Story:
    """A new story, before its first report is added."""
    return Story(id=id, revision=0, first_seen=now, last_seen=now)


def added(story: Story, report: Report, now: datetime) -> Story:
    """The story after a report; its headline is composed by the caller."""
    event = main_event(report) or Event(type="", status=Status.REPORTED)
    told = bool(event.type)
    said = statements(report, event) if told else ()
    return story.model_copy(
        update={
            "revision": story.revision + 1,
            "type": story.type or event.type or None,
            "status": stronger(story.status, event.status) if told else story.status,
            "context": event.context if told and story.revision == 0 else story.context,
            "actors": union(story.actors, event.actors),
            "targets": union(story.targets, event.targets),
            "places": union(story.places, event.places),
            "date": story.date or event.date,
            "quantities": quantities(story.quantities, event.quantities),
            "said_by": union(story.said_by, event.said_by),
            "statements": (*story.statements, *said)[-MOST_STATEMENTS:],
            "sources": union(story.sources, [report.source] if report.source else []),
            "languages": union(story.languages, [report.lang] if report.lang else []),
            "reports": story.reports + 1,
            "last_seen": max(story.last_seen, now),
        }
    )
