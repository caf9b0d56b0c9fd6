"""How a story stands: the timeline of statements, the last word of each speaker, the strongest of those, disputes."""

from collections.abc import Mapping, Sequence
from typing import Final

from enrich.stories.houses import house
from enrich.stories.traits import Rolling
from schemas.report import Event, Report, Status
from schemas.story import Statement

STRENGTH: Final = (
    Status.HYPOTHETICAL, Status.DEMANDED, Status.PLANNED, Status.THREATENED, Status.REFUSED, Status.REPORTED,
    Status.CLAIMED, Status.DENIED, Status.CONFIRMED,
)  # fmt: skip
"""Weakest word first; a retraction takes a word away instead of being one."""
ASSERTED: Final = frozenset({Status.REPORTED, Status.CLAIMED, Status.CONFIRMED})
LONGEST_WORDS: Final = 300
MOST_STATEMENTS: Final = 50


def statements(report: Report, event: Event) -> tuple[Statement, ...]:
    """The event's claims as entries of the timeline; the one that sets its status last, to have the last word."""
    at = report.published or report.fetched
    said = [
        Statement(
            by=claim.by, status=claim.status, at=at, report=report.id, source=report.source, lang=report.lang,
            words=report.body[claim.evidence[0] : claim.evidence[1]].strip()[:LONGEST_WORDS],
        )
        for claim in sorted(event.claims, key=lambda claim: claim.status is event.status)
    ]  # fmt: skip
    if all(statement.status is not event.status for statement in said):
        speaker = event.said_by[0] if event.said_by and not said else None
        said.append(Statement(by=speaker, status=event.status, at=at, report=report.id,
                              source=report.source, lang=report.lang))  # fmt: skip
    return tuple(said)


def kept(said: Sequence[Statement]) -> tuple[Statement, ...]:
    """The timeline in order of time and bounded: what a speaker said again goes first, then the oldest."""
    ordered = sorted(said, key=_instant)
    excess = len(ordered) - MOST_STATEMENTS
    if excess <= 0:
        return tuple(ordered)
    again: set[tuple[str | None, Status]] = set()
    chosen: list[Statement] = []
    for statement in reversed(ordered):
        key = (statement.by or f"~{statement.source}", statement.status)
        if key in again and excess > 0:
            excess -= 1
            continue
        again.add(key)
        chosen.append(statement)
    return tuple(reversed(chosen[:MOST_STATEMENTS]))


def _instant(statement: Statement) -> float:
    return statement.at.timestamp() if statement.at else 0.0


def last_words(said: Sequence[Statement], rolling: Rolling) -> dict[str, Status]:
    """Each speaker's last word. An agency speaks for its country; an outlet that names nobody speaks for itself."""
    words: dict[str, Status] = {}
    for statement in said:
        voice = rolling.top(statement.by) if statement.by else f"~{house(statement.source or '')}"
        words[voice] = statement.status
    return words


def timeline(said: tuple[Statement, ...], rolling: Rolling, before: Status | None = None) -> dict[str, object]:
    """The fields of a story that its timeline decides; where that says nothing of the status, it stays as `before`."""
    words = last_words(said, rolling)
    return {"statements": said, "status": standing(words) or before, "disputed": stands_disputed(words)}


def standing(words: Mapping[str, Status]) -> Status | None:
    """The strongest of the speakers' last words; retracted when that is all that is left of what was asserted."""
    left = set(words.values())
    if Status.RETRACTED in left and ASSERTED.isdisjoint(left):
        return Status.RETRACTED
    return next((status for status in reversed(STRENGTH) if status in left), None)


def stands_disputed(words: Mapping[str, Status]) -> bool:
    """Whether somebody denies what somebody else asserts."""
    said = set(words.values())
    return Status.DENIED in said and bool(ASSERTED & said)


def retracted(said: Sequence[Statement], report: str) -> tuple[Statement, ...]:
    """The timeline after an outlet took back a report: what it said there itself is retracted."""
    return tuple(
        statement.model_copy(update={"status": Status.RETRACTED}) if statement.report == report else statement
        for statement in said
    )
