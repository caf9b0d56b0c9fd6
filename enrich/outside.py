"""How the word of a tagger from outside is weighed: what it adds, what it doubts, what of it cannot be used. Pure.

* An added event names its tagger in `rule`. One that the report has already, undoubted by taggers, is agreement: ours
  stays, as sure as the surer of both.
* A vetoed event stays, below `SURE`, and says who doubts it and why: no query hears of it that does not ask.
* The main event is passed on only where ours has fallen below `SURE`.
* An answer that is wrong in one place is not used at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from enrich.events.weighing import alike, main_first
from schemas.base import Span
from schemas.marked import suggest
from schemas.ports import Tagged, Veto
from schemas.report import SURE, Event, Report

MOST_EVENTS: Final = 20
"""Events one tagger may add to one report."""
LONGEST: Final = 20_000
"""Bytes of one added event, as JSON."""
LONGEST_REASON: Final = 300
"""Code points of a veto's reason."""
DOUBTED: Final = SURE - 0.05
"""Confidence of a vetoed event, at the most."""
_BY: Final = "tagger "


class Unusable(ValueError):
    """A tagger answered something that cannot be used; the message says what, for its author."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a tagger changed: `added`, `agreed` or `vetoed`, and about what, in words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report with a tagger's word, and what that changed."""

    report: Report
    changes: tuple[Change, ...] = ()


def weighed(report: Report, name: str, said: object, types: frozenset[str]) -> Weighed:
    """The report with a tagger's word. `types`: those an event may have. Raises `Unusable`."""
    tagged = checked(report, said, types)
    if not tagged.events and not tagged.vetoes:
        return Weighed(report)
    events, changes = list(report.events), list[Change]()
    for veto in tagged.vetoes:
        changes.append(Change("vetoed", f"doubts {events[veto.event].type}: {_line(veto.reason)}"))
        events[veto.event] = _doubted(events[veto.event], name, veto.reason)
    for event in tagged.events:
        kind = _put(events, event, name)
        words = "; ".join(report.body[start:end] for start, end in event.evidence)
        verb = "adds" if kind == "added" else "agrees on"
        changes.append(Change(kind, f"{verb} {event.type} ({event.confidence:.2f}): {_line(words)[:200]}"))
    return Weighed(report.model_copy(update={"events": main_first(events)}), tuple(changes))


def checked(report: Report, said: object, types: frozenset[str]) -> Tagged:
    """An answer as it could be written down and read again. Raises `Unusable`."""
    if not isinstance(said, Tagged):
        raise Unusable(f"it answered with {type(said).__name__}, not with schemas.ports.Tagged")
    events, vetoes = _listed(said.events, "events"), _listed(said.vetoes, "vetoes")
    if len(events) > MOST_EVENTS:
        raise Unusable(f"it added {len(events)} events to one report; {MOST_EVENTS} are allowed")
    return Tagged(
        tuple(_checked(event, report, types) for event in events), tuple(_good_veto(veto, report) for veto in vetoes)
    )


def _listed(value: object, what: str) -> Sequence[object]:
    if not isinstance(value, tuple | list):
        raise Unusable(f"{what} is {type(value).__name__}, not a tuple")
    return value


def _good_veto(veto: object, report: Report) -> Veto:
    if not isinstance(veto, Veto):
        raise Unusable(f"a veto is {type(veto).__name__}, not schemas.ports.Veto")
    if type(veto.event) is not int or not 0 <= veto.event < len(report.events):
        raise Unusable(f"it vetoes event {veto.event!r}; the report has {len(report.events)}, counted from 0")
    if not isinstance(veto.reason, str) or not veto.reason.strip() or len(veto.reason) > LONGEST_REASON:
        raise Unusable(f"a veto needs its reason, in words, at most {LONGEST_REASON} letters")
    try:
        veto.reason.encode()
    except UnicodeEncodeError as error:
        raise Unusable("a reason with half a letter (a lone surrogate)") from error
    return veto


def _checked(event: object, report: Report, types: frozenset[str]) -> Event:
    if not isinstance(event, Event):
        raise Unusable(f"an event is {type(event).__name__}, not schemas.report.Event")
    try:
        written = event.model_dump_json(warnings=False)  # what is wrong with it the next line says
        good = Event.model_validate_json(written)
    except ValueError as error:
        raise Unusable(f"an event that cannot be written down: {' '.join(str(error).split())[:200]}") from error
    if len(written) > LONGEST:
        raise Unusable(f"an event of {len(written)} bytes; {LONGEST} are allowed")
    if good.type not in types:
        raise Unusable(f'there is no event type "{good.type}"; {suggest(good.type, types) or "name it in event_types"}')
    if not good.evidence:
        raise Unusable(f"its {good.type} has no evidence: give the spans of the words that tell it")
    _check_spans(good, len(report.body))
    return good


def _check_spans(event: Event, length: int) -> None:
    """Every span lies in the text."""
    spans: list[Span] = [*event.evidence, *(claim.evidence for claim in event.claims)]
    spans += [amount.span for amount in event.quantities if amount.span is not None]
    for start, end in spans:
        if not 0 <= start < end <= length:
            raise Unusable(f"the span {start}:{end} of its {event.type} is not in the text, which has {length} letters")


def _line(words: str) -> str:
    return " ".join(words.split())


def _doubted(event: Event, name: str, reason: str) -> Event:
    doubt = f"{_BY}{name}: {_line(reason)}"
    return event.model_copy(
        update={
            "confidence": min(event.confidence, DOUBTED),
            "doubt": f"{event.doubt}; {doubt}" if event.doubt else doubt,
        }
    )


def _is_vetoed(event: Event) -> bool:
    return event.doubt is not None and any(part.startswith(_BY) for part in event.doubt.split("; "))


def _put(events: list[Event], added: Event, name: str) -> str:
    """Add an event, or let it strengthen the one that tells the same; which of both it did."""
    rule = f"tagger:{name}/{added.rule}" if added.rule else f"tagger:{name}"
    for index, event in enumerate(events):
        same = (event.type, event.context) == (added.type, added.context) and alike(event.actors, added.actors)
        if same and not _is_vetoed(event):
            events[index] = event.model_copy(
                update={
                    "rule": f"{event.rule} + {rule}",
                    "confidence": max(event.confidence, added.confidence),
                    "doubt": event.doubt if added.confidence < SURE else None,
                }
            )
            return "agreed"
    events.append(added.model_copy(update={"rule": rule}))
    return "added"
