"""Nothing lost, nothing doubled: a fault at every step of a run, then seeded storms of faults.

A failure prints the plan of faults; `python -m tests.log.simulation SEED` plays a seed again.
"""

from random import Random

import pytest

from tests.log.simulation.cluster import FAULTS
from tests.log.simulation.judge import faults_of
from tests.log.simulation.loop import simulate
from tests.log.simulation.mill import run
from tests.log.simulation.storm import storm

ITEMS = (("a", "1"), ("b", "2"), ("a", "3"))


def steps_without_faults() -> int:
    return simulate(run({}, ITEMS), 0).cluster.steps


def test_a_calm_run_is_right() -> None:
    assert faults_of(simulate(run({}, ITEMS), 0)) == []


def test_the_same_seed_gives_the_same_run() -> None:
    first, second = storm(7), storm(7)
    assert (first.cluster.steps, first.cluster.happened) == (second.cluster.steps, second.cluster.happened)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_step_loses_and_doubles_nothing(fault: str) -> None:
    for step in range(1, steps_without_faults() + 1):
        outcome = simulate(run({step: fault}, ITEMS), step)
        assert faults_of(outcome) == [], outcome.cluster.happened


def test_storms_of_faults_lose_and_double_nothing() -> None:
    for seed in Random(0).sample(range(1_000_000), 150):
        outcome = storm(seed)
        assert faults_of(outcome) == [], f"seed {seed}: {outcome.cluster.happened}"


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thousands_of_storms_lose_and_double_nothing() -> None:
    for seed in range(5_000):
        outcome = storm(seed)
        assert faults_of(outcome) == [], f"seed {seed}: {outcome.cluster.happened}"
