"""The checks of one topic and of one task: repeats, gaps, order, positions, counters. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tocsin.audit.facts import Entry, Facts, Finding

COMPACTED = frozenset({"feeds"})


def findings(facts: Facts) -> list[Finding]:
    """Everything wrong with the records and counters."""
    found: list[Finding] = []
    dropped = facts.repeats()
    for (topic, partition), entries in sorted(facts.records.items()):
        kept = [entry for entry in entries if entry.place not in dropped]
        found += _row(kept, f"{topic}/{partition}", compacted=topic in COMPACTED)
    return sorted([*found, *_doubled(facts, dropped), *_positions(facts), *_counters(facts)])


def _row(entries: list[Entry], place: str, *, compacted: bool) -> Iterator[Finding]:
    """Each writer's numbers rise by one: a smaller one is a repeat, a greater one a gap."""
    last: dict[str, int] = {}
    for entry in entries:
        if entry.number is None:
            continue
        before = last.get(entry.writer)
        if before is not None and entry.number <= before:
            yield Finding("repeat", entry.place, f"number {entry.number} of {entry.writer} after {before}")
        elif before is not None and entry.number > before + 1 and not compacted:
            missing = entry.number - before - 1
            yield Finding("gap", entry.place, f"{missing} record(s) of {entry.writer} are missing before it in {place}")
        last[entry.writer] = max(entry.number, before or 0)


def _doubled(facts: Facts, dropped: frozenset[str]) -> Iterator[Finding]:
    """No two records of a stage to a topic have the same cause and number among its outputs."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for entries in facts.records.values():
        for entry in entries:
            if entry.cause and entry.place not in dropped:
                stage = entry.writer.partition("/")[0]
                seen[entry.topic, stage, entry.headers["tocsin_src"]] += 1
    for (topic, stage, cause), times in seen.items():
        if times > 1:
            yield Finding("doubled", cause, f"{stage} wrote {times} records to {topic} for it")


def _positions(facts: Facts) -> Iterator[Finding]:
    """No position lies beyond the end of its topic."""
    for (stage, partition), by_topic in facts.positions.items():
        for topic, at in by_topic.items():
            end = facts.ends.get((topic, partition), 0)
            if at > end:
                yield Finding("position", f"{stage}/{partition}", f"stands at {at} of {topic}, which ends at {end}")


def _counters(facts: Facts) -> Iterator[Finding]:
    """The counters kept as state are a fold over the records: last number written, last number heard."""
    written: dict[tuple[str, tuple[str, int]], int] = defaultdict(int)
    heard: dict[tuple[str, int, str], list[tuple[int, int]]] = defaultdict(list)
    for place, entries in facts.records.items():
        for entry in entries:
            if entry.number is not None:
                written[entry.writer, place] = max(written[entry.writer, place], entry.number)
                heard[*place, entry.writer].append((entry.offset, entry.number))
    for (stage, place), number in facts.written.items():
        seen = written.get((f"{stage[0]}/{stage[1]}", place))
        if seen is not None and seen != number:
            yield Finding("state", f"{stage[0]}/{stage[1]}", f"counts {number} written to {place}, there are {seen}")
    for (stage, topic, writer), number in facts.heard.items():
        at = facts.positions.get(stage, {}).get(topic, 0)
        row = heard.get((topic, stage[1], writer.removeprefix("tocsin/")), [])
        below = [each for offset, each in row if offset < at]
        if below and below[-1] != number:
            words = f"heard {number} of {writer} in {topic}, but {below[-1]} is the last before its position {at}"
            yield Finding("state", f"{stage[0]}/{stage[1]}", words)
