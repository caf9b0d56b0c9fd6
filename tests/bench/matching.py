"""Matching: how long a report takes among 10,000, 100,000 and 1,000,000 subscriptions.

    python -m tests.bench.matching [10000 100000 …] [--hot]

The clock covers everything from a report to the handles that match: laying out facts, splitting words, features, index,
full checks; no enrichment. All times are processor time of one thread. Before any number is printed, a sample is
compared with the slow evaluator. `selective` leaves out subscriptions that fire on more than one in 500 reports, as a
desk would; `hot` keeps them.
"""

import gc
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random
from time import thread_time

from alert.match.facts import Reader
from alert.match.matcher import Matcher
from alert.match.verdicts import Sight, holds
from alert.match.words import Terms, Text
from alert.query.binding import Formula, bind, gated
from alert.query.check import Vocabulary, check
from alert.query.parser import parse
from schemas.report import Report
from tests.bench.newsworld import PREFOLDED, AnyEvent, AnyName, World

WARM, MEASURED = 500, 300
NOISY = 2
"""Of the warm reports: who fires on so many is no selective subscription."""


def formula_of(query: str) -> Formula:
    """From text to formula, as loading does it."""
    node, faults = check(parse(query), _VOCABULARY)
    assert not faults, (query, faults)
    return gated(bind(node), {})


_VOCABULARY = Vocabulary(AnyName(), AnyEvent(), PREFOLDED)
TERMS = Terms(PREFOLDED)
_READER = Reader(AnyName(), PREFOLDED)


def sight(report: Report) -> Sight:
    """A report laid out."""
    facts = _READER.read(report)
    return Sight(facts, Text(facts, TERMS))


@dataclass
class Row:
    """One line of the table."""

    workload: str
    subscriptions: int
    build: float
    memory: float
    times: list[float] = field(default_factory=list)
    matches: int = 0
    candidates: int = 0
    add: float = 0.0
    remove: float = 0.0

    def at(self, share: float) -> float:
        """A percentile of the times."""
        return sorted(self.times)[int(len(self.times) * share)]

    def __str__(self) -> str:
        per = len(self.times)
        mean = sum(self.times) / per
        each = self.build / self.subscriptions * 1e6
        return (
            f"{self.workload:9} {self.subscriptions:>9,} | build {self.build:6.1f} s ({each:3.0f} µs each)"
            f" {self.memory:4.0f} MB | candidates {self.candidates / per:7.0f} matches {self.matches / per:6.1f}"
            f" | ms: mean {mean * 1e3:5.2f} p50 {self.at(0.5) * 1e3:5.2f} p99 {self.at(0.99) * 1e3:5.2f}"
            f" | µs: add {self.add * 1e6:3.0f} remove {self.remove * 1e6:3.0f}"
        )


def resident() -> float:
    """Megabytes of this process now."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def select(world: World, number: int, warm: list[Report], *, hot: bool) -> list[str]:
    """Queries of the world; unless `hot`, without the noisy ones."""
    if hot:
        return [world.query() for _ in range(number)]
    kept: list[str] = []
    sights = [sight(report) for report in warm]
    while len(kept) < number:
        batch = [world.query() for _ in range(min(100_000, int((number - len(kept)) * 1.4) + 100))]
        matcher, fired = Matcher(TERMS), [0] * len(batch)
        for query in batch:
            matcher.add(formula_of(query))
        for one in sights:
            for handle in matcher.match(one):
                fired[handle] += 1
        kept.extend(query for query, times in zip(batch, fired, strict=True) if times < NOISY)
    return kept[:number]


def measure(workload: str, queries: list[str], warm: list[Report], reports: list[Report]) -> Row:
    """Build, warm, verify a sample, then measure."""
    gc.collect()
    before, start = resident(), thread_time()
    matcher = Matcher(TERMS)
    for query in queries:
        matcher.add(formula_of(query))
    matcher.match(sight(warm[0]))
    build = thread_time() - start
    gc.collect()
    row = Row(workload, len(queries), build, resident() - before)
    gc.freeze()
    for report in warm:
        matcher.match(sight(report))
    verify(matcher, queries, reports)
    looked = matcher.candidates
    for report in reports:
        start = thread_time()
        found = matcher.match(sight(report))
        row.times.append(thread_time() - start)
        row.matches += len(found)
    row.candidates = matcher.candidates - looked
    change(row, matcher)
    gc.unfreeze()
    return row


def verify(matcher: Matcher, queries: list[str], reports: list[Report]) -> None:
    """A sample of subscriptions, evaluated slowly, must give what the matcher gives."""
    rng = Random(1)
    sample = {
        handle: formula_of(queries[handle]) for handle in rng.sample(range(len(queries)), min(5000, len(queries)))
    }
    for report in rng.sample(reports, 5):
        seen = sight(report)
        found = set(matcher.match(seen)) & sample.keys()
        assert found == {handle for handle, formula in sample.items() if holds(formula, seen)}, report.id


def change(row: Row, matcher: Matcher, number: int = 500) -> None:
    """What adding and removing one subscription costs, from its text on."""
    world = World(99)
    queries = [world.query() for _ in range(number)]
    start = thread_time()
    handles = [matcher.add(formula_of(query)) for query in queries]
    row.add = (thread_time() - start) / number
    start = thread_time()
    for handle in handles:
        matcher.remove(handle)
    row.remove = (thread_time() - start) / number


def main(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)) -> None:
    """Print a line for each size."""
    given = tuple(int(word) for word in sys.argv[1:] if word.isdigit())
    hot = "--hot" in sys.argv
    for size in given or sizes:
        warm, reports, queries = prepared(size, hot=hot)
        print(measure("hot" if hot else "selective", queries, warm, reports), flush=True)


def prepared(size: int, *, hot: bool) -> tuple[list[Report], list[Report], list[str]]:
    """Warm reports, reports to be measured, queries; made in a process of their own, so that memory can be measured."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(_prepare, size, hot).result()


def _prepare(size: int, hot: bool) -> tuple[list[Report], list[Report], list[str]]:
    world = World()
    warm = [world.report(number) for number in range(WARM)]
    reports = [world.report(number) for number in range(MEASURED)]
    return warm, reports, select(world, size, warm, hot=hot)


if __name__ == "__main__":
    main()
