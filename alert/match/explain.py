"""Why a formula holds for a report, or what first stood in the way: a tree with every clause's verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from alert.match.facts import Ends, Happening, meets
from alert.match.verdicts import Sight, holds, leaf_holds
from alert.query.ast import Among, Between, Compare, Has, Is
from alert.query.binding import NO_PROPOSAL, All, Any, Every, Flag, Formula, Leaf, No, Some, is_text
from alert.query.show import show
from schemas.base import Span
from schemas.report import SURE

_WORDS = 3
"""Hits of one term that are quoted."""
_SURE = f"confidence>={SURE:g}"
"""How the clause reads that every query has which does not speak of confidence itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A clause, whether it holds, and what shows it."""

    holds: bool
    clause: str
    note: str = ""
    """The words found, the values met, or the nearest event."""
    spans: tuple[Span, ...] = ()
    parts: tuple["Verdict", ...] = ()
    denies: bool = False
    """The clause is a NOT."""

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The tree, one clause a line: `[+] place:RU  kursk-oblast`."""
        mark = "+" if self.holds else "-"
        yield f"{'  ' * indent}[{mark}] {self.clause}{'  ' + self.note if self.note else ''}"
        for part in self.parts:
            yield from part.lines(indent + 1)


def explain(formula: Formula, sight: Sight, event: Happening | None = None) -> Verdict:
    """The verdict tree of a gated formula."""
    match formula:
        case All(parts):
            inner = tuple(explain(part, sight, event) for part in parts)
            return Verdict(all(part.holds for part in inner), "all of", parts=inner)
        case Any(parts):
            inner = tuple(explain(part, sight, event) for part in parts)
            return Verdict(any(part.holds for part in inner), "any of", parts=inner)
        case No(part):
            inside = explain(part, sight, event)
            clause = f"NOT {inside.clause}"
            return replace(inside, holds=not inside.holds, clause=clause, denies=True)
        case Some():
            return _some(formula, sight)
        case Every(part, real):
            return _every(part, list(sight.events(real)), sight)
    return _leaf(formula, sight, event)


def _some(block: Some, sight: Sight) -> Verdict:
    """The first event that fits, or the one that comes nearest."""
    events = list(sight.events(block.real))
    fitting = [event for event in events if holds(block.part, sight, event)]
    real = [event for event in events if event.real]
    shown = (
        fitting[0] if fitting else max(real or events, key=lambda one: _nearness(block.part, sight, one), default=None)
    )
    inside = explain(block.part, sight, shown) if shown is not None else Verdict(False, "an event")
    count = f"{sum(event.real for event in fitting)} of {len(real)} events fit"
    name = _name(shown) if shown is not None else ""
    note = count if not name else f"{count}: {name}" if fitting else f"{count}; nearest: {name}"
    spans = shown.spans if fitting and shown is not None else ()
    return Verdict(bool(fitting), "one event", note, spans, (inside,))


def _every(part: Formula, events: list[Happening], sight: Sight) -> Verdict:
    failing = next((event for event in events if not holds(part, sight, event)), None)
    shown = failing or next(iter(events), None)
    inner = () if shown is None else (explain(part, sight, shown),)
    return Verdict(failing is None, "no event against it", _name(failing) if failing else "", parts=inner)


def _nearest_event(part: Formula, events: list[Happening], sight: Sight) -> Happening | None:
    return max(events, key=lambda event: _nearness(part, sight, event), default=None)


def _nearness(part: Formula, sight: Sight, event: Happening) -> int:
    """How many of a block's clauses an event satisfies."""
    if isinstance(part, All | Any):
        return sum(_nearness(inner, sight, event) for inner in part.parts)
    return int(holds(part, sight, event))


def _name(event: Happening) -> str:
    """An event in a few words: its type, who, where, how it stands."""
    if not event.real:
        return "no event at all"
    fields = ("event", "actor", "place", "status")
    return " ".join("+".join(sorted(event.own[field])) for field in fields if event.own.get(field))


def _leaf(leaf: Leaf, sight: Sight, event: Happening | None) -> Verdict:
    if leaf == NO_PROPOSAL:
        return Verdict(leaf_holds(leaf, sight, event), _SURE, "" if event is None else _sureness(event))
    if isinstance(leaf, Flag):
        return Verdict(leaf_holds(leaf, sight, event), f"{leaf.field} is {leaf.is_}")
    clause = show(leaf)
    if is_text(leaf):
        spans = tuple(sight.text.letters(leaf))
        found = dict.fromkeys(sight.facts.body[start:end].strip() for start, end in spans)
        return Verdict(bool(spans), clause, ", ".join(f"«{word}»" for word in list(found)[:_WORDS]), spans)
    return Verdict(leaf_holds(leaf, sight, event), clause, _shown(leaf, sight, event))


def _sureness(event: Happening) -> str:
    return ", ".join(_number(ends) for ends in event.numbers.get("confidence", ()))


def _shown(leaf: Leaf, sight: Sight, event: Happening | None) -> str:
    """What the report has in the field that is asked for."""
    match leaf:
        case Compare(field) | Between(field):
            numbers = (event.numbers if event and field in event.numbers else sight.facts.numbers).get(field, ())
            return ", ".join(_number(ends) for ends in _nearest(leaf, numbers))
        case Is(field, value) if event is not None and field in event.own:
            there = event.own[field]
            return "" if there == {value} else ", ".join(sorted(there))
        case Has(field) | Among(field):
            own = event.own.get(field, frozenset()) if event is not None else frozenset()
            return ", ".join(sorted(own or sight.facts.values.get(field, frozenset())))
    return ""


def _nearest(leaf: Compare | Between, numbers: Iterable[Ends]) -> list[Ends]:
    """The numbers that meet a comparison; all of them when none does."""
    every = list(numbers)
    if isinstance(leaf, Compare):
        return [ends for ends in every if meets(ends, leaf.operator, leaf.number)] or every
    return every


def _number(ends: Ends) -> str:
    return "–".join(f"{end:g}" if end < 1e6 else f"{end:.0f}" for end in ends)


def reasons(verdict: Verdict) -> list[str]:
    """The clauses that made a formula hold, in words."""
    if not verdict.holds:
        return []
    if not verdict.parts or verdict.denies:
        words = f"{verdict.clause} ({verdict.note})" if verdict.note and not verdict.denies else verdict.clause
        return [] if verdict.clause == _SURE or verdict.clause.endswith((" is known", " is ghost")) else [words]
    return list(dict.fromkeys(reason for part in verdict.parts for reason in reasons(part)))


def spans(verdict: Verdict) -> list[Span]:
    """The letters that made a formula hold, in order."""
    if not verdict.holds or verdict.denies:
        return []
    inner = {span for part in verdict.parts for span in spans(part)}
    return sorted(inner | set(verdict.spans))


def stopped_by(verdict: Verdict) -> str:
    """The first clause that did not hold, with what was there instead; empty when all held."""
    if verdict.holds:
        return ""
    if verdict.denies or not verdict.parts:
        return f"{verdict.clause} ({verdict.note})" if verdict.note else verdict.clause
    if verdict.clause == "any of":
        return "none of " + " | ".join(stopped_by(part) for part in verdict.parts)
    inner = next((stopped_by(part) for part in verdict.parts if not part.holds), verdict.clause)
    return f"{inner} [{verdict.note}]" if verdict.note else inner
