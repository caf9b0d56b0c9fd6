"""What a query means, decided the slow and obvious way on the raw tree and the raw report.

Shares with the engine only the parser, the nodes and the folding. Everything else (binding, gates, numbers, words in a
row, nearness) is written down a second time here, in another shape.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from alert.match.stems import stem
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
    Stem,
    Wild,
    Words,
)  # fmt: skip
from schemas.ports import Token
from schemas.report import Event, Report
from schemas.story import Story
from tests.alert.world import FOLDING, NAMES

EVENT_FIELDS = {"event", "actor", "target", "place", "status", "said_by"}
ITEM_NUMBERS = {"sources", "trust"}
NOTHING = "the empty event"
Happening = Event | str


class Oracle:
    """One report, asked many queries."""

    def __init__(self, report: Report, story: Story | None, gates: Mapping[str, str]) -> None:
        self.report = report
        self.sources = len(story.sources) if story and story.sources else 1
        self.gates = gates
        self.events: list[Event] = list(report.events)
        if story and story.type:
            facts = {name: getattr(story, name) for name in ("actors", "targets", "places", "quantities", "said_by")}
            self.events.append(Event(type=story.type, status=story.status or "reported", **facts))
        self.sure = [event for event in self.events if event.confidence >= 0.5]
        self.body = f"{report.title}\n{report.text}"
        self.tokens = FOLDING.tokens(self.body, report.lang)

    def wants(self, query: Node) -> bool:
        if not speaks_of_confidence(query):
            self.events = self.sure
        return self.is_(query, True, None, every=False)

    def is_(self, node: Node, wanted: bool, event: Happening | None, *, every: bool) -> bool:
        """Whether a condition is (known to be) what is wanted; `every`: asked of all events, not of some."""
        match node:
            case Saved(_, part) if part is not None:
                return self.is_(part, wanted, event, every=every)
            case Not(part):
                return self.is_(part, not wanted, event, every=every)
            case Or(parts):
                return (any if wanted else all)(self.is_(part, wanted, event, every=every) for part in parts)
            case And(parts) if event is not None:
                return (all if wanted else any)(self.is_(part, wanted, event, every=every) for part in parts)
            case And():
                return self.group(flat(node), wanted)
            case EventBlock(part):
                return self.over(self.events, [part], wanted)
        if is_slot(node) and event is None:
            return self.over([*self.events, NOTHING], [node], wanted)
        return self.leaf(node, wanted, event, every)

    def over(self, events: Sequence[Happening], parts: Sequence[Node], wanted: bool) -> bool:
        if wanted:
            return any(all(self.is_(part, True, event, every=False) for part in parts) for event in events)
        return all(any(self.is_(part, False, event, every=True) for part in parts) for event in events)

    def group(self, parts: Sequence[Node], wanted: bool) -> bool:
        bound = [part for part in parts if has_slot(part)]
        if len(bound) < 2 or not any(plain_slot(part) for part in bound):
            return (all if wanted else any)(self.is_(part, wanted, None, every=False) for part in parts)
        rest = [part for part in parts if not has_slot(part)]
        together = self.over([*self.events, NOTHING], bound, wanted)
        others = [self.is_(part, wanted, None, every=False) for part in rest]
        return (together and all(others)) if wanted else (together or any(others))

    def leaf(self, node: Node, wanted: bool, event: Happening | None, every: bool) -> bool:
        if isinstance(node, Is | Among) and (node.field in ("place", "said_by", "lang")):
            known = self.knows(node.field, event)
            if known is None:
                return every
            if not known:
                return self.gates.get(node.field) == "pass"
        return self.plain(node, event) == wanted

    def knows(self, field: str, event: Happening | None) -> bool | None:
        """None: the empty event of a report whose real events do know."""
        if field == "lang":
            return bool(self.report.lang)
        if isinstance(event, Event):
            return bool(slots(event, field))
        return None if any(slots(one, field) for one in self.sure) else False

    def plain(self, node: Node, event: Happening | None) -> bool:
        match node:
            case Is(field, value, exact):
                return self.has_value(field, [value], exact, event)
            case Among(field, _, values) if field in ("", "title", "text"):
                return any(self.words_in(FOLDING.term(value), field) for value in values)
            case Among(field, _, values):
                return self.has_value(field, values, False, event)
            case Has(field):
                return bool(self.values(field, event) or self.numbers(field, event))
            case Compare(field, operator, number):
                return any(
                    compare(end, operator, number) for low_high in self.numbers(field, event) for end in low_high
                )
            case Between(field, low, high):
                return any(max(one) >= low and min(one) <= high for one in self.numbers(field, event))
            case Pattern(source, scope):
                text = {"": self.body, "title": self.report.title, "text": self.report.text}[scope]
                return re.search(source, text) is not None
        return bool(self.places(node))

    def has_value(self, field: str, values: Sequence[str], exact: bool, event: Happening | None) -> bool:
        there = {name.casefold() for name in self.values(field, event)}
        if field in ("actor", "target", "place") and not exact:
            there |= {one.casefold() for name in self.values(field, event) for one in NAMES.above(name)}
        return any(value.casefold() in there for value in values)

    def values(self, field: str, event: Happening | None) -> list[str]:
        if field in EVENT_FIELDS:
            return slots(event, field) if isinstance(event, Event) else []
        report = self.report
        return {
            "entity": [entity.id for entity in report.entities],
            "country": [entity.id for entity in report.entities if entity.type == "country"],
            "keyword": [keyword.id for keyword in report.keywords],
            "lang": [report.lang] if report.lang else [],
            "source": [report.source] if report.source else [],
            "feed": [report.feed] if report.feed else [],
            "category": [one for one in (report.category, *report.categories) if one],
        }.get(field, [])

    def numbers(self, field: str, event: Happening | None) -> list[tuple[float, float]]:
        if field == "trust":
            return [(self.report.trust, self.report.trust)]
        if field == "sources":
            return [(self.sources, self.sources)]
        if not isinstance(event, Event):
            return []
        if field == "confidence":
            return [(event.confidence, event.confidence)]
        given = [one for one in event.quantities if field in ("quantity", one.unit)]
        return [(one.min, one.max) for one in given if one.min is not None and one.max is not None]

    def words_in(self, row: Sequence[frozenset[str]], scope: str) -> bool:
        return bool(self.row([answers(keys) for keys in row], scope))

    def row(self, asked: Sequence[Callable[[Token], bool]], scope: str) -> set[tuple[int, int]]:
        """Every place where a row of words stands."""
        found = set()
        for at in range(len(self.tokens) - len(asked) + 1):
            there = self.tokens[at : at + len(asked)]
            edge = len(self.report.title)
            inside = scope == "" or all((token.start < edge) == (scope == "title") for token in there)
            if inside and all(ask(token) for ask, token in zip(asked, there, strict=True)):
                found.add((at, at + len(asked) - 1))
        return found

    def places(self, node: Node) -> set[tuple[int, int]]:
        match node:
            case Words(text, True, scope):
                words = [text[token.start : token.end] for token in FOLDING.tokens(text)]
                return self.row([self.written(word) for word in words], scope)
            case Words(text, False, scope):
                return self.row([answers(keys) for keys in FOLDING.term(text)], scope)
            case Stem(text, scope):
                lang = self.report.lang
                wanted = stem(FOLDING.fold(text), lang)
                return self.row([lambda token: stem(token.keys[0], lang) == wanted], scope)
            case Wild(text, before, after, scope):
                return self.row([shaped(FOLDING.fold(text), before, after)], scope)
            case Or(parts):
                return {place for part in parts for place in self.places(part)}
            case Near(left, right, distance, ordered):
                pairs = [(one, two) for one in self.places(left) for two in self.places(right)]
                behind = {(a[0], b[1]) for a, b in pairs if 0 < b[0] - a[1] <= distance}
                ahead = {(b[0], a[1]) for a, b in pairs if 0 < a[0] - b[1] <= distance}
                return behind if ordered else behind | ahead
        raise TypeError(node)

    def written(self, word: str) -> Callable[[Token], bool]:
        return lambda token: self.body[token.start : token.end] == word


def answers(keys: frozenset[str]) -> Callable[[Token], bool]:
    return lambda token: any(key in keys for key in token.keys)


def shaped(word: str, before: bool, after: bool) -> Callable[[Token], bool]:
    shape = re.compile(f"{'.*' if before else ''}{re.escape(word)}{'.*' if after else ''}", re.DOTALL)
    return lambda token: any(shape.fullmatch(key) for key in token.keys if not key.endswith("~"))


def flat(node: Node) -> list[Node]:
    while isinstance(node, Saved) and node.part is not None:
        node = node.part
    return [inner for part in node.parts for inner in flat(part)] if isinstance(node, And) else [node]


def is_slot(node: Node) -> bool:
    if isinstance(node, Compare | Between):
        return node.field not in ITEM_NUMBERS
    if isinstance(node, Has) and node.field not in EVENT_FIELDS:
        return node.field not in {"entity", "country", "keyword", "lang", "source", "feed", "category", *ITEM_NUMBERS}
    return isinstance(node, Is | Has | Among) and node.field in EVENT_FIELDS


def inner(node: Node) -> Sequence[Node]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Saved(_, part) if part is not None:
            return (part,)
    return ()


def has_slot(node: Node) -> bool:
    return is_slot(node) or any(has_slot(part) for part in inner(node))


def plain_slot(node: Node) -> bool:
    return is_slot(node) or (not isinstance(node, Not) and any(plain_slot(part) for part in inner(node)))


def slots(event: Happening | None, field: str) -> list[str]:
    if not isinstance(event, Event):
        return []
    return {
        "event": [event.type], "status": [str(event.status)], "actor": list(event.actors),
        "target": list(event.targets), "place": list(event.places), "said_by": list(event.said_by),
    }[field]  # fmt: skip


def compare(end: float, operator: str, number: float) -> bool:
    return {
        "=": end == number, "!=": end != number, "<": end < number, "<=": end <= number, ">": end > number,
        ">=": end >= number,
    }[operator]  # fmt: skip


def speaks_of_confidence(node: Node) -> bool:
    return "confidence" in re.findall(r"field='(\w+)'", repr(node))
