"""Our queries and reports in Lucene's terms: mechanically, from the same trees."""

from collections.abc import Iterable

from alert.query.ast import And, Compare, Is, Near, Node, Not, Or, Wild, Words
from schemas.report import Event, Report


def prefix(node: Node) -> str:
    """A tree in prefix notation. Raises `ValueError` on what the peer is not asked."""
    match node:
        case And(parts):
            return f"AND {len(parts)} " + " ".join(prefix(part) for part in parts)
        case Or(parts):
            return f"OR {len(parts)} " + " ".join(prefix(part) for part in parts)
        case Not(part):
            return f"NOT {prefix(part)}"
        case Is(field, value):
            return f"IS {field} {value}"
        case Compare(field, ">=", number):
            return f"FROM {field} {number}"
        case Words(text, False):
            words = text.split()
            return f"IS body {text}" if len(words) == 1 else f"PHRASE {len(words)} {text}"
        case Wild(text, False, True):
            return f"BEGINS {text}"
        case Near(left, right, distance, False):
            return f"NEAR {distance - 1} {prefix(left)} {prefix(right)}"
    raise ValueError(f"not for the peer: {node!r}")


def report_line(report: Report) -> str:
    """A report: id, words, fields, numbers, then a column an event."""
    lists = {"category": [report.category], "source": [report.source], "lang": [report.lang]}
    fields = [("entity", entity.id) for entity in report.entities]
    fields += [(name, value) for name, values in lists.items() for value in values if value]
    events = [_pairs(_event(event)) for event in report.events]
    return "\t".join([report.id, report.text, _pairs(fields), f"#trust={report.trust}", *events])


def _event(event: Event) -> Iterable[tuple[str, object]]:
    yield "event", event.type
    yield "status", event.status.value
    yield from (("actor", one) for one in event.actors)
    yield from (("target", one) for one in event.targets)
    yield from (("place", one) for one in event.places)
    yield from ((f"#{quantity.unit}", quantity.value) for quantity in event.quantities)


def _pairs(fields: Iterable[tuple[str, object]]) -> str:
    return " ".join(f"{name}={value}" for name, value in fields)


def asks_the_same(node: Node) -> bool:
    """Whether both engines mean the same: Lucene finds a word near itself, we do not."""
    if isinstance(node, Near):
        right = node.right.parts if isinstance(node.right, Or) else (node.right,)
        return node.left not in right
    parts = node.parts if isinstance(node, And | Or) else (node.part,) if isinstance(node, Not) else ()
    return all(asks_the_same(part) for part in parts)
