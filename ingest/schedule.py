"""When to look next: as often as the square root of how much a feed publishes, within a budget and politeness.

For items that come at random at rates λ and a fixed number of looks in all, looks ∝ √λ give the least total delay
(Sia, Cho & Cho, "Efficient Monitoring Algorithm for Fast News Alerts", TKDE 2007). One constant `c` (interval =
c ÷ √λ) spends the whole budget and is steered towards it. Everything here is a value in, a value out.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.state import Policy, Watch

HALF_LIFE = 3 * 86400.0
HOUR, DAY = 3600.0, 86400.0
_LONGEST_HINT = HOUR
"""Publishers write `ttl` of a day without a thought; an alarm honours an hour of it."""
_MOST_AT_ONCE = 10
"""New items that count towards the rate in one look: a burst is not a habit."""
_GUESS, _MOST_GUESSED = 4 * HOUR, 48.0
"""The weight of a first guess in seconds of observation, and the most items a day that it may say."""
_SILENT, _DEAD = 30 * DAY, 90 * DAY
MOST_BACKOFF = DAY
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def observed(watch: Watch, now: float, new: int) -> Watch:
    """The feed's rate after a good look that found so many new items."""
    if not watch.last:
        return watch.but(last=now)
    passed = max(now - watch.last, 0.0)
    fade = 2.0 ** (-passed / HALF_LIFE)
    watch = watch.but(last=now, count=watch.count * fade + min(new, _MOST_AT_ONCE), span=watch.span * fade + passed)
    return watch.but(usual=rate(watch)) if new and watch.span >= DAY else watch


def guessed(watch: Watch, published: Iterable[datetime | None], now: float) -> Watch:
    """The rate by the dates of a first document, with little weight: what is observed soon counts for more.

    Dates that are wrong can make a feed looked at a few times too often, and nothing worse.
    """
    ages = [age for when in published if when is not None and (age := now - when.timestamp()) >= 0]
    recent = [age for age in ages if age < HALF_LIFE]
    reach = HALF_LIFE if len(recent) < len(ages) else max(recent, default=HALF_LIFE)
    each_day = min(len(recent) * DAY / max(reach, HOUR), _MOST_GUESSED)
    return watch.but(count=each_day * _GUESS / DAY, span=_GUESS)


def rate(watch: Watch) -> float:
    """New items a second, never zero: a feed that was silent so far may speak."""
    return (watch.count + 0.02) / (watch.span + HOUR)


def floor(watch: Watch, policy: Policy, host: str, max_delay: float | None = None) -> float:
    """The shortest interval that is polite, in seconds.

    The operator's `max_delay` stands above the publisher's hints but not above the hard floor.
    """
    if (own := policy.own(host)) is not None:
        return own
    hints = [min(hint, _LONGEST_HINT) for hint in (watch.ttl, watch.max_age) if hint]
    polite = max([policy.floor, *hints])
    return max(min(polite, max_delay), policy.hard_floor) if max_delay else polite


def ceiling(watch: Watch, policy: Policy, now: float, max_delay: float | None = None) -> float:
    """The longest interval: longer for feeds that have long been silent, `max_delay` where the operator says so."""
    if max_delay:
        return max_delay
    silent = now - watch.last_item if watch.last_item else 0.0
    if silent > _DEAD:
        return 7 * DAY
    return DAY if silent > _SILENT else policy.ceiling


def interval(watch: Watch, policy: Policy, host: str, now: float, c: float, max_delay: float | None = None) -> float:
    """Seconds to the next look after a good one, before jitter."""
    if (own := policy.own(host)) is not None:
        return own
    wanted = c / math.sqrt(rate(watch))
    if watch.overrun:
        wanted /= 2
    least = floor(watch, policy, host, max_delay)
    return max(min(wanted, ceiling(watch, policy, now, max_delay)), least)


def permitted(at: float, watch: Watch) -> float:
    """The first instant from `at` on that lies in no hour or day which the feed asks to be left out (RSS 2.0).

    A feed that leaves out everything has said nothing.
    """
    if not watch.skip_hours and not watch.skip_days:
        return at
    for turn in range(8 * 24):
        hour = at if turn == 0 else (at // HOUR + turn) * HOUR
        when = datetime.fromtimestamp(hour, UTC)
        if when.hour not in watch.skip_hours and _WEEK[when.weekday()] not in watch.skip_days:
            return hour
    return at


def after_good(
    watch: Watch, policy: Policy, host: str, now: float, c: float, max_delay: float | None, jitter: float
) -> float:
    """The instant of the next look; `jitter` (uniform in 0…1) moves it by a tenth at most, never below the floor."""
    wait = interval(watch, policy, host, now, c, max_delay)
    least = floor(watch, policy, host, max_delay)
    return now + max(wait * (0.9 + 0.2 * jitter), least)


def after_bad(
    watch: Watch, policy: Policy, host: str, now: float, c: float, max_delay: float | None, jitter: float
) -> float:
    """The next look after a failure: twice as late each time, a day at most, and never given up for good."""
    wait = interval(watch.but(overrun=0), policy, host, now, c, max_delay)
    wait = min(wait * 2.0 ** min(watch.fails, 6), max(MOST_BACKOFF, wait))
    return now + wait * (0.9 + 0.2 * jitter)


def after_busy(planned: float, now: float, retry_after: float | None, jitter: float) -> float:
    """Not before the server said (a day at most is obeyed), and a little later, not all at once."""
    if retry_after is None:
        return planned
    return max(planned, now + min(retry_after, DAY) * (1 + 0.1 * jitter) + jitter)


def spread(overdue: int, budget: float) -> float:
    """Over how many seconds the feeds that are overdue at a start are spread: no thundering herd."""
    return min(15 * 60.0, overdue / budget) if budget > 0 else 15 * 60.0


@dataclass(frozen=True, slots=True)
class Steering:
    """The constant `c`, steered so that the looks a second meet the budget."""

    c: float = 400.0

    @classmethod
    def of(cls, c: float) -> "Steering":
        """This `c`, within its bounds."""
        return cls(_bounded(c))

    def refitted(self, before: float, after: float) -> "Steering":
        """`c` after what would spend the budget changed, because feeds came and went or publish otherwise."""
        return Steering.of(self.c * _bounded(after) / _bounded(before))

    def towards(self, looks: float, budget: float) -> "Steering":
        """`c` after a minute with so many looks a second.

        A minute's count is noise, so each moves `c` by little: steering ten times harder cost 15 % of the freshness in
        `tests/bench/scheduling.py`.
        """
        step = min(max((looks / budget) ** 0.05, 0.9), 1.1)
        return Steering.of(self.c * step)


def _bounded(c: float) -> float:
    return min(max(c, 1.0), 1e7)
