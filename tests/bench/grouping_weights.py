"""Fits `enrich/stories/weights.yaml`: what each sign that a report tells of a story is worth.

Labelled reports (the gold and `told/opened_*.jsonl`) arrive among thousands of others (the corpus of the second reader
and ordinary news, all taken for happenings of their own) on the same days, among a tenth of those, and alone. Each
report is weighed against the stories the index leads to, filed as labelled, and two logistic regressions with signed
coefficients are fitted to which was its own. Bits are log-odds to the base of two.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import log
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from enrich.stories import facts, shelf
from enrich.stories.evidence import DAYS, signs
from enrich.stories.likeness import copied
from enrich.stories.traits import Rolling, traits_of
from enrich.stories.vetoes import COPY, distance, is_copy, veto
from enrich.understand import Understander
from schemas.item import Item
from schemas.ports import Names
from schemas.report import Report
from tests.bench.grouping import Labelled, from_files, from_gold
from tests.enrich.stories.gold import GoldNames, gold
from tests.enrich.stories.slavic_topics import news

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "enrich/stories/weights.yaml"
HEAD = """# Written by `python -m tests.bench.grouping_weights --write`. Bits per unit of each sign of `evidence.py`.
# The time between two counts so much because it does: of two reports that share anything rare, those of one day mostly
# tell one happening.
"""
LEAST = 0.02
"""Bits below which a sign is left out."""
OPENED = sorted((Path(__file__).parent / "told").glob("opened_*.jsonl"))
CROWDS = (1.0, 0.1, 0.0)
CLOSELY = 10
"""Stories each report is weighed against: more than are when it counts, for more to learn from."""
TOPICAL = 10
"""Reports of a topic in a language."""
STEADY = 0.3
"""Weight of the data against that of small coefficients."""
LN2 = log(2)
LENIENT = {True: 2.0, False: -1.0}
"""Bits less than make it as likely as not, by whether both tell an event, set by hand: where what happened is
understood a second story annoys more than a wrong companion; by wording and names alone topics may run together."""
NEVER_BELOW: Mapping[str, float] = {"who": 0.1, "same deed": 3}
"""Bits that a sign is worth at the least, …"""
NEVER_ABOVE: Mapping[str, float] = {
    "apart type": 0, "near type": 0, "others": 0, "other actors": 0, "other land": 0, "elsewhere": 0, "one language": 0,
    "other headline": -8, "other words": -6,
}  # fmt: skip
"""… or at the most: two texts of one language with hardly a word in common, or under headlines that have none, tell of
two things; the labelled reports have few of those on one day, and the world has many."""
BY_HAND: Mapping[bool, Mapping[str, float]] = {
    True: {"undated": 3.0, "lasting deed": 5.0},
    False: {"undated": -4.0, "half told": -2.0, "half read": 3.0, "other ground": -3.0},
}
"""Bits by whether both tell an event: nobody knows when; the same goes on at one spot, whatever days lie between; only
one tells an event, and elsewhere (a parade of the troops is not their deployment); of a text in a language that is not
read there are fewer signs."""
HAND = frozenset(name for names in BY_HAND.values() for name in names)
EITHER = frozenset({"nobody"})
Matrix = NDArray[np.float64]


class Pair(NamedTuple):
    """A report and an open story: what signs there are, whether it is the report's own, how much the pair counts."""

    report: str
    story: str
    told: bool
    signs: Mapping[str, float]
    own: bool
    weight: float


def crowd(reader: Understander) -> list[Report]:
    """Reports of other happenings, understood."""
    chance, found = Random(9), []
    for path in sorted([*(ROOT / "enrich/corpus").glob("*.jsonl"), *(ROOT / "tests/bench/ordinary").glob("*.jsonl")]):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            row = json.loads(line)
            item = Item(id=f"{path.parent.name}/{path.stem}/{number}", title=row.get("title", ""),
                        text=row.get("text", ""), lang=path.stem, source=f"Paper {chance.randrange(800)}")  # fmt: skip
            found.append(reader.understand(item))
    chance.shuffle(found)
    return found


def pairs(given: Labelled, reports: Sequence[Report], others: Sequence[Report], names: Names,
          weight: float = 1.0) -> Iterator[Pair]:  # fmt: skip
    """Each labelled report with the stories it may belong to, each other one with the labelled stories."""
    chance, rolling, kept, book = Random(3), Rolling(names), shelf.Shelf(), shelf.Nowhere()
    dated = [report.published for report in reports if report.published]
    days: Sequence[datetime | None] = dated or [None]
    moved = [one.model_copy(update={"published": _near(chance.choice(days), chance)}) for one in others]
    homes: dict[str, int] = {}
    filed: dict[int, str] = {}
    for report in sorted([*reports, *moved], key=lambda report: (str(report.published), report.id)):
        traits, story = traits_of(report, rolling), given.story.get(report.id, report.id)
        sought = kept.sought(traits)
        near = set(kept.candidates(sought, CLOSELY, unlikely=True)) | ({homes[story]} if story in homes else set())
        if report.id not in given.story:
            near &= {homes[known] for known in set(given.story.values()) & homes.keys()}
        for handle in near:
            profile = kept.profile(handle)
            gap, same = distance(traits, profile), copied(sought, profile)
            if (same >= COPY and is_copy(traits, profile, same, gap)) or veto(traits, profile, same, gap):
                continue
            there: dict[str, float] = {}
            for sign in signs(sought, profile, kept.common, gap):
                there[sign.name] = there.get(sign.name, 0.0) + sign.amount
            own = homes.get(story) == handle
            told = traits.kind is not None and profile.kind is not None
            yield Pair(report.id, filed[handle], told, there, own, weight)
        if story not in homes:
            homes[story] = kept.open(facts.opened(report.id, report), 0.0)
            filed[homes[story]] = story
        handle = homes[story]
        kept.enter(handle, traits, book)
        told_now = facts.added(kept.stories[handle].story, report, rolling)
        kept.update(handle, told_now, facts.instant(report).timestamp(), book, live=True)


