"""How many looks a second: kept at the budget as feeds come, go and publish otherwise."""

import math
from collections.abc import Iterable

from ingest.schedule import Steering, rate
from ingest.state import Watch

STEER_EVERY = 60.0


class Pace:
    """The constant `c` of the schedule, and the turns of feeds never looked at. Times are given; nothing waits here."""

    def __init__(self, now: float) -> None:
        self._steering, self._demand, self._fitted = Steering(), 0.0, 0.0
        self._started, self._steered, self._turn = 0, now, 0.0

    @property
    def c(self) -> float:
        """An interval is `c` divided by the square root of the feed's rate."""
        return self._steering.c

    def restored(self, watches: Iterable[Watch], budget: float) -> None:
        """The feeds there are at a start: `c` is what spends the budget, as far as no floor or ceiling binds."""
        self._demand = sum(math.sqrt(rate(watch)) for watch in watches)
        self._refit(budget)

    def changed(self, before: Watch | None, after: Watch | None) -> None:
        """A feed came (before is None), went (after is None) or publishes otherwise."""
        self._demand += (math.sqrt(rate(after)) if after else 0.0) - (math.sqrt(rate(before)) if before else 0.0)

    def looked(self) -> None:
        """A look was started."""
        self._started += 1

    def steer(self, now: float, budget: float) -> bool:
        """Once a minute (then True): `c` follows the feeds, and what floors and ceilings made of the last minute."""
        passed = now - self._steered
        if passed < STEER_EVERY:
            return False
        self._refit(budget)
        self._steering = self._steering.towards(self._started / passed, budget)
        self._started, self._steered = 0, now
        return True

    def _refit(self, budget: float) -> None:
        fit = self._demand / budget
        self._steering = self._steering.refitted(self._fitted, fit) if self._fitted else Steering.of(fit)
        self._fitted = fit

    def turn(self, now: float, budget: float) -> float:
        """When the next feed never looked at has its turn: of ten thousand, no more a second than the budget."""
        mine = max(self._turn, now)
        self._turn = mine + 1 / budget
        return mine
