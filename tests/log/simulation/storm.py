"""A run of many faults, drawn from a seed."""

from random import Random

from tests.log.simulation.cluster import FAULTS
from tests.log.simulation.loop import simulate
from tests.log.simulation.mill import Outcome, run


def storm(seed: int) -> Outcome:
    """One run: up to ten items of three keys, up to eight faults anywhere in the first 300 steps."""
    random = Random(seed)
    items = [(random.choice("abc"), str(number)) for number in range(random.randint(1, 10))]
    plan = {random.randint(1, 300): random.choice(FAULTS) for _ in range(random.randint(1, 8))}
    return simulate(run(plan, items), seed)
