"""One formula and one report, slowly: does it hold, and why?"""

from collections.abc import Iterable
from dataclasses import dataclass

from alert.match.facts import Facts, Happening, meets, name_key
from alert.match.words import Text
from alert.query.ast import Among, Between, Compare, Has, Is
from alert.query.binding import All, Any, Every, Flag, Formula, Leaf, No, Some, is_text, of_event
from alert.query.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Sight:
    """A report laid out for evaluation."""

    facts: Facts
    text: Text

    def events(self, real: bool) -> Iterable[Happening]:
        """The events a block ranges over."""
        return self.facts.events if real else (*self.facts.events, self.facts.empty)


def holds(formula: Formula, sight: Sight, event: Happening | None = None) -> bool:
    """Whether a formula holds; `event` is the one its event conditions are asked of."""
    match formula:
        case All(parts):
            return all(holds(part, sight, event) for part in parts)
        case Any(parts):
            return any(holds(part, sight, event) for part in parts)
        case No(part):
            return not holds(part, sight, event)
        case Some(part, real):
            return any(holds(part, sight, one) for one in sight.events(real))
        case Every(part, real):
            return all(holds(part, sight, one) for one in sight.events(real))
    return leaf_holds(formula, sight, event)


def leaf_holds(leaf: Leaf, sight: Sight, event: Happening | None) -> bool:
    """Whether a single condition holds."""
    if is_text(leaf):
        return sight.text.holds(leaf)  # type: ignore[arg-type]  # is_text says so
    asked = event if event is not None and of_event(leaf) else None
    match leaf:
        case Flag():
            return _flag(leaf, sight.facts, asked)
        case Is(field, value, exact):
            return value_key(field, value) in _values(field, exact, sight.facts, asked)
        case Has(field):
            return bool(_numbers(field, sight.facts, asked) or _values(field, True, sight.facts, asked))
        case Among(field, _, values):
            return not _values(field, False, sight.facts, asked).isdisjoint([value_key(field, v) for v in values])
        case Compare(field, operator, number):
            return any(meets(ends, operator, number) for ends in _numbers(field, sight.facts, asked))
        case Between(field, low, high):
            numbers = _numbers(field, sight.facts, asked)
            return any(meets(ends, ">=", low) and meets(ends, "<=", high) for ends in numbers)
    raise TypeError(f"no condition: {leaf!r}")


def value_key(field: str, value: str) -> str:
    """A written value as facts have it."""
    return name_key(value) if FIELDS[field].kind == "name" else value


def _values(field: str, exact: bool, facts: Facts, event: Happening | None) -> frozenset[str]:
    if event is None:
        return facts.values.get(field, frozenset())
    return (event.own if exact else event.values).get(field, frozenset())


def _numbers(field: str, facts: Facts, event: Happening | None) -> Iterable[tuple[float, ...]]:
    return (facts.numbers if event is None else event.numbers).get(field, ())


def _flag(flag: Flag, facts: Facts, event: Happening | None) -> bool:
    if event is None:
        return bool(facts.values.get(flag.field)) == (flag.is_ == "known")
    if event.real:
        return flag.is_ == ("known" if event.knows(flag.field) else "unknown")
    return flag.is_ == ("ghost" if flag.field in event.ghost else "unknown")
