"""The tree of a query. Every node knows where it was written (`span`, not part of its identity)."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from schemas.base import Span

Scope: TypeAlias = Literal["", "title", "text"]
Operator: TypeAlias = Literal["=", "!=", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple["Node", ...]
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple["Node", ...]
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase in any of its forms; `exact`: in these very letters, case and marks included."""

    text: str
    exact: bool = False
    scope: Scope = ""
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Stem:
    """A word whose Snowball stem, in the report's language, is this word's."""

    text: str
    scope: Scope = ""
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Wild:
    """A word that begins, ends or (both) goes on around the letters: `pre*`, `*suf`, `*in*`."""

    text: str
    before: bool
    after: bool
    scope: Scope = ""
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """An RE2 pattern found in the text as published."""

    source: str
    scope: Scope = ""
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Two texts at most `distance` words apart, in either order or (`ordered`) left before right."""

    left: "Node"
    right: "Node"
    distance: int = 10
    ordered: bool = False
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """A field has a value; `exact`: without what lies beneath it."""

    field: str
    value: str
    exact: bool = False
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """A field has any value at all."""

    field: str
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """A field has one of a list's values; for `title`, `text` and "" (anywhere), one of its terms is there."""

    field: str
    list: str
    values: tuple[str, ...] = ()
    """Filled in by `check`."""
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A number stands in this relation to a limit."""

    field: str
    operator: Operator
    number: float
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """A number lies between two limits, both included."""

    field: str
    low: float
    high: float
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class EventBlock:
    """`event{…}`: one real event satisfies all of it."""

    part: "Node"
    span: Span = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Saved:
    """`query:name`: a saved query, as if written here in parentheses; `part` is filled in by `check`."""

    name: str
    part: "Node | None" = None
    span: Span = dataclasses.field(default=(0, 0), compare=False)


Node: TypeAlias = (
    And | Or | Not | Words | Stem | Wild | Pattern | Near | Is | Has | Among | Compare | Between | EventBlock | Saved
)
Text: TypeAlias = Words | Stem | Wild | Pattern | Near
TEXT = (Words, Stem, Wild, Pattern, Near)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly beneath a node."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | EventBlock(part):
            return (part,)
        case Near(left, right):
            return (left, right)
        case Saved(_, part) if part is not None:
            return (part,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all beneath it, in the order they were written."""
    yield node
    for child in children(node):
        yield from walk(child)
