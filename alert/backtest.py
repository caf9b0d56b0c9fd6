"""What a subscription would have rung for: the history, asked after the fact. Nothing is sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappush, heappushpop
from typing import Final

from alert.burden import cost_words
from alert.compile import Compiled
from alert.match.explain import explain, stopped_by
from alert.match.verdicts import Sight, holds
from alert.query.binding import NO_PROPOSAL, All, Formula, Some
from alert.subscriptions import SubscriptionSet
from schemas.story import Change

SHOWN: Final = 5
SAMPLE: Final = 300
"""Reports by which a back-test tells the cost."""
FLOOD: Final = 0.05
"""Of all reports: who wants more is told so."""
MANY_A_DAY: Final = 50
NEAR: Final = 0.5
"""Share of its clauses that must hold before a report counts as nearly matching."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One change of the history, and when it happened."""

    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that matched."""

    at: datetime
    story: str
    report: str
    title: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A report that nearly matched, and the clause that stopped it."""

    at: datetime
    report: str
    title: str
    reason: str
    nearness: float
    """Share of the clauses that held."""


@dataclass
class Trial:
    """What one subscription would have done over a history."""

    subscription: str
    reports: int = 0
    days: Counter[date] = field(default_factory=Counter)
    """Stories a day, each counted on the day it first matched."""
    matched: int = 0
    stories: dict[str, Hit] = field(default_factory=dict)
    """Story → the first report of it that matched."""
    newest: list[Hit] = field(default_factory=list)
    gated: int = 0
    """Reports that only a gate kept out (their place, speaker or language is not known)."""
    misses: list[Miss] = field(default_factory=list)
    cost: str = ""
    """In words: how often it has to be looked at."""

    def per_day(self, days: float) -> float:
        """Expected stories a day."""
        return len(self.stories) / max(days, 1.0)

    def warning(self, days: float) -> str:
        """Words for who would be flooded, or would hear nothing."""
        if self.matched > FLOOD * max(self.reports, 200):
            return f"it matches {self.matched / self.reports:.0%} of all reports: narrow it"
        if self.per_day(days) > MANY_A_DAY:
            return f"about {self.per_day(days):.0f} stories a day would ring: narrow it, or take a digest"
        if not self.matched and self.gated:
            return f"nothing matched; {self.gated} reports only lacked a known place, speaker or language"
        return "" if self.matched else "nothing matched in all this time"


Near = tuple[float, int, Seen]


def back_test(wanted: SubscriptionSet, history: Iterable[Seen | None], only: Sequence[str] = ()) -> Mapping[str, Trial]:
    """Run subscriptions (all, or `only` these) over a history in order of time.

    None in the history is a report known not to match any of them (see `alert.needles`): it is counted, not looked at.
    """
    chosen = [one for name, one in wanted.compiled.items() if not only or name in only]
    trials = {one.written.id: Trial(one.written.id) for one in chosen}
    nearest: dict[str, list[Near]] = {name: [] for name in trials}
    passed_by = 0
    for number, seen in enumerate(history):
        if seen is None:
            passed_by += 1
            continue
        sight = wanted.sight(seen.change.report, seen.change.story)
        for one in chosen:
            trial = trials[one.written.id]
            trial.reports += 1
            if holds(one.formula, sight):
                _count(trial, seen)
            else:
                trial.gated += holds(one.open, sight)
                _keep(nearest[one.written.id], (nearness_of(one.formula, sight), number, seen))
    for one in chosen:
        trial = trials[one.written.id]
        trial.reports += passed_by
        near = sorted(nearest[one.written.id], reverse=True)
        trial.misses = [_miss(one, wanted, seen, share) for share, _, seen in near if share >= NEAR]
    return trials


def _count(trial: Trial, seen: Seen) -> None:
    report, story = seen.change.report, seen.change.story.id
    hit = Hit(seen.at, story, report.id, report.title or report.text[:100])
    trial.matched += 1
    trial.newest = [hit, *trial.newest][:SHOWN]
    if story not in trial.stories:
        trial.stories[story] = hit
        trial.days[seen.at.date()] += 1


