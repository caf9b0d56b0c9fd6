"""The engine against the oracle: random queries, random reports, subscriptions coming and going."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from alert.match.facts import Reader
from alert.match.matcher import Matcher
from alert.match.verdicts import Sight, holds
from alert.match.words import Terms, Text
from alert.query.ast import Node
from alert.query.binding import Resolved, bind, gated
from alert.query.check import Vocabulary, check
from alert.query.parser import parse
from alert.query.show import show
from alert.subscriptions import SubscriptionSet, load
from tests.alert.match.chance import LISTS, a_query, a_report, a_story
from tests.alert.match.oracle import Oracle
from tests.alert.world import FOLDING, LEXICON, NAMES

VOCABULARY = Vocabulary(NAMES, LEXICON, FOLDING, lists=LISTS)
TERMS = Terms(FOLDING)
GATES: list[dict[str, Resolved]] = [{}, {"place": "pass"}, {"place": "pass", "said_by": "pass", "lang": "pass"}]


def understood(query: str) -> Node:
    node, faults = check(parse(query), VOCABULARY)
    assert not faults, (query, faults)
    return node


class Pair:
    """An engine and the subscriptions it should know."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.matcher = Matcher(TERMS)
        self.known: dict[int, tuple[Node, dict[str, Resolved]]] = {}

    def add(self, number: int) -> None:
        for _ in range(number):
            node, gates = understood(a_query(self.rng)), self.rng.choice(GATES)
            self.known[self.matcher.add(gated(bind(node), gates))] = (node, gates)

    def remove(self, number: int) -> None:
        for handle in self.rng.sample(sorted(self.known), number):
            self.matcher.remove(handle)
            del self.known[handle]

    def agree(self, reports: int) -> int:
        """Compare on some reports; returns how many pairs matched."""
        reader, matched = Reader(NAMES, FOLDING), 0
        for _ in range(reports):
            report, story = a_report(self.rng), a_story(self.rng)
            facts = reader.read(report, story)
            sight = Sight(facts, Text(facts, TERMS))
            wanted = {
                handle for handle, (node, gates) in self.known.items() if Oracle(report, story, gates).wants(node)
            }
            slow = {handle for handle, (node, gates) in self.known.items() if holds(gated(bind(node), gates), sight)}
            fast = set(self.matcher.match(sight))
            for name, found in (("slowly", slow), ("fast", fast)):
                for handle in found ^ wanted:
                    node, gates = self.known[handle]
                    said = f"{name}: {handle in found}, oracle: {handle in wanted}"
                    pytest.fail(f"{said}\n{show(node)}\n{gates}\n{report!r}\n{story!r}")
            matched += len(wanted)
        return matched


def run(seed: int, queries: int, reports: int) -> tuple[int, int]:
    pair = Pair(Random(seed))
    pair.add(queries)
    matched = pair.agree(reports)
    pair.remove(queries // 4)
    pair.add(queries // 5)
    pair.matcher.file_anew()
    pair.add(queries // 5)
    matched += pair.agree(reports)
    return matched, reports * (queries + len(pair.known))


@pytest.mark.parametrize("seed", range(6))
def test_engine_and_evaluator_agree_with_the_oracle(seed: int) -> None:
    matched, pairs = run(seed, 60, 10)
    assert 0.1 < matched / pairs < 0.9


class Files:
    """Subscription files as people change them, and the set that is loaded from them again and again."""

    def __init__(self, rng: Random, number: int) -> None:
        self.rng = rng
        self.files = {f"{file}.yaml": self.written(file, number // 5) for file in range(5)}
        self.loaded: SubscriptionSet | None = None

    def written(self, file: int, number: int) -> list[dict[str, Any]]:
        lists = {name: name for name in LISTS}
        gates: Sequence[dict[str, str]] = (
            {},
            {"unplaced": "pass"},
            {"unplaced": "pass", "unattributed": "pass", "unknown_language": "pass"},
        )
        return [
            {"id": f"s{file}-{at}", "match": a_query(self.rng), "lists": lists, **self.rng.choice(gates)}
            for at in range(number)
        ]

    def change(self) -> None:
        """Rewrite one file, take a subscription out of another."""
        first, second = self.rng.sample(sorted(self.files), 2)
        self.files[first] = self.written(int(first[0]), len(self.files[first]))
        self.files[second] = self.files[second][1:]

    def agree(self, reports: int) -> tuple[int, int]:
        """Load, as the daemon does, and compare on some reports; how many pairs matched, of how many."""
        texts = {name: json.dumps({"subscriptions": written}) for name, written in self.files.items()}
        lists = {name: "\n".join(entries) for name, entries in LISTS.items()}
        self.loaded = load(
            texts, NAMES, LEXICON, FOLDING, read_list=lists.__getitem__, admit_broad=True, before=self.loaded
        )
        matched = 0
        for _ in range(reports):
            report, story = a_report(self.rng), a_story(self.rng)
            found = {match.subscription for match in self.loaded.match(report, story)}
            for name, one in self.loaded.compiled.items():
                gates = {"place": one.written.unplaced, "said_by": one.written.unattributed}
                gates["lang"] = one.written.unknown_language
                wanted = Oracle(report, story, gates).wants(one.query)
                assert wanted == (name in found), (one.written.match, report, story)
                matched += wanted
        return matched, reports * len(self.loaded)


def reloaded(seed: int, number: int, reports: int, times: int) -> tuple[int, int]:
    files, matched, pairs = Files(Random(seed), number), 0, 0
    for _ in range(times):
        more, looked = files.agree(reports)
        matched, pairs = matched + more, pairs + looked
        files.change()
    return matched, pairs


def test_a_set_that_is_reloaded_in_between_agrees_too() -> None:
    matched, pairs = reloaded(7, 40, 4, 4)
    assert 0.1 < matched / pairs < 0.9


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_they_agree_on_a_hundred_thousand_pairs() -> None:
    runs = [run(seed, 80, 12) for seed in range(1000, 1060)]
    runs += [reloaded(seed, 80, 12, 6) for seed in range(2000, 2008)]
    matched, pairs = (sum(numbers) for numbers in zip(*runs, strict=True))
    print(f"{pairs:,} pairs, {matched:,} of them matches: equal")
    assert pairs >= 100_000
