"""A subscription's own examples: the words that must fire, and those that must stay quiet.

An example is judged by its words alone. What a headline cannot carry (numbers it does not give, sources, trust, who
published it) is not held against it: such conditions are reported as not tested.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from alert.compile import Compiled
from alert.match.explain import explain, reasons, stopped_by
from alert.match.verdicts import Sight, holds
from alert.query.ast import Among, Between, Compare, Has, Is
from alert.query.binding import TRUE, All, Any, Every, Formula, No, Some
from alert.query.fields import FIELDS, NUMBERS
from alert.query.show import show
from alert.subscriptions import SubscriptionSet
from schemas.item import Item
from schemas.report import Report

Understand = Callable[[Item], Report]
Kind = Literal["fire", "stay_quiet"]

NOT_CARRIED: Final = frozenset({"sources", "trust", "confidence"})


@dataclass(frozen=True, slots=True)
class Tried:
    """One example and how it went."""

    subscription: str
    kind: Kind
    words: str
    outcome: Literal["ok", "failed", "not tested"]
    reason: str
    untested: tuple[str, ...] = ()
    """Conditions its words cannot carry."""

    def __str__(self) -> str:
        untested = f" (not tested: {', '.join(self.untested)})" if self.untested else ""
        said = f": {self.reason}" if self.outcome == "failed" else ""
        return f"{self.subscription}: {self.kind} {self.words!r} {self.outcome}{said}{untested}"


def check_examples(wanted: SubscriptionSet, understand: Understand) -> Iterator[Tried]:
    """Every example of every subscription, disabled ones too, in order."""
    for one in wanted.compiled.values():
        yield from _examples(one, wanted, understand)


def _examples(one: Compiled, wanted: SubscriptionSet, understand: Understand) -> Iterable[Tried]:
    examples = one.written.examples
    for words in examples.fire:
        yield _fire(one, words, _sight(words, wanted, understand))
    for words in examples.stay_quiet:
        yield _stay_quiet(one, words, _sight(words, wanted, understand))


def _sight(words: str, wanted: SubscriptionSet, understand: Understand) -> Sight:
    title, _, text = words.strip().partition("\n")
    return wanted.sight(understand(Item(id="example", title=title, text=text.strip())))


def _fire(one: Compiled, words: str, sight: Sight) -> Tried:
    if holds(one.formula, sight):
        return Tried(one.written.id, "fire", words, "ok", "")
    untested = _untested(one.formula, sight)
    forgiving = _forgiven(one.formula, untested)
    if untested and holds(forgiving, sight):
        return Tried(one.written.id, "fire", words, "ok", "", tuple(sorted(map(_name, untested))))
    return Tried(one.written.id, "fire", words, "failed", f"stopped by {stopped_by(explain(forgiving, sight))}")


def _stay_quiet(one: Compiled, words: str, sight: Sight) -> Tried:
    tree = explain(one.formula, sight)
    if tree.holds:
        return Tried(one.written.id, "stay_quiet", words, "failed", f"it fires: {'; '.join(reasons(tree))}")
    untested = _untested(one.formula, sight)
    if untested and holds(_forgiven(one.formula, untested), sight):
        names = tuple(sorted(map(_name, untested)))
        return Tried(one.written.id, "stay_quiet", words, "not tested", "quiet only for what words cannot carry", names)
    return Tried(one.written.id, "stay_quiet", words, "ok", "")


def _leaves(formula: Formula) -> Iterator[Formula]:
    match formula:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part)
        case No(part) | Some(part) | Every(part):
            yield from _leaves(part)
        case _:
            yield formula


def _untested(formula: Formula, sight: Sight) -> set[Formula]:
    """The conditions of a formula that these words cannot carry."""
    return {leaf for leaf in _leaves(formula) if _cannot_carry(leaf, sight)}


def _cannot_carry(leaf: Formula, sight: Sight) -> bool:
    match leaf:
        case Compare(field) | Between(field):
            return field in NOT_CARRIED or not any(event.numbers.get(field) for event in sight.facts.events)
        case Has(field) if field in NUMBERS:
            return field in NOT_CARRIED
        case Is(field) | Has(field) | Among(field) if field in FIELDS:
            return not FIELDS[field].headline
    return False


def _forgiven(formula: Formula, untested: set[Formula]) -> Formula:
    """The formula with untested conditions taken as met, denied or not."""
    match formula:
        case All(parts):
            return All(tuple(_forgiven(part, untested) for part in parts))
        case Any(parts):
            return Any(tuple(_forgiven(part, untested) for part in parts))
        case No(part) if part in untested:
            return TRUE
        case Some(part, real):
            return Some(_forgiven(part, untested), real)
        case Every(part, real):
            return Every(_forgiven(part, untested), real)
    return TRUE if formula in untested else formula


def _name(leaf: Formula) -> str:
    return show(leaf) if isinstance(leaf, Compare | Between | Has | Is | Among) else ""
