"""Matching, beside Lucene Monitor: equal tokens, equal queries, equal answers, then the times.

    python -m tests.bench.lucene_monitor [10000 100000 …] [--text]

Lucene gets its best configuration: both presearchers are run (one pass, two passes), with what is rare taught from the
same warm reports, prefixes as patterns its handler can filter, its in-memory index. A report with several events is a
batch of documents there, one an event, which is exact for these queries; `--text` leaves event queries and events away,
so that nothing is emulated. All times are processor time of one thread. No number is printed unless every report has
the same answers from both.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import thread_time
from typing import Any

from alert.match.matcher import Matcher
from alert.query.ast import walk
from alert.query.binding import bind, gated, of_event
from alert.query.parser import parse
from schemas.report import Report
from tests.bench.lucene.export import asks_the_same, prefix, report_line
from tests.bench.matching import TERMS, prepared, resident, sight

HERE = Path(__file__).parent / "lucene"
ADDED = 200
"""Queries added to the set in use, each alone."""
VERSION = os.environ.get("LUCENE", "9.11.1")
"""The newest of the 9 series that could be fetched where this was written; `LUCENE=9.12.3` runs another."""


def jars() -> Path:
    """Lucene's jars from Maven Central, fetched once into the user's cache."""
    cache = Path.home() / ".cache" / "tocsin-tests" / f"lucene-monitor-{VERSION}"
    if not cache.is_dir():
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-Dlucene.version={VERSION}"]
        goal.append(f"-DoutputDirectory={cache}")
        subprocess.run(["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), *goal], check=True, timeout=600)
    return cache


def lucene(room: Path, presearcher: str, warm: int, memory: str) -> dict[str, Any]:
    """What the peer measured."""
    path = f"{jars()}/*:{room}"
    subprocess.run(["javac", "-cp", path, "-d", str(room), str(HERE / "MonitorBench.java")], check=True)
    files = [str(room / name) for name in ("queries", "reports", f"answers-{presearcher}")]
    options = [f"-Xms{memory}", f"-Xmx{memory}", "-XX:+UseParallelGC", "-cp", path]
    done = subprocess.run(
        ["java", *options, "MonitorBench", *files, str(warm), presearcher],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def ours(queries: list[str], warm: list[Report], reports: list[Report]) -> tuple[dict[str, Any], list[set[int]]]:
    """What we measured, and the answers."""
    before, start = resident(), thread_time()
    matcher = Matcher(TERMS)
    for query in queries:
        matcher.add(gated(bind(parse(query)), {}))
    build, memory = thread_time() - start, resident() - before
    for report in (*warm, *warm):
        matcher.match(sight(report))
    looked, times, answers = matcher.candidates, [], []
    for report in reports:
        start = thread_time()
        found = matcher.match(sight(report))
        times.append((thread_time() - start) * 1e3)
        answers.append(set(found))
    ordered = sorted(times)
    start = thread_time()
    for query in queries[:ADDED]:
        matcher.add(gated(bind(parse(query)), {}))
    add = (thread_time() - start) / ADDED * 1e6
    told = {
        "queries": len(queries), "build": build, "heap": memory, "mean": sum(times) / len(times),
        "p50": ordered[len(times) // 2], "p99": ordered[int(len(times) * 0.99)],
        "candidates": (matcher.candidates - looked) / len(times), "matches": sum(map(len, answers)) / len(times),
        "add": add,
    }  # fmt: skip
    return told, answers


def same_answers(room: Path, presearcher: str, answers: list[set[int]]) -> None:
    """Raises AssertionError unless both engines gave the same ids for every report."""
    lines = (room / f"answers-{presearcher}").read_text().splitlines()
    assert len(lines) == len(answers)
    for line, expected in zip(lines, answers, strict=True):
        report, _, found = line.partition("\t")
        got = {int(one) for one in found.split(",") if one}
        assert got == expected, f"report {report}: only Lucene {got - expected}, only ours {expected - got}"


def compare(size: int, *, text_only: bool) -> None:
    """One size, both presearchers, in one run."""
    warm, reports, queries = prepared(size, hot=False)
    trees = [(query, parse(query)) for query in queries]
    kept = [(query, tree) for query, tree in trees if asks_the_same(tree)]
    if text_only:
        kept = [(query, tree) for query, tree in kept if not any(of_event(part) for part in walk(tree))]
        warm, reports = ([report.model_copy(update={"events": ()}) for report in given] for given in (warm, reports))
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        (room / "queries").write_text("".join(f"{number}\t{prefix(tree)}\n" for number, (_, tree) in enumerate(kept)))
        (room / "reports").write_text("".join(f"{report_line(report)}\n" for report in (*warm, *reports)))
        mine, answers = ours([query for query, _ in kept], warm, reports)
        peers: dict[str, dict[str, Any]] = {}
        for presearcher in ("term", "multi"):
            peers[presearcher] = lucene(room, presearcher, len(warm), "6g" if size > 300_000 else "3g")
            same_answers(room, presearcher, answers)
    show("tocsin", mine)
    for presearcher, told in peers.items():
        show(f"Lucene, {presearcher}", told)
    best = min(told["mean"] for told in peers.values())
    times = best / mine["mean"]
    print(f"left out {len(queries) - len(kept):,} of {size:,}; answers equal; reports a second: {times:.1f} × Lucene's")


def show(name: str, told: dict[str, Any]) -> None:
    """One line of the table."""
    print(
        f"{name:14} {told['queries']:>9,.0f} | build {told['build']:6.1f} s, {told['heap']:5.0f} MB |"
        f" candidates {told['candidates']:8.0f}, matches {told['matches']:6.1f} |"
        f" ms a report: mean {told['mean']:6.2f}, p50 {told['p50']:6.2f}, p99 {told['p99']:6.2f} |"
        f" add {told['add']:6.0f} µs",
        flush=True,
    )


def main(sizes: tuple[int, ...] = (10_000, 100_000)) -> None:
    """Compare at each size."""
    given = tuple(int(word) for word in sys.argv[1:] if word.isdigit())
    for size in given or sizes:
        compare(size, text_only="--text" in sys.argv)


if __name__ == "__main__":
    main()
