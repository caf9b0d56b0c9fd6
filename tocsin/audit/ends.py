"""Every item, and every alert, in exactly one end state. Pure.

An item is pending (not yet read by a stage), dead, forgotten, or went on: item → report → change → alerts. Each alert
is pending, dead, or has receipts, the last of which is its end state.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.audit.facts import Entry, Facts, Finding

STEPS = (("items", "understand", "reports"), ("reports", "stories", "changes"))
"""(input, stage, output): one output for each input."""
RINGS = ("changes", "match", "alerts")
"""Any number of outputs for each input."""


@dataclass
class Ends:
    """How many items and alerts ended how, and what is wrong."""

    items: Counter[str] = field(default_factory=Counter)
    alerts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def ends(facts: Facts) -> Ends:
    """Follow every item that is still in the log to its end."""
    result = Ends()
    dead = {(str(b.get("stage")), f"{b.get('topic')}/{b.get('partition')}/{b.get('offset')}") for b in _bodies(facts)}
    dropped = facts.repeats()
    for source, stage, target in STEPS:
        caused = Counter(
            entry.cause for entry in facts.topic(target)
            if entry.writer.startswith(f"{stage}/") and entry.place not in dropped
        )  # fmt: skip
        for entry in facts.topic(source):
            if entry.place in dropped:
                result.items["repeat, dropped by its reader"] += 1
                result.findings += _worked_on(entry, stage, target, caused[entry.place])
                continue
            state = _step(entry, stage, facts, dead, caused[entry.place])
            result.findings += _judge(entry, stage, target, state, caused[entry.place], _position(facts, stage, entry))
            if state != "went on":
                result.items[f"{state} at {stage}"] += 1
    _rings(facts, dead, result)
    return result


def _bodies(facts: Facts) -> Iterator[dict[str, object]]:
    return (entry.body() for entry in facts.topic("dead"))


def _step(entry: Entry, stage: str, facts: Facts, dead: set[tuple[str, str]], outputs: int) -> str:
    """Where a record stands at a stage."""
    if (stage, entry.place) in dead:
        return "dead"
    if outputs:
        return "went on"
    if entry.value is None:
        return "forgotten"
    return "pending" if entry.offset >= _position(facts, stage, entry) else "lost"


def _position(facts: Facts, stage: str, entry: Entry) -> int:
    return facts.positions.get((stage, entry.partition), {}).get(entry.topic, 0)


def _judge(entry: Entry, stage: str, target: str, state: str, outputs: int, position: int) -> Iterator[Finding]:
    if state == "lost":
        yield Finding("lost", entry.place, f"{stage} is past it, but wrote nothing to {target} and laid nothing aside")
    if (state == "dead" and outputs) or outputs > 1:
        yield Finding("doubled", entry.place, f"{stage} wrote {outputs} record(s) to {target} for it; it is {state}")
    if outputs and entry.offset >= position:
        yield Finding("position", entry.place, f"{target} has its output, but {stage} has not acknowledged it")


def _worked_on(entry: Entry, stage: str, target: str, outputs: int) -> Iterator[Finding]:
    """A repeat must have come to nothing."""
    if outputs:
        yield Finding("doubled", entry.place, f"{stage} wrote {outputs} record(s) to {target} for a repeat")


def _rings(facts: Facts, dead: set[tuple[str, str]], result: Ends) -> None:
    """Changes to alerts to receipts."""
    source, stage, target = RINGS
    receipts = _last_receipts(facts)
    by_change: Mapping[str, list[Entry]] = _by_cause(facts.topic(target))
    dropped = facts.repeats()
    for change in facts.topic(source):
        if change.place in dropped:
            result.findings += _worked_on(change, stage, target, len(by_change.get(change.place, ())))
            continue
        state = _step(change, stage, facts, dead, len(by_change.get(change.place, ())))
        result.items[{"went on": "rang", "lost": "filtered", "pending": f"pending at {stage}"}.get(state, state)] += 1
    for alert in facts.topic(target):
        if alert.place in dropped:
            continue
        result.alerts[_alert_end(alert, facts, dead, receipts)] += 1


def _by_cause(entries: list[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.cause].append(entry)
    return found


def _last_receipts(facts: Facts) -> dict[str, str]:
    bodies = [entry.body() for entry in facts.topic("receipts")]
    return {str(body.get("alert")): str(body.get("outcome")) for body in bodies}


def _alert_end(alert: Entry, facts: Facts, dead: set[tuple[str, str]], receipts: Mapping[str, str]) -> str:
    if ("deliver", alert.place) in dead:
        return "dead"
    if outcome := receipts.get(str(alert.body().get("id"))):
        return outcome
    return "pending" if alert.offset >= _position(facts, "deliver", alert) else "in the ledger"
