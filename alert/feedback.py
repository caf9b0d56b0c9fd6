"""From "that was not relevant" to a change a person can merge.

The words that rang become a `stay_quiet` example, and the smallest edits of the query that would have silenced them are
proposed, each with what else it would have silenced. Nothing is changed by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alert.backtest import Seen
from alert.compile import Compiled
from alert.match.verdicts import Sight, holds
from alert.query.ast import And, Is, Node, Not, Or, Words, walk
from alert.query.binding import Resolved, bind, gated
from alert.query.show import show
from alert.subscriptions import SubscriptionSet
from schemas.item import Item
from schemas.report import Event, Report, Status

Understand = Callable[[Item], Report]
MAX_EDITS: Final = 3
_LONGEST: Final = 600
_PLAIN: Final = (Status.REPORTED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to change a query."""

    query: str
    what: str
    """In words: what is added or taken away."""
    silenced: tuple[str, ...]
    """Ids of the reports of the history it would have silenced besides."""
    kept: int
    """Reports of the history that would still ring."""
    more: str = ""
    """The words that come behind the query as it is written, where that is all the edit does."""


@dataclass(frozen=True, slots=True)
class Change:
    """A query changed a little: its tree, how it is written, what was done, and the words that came behind it."""

    node: Node
    query: str
    what: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to write into a subscription."""

    subscription: str
    example: str
    edits: tuple[Edit, ...]


def propose(
    wanted: SubscriptionSet, subscription: str, report: Report, history: Sequence[Seen], understand: Understand
) -> Proposal:
    """Edits that silence a report, least harmful first. Raises KeyError on an unknown subscription."""
    one = wanted.compiled[subscription]
    gates: dict[str, Resolved] = {
        "place": _resolved(one.written.unplaced), "said_by": _resolved(one.written.unattributed),
        "lang": _resolved(one.written.unknown_language),
    }  # fmt: skip
    seen = wanted.sight(report)
    rang = [(old.change.report.id, wanted.sight(old.change.report, old.change.story)) for old in history]
    rang = [(name, sight) for name, sight in rang if name != report.id and holds(one.formula, sight)]
    edits = [edit for change in _candidates(one, report) if (edit := _tried(change, gates, seen, rang))]
    best = sorted(edits, key=lambda edit: (len(edit.silenced), len(edit.query)))
    return Proposal(subscription, _example(one, wanted, report, understand), tuple(best[:MAX_EDITS]))


def _example(one: Compiled, wanted: SubscriptionSet, report: Report, understand: Understand) -> str:
    """The headline, if it alone would ring; else with as much of the text as an example bears."""
    headline = (report.title or report.text)[:200].strip()
    alone = understand(Item(id="example", title=headline))
    if holds(one.formula, wanted.sight(alone)) or not report.title:
        return headline
    return f"{headline}\n{report.text.strip()[:_LONGEST]}".strip()


def _resolved(gate: str) -> Resolved:
    return "pass" if gate == "pass" else "drop"


def _tried(change: Change, gates: dict[str, Resolved], seen: Sight, rang: Sequence[tuple[str, Sight]]) -> Edit | None:
    """The edit with its price; None where it does not silence the report."""
    formula = gated(bind(change.node), gates)
    if holds(formula, seen):
        return None
    silenced = tuple(name for name, sight in rang if not holds(formula, sight))
    return Edit(change.query, change.what, silenced, len(rang) - len(silenced), change.more)


def _candidates(one: Compiled, report: Report) -> Iterator[Change]:
    """Small changes: one condition more, or one alternative less."""
    asked = set(walk(one.query))
    for condition in _denials(report):
        if condition in asked:
            continue
        yield _and_not(one, condition)
    for node in walk(one.query):
        if isinstance(node, Or):
            for part in node.parts:
                rest = tuple(other for other in node.parts if other is not part)
                smaller = rest[0] if len(rest) == 1 else replace(node, parts=rest)
                changed = _put(one.query, node, smaller)
                yield Change(changed, show(changed), f"takes away the alternative {show(part)}")


def _denials(report: Report) -> Iterator[Node]:
    """What can be said of this report that a subscription may not want."""
    main: Event | None = next((event for event in report.events if event.main), next(iter(report.events), None))
    if main is not None and main.status not in _PLAIN:
        yield Is("status", main.status.value)
    if main is not None:
        yield Is("event", main.type)
    yield from (Is("keyword", keyword.id) for keyword in report.keywords)
    if report.category:
        yield Is("category", report.category)
    yield from (Words(term) for term in report.terms if len(term) > 2)


def _and_not(one: Compiled, condition: Node) -> Change:
    """One denial more, behind the query as its author wrote it."""
    query, denial = one.query, Not(condition)
    node = replace(query, parts=(*query.parts, denial)) if isinstance(query, And) else And((query, denial))
    what, more = f"adds NOT {show(condition)}", f"AND {show(denial)}"
    if not isinstance(one.written.match, str):
        return Change(node, show(node), what)
    written = " ".join(one.written.match.split())
    if isinstance(query, Or):
        return Change(node, f"({written}) {more}", what)
    return Change(node, f"{written} {more}", what, more)


def _put(query: Node, old: Node, new: Node) -> Node:
    """The query with one node in another's place."""
    if query is old:
        return new
    match query:
        case And(parts) | Or(parts):
            return replace(query, parts=tuple(_put(part, old, new) for part in parts))
        case Not(part):
            return replace(query, part=_put(part, old, new))
    return query


def told(proposal: Proposal) -> Iterable[str]:
    """A proposal in words."""
    yield f"{proposal.subscription}: stay_quiet example: {proposal.example!r}"
    if not proposal.edits:
        yield "  no small change of the query would have silenced it"
    for edit in proposal.edits:
        price = f"also silences {len(edit.silenced)}, keeps {edit.kept}" if edit.silenced else f"keeps all {edit.kept}"
        yield f"  {edit.what} ({price} of those that rang)"
        yield f"    match: {edit.query}"
