"""From "that was not relevant" to a change a person can merge.

The words that rang become a `stay_quiet` example, and the smallest edits of the query that would have silenced them are
proposed, each with what else it would have silenced. Nothing is changed by itself.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alert.backtest import Seen
from alert.compile import Compiled
from alert.match.verdicts import Sight, holds
from alert.query.ast import And, Is, Node, Not, Or, Words, walk
from alert.query.binding import Resolved, bind, gated
from alert.query.show import show
from alert.subscriptions import SubscriptionSet
from schemas.report import Event, Report, Status

MAX_EDITS: Final = 3
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


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to write into a subscription."""

    subscription: str
    example: str
    edits: tuple[Edit, ...]


def propose(wanted: SubscriptionSet, subscription: str, report: Report, history: Sequence[Seen]) -> Proposal:
    """Edits that silence a report, least harmful first. Raises KeyError on an unknown subscription."""
    one = wanted.compiled[subscription]
    gates: dict[str, Resolved] = {
        "place": _resolved(one.written.unplaced), "said_by": _resolved(one.written.unattributed),
        "lang": _resolved(one.written.unknown_language),
    }  # fmt: skip
    seen = wanted.sight(report)
    rang = [(old.change.report.id, wanted.sight(old.change.report, old.change.story)) for old in history]
    rang = [(name, sight) for name, sight in rang if name != report.id and holds(one.formula, sight)]
    edits = [edit for node, what in _candidates(one, report) if (edit := _tried(node, what, gates, seen, rang))]
    best = sorted(edits, key=lambda edit: (len(edit.silenced), len(edit.query)))
    return Proposal(subscription, (report.title or report.text)[:200].strip(), tuple(best[:MAX_EDITS]))


def _resolved(gate: str) -> Resolved:
    return "pass" if gate == "pass" else "drop"


def _tried(
    node: Node, what: str, gates: dict[str, Resolved], seen: Sight, rang: Sequence[tuple[str, Sight]]
) -> Edit | None:
    """The edit with its price; None where it does not silence the report."""
    formula = gated(bind(node), gates)
    if holds(formula, seen):
        return None
    silenced = tuple(name for name, sight in rang if not holds(formula, sight))
    return Edit(show(node), what, silenced, len(rang) - len(silenced))


def _candidates(one: Compiled, report: Report) -> Iterator[tuple[Node, str]]:
    """Small changes: one condition more, or one alternative less."""
    asked = set(walk(one.query))
    for condition in _denials(report):
        if condition in asked:
            continue
        yield _and_not(one.query, condition), f"adds NOT {show(condition)}"
    for node in walk(one.query):
        if isinstance(node, Or):
            for part in node.parts:
                rest = tuple(other for other in node.parts if other is not part)
                smaller = rest[0] if len(rest) == 1 else replace(node, parts=rest)
                yield _put(one.query, node, smaller), f"takes away the alternative {show(part)}"


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


def _and_not(query: Node, condition: Node) -> Node:
    more = Not(condition)
    return replace(query, parts=(*query.parts, more)) if isinstance(query, And) else And((query, more))


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


def patch(text: str, file: str, proposal: Proposal, edit: Edit | None = None) -> str:
    """A unified diff of the subscription's file: the example, and the edited query where one is chosen.

    Empty where the subscription is not written in block style, or nothing changes.
    """
    lines = text.splitlines(keepends=True)
    changed = _with_example(lines, proposal)
    if edit is not None:
        changed = _with_query(changed, proposal.subscription, edit.query)
    diff = difflib.unified_diff(lines, changed, f"a/{file}", f"b/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in diff)


def _block(lines: Sequence[str], subscription: str) -> tuple[int, int, int] | None:
    """First line, end and indent of a subscription's keys; None where it is not in block style."""
    named = next((at for at, line in enumerate(lines) if _names(line, subscription)), None)
    if named is None:
        return None
    dashed = lines[named].lstrip().startswith("-")
    indent = len(lines[named]) - len(lines[named].lstrip()) + (2 if dashed else 0)
    begin = named
    while not lines[begin].lstrip().startswith("-") and begin > 0:
        begin -= 1
    end = next((at for at in range(named + 1, len(lines)) if _ends(lines[at], indent)), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return begin, end, indent


def _with_example(lines: Sequence[str], proposal: Proposal) -> list[str]:
    quoted = proposal.example.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    example = f'"{quoted}"'
    block = _block(lines, proposal.subscription)
    if block is None or any(example in line for line in lines):
        return list(lines)
    return _inserted(lines, *block, example)


def _with_query(lines: Sequence[str], subscription: str, query: str) -> list[str]:
    """The lines with another `match:`, written so that no quoting is needed."""
    block = _block(lines, subscription)
    if block is None:
        return list(lines)
    begin, end, indent = block
    keys = [at for at in range(begin, end) if _key_at(lines[at], indent)]
    at = next((at for at in keys if lines[at].strip().removeprefix("-").strip().startswith("match:")), None)
    if at is None:
        return list(lines)
    after = next((key for key in keys if key > at), end)
    head = lines[at][: lines[at].index("match:")]
    return [*lines[:at], f"{head}match: >-\n", f"{' ' * (indent + 2)}{query}\n", *lines[after:]]


def _key_at(line: str, indent: int) -> bool:
    """Whether a key of the subscription begins on this line (the first stands behind its dash)."""
    bare = line.replace("-", " ", 1) if line.lstrip().startswith("- ") else line
    return bool(bare.strip()) and len(bare) - len(bare.lstrip()) == indent and ":" in bare


def _names(line: str, subscription: str) -> bool:
    """Whether a line holds `id: subscription` in block style."""
    words = line.strip().removeprefix("-").strip().split("#")[0].strip()
    return words in (f"id: {subscription}", f'id: "{subscription}"', f"id: '{subscription}'")


def _ends(line: str, indent: int) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < indent


def _inserted(lines: Sequence[str], begin: int, end: int, indent: int, example: str) -> list[str]:
    """The lines with the example under `examples: stay_quiet:`, making these where they lack."""
    pad, own = " " * indent, lines[begin:end]
    under = next((at for at, line in enumerate(own) if line.startswith(f"{pad}examples:")), None)
    if under is None:
        more = [f"{pad}examples:\n", f"{pad}  stay_quiet:\n", f"{pad}    - {example}\n"]
        last = [own[-1] if own[-1].endswith("\n") else own[-1] + "\n"]
        return [*lines[: end - 1], *last, *more, *lines[end:]]
    quiet = next((at for at, line in enumerate(own) if at > under and line.strip().startswith("stay_quiet:")), None)
    at = begin + (under if quiet is None else quiet)
    head = [*lines[: at + 1]] if quiet is not None else [*lines[: at + 1], f"{pad}  stay_quiet:\n"]
    if quiet is not None and lines[at].rstrip().endswith("]"):
        line = lines[at].rstrip()
        sign = "" if line.endswith("[]") else ", "
        return [*lines[:at], f"{line[:-1]}{sign}{example}]\n", *lines[at + 1 :]]
    return [*head, f"{pad}    - {example}\n", *lines[at + 1 :]]


def told(proposal: Proposal) -> Iterable[str]:
    """A proposal in words."""
    yield f"{proposal.subscription}: stay_quiet example: {proposal.example!r}"
    if not proposal.edits:
        yield "  no small change of the query would have silenced it"
    for edit in proposal.edits:
        price = f"also silences {len(edit.silenced)}, keeps {edit.kept}" if edit.silenced else f"keeps all {edit.kept}"
        yield f"  {edit.what} ({price} of those that rang)"
        yield f"    match: {edit.query}"
