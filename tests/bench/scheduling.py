"""When to look: the delay from publication to look, at equal numbers of looks, by four policies.

24 virtual hours, after three days in which each policy learned, on the same invented publications: log-normal rates
(median 1.3 items a day, a quarter of the feeds nearly dead), by day more than by night. The ranking is the result, not
the digits. `ours` is the very code of `ingest/schedule.py`.
"""

import heapq
import math
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest import schedule
from ingest.state import Policy, Watch

FEEDS, DAYS, LEARNED = 1_000, 4, 3
DAY, HOUR = 86400.0, 3600.0
FREE = Policy(floor=60, hard_floor=60, ceiling=6 * HOUR)

Next = Callable[[float, int], float]
"""(now, new items found) → seconds to the next look."""


def publications(chance: random.Random) -> list[float]:
    """The instants at which one feed publishes, thinned by the time of day."""
    rate = 0.02 if chance.random() < 0.25 else min(math.exp(chance.gauss(math.log(2.5), 1.6)), 300)
    found, now = list[float](), 0.0
    while (now := now + chance.expovariate(2 * rate / DAY)) < DAYS * DAY:
        if chance.random() < 0.5 + 0.5 * math.sin(2 * math.pi * (now / DAY - 0.3)):
            found.append(now)
    return found


@dataclass
class Ours:
    """√rate with the constant steered to the budget."""

    c: list[float]
    jitter: random.Random
    watch: Watch = field(default_factory=lambda: Watch("u", seeded=True))

    def __call__(self, now: float, new: int) -> float:
        self.watch = schedule.observed(self.watch.but(last_item=now if new else self.watch.last_item), now, new)
        return schedule.after_good(self.watch, FREE, "h", now, self.c[0], None, self.jitter.random()) - now


@dataclass
class Weekly:
    """Miniflux's entry frequency: a week divided by the week's entries, between bounds."""

    factor: float
    seen: list[float] = field(default_factory=list)

    def __call__(self, now: float, new: int) -> float:
        self.seen = [at for at in self.seen if at > now - 7 * DAY] + [now] * new
        week = len(self.seen) * 7 * DAY / min(max(now, HOUR), 7 * DAY)
        return min(max(7 * DAY / (max(week, 0.001) * self.factor), 300), DAY)


@dataclass
class Halving:
    """Twice as often after news, a quarter more rarely after none."""

    scale: float
    wait: float = HOUR

    def __call__(self, now: float, new: int) -> float:
        self.wait = min(max(self.wait / 2 if new else self.wait * 1.25, 300), DAY)
        return self.wait * self.scale


@dataclass
class Fixed:
    """Every so many seconds."""

    wait: float

    def __call__(self, now: float, new: int) -> float:
        return self.wait


def simulate(
    feeds: list[list[float]], policies: list[Next], c: list[float] | None, budget: float
) -> tuple[float, list[float]]:
    """Looks per feed on the last day, and the delay of every item published on it, in seconds."""
    chance = random.Random(5)
    heap = [(chance.random() * HOUR, index, 0) for index in range(len(feeds))]
    heapq.heapify(heap)
    looks, delays, minute, started = 0, list[float](), 0.0, 0
    while heap[0][0] < DAYS * DAY:
        now, index, seen = heapq.heappop(heap)
        upto = bisect_right(feeds[index], now)
        if now >= LEARNED * DAY:
            looks += 1
            delays += [now - at for at in feeds[index][seen:upto] if at >= LEARNED * DAY]
        heapq.heappush(heap, (now + policies[index](now, upto - seen), index, upto))
        started += 1
        if c is not None and now - minute >= 60:
            c[0] = schedule.Steering(c[0]).towards(started / (now - minute), budget).c
            minute, started = now, 0
    return looks / len(feeds) / (DAYS - LEARNED), sorted(delays)


def _fitted(feeds: list[list[float]], make: Callable[[float], Next], cost: float, low: float, high: float) -> float:
    """The knob of a policy at which it costs as many looks; more knob is fewer looks."""
    for _ in range(9):
        middle = math.sqrt(low * high)
        looks, _ = simulate(feeds, [make(middle) for _ in feeds], None, 0)
        low, high = (middle, high) if looks > cost else (low, middle)
    return math.sqrt(low * high)


def _row(name: str, looks: float, delays: list[float], best: float) -> None:
    def at(share: float) -> float:
        return delays[int(share * (len(delays) - 1))] / 60

    mean = sum(delays) / len(delays) / 60
    print(f"{name:10} {looks:7.1f} {mean:8.1f} {at(0.5):8.1f} {at(0.9):8.1f} {at(0.99):8.1f} {mean / best:8.2f}")


def main() -> None:
    """Print looks a feed and day, and the delays in minutes, at equal cost."""
    chance = random.Random(11)
    feeds = [publications(chance) for _ in range(FEEDS)]
    c = [30.0]
    ours: list[Next] = [Ours(c, chance) for _ in feeds]
    looks, delays = simulate(feeds, ours, c, budget=24 * FEEDS / DAY)
    best = sum(delays) / len(delays) / 60
    print(f"{'policy':10} {'looks/d':>7} {'mean':>8} {'p50':>8} {'p90':>8} {'p99':>8} {'x ours':>8}   (minutes)")
    _row("ours", looks, delays, best)
    rivals: dict[str, tuple[Callable[[float], Next], float, float]] = {
        "fixed": (Fixed, 600, 20_000),
        "miniflux": (lambda knob: Weekly(1 / knob), 0.001, 100),
        "halving": (Halving, 0.05, 20),
    }
    for name, (make, low, high) in rivals.items():
        knob = _fitted(feeds, make, looks, low, high)
        _row(name, *simulate(feeds, [make(knob) for _ in feeds], None, 0), best)


if __name__ == "__main__":
    main()
