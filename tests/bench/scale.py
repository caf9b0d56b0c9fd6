"""How many workers carry how many items: a simulation of stages, partitions and cores, fed with measured speeds.

Virtual time in small steps. Each worker is one core that its tasks share; a task's unit takes up to a batch and waits
for its commit; partitions are shared out as the groups do it (by range), and from two workers on the stories have one
of their own. Every ten minutes are five at one and a half times the rate and five at half of it. A rate is carried
when 99 of 100 items take under ten seconds.
"""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Final

STEP: Final = 0.05
COMMIT: Final = 0.03
"""Seconds a Kafka transaction takes besides the work (docs/kafka-probes.md)."""
PARTITIONS: Final = 6


@dataclass(frozen=True)
class Speed:
    """A stage: records a second on one core (tests.bench.pipeline), its tasks, and records to a unit at most."""

    name: str
    records: float
    tasks: int
    batch: int = 500


SPEEDS: Final = (Speed("understand", 210, PARTITIONS, 50), Speed("stories", 670, 1), Speed("match", 2_600, PARTITIONS))


@dataclass
class Queue:
    """What waits at a task: when each record came in, and until when the task's commit lasts."""

    speed: Speed
    waiting: deque[float] = field(default_factory=deque)
    busy_until: float = 0.0


@dataclass
class Outcome:
    """Seconds each item took, and how many were still under way."""

    took: list[float]
    left: int

    def p99(self) -> float:
        """The time under which 99 of 100 stay."""
        return sorted(self.took)[int(len(self.took) * 0.99)] if self.took else float("inf")


def shares(workers: int) -> list[list[tuple[int, int]]]:
    """Worker → (stage, task) it owns: the stories the last one's alone, the rest by range over the others."""
    owned: list[list[tuple[int, int]]] = [[] for _ in range(workers)]
    others = max(1, workers - 1)
    for stage, speed in enumerate(SPEEDS):
        for task in range(speed.tasks):
            owner = workers - 1 if speed.tasks == 1 else task * others // max(others, speed.tasks)
            owned[owner].append((stage, task))
    return owned


def simulate(rate: float, workers: int, seconds: float, seed: int = 1) -> Outcome:
    """Items at a rate through all stages; one that leaves the last stage is done."""
    rng, owned, took = random.Random(seed), shares(workers), list[float]()
    queues = [[Queue(speed) for _ in range(speed.tasks)] for speed in SPEEDS]
    now = due = 0.0
    while now < seconds:
        due += STEP * rate * (1.5 if now % 600 < 300 else 0.5)
        for _ in range(int(due)):
            queues[0][rng.randrange(PARTITIONS)].waiting.append(now)
        due -= int(due)
        for tasks in owned:
            _work(tasks, queues, now, rng, took)
        now += STEP
    return Outcome(took, sum(len(queue.waiting) for row in queues for queue in row))


def _work(
    tasks: list[tuple[int, int]], queues: list[list[Queue]], now: float, rng: random.Random, took: list[float]
) -> None:  # fmt: skip
    """One step of one worker: its core goes round its tasks, the last stage first."""
    core = STEP
    for stage, task in sorted(tasks, reverse=True):
        queue = queues[stage][task]
        if now < queue.busy_until or not queue.waiting:
            continue
        count = min(len(queue.waiting), queue.speed.batch, max(1, int(core * queue.speed.records)))
        core = max(0.0, core - count / queue.speed.records)
        queue.busy_until = now + COMMIT
        for _ in range(count):
            came = queue.waiting.popleft()
            if stage + 1 == len(SPEEDS):
                took.append(now + STEP - came)
            else:
                following = queues[stage + 1]
                following[rng.randrange(len(following))].waiting.append(came)
        if core <= 0:
            return


def carried(workers: int, seconds: float = 600.0) -> int:
    """The highest rate, to the nearest ten, at which 99 of 100 items take under ten seconds."""
    low, high = 0, 2_000
    while high - low > 10:
        middle = (low + high) // 2
        outcome = simulate(middle, workers, seconds)
        good = outcome.p99() < 10 and outcome.left < middle * 10
        low, high = (middle, high) if good else (low, middle)
    return low // 10 * 10


def main() -> None:
    """Print the table."""
    print("workers (one core each)   items/s carried through bursts   million a day   p99 at half of that")
    for workers in (1, 2, 3, 4, 7, 12):
        rate = carried(workers)
        print(f"{workers:>7} {rate:>32} {rate * 86_400 / 1e6:>23.1f} {simulate(rate / 2, workers, 600).p99():>15.1f} s")


if __name__ == "__main__":
    main()
