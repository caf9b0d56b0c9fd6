"""Do the words of a query mean anything? Ids, types, lists, saved queries and patterns are looked up here.

A misspelt id would silently match nothing for ever, so every unknown one is a fault, with a suggestion.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from alert.query import patterns, terms
from alert.query.ast import (
    Among,
    And,
    EventBlock,
    Has,
    Is,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Saved,
    Stem,
    Wild,
    Words,
    walk,
)  # fmt: skip
from alert.query.faults import QueryError
from alert.query.fields import FIELDS, SCOPES
from alert.query.languages import is_language, language_meant
from schemas.marked import suggest
from schemas.ports import Folding, Lexicon, Names
from schemas.report import Status

MAX_EXPANDED: Final = 4096
"""Conditions of a query with its saved queries written out."""
MAX_LIST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the words of a query are checked against."""

    names: Names
    lexicon: Lexicon
    folding: Folding
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`in(@name)` → values."""
    queries: Mapping[str, Node] = field(default_factory=dict)
    """Saved queries, checked already."""


def check(node: Node, vocabulary: Vocabulary) -> tuple[Node, list[QueryError]]:
    """The tree with lists and saved queries filled in, and everything in it that means nothing."""
    checker = _Checker(vocabulary)
    checked = checker.visit(node)
    size = sum(1 for _ in walk(checked))
    if size > MAX_EXPANDED:
        problem = f"{size} conditions with the saved queries written out; the limit is {MAX_EXPANDED}"
        checker.faults.append(QueryError(problem, *node.span, "use lists: in(@name)"))
    return checked, checker.faults


class _Checker:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.known = vocabulary
        self.faults: list[QueryError] = []
        self.in_event = False

    def fault(self, node: Node, problem: str, fix: str = "") -> None:
        self.faults.append(QueryError(problem, *node.span, fix))

    def visit(self, node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return replace(node, parts=tuple(self.visit(part) for part in parts))
            case Not(part):
                return replace(node, part=self.visit(part))
            case EventBlock(part):
                return self.event_block(node, part)
            case Near(left, right):
                return replace(node, left=self.visit(left), right=self.visit(right))
            case Saved():
                return self.saved(node)
            case Among():
                return self.among(node)
        self.leaf(node)
        return node

    def leaf(self, node: Node) -> None:
        match node:
            case Is(name, value):
                self.value(node, name, value)
            case Words() | Stem() | Wild():
                self.words(node)
            case Pattern(source):
                self.pattern(node, source)
            case Has(name) if name in SCOPES:
                self.fault(node, f"{name}:* says nothing", "write a word")

    def event_block(self, node: EventBlock, part: Node) -> Node:
        if self.in_event:
            self.fault(node, "event{…} cannot stand inside another", "AND the two blocks side by side")
        outer, self.in_event = self.in_event, True
        inside = self.visit(part)
        self.in_event = outer
        return replace(node, part=inside)

    def saved(self, node: Saved) -> Node:
        part = self.known.queries.get(node.name)
        if part is None:
            self.fault(node, f'no saved query "{node.name}"', suggest(node.name, self.known.queries))
        elif self.in_event and any(isinstance(inner, EventBlock) for inner in walk(part)):
            self.fault(node, f'"{node.name}" has an event{{…}} and cannot stand inside another')
        return replace(node, part=part)

    def among(self, node: Among) -> Node:
        values = self.known.lists.get(node.list)
        if values is None:
            fix = suggest(node.list, self.known.lists) or "name its file under lists:"
            self.fault(node, f'no list "@{node.list}"', fix)
            return node
        if len(values) > MAX_LIST:
            self.fault(node, f'list "@{node.list}" has {len(values)} entries; the limit is {MAX_LIST}')
        for value in values:
            if node.field in ("", *SCOPES):
                self.visit(self.term(node, value))
            elif not self.value(node, node.field, value):
                break
        return replace(node, values=values)

    def term(self, node: Among, value: str) -> Node:
        try:
            return terms.any_term(value, "", node.span)
        except QueryError as error:
            self.faults.append(error)
            return Words("x")

    def words(self, node: Words | Stem | Wild) -> None:
        if not any(self.known.folding.term(node.text)):
            self.fault(node, "there are no letters to search for", "write a word")

    def pattern(self, node: Pattern, source: str) -> None:
        try:
            patterns.check(source, node.span)
        except QueryError as error:
            self.faults.append(error)

    def value(self, node: Node, name: str, value: str) -> bool:
        """Whether a field may have this value; a fault if not."""
        kind = FIELDS[name].kind
        if kind == "id":
            return self.known.names.find(value) is not None or self.unknown_id(node, name, value)
        if kind == "lang":
            return is_language(value) or self.unknown(node, name, value, language_meant(value))
        known = self.choices(kind)
        return known is None or value in known or self.unknown(node, name, value, _choose(value, known))

    def choices(self, kind: str) -> frozenset[str] | None:
        """All values a field of this kind may have; None where anything goes."""
        if kind == "event":
            return self.known.lexicon.event_types()
        if kind == "keyword":
            return self.known.lexicon.keyword_ids()
        return frozenset(Status) if kind == "status" else None

    def unknown(self, node: Node, name: str, value: str, fix: str) -> bool:
        start, end = node.span
        begin = max(start, end - len(value)) if isinstance(node, Is) else start
        self.faults.append(QueryError(f'unknown {name} "{value[:80]}"', begin, end, fix))
        return False

    def unknown_id(self, node: Node, name: str, value: str) -> bool:
        called = self.known.names.lookup(value)
        if called:
            first = called[0]
            return self.unknown(node, name, value, f'did you mean "{first.id}" ({first.name})?')
        fix = _nearest_id(value, self.known.names) or f'"tocsin lookup {value[:40]}" finds ids'
        return self.unknown(node, name, value, fix)


def _choose(value: str, known: frozenset[str]) -> str:
    near = suggest(value, known)
    return near or f"one of {', '.join(sorted(known)[:50])}"


def _nearest_id(value: str, names: Names) -> str:
    """The id spelt most like this one; other case first."""
    known = [one for one in names.ids() if abs(len(one) - len(value)) < 3]
    for one in known:
        if one.casefold() == value.casefold():
            return f'did you mean "{one}"?'
    close = difflib.get_close_matches(value, known, 1, 0.7)
    return f'did you mean "{close[0]}"?' if close else ""
