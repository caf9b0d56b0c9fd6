"""Which conditions speak of one and the same event, and what happens where a report does not say.

*Binding.* The event conditions of one AND-group must hold for **one** event of the report, those under its ORs and NOTs
too. The "empty event" (nothing known of it) is always a candidate, so `(actor:KP OR "Kim") AND …` can hold by its words
alone. A group of negations only says that *no* event has it. `event{…}` asks for a real event.

*Proposals.* An event below `schemas.report.SURE` is only proposed: it is there for queries that speak of `confidence`.

*Gates.* `place:RU` and `NOT place:RU` can be neither true nor false of an event without a place. The subscription says
what then: `drop` (both are false), `pass` (both are true), `hold`. The same for `said_by` and, of a report, `lang`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from alert.query.ast import (
    TEXT,
    Among,
    And,
    Between,
    Compare,
    EventBlock,
    Has,
    Is,
    Node,
    Not,
    Or,
    Saved,
    Text,
    walk,
)  # fmt: skip
from alert.query.fields import EVENT_NUMBERS, FIELDS
from schemas.base import Span

Knowledge: TypeAlias = Literal["known", "unknown", "ghost"]


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether a field is known of this event (or report).

    `ghost`: this is the empty event of a report whose real events do know; it must decide nothing about the field.
    """

    field: str
    is_: Knowledge


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts: true."""

    parts: tuple["Formula", ...]
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds; without parts: false."""

    parts: tuple["Formula", ...]
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class No:
    """The part does not hold."""

    part: "Formula"
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """One event satisfies the part; unless `real`, the empty event may be it."""

    part: "Formula"
    real: bool
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """All events satisfy the part; unless `real`, the empty event too."""

    part: "Formula"
    real: bool
    span: Span = field(default=(0, 0), compare=False)


Leaf: TypeAlias = Text | Is | Has | Among | Compare | Between | Flag
Formula: TypeAlias = All | Any | No | Some | Every | Leaf

TRUE: Final = All(())
FALSE: Final = Any(())
PROPOSAL: Final = "proposal"
"""The field that only an event below `schemas.report.SURE` knows."""
NO_PROPOSAL: Final = Flag(PROPOSAL, "unknown")


def bind(node: Node) -> Formula:
    """The formula of a checked tree: every event condition stands inside a `Some`."""
    formula = _bound(node)
    asks = any(isinstance(one, Compare | Between | Has) and one.field == "confidence" for one in walk(node))
    return formula if asks else _of_the_sure(formula)


def _of_the_sure(formula: Formula) -> Formula:
    match formula:
        case All(parts, span):
            return All(tuple(_of_the_sure(part) for part in parts), span)
        case Any(parts, span):
            return Any(tuple(_of_the_sure(part) for part in parts), span)
        case No(part, span):
            return No(_of_the_sure(part), span)
        case Some(part, real, span):
            inner = _of_the_sure(part)
            asked = inner.parts if isinstance(inner, All) else (inner,)
            return Some(All((*asked, NO_PROPOSAL), span), real, span)
    return formula


def _bound(node: Node) -> Formula:
    match node:
        case And(parts):
            return _group(tuple(_flat(parts)), node.span)
        case Or(parts):
            return Any(tuple(_bound(part) for part in parts), node.span)
        case Not(part):
            return No(_bound(part), node.span)
        case EventBlock(part):
            return Some(_inside(part), True, node.span)
        case Saved(_, part) if part is not None:
            return _bound(part)
        case Saved():
            raise ValueError("a saved query must be filled in before it is bound")
        case _:
            return Some(node, False, node.span) if of_event(node) else node


def _flat(parts: tuple[Node, ...]) -> list[Node]:
    """ANDs directly inside an AND are one group."""
    found: list[Node] = []
    for part in parts:
        inner = part.part if isinstance(part, Saved) and part.part is not None else part
        found.extend(_flat(inner.parts) if isinstance(inner, And) else [inner])
    return found