def _miss(one: Compiled, wanted: SubscriptionSet, seen: Seen, nearness: float) -> Miss:
    report = seen.change.report
    reason = stopped_by(explain(one.formula, wanted.sight(report, seen.change.story)))
    return Miss(seen.at, report.id, report.title or report.text[:100], reason, nearness)


def nearness_of(formula: Formula, sight: Sight) -> float:
    """The share of a formula's clauses that hold; of an event's clauses, for the event that has most."""
    parts = formula.parts if isinstance(formula, All) else (formula,)
    held = total = 0
    for part in parts:
        if isinstance(part, Some):
            asked = part.part.parts if isinstance(part.part, All) else (part.part,)
            inner = [one for one in asked if one != NO_PROPOSAL]
            total += len(inner)
            counts = [sum(holds(one, sight, event) for one in inner) for event in sight.events(part.real)]
            held += max(counts, default=0)
        else:
            total += 1
            held += holds(part, sight)
    return held / total if total else 0.0


def _keep(heap: list[Near], entry: Near) -> None:
    if len(heap) < SHOWN:
        heappush(heap, entry)
    elif entry > heap[0]:
        heappushpop(heap, entry)


def rates(wanted: SubscriptionSet, history: Sequence[Seen]) -> Iterator[str]:
    """How often each enabled subscription would have rung over a history and what it costs, in words.

    Who would flood is warned. The cost is by reports this set has seen before too.
    """
    stories: dict[str, set[str]] = {name: set() for name, one in wanted.compiled.items() if one.written.enabled}
    matched: Counter[str] = Counter()
    for seen in history:
        for name in wanted.wanting(seen.change.report, seen.change.story):
            matched[name] += 1
            stories[name].add(seen.change.story.id)
    days = max((history[-1].at - history[0].at).total_seconds() / 86400, 1.0) if history else 1.0
    costs = costs_in_words(wanted)
    for name, told in stories.items():
        trial = Trial(name, reports=len(history), matched=matched[name])
        warning = trial.warning(days) if matched[name] else ""
        rate = f"about {len(told) / days:.1f} stories a day" if history else "no history yet to tell its rate by"
        yield f"{name}: {rate}; {costs[name]}{f'; warning: {warning}' if warning else ''}"


def with_costs(wanted: SubscriptionSet, trials: Mapping[str, Trial], history: Sequence[Seen | None]) -> None:
    """Write into each trial what its subscription costs, by a sample of the history."""
    seen = [one for one in history if one is not None]
    sample = seen[:: max(1, len(seen) // SAMPLE)]
    for one in sample:
        wanted.wanting(one.change.report, one.change.story)
    costs, expected = wanted.costs(), wanted.expected()
    passed_by = len(history) / max(len(seen), 1)
    for name, trial in trials.items():
        if name in costs:
            cost = costs[name]._replace(reports=round(costs[name].reports * passed_by))
            trial.cost = cost_words(cost, expected[name])


def costs_in_words(wanted: SubscriptionSet) -> Mapping[str, str]:
    """What each enabled subscription costs, by the reports the set has seen; a guess before it has seen any."""
    expected, slow = wanted.expected(), wanted.slow
    return {
        name: cost_words(cost, expected.get(name, 0.0)) + ("; in the slow lane" if name in slow else "")
        for name, cost in wanted.costs().items()
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """What another version of a subscription would have changed."""

    gained: tuple[Hit, ...]
    lost: tuple[Hit, ...]


def compare(now: Trial, other: Trial) -> Difference:
    """The stories `now` has and `other` has not, and the other way round."""
    gained = tuple(hit for story, hit in now.stories.items() if story not in other.stories)
    lost = tuple(hit for story, hit in other.stories.items() if story not in now.stories)
    return Difference(gained, lost)


def chart(trial: Trial, first: date, last: date) -> str:
    """A bar a day, the busiest full."""
    bars = " ▁▂▃▄▅▆▇█"
    counts = [trial.days.get(date.fromordinal(day), 0) for day in range(first.toordinal(), last.toordinal() + 1)]
    most = max(counts, default=0)
    return "".join(bars[-(-count * (len(bars) - 1) // most) if most else 0] for count in counts)
