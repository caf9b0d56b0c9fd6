"""Rates and breakers: how fast a destination may be spoken to, and when to leave it alone."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from alert.channel import Limit

BASE, CAP = 2.0, 300.0
"""Seconds: the first and the longest backoff (full jitter: Brooker, AWS Architecture Blog, 2015)."""
FAILURES = 5
"""In a row, after which a destination is left alone."""
REST = 30.0
"""Seconds between two probes of a destination that is down."""


def backoff(attempt: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds to wait after the n-th failed attempt (from 0): anything up to the doubling bound."""
    return chance() * min(CAP, BASE * float(2 ** min(attempt, 16)))


@dataclass(slots=True)
class Paces:
    """Every limit of every channel: the generic cell rate algorithm, so bursts are allowed and the mean is kept.

    `clock` gives monotonic seconds.
    """

    clock: Callable[[], float]
    _free: dict[str, float] = field(default_factory=dict)

    def wait(self, limits: Iterable[Limit]) -> float:
        """Seconds until one more message is allowed by all limits; 0 when it is now."""
        now = self.clock()
        ends = [self._free.get(limit.name, now) - (limit.burst - 1) / limit.per_second for limit in limits]
        return max(0.0, max(ends, default=now) - now)

    def take(self, limits: Iterable[Limit]) -> None:
        """Count one message against all limits."""
        now = self.clock()
        for limit in limits:
            self._free[limit.name] = max(now, self._free.get(limit.name, now)) + 1 / limit.per_second

    def pause(self, limits: Iterable[Limit], seconds: float) -> None:
        """The other side asked for silence: nothing under these limits for so long."""
        now = self.clock()
        for limit in limits:
            rest = now + seconds + (limit.burst - 1) / limit.per_second
            self._free[limit.name] = max(rest, self._free.get(limit.name, now))


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; open, it lets only probes through, one every `REST` seconds."""

    failures: int = 0
    since: float | None = None
    """When it opened, in the clock's seconds; None while closed."""
    probe: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether messages must wait."""
        return self.since is not None

    def good(self) -> None:
        """Something went through."""
        self.failures, self.since = 0, None

    def bad(self, now: float) -> None:
        """Something failed on the other side."""
        self.failures += 1
        if self.since is None and self.failures >= FAILURES:
            self.since = now
        if self.since is not None:
            self.probe = now + REST