def _group(parts: tuple[Node, ...], span: Span) -> Formula:
    speaking = [part for part in parts if has_event(part)]
    if len(speaking) > 1 and any(_asks_for_event(part) for part in speaking):
        others = tuple(_bound(part) for part in parts if part not in speaking)
        block = Some(All(tuple(_inside(part) for part in speaking)), False, span)
        return All((block, *others), span) if others else block
    return All(tuple(_bound(part) for part in parts), span)


def _inside(node: Node) -> Formula:
    """A part of an event's conditions: its event fields are the event's, its words the report's."""
    match node:
        case And(parts):
            return All(tuple(_inside(part) for part in parts), node.span)
        case Or(parts):
            return Any(tuple(_inside(part) for part in parts), node.span)
        case Not(part):
            return No(_inside(part), node.span)
        case Saved(_, part) if part is not None:
            return _inside(part)
        case EventBlock() | Saved():
            return _bound(node)
        case _:
            return node


def of_event(node: object) -> bool:
    """Whether a condition asks something of one event."""
    match node:
        case Is(name) | Has(name) | Among(name) | Compare(name) | Between(name) | Flag(name):
            return name in EVENT_NUMBERS or name == PROPOSAL or (name in FIELDS and FIELDS[name].of_event)
    return False


def has_event(node: Node) -> bool:
    """Whether some bare event condition stands in here (those of an `event{…}` are bound already)."""
    match node:
        case And(parts) | Or(parts):
            return any(has_event(part) for part in parts)
        case Not(part):
            return has_event(part)
        case Saved(_, part) if part is not None:
            return has_event(part)
    return of_event(node)


def _asks_for_event(node: Node) -> bool:
    """Whether a bare event condition stands in here without a NOT above it."""
    match node:
        case And(parts) | Or(parts):
            return any(_asks_for_event(part) for part in parts)
        case Saved(_, part) if part is not None:
            return _asks_for_event(part)
    return of_event(node)


Resolved: TypeAlias = Literal["pass", "drop"]
_Within: TypeAlias = "type[Some] | type[Every] | None"


def gated(formula: Formula, gates: Mapping[str, Resolved]) -> Formula:
    """The formula with every NOT moved down to its condition, and unknown places, speakers and languages decided.

    `gates` is by field; a field that is not in it is dropped where unknown.
    """
    return _Gating(gates).push(formula, True, None)


@dataclass(frozen=True, slots=True)
class _Gating:
    """One way of deciding what is unknown."""

    gates: Mapping[str, Resolved]

    def push(self, node: Formula, positive: bool, within: _Within) -> Formula:
        match node:
            case No(part):
                return self.push(part, not positive, within)
            case All(parts) | Any(parts):
                kind = All if isinstance(node, All) == positive else Any
                return kind(tuple(self.push(part, positive, within) for part in parts), node.span)
            case Some(part, real) | Every(part, real):
                quantifier = Some if isinstance(node, Some) == positive else Every
                return quantifier(self.push(part, positive, quantifier), real, node.span)
        return self.leaf(node, positive, within)

    def leaf(self, leaf: "Leaf", positive: bool, within: _Within) -> Formula:
        said: Formula = leaf if positive else No(leaf)
        field = FIELDS.get(leaf.field) if isinstance(leaf, Is | Among) else None
        if field is None or field.gate is None:
            return said
        ways = [said if positive else All((said, Flag(field.name, "known")))]
        if self.gates.get(field.name, "drop") == "pass":
            ways.append(Flag(field.name, "unknown"))
        if within is Every and field.of_event:
            ways.append(Flag(field.name, "ghost"))
        return ways[0] if len(ways) == 1 else Any(tuple(ways))


def negated(formula: Formula) -> Formula:
    """The formula's plain denial, NOTs at its conditions, gates left as they are."""
    match formula:
        case No(part):
            return part
        case All(parts):
            return Any(tuple(negated(part) for part in parts))
        case Any(parts):
            return All(tuple(negated(part) for part in parts))
        case Some(part, real):
            return Every(negated(part), real)
        case Every(part, real):
            return Some(negated(part), real)
    return No(formula)


def is_text(node: object) -> bool:
    """Whether a leaf asks for words."""
    return isinstance(node, TEXT) or (isinstance(node, Among) and node.field in ("", "title", "text"))
