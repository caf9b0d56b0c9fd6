"""The same tree as YAML, for those who would rather not write a query: no second semantics.

all: [ … ]   any: [ … ]   not: …             a mapping of several keys is an `all`, a list an `all` too
event: ceasefire                              or event: {type: …, actor: …, not: {status: denied}} for event{…}
place: RU   place: [RU, UA]   place: "=RU"    any field; `in(@list)`; `"*"` for any value
soldiers: ">=1000"                            numbers; `"10 TO 50"`
text: north korea   title: =US   body: troop* terms; `text` is anywhere, `body` is below the headline
near: {of: [troops, Kursk], within: 5, ordered: false}
query: name                                   a saved query
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any as Anything
from typing import Final

from alert.query import show, terms
from alert.query.ast import (
    Among,
    And,
    Between,
    Compare,
    EventBlock,
    Has,
    Is,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Saved,
    Scope,
    Stem,
    Wild,
    Words,
)  # fmt: skip
from alert.query.faults import QueryError
from alert.query.fields import ALIASES, FIELDS, NUMBERS
from alert.query.parser import MAX_DEPTH, MAX_NEAR, MAX_NODES, MAX_OR
from schemas.marked import Path, suggest

_SCOPES: Final[Mapping[str, Scope]] = {"text": "", "title": "title", "body": "text"}
_KEYS: Final = frozenset({"all", "any", "not", "event", "near", "query", *_SCOPES, *FIELDS, *ALIASES, *NUMBERS})
_COMPARE: Final = re.compile(r"\s*(>=|<=|!=|=|>|<)?\s*(\S+)\s*\Z")
_BETWEEN: Final = re.compile(r"\s*\[?\s*(\S+)\s+TO\s+(\S+?)\s*\]?\s*\Z")
_LISTED: Final = re.compile(r"in\(@([^()\s]+)\)\Z")


class StructureError(QueryError):
    """What is wrong in a structured query, and the path to it inside the structure."""

    def __init__(self, path: Path, problem: str, fix: str = "", *, key: bool = False) -> None:
        super().__init__(problem, 0, 1, fix)
        self.path = path
        self.key = key


def read(value: Anything) -> Node:
    """The tree of a structured query. Raises `StructureError` with the path of the first thing that is wrong."""
    return read_placed(value)[0]


def read_placed(value: Anything) -> tuple[Node, list[Path]]:
    """The tree, and where its conditions stand: a condition's span begins with its number in that list."""
    reader = _Reader()
    return reader.node(value, (), inside_event=False), reader.paths


class _Reader:
    def __init__(self) -> None:
        self.nodes = 0
        self.paths: list[Path] = [()]

    def placed(self, node: Node, path: Path) -> Node:
        """The condition, knowing where it stands."""
        self.paths.append(path)
        return replace(node, span=(len(self.paths) - 1, len(self.paths)))

    def node(self, value: Anything, path: Path, *, inside_event: bool) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(path) > 2 * MAX_DEPTH:
            raise StructureError(path, f"more than {MAX_NODES} conditions, or nested too deep", "use saved queries")
        if isinstance(value, list):
            return self.several(And, value, path, inside_event)
        if not isinstance(value, dict) or not value:
            raise StructureError(path, "expected conditions", "write all: […], any: […] or field: value")
        parts = [self.entry(str(key), entry, (*path, key), inside_event) for key, entry in value.items()]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def several(self, kind: type[And] | type[Or], value: Anything, path: Path, inside_event: bool) -> Node:
        if not isinstance(value, list) or not value:
            raise StructureError(path, "expected a list of conditions", "write [ {…}, {…} ]")
        if len(value) > MAX_OR:
            raise StructureError(path, f"{len(value)} conditions; the limit is {MAX_OR}", "use a list file")
        parts = [self.node(part, (*path, at), inside_event=inside_event) for at, part in enumerate(value)]
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    def entry(self, key: str, value: Anything, path: Path, inside_event: bool) -> Node:
        match key:
            case "all" | "any":
                return self.several(And if key == "all" else Or, value, path, inside_event)
            case "not":
                return Not(self.node(value, path, inside_event=inside_event))
            case "near":
                return self.near(value, path)
            case "query":
                return self.placed(Saved(_text(value, path)), path)
            case "event" if isinstance(value, dict):
                return self.event(value, path, inside_event)
        if key not in _KEYS:
            raise StructureError(path, f'unknown key "{key}"', suggest(key, _KEYS), key=True)
        if isinstance(value, list) and value:
            parts = [self.placed(_condition(key, one, (*path, at)), (*path, at)) for at, one in enumerate(value)]
            return parts[0] if len(parts) == 1 else Or(tuple(parts))
        return self.placed(_condition(key, value, path), path)

    def event(self, value: dict[str, Anything], path: Path, inside_event: bool) -> Node:
        if inside_event:
            raise StructureError(path, "an event cannot stand inside another", "put the two side by side", key=True)
        return EventBlock(self.node(value, path, inside_event=True))

    def near(self, value: Anything, path: Path) -> Node:
        of = value.get("of") if isinstance(value, dict) else None
        if not isinstance(of, list) or len(of) < 2:
            raise StructureError(path, "near lacks its words", "write near: {of: [troops, Kursk], within: 5}")
        within, ordered = value.get("within", 10), value.get("ordered", False)
        if not isinstance(within, int) or not 1 <= within <= MAX_NEAR or not isinstance(ordered, bool):
            raise StructureError(path, f"words may be 1 to {MAX_NEAR} apart", "write within: 10, ordered: false")
        sides = [self.side(one, (*path, "of", at)) for at, one in enumerate(of)]
        node = sides[0]
        for side in sides[1:]:
            node = Near(node, side, within, ordered)
        return node

    def side(self, value: Anything, path: Path) -> Node:
        if isinstance(value, list) and value:
            return Or(tuple(self.side(one, (*path, at)) for at, one in enumerate(value)))
        if isinstance(value, dict) and set(value) == {"near"}:
            return self.near(value["near"], (*path, "near"))
        return self.placed(_term(value, "", path), path)


