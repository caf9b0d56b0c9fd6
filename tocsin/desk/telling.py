"""A story for the eye: its texts with what was found in them marked, its claims in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.base import Span
from schemas.report import Report
from schemas.story import Change, Statement


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what it is: `event`, `name`, or nothing."""

    text: str
    kind: str = ""
    title: str = ""


def marked(report: Report, start: int, end: int) -> list[Piece]:
    """The letters `start:end` of a report's body in pieces; where an event and a name meet, it is the event's."""
    spans = [(span, "event", f"{event.type} · {event.status}") for event in report.events for span in event.evidence]
    spans += [(span, "name", f"{entity.name} · {entity.id}") for entity in report.entities for span in entity.spans]
    edges = sorted({start, end, *(edge for span, _, _ in spans for edge in span if start < edge < end)})
    return [_piece(report.body[low:high], (low, high), spans) for low, high in pairwise(edges)]


def _piece(text: str, at: Span, spans: Iterable[tuple[Span, str, str]]) -> Piece:
    for (low, high), kind, title in spans:
        if low <= at[0] and at[1] <= high:
            return Piece(text, kind, title)
    return Piece(text)


def title_and_text(report: Report) -> tuple[list[Piece], list[Piece]]:
    """Both parts of a report, marked."""
    edge = len(report.title)
    return marked(report, 0, edge), marked(report, min(edge + 1, len(report.body)), len(report.body))


def claims(changes: Sequence[Change]) -> list[Statement]:
    """Who said what, newest last; as the story knows it now."""
    newest = max(changes, key=lambda change: change.story.revision)
    return sorted(newest.story.statements, key=lambda said: said.at or newest.story.first_seen)
