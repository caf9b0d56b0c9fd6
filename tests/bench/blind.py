"""Blind sets: 300 items each in 15 languages nobody tuned on, scored by type, status and slot, language by language.

    python -m tests.bench.blind [blind | opened | kept] [--errors]

`blind` and `opened` have been read and mended by; `kept` is for scores alone: nobody prints its errors.

An event counts when its confidence is at least `SURE` and its context is current; on a negative a hypothetical one is
forgiven. Columns, all ratios:

* `type`: main events whose type was found; `offered`: the same with events of any confidence
* `main`: of the main events told (false alarms among them), those of a type the label has
* `alarms`: negatives on which something fired; `lure`: on which the very type they were written to lure out fired
* `status`, `counts`: of the main events found, right statuses; of their counts, those found
* `actors targets places said_by`: F1 over the main events found, names compared as slugs, words of one in the other

Their first scores stand in `docs/understanding.md`.
"""

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enrich.understand import Understander
from schemas.item import Item
from schemas.report import SURE, Context, Event, EventQuantity, Status

HERE = Path(__file__).parent
SETS = ("blind", "opened", "kept")
SLOTS = ("actors", "targets", "places", "said_by")
Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that came out otherwise than labelled."""

    kind: str
    item: str
    title: str
    expected: str
    got: str


@dataclass(slots=True)
class Tally:
    """Counts of one language, and what went wrong."""

    count: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, kind: str, label: Label, expected: object, got: object) -> None:
        """Keep one error."""
        self.faults.append(Fault(kind, label["id"], label["title"], str(expected), str(got)))

    def ratio(self, part: str, whole: str) -> float:
        """A share; 0 of nothing is 0."""
        return self.count[part] / (self.count[whole] or 1)

    def f1(self, slot: str) -> float:
        """Harmonic mean of a slot's precision and recall: twice the right names over all names."""
        right, names = self.count[f"{slot} right"], self.count[f"{slot} labelled"] + self.count[f"{slot} told"]
        return 2 * right / (names or 1)

    def row(self) -> dict[str, float]:
        """The columns of the table."""
        return {
            "type": self.ratio("found", "positives"),
            "offered": self.ratio("offered", "positives"),
            "main": self.ratio("main right", "main told"),
            "alarms": self.ratio("alarms", "negatives"),
            "lure": self.ratio("lured", "negatives"),
            "status": self.ratio("status right", "found"),
            **{slot: self.f1(slot) for slot in SLOTS},
            "counts": self.ratio("counts found", "counts"),
        }


def slug(name: str) -> str:
    """A name in ASCII, its words joined by hyphens; defence and defense are one word."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("defence", "defense")).strip("-")


def same(label: str, told: str) -> bool:
    """One of a label's names (`A|B`) and the name told are equal, or the words of one are all in the other."""
    name = slug(told)
    for wanted in map(slug, label.split("|")):
        loose = min(len(wanted), len(name)) > 2
        words, others = set(wanted.split("-")), set(name.split("-"))
        if wanted == name or (loose and (words <= others or others <= words)):
            return True
    return False


def unmatched(labelled: Iterable[str], told: Iterable[str]) -> tuple[list[str], list[str]]:
    """The labelled names nobody told, and the told ones without a label."""
    missing, left = [], list(told)
    for name in labelled:
        found = next((other for other in left if same(name, other)), None)
        if found is None:
            missing.append(name)
        else:
            left.remove(found)
    return missing, left


def fits(label: Label, told: EventQuantity) -> bool:
    """The value, or the bound, within one in a hundred, in the unit labelled (`other`: in any)."""
    wanted = float(next(label[bound] for bound in ("value", "min", "max") if bound in label))
    near = (told.value, told.min, told.max)
    right_unit = label["unit"] in (told.unit, "other")
    return right_unit and any(value is not None and abs(value - wanted) <= 0.01 * wanted for value in near)


def is_sure(event: Event) -> bool:
    """Sure enough to be heard of, and news."""
    return event.confidence >= SURE and event.context == Context.CURRENT