def _text(value: Anything, path: Path) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not str(value).strip():
        raise StructureError(path, "expected text", "quote it if it looks like something else")
    return str(value)


def _term(value: Anything, scope: Scope, path: Path) -> Node:
    try:
        return terms.any_term(_text(value, path), scope)
    except StructureError:
        raise
    except QueryError as error:
        raise StructureError(path, error.problem, error.fix) from error


def _condition(key: str, value: Anything, path: Path) -> Node:
    key = ALIASES.get(key, key)
    text = _text(value, path)
    if (listed := _LISTED.match(text)) and key not in NUMBERS:
        return Among(_SCOPES.get(key, key), listed[1])
    if key in _SCOPES:
        return _term(value, _SCOPES[key], path)
    if text == "*":
        return Has(key)
    if key in NUMBERS:
        return _number(key, text, path)
    exact = text.startswith("=") and FIELDS[key].rolls_up
    written = text.removeprefix("=") if exact else text
    return Is(key, written.lower() if key == "lang" else written, exact)


def _number(key: str, text: str, path: Path) -> Node:
    if match := _BETWEEN.match(text):
        low, high = terms.number(match[1]), terms.number(match[2])
        if low is not None and high is not None and low <= high:
            return Between(key, low, high)
    match = _COMPARE.match(text)
    number = terms.number(match[2]) if match else None
    if match is None or number is None:
        raise StructureError(path, f"{key} needs a number", 'write ">=1000", "<5", 20 or "10 TO 50"')
    return Compare(key, match[1] or "=", number)  # type: ignore[arg-type]  # the pattern lists the operators


def write(node: Node) -> Anything:
    """The structured form of a tree: `read(write(tree)) == tree`."""
    match node:
        case And(parts):
            return {"all": [write(part) for part in parts]}
        case Or(parts):
            return {"any": [write(part) for part in parts]}
        case Not(part):
            return {"not": write(part)}
        case EventBlock(part):
            inner = write(part)
            return {"event": inner}
        case Near(left, right, distance, ordered):
            return {"near": {"of": [_side(left), _side(right)], "within": distance, "ordered": ordered}}
    return _written(node)


def _side(node: Node) -> Anything:
    if isinstance(node, Or):
        return [_side(part) for part in node.parts]
    return write(node) if isinstance(node, Near) else show.term(node)


def _written(node: Node) -> Anything:
    match node:
        case Words(_, _, scope) | Stem(_, scope) | Wild(_, _, _, scope) | Pattern(_, scope):
            return {{"": "text", "title": "title", "text": "body"}[scope]: show.term(node)}
        case Is(field, value, exact):
            return {field: f"={value}" if exact else value}
        case Has(field):
            return {field: "*"}
        case Among(field, name):
            return {{"": "text", "text": "body"}.get(field, field): f"in(@{name})"}
        case Compare(field, operator, number):
            return {field: f"{operator}{show.number(number)}"}
        case Between(field, low, high):
            return {field: f"{show.number(low)} TO {show.number(high)}"}
        case Saved(name):
            return {"query": name}
    raise TypeError(f"no condition: {node!r}")