def _near(day: datetime | None, chance: Random) -> datetime | None:
    return day and day + timedelta(days=chance.uniform(-2, 2))


def _stepped(signs: Mapping[str, float]) -> dict[str, float]:
    """Spans of days as steps, so that a later one is never worth more."""
    found = {name: amount for name, amount in signs.items() if not name.startswith("days ") and name not in HAND}
    span = next((int(name[5:]) for name in signs if name.startswith("days ")), len(DAYS))
    return found | {f"<{step}": 1.0 for step in range(span, len(DAYS))}


def fit(given: Sequence[Pair], *, told: bool) -> tuple[dict[str, float], float]:
    """Bits per unit of each sign, and the bits needed for a report to be as likely the story's as not."""
    rows = [_stepped(pair.signs) for pair in given]
    names = sorted({name for row in rows for name in row})
    amounts = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    side = np.array([1.0 if pair.own else -1.0 for pair in given])
    weights = np.array([pair.weight for pair in given])
    scale = amounts.std(axis=0) + 1e-9
    scaled = amounts / scale

    def loss(at: Matrix) -> tuple[float, Matrix]:
        margin = (scaled @ at[:-1] + at[-1]) * side
        pull = -weights * np.exp(-np.logaddexp(0, margin)) * side
        total = (np.logaddexp(0, -margin) * weights).sum() + at[:-1] @ at[:-1] / STEADY / 2
        return float(total), np.append(scaled.T @ pull + at[:-1] / STEADY, pull.sum())

    bounds = [_bounds(name, spread) for name, spread in zip(names, scale, strict=True)]
    start = np.array([*(min(max(0.0, low), high) for low, high in bounds), -2.0])
    found = minimize(loss, start, jac=True, bounds=[*bounds, (-1e9, 1e9)], method="L-BFGS-B").x
    bits = dict(zip(names, (found[:-1] / scale / LN2).tolist(), strict=True))
    steps = [bits.pop(f"<{step}", 0.0) for step in range(len(DAYS))]
    spans = {f"days {span}": sum(steps[span:]) for span in range(len(DAYS))}
    return bits | spans | dict(BY_HAND[told]), -float(found[-1]) / LN2


def _bounds(name: str, spread: float) -> tuple[float, float]:
    if name in EITHER:
        return -1e9, 1e9
    if name in NEVER_ABOVE:
        return -1e9, NEVER_ABOVE[name] * spread * LN2
    return NEVER_BELOW.get(name, 0.0) * spread * LN2, 1e9


def all_pairs() -> Iterator[Pair]:
    """Of all labelled sets in all crowds; the gold once more as if perfectly understood."""
    reader = Understander.load(())
    others = crowd(reader)
    for given in (from_gold(), *(from_files([str(path)]) for path in OPENED)):
        reports = [reader.understand(item) for item in given.items]
        for share in CROWDS:
            yield from pairs(given, reports, others[: int(len(others) * share)], reader)
    yield from pairs(from_gold(), [told.report for told in gold()], (), GoldNames(), weight=0.5)
    yield from of_topics(reader)


def of_topics(reader: Understander) -> Iterator[Pair]:
    """Reports of topics that share people, places and sentences: those of two topics are never one happening."""
    told = list(news(TOPICAL, seed=17))
    story = {item.id: f"{item.id.split('/')[0]}/{topic}/{number % 3}" for number, (topic, item) in enumerate(told)}
    given = Labelled([item for _, item in told], story)
    found = pairs(given, [reader.understand(item) for item in given.items], (), reader)
    yield from (pair for pair in found if pair.report.split("/")[1] != pair.story.split("/")[1])


def main() -> None:
    """Print `weights.yaml`; with `--write` put it there."""
    given, text = list(all_pairs()), HEAD
    for name, told in (("told", True), ("untold", False)):
        chosen = [pair for pair in given if pair.told is told and "undated" not in pair.signs]
        bits, line = fit(chosen, told=told)
        told_signs = (f"    {sign}: {worth:.2f}" for sign, worth in sorted(bits.items()) if abs(worth) >= LEAST)
        text += "\n".join(["", f"{name}:", f"  needed: {line - LENIENT[told]:.1f}", "  signs:", *told_signs, ""])
        print(f"{name}: {len(chosen)} pairs, {sum(pair.own for pair in chosen)} of them one happening", file=sys.stderr)
    if sys.argv[1:] == ["--write"]:
        WEIGHTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