def score_negative(label: Label, events: Sequence[Event], tally: Tally) -> None:
    """Nothing should fire."""
    live = [event.type for event in events if is_sure(event) and event.status != Status.HYPOTHETICAL]
    tally.count["negatives"] += 1
    tally.count["alarms"] += bool(live)
    tally.count["main told"] += bool(live)
    tally.count["lured"] += bool(set(live) & set(label["must_not"]))
    if live:
        tally.fault("false alarm", label, "nothing", ", ".join(live))


def score_slots(label: Label, wanted: Label, event: Event, tally: Tally) -> None:
    """Status, names and counts of a main event that was found."""
    tally.count["status right"] += event.status == wanted["status"]
    if event.status != wanted["status"]:
        tally.fault("status", label, wanted["status"], event.status)
    for slot in SLOTS:
        told: tuple[str, ...] = getattr(event, slot)
        missing, left = unmatched(wanted[slot], told)
        tally.count[f"{slot} labelled"] += len(wanted[slot])
        tally.count[f"{slot} told"] += len(told)
        tally.count[f"{slot} right"] += len(told) - len(left)
        if missing or left:
            tally.fault(slot, label, wanted[slot], list(told))
    for count in wanted["quantities"]:
        found = any(fits(count, told) for told in event.quantities)
        tally.count["counts"] += 1
        tally.count["counts found"] += found
        if not found:
            tally.fault("count", label, count, [(told.value, told.unit) for told in event.quantities])


def score_positive(label: Label, events: Sequence[Event], tally: Tally) -> None:
    """The main event's type, the type of what was told as main, and the slots."""
    wanted = next(event for event in label["events"] if event["main"])
    sure = [event for event in events if is_sure(event)]
    main = next((event for event in sure if event.main), sure[0] if sure else None)
    found = next((event for event in sure if event.type == wanted["type"]), None)
    offered = any(event.type == wanted["type"] for event in events)
    tally.count["positives"] += 1
    tally.count["found"] += found is not None
    tally.count["offered"] += offered
    if main:
        right = main.type in {event["type"] for event in label["events"]}
        tally.count["main told"] += 1
        tally.count["main right"] += right
        if not right:
            tally.fault("wrong main type", label, wanted["type"], main.type)
    if found:
        score_slots(label, wanted, found, tally)
        return
    told = ", ".join(f"{event.type} {event.confidence:.2f} {event.context}" for event in events) or "nothing"
    oblique = "told obliquely" if label["oblique"] else "told plainly"
    tally.fault(f"missed, {oblique}, {'offered unsure' if offered else 'not offered'}", label, wanted["type"], told)


def score(reader: Understander, labels: Iterable[Label]) -> Tally:
    """All items of one language."""
    tally = Tally()
    for label in labels:
        events = reader.understand(Item(id=label["id"], title=label["title"], text=label["text"])).events
        judge = score_positive if label["kind"] == "positive" else score_negative
        judge(label, events, tally)
    return tally


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum over languages."""
    whole = Tally()
    for tally in tallies:
        whole.count.update(tally.count)
        whole.faults.extend(tally.faults)
    return whole


def line(name: str, row: dict[str, float]) -> str:
    """One row of the table, in Markdown."""
    return f"| {name} | " + " | ".join(f"{value:.2f}" for value in row.values()) + " |"


def print_errors(faults: Iterable[Fault]) -> None:
    """Every error, grouped by kind, the commonest kind first."""
    kinds: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        kinds[fault.kind].append(fault)
    for kind, some in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        print(f"\n## {kind}: {len(some)}")
        for fault in some:
            print(f"{fault.item}  {fault.title}\n    expected {fault.expected}; got {fault.got}")


def main() -> None:
    """Print the table, the counts of each kind of error, and with `--errors` each of them."""
    name = next((word for word in sys.argv[1:] if word in SETS), SETS[0])
    reader = Understander.load()
    tallies = {}
    for path in sorted((HERE / name).glob("*.jsonl")):
        tallies[path.stem] = score(reader, map(json.loads, path.read_text("utf-8").splitlines()))
    whole = together(tallies.values())
    columns = ["language", *whole.row()]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")
    print(line("all", whole.row()))
    for lang, tally in tallies.items():
        print(line(lang, tally.row()))
    kinds = Counter(fault.kind for fault in whole.faults)
    print("\n" + "; ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    if "--errors" in sys.argv and name != "kept":
        print_errors(whole.faults)


if __name__ == "__main__":
    main()
