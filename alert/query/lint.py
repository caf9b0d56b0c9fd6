"""What is allowed but can hardly be meant."""

from collections.abc import Iterator

from alert.query.ast import And, Is, Node, Not, Saved, Wild, walk
from alert.query.fields import FIELDS
from alert.query.show import show
from schemas.ports import Names
from schemas.subscription import Subscription

_ONE_EACH = ("event", "status")


def warnings(node: Node, written: Subscription, names: Names) -> Iterator[str]:
    """Warnings on a checked query and its subscription, in words."""
    for group in walk(node):
        if isinstance(group, And):
            yield from _one_event(group)
    for part in walk(node):
        if isinstance(part, Wild) and part.before and part.after:
            yield f"{show(part)} looks inside every word: write more, or =exact words"
        if isinstance(part, Not) and isinstance(part.part, Not):
            yield f"NOT NOT is the condition itself: {show(part.part.part)}"
        if isinstance(part, Is) and part.field == "country":
            yield from _no_country(part.value, names)
    yield from _gates(node, written)
    if not written.notify:
        yield "it notifies nobody: add notify: [destination]"


def _no_country(value: str, names: Names) -> Iterator[str]:
    known = names.find(value)
    if known is not None and known.type != "country":
        yield f"country:{value} can never be met: it is a {known.type}; write entity:{value} or place:{value}"


def _one_event(group: And) -> Iterator[str]:
    """`event:a AND event:b` in one group asks one event to be of two types."""
    asked: dict[str, list[str]] = {}
    for part in group.parts:
        inner = part.part if isinstance(part, Saved) else part
        if isinstance(inner, Is) and inner.field in _ONE_EACH:
            asked.setdefault(inner.field, []).append(inner.value)
    for field, values in asked.items():
        if len(set(values)) > 1:
            name = "type" if field == "event" else field
            pair = " AND ".join(f"event{{{name}:{value}}}" for value in dict.fromkeys(values))
            yield f"one event has one {name}: for two events write {pair}"


def _gates(node: Node, written: Subscription) -> Iterator[str]:
    """`NOT place:` drops the unplaced too, which surprises."""
    for part in walk(node):
        inner = part.part if isinstance(part, Not) else None
        if not isinstance(inner, Is):
            continue
        gate = FIELDS[inner.field].gate
        if gate is not None and getattr(written, gate) == "drop":
            yield f"NOT {show(inner)} also drops what has no known {inner.field}; {gate}: pass keeps it"
