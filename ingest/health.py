"""How is each feed? The standing of its last look, and what its silence means; and what the operator is to hear.

Silence is judged against the feed's own habit: with random arrivals at a usual rate λ, nothing for t happens with
probability e^(−λt), and nine expected items that did not come are no chance.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.state import Watch

Condition = Literal["new", "healthy", "empty", "stale", "failing", "gone", "moved", "poisoned", "blocked"]

DAY = 86400.0
_EXPECTED, _SILENT_DAYS = 9.0, 3.0
_POISONED_LOOKS = 3
_BAD = ("stale", "failing", "gone", "poisoned", "blocked")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Health:
    """How a feed is, and why, in words."""

    url: str
    condition: Condition
    reason: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What the operator is to hear, once."""

    headline: str
    detail: str


def _per_day(rate: float) -> str:
    daily = rate * DAY
    return f"{daily:.0f} a day" if daily >= 1.5 else f"{daily * 7:.1f} a week"


def _span(seconds: float) -> str:
    return f"{seconds / DAY:.0f} days" if seconds >= 2 * DAY else f"{seconds / 3600:.0f} hours"


def _silence(watch: Watch, now: float) -> str | None:
    """Why a feed's silence is no chance, or None."""
    silent = now - watch.last_item
    if not watch.usual or not watch.last_item or silent < _SILENT_DAYS * DAY or silent * watch.usual < _EXPECTED:
        return None
    return f"usually {_per_day(watch.usual)}, silent for {_span(silent)}"


def examine(watch: Watch, now: float) -> Health:
    """How a feed is at an instant (seconds since 1970)."""
    if watch.standing == "poisoned" and watch.fails < _POISONED_LOOKS:
        return Health(watch.url, "failing", watch.reason)
    if watch.standing != "healthy":
        return Health(watch.url, watch.standing, watch.reason or "not looked at yet")
    if (why := _silence(watch, now)) is not None:
        return Health(watch.url, "stale", why)
    if watch.items == 0:
        return Health(watch.url, "empty", "a feed without entries so far")
    if watch.moved_to or watch.adopted:
        return Health(watch.url, "moved", f"says it has moved to {watch.adopted or watch.moved_to}")
    return Health(watch.url, "healthy", watch.reason)


def is_bad_news(health: Health, watch: Watch, now: float) -> bool:
    """Whether the operator should hear of it: at once, or for what may pass, after a day."""
    if health.condition in ("failing", "blocked"):
        return bool(watch.failing_since) and now - watch.failing_since >= DAY
    return health.condition in _BAD


def bulletin(watches: Iterable[Watch], now: float) -> tuple[Bulletin | None, Sequence[Watch]]:
    """What the operator has not heard yet, as one message, and the memories in which that is noted.

    A feed that is well again is noted silently, so that its next illness is told again.
    """
    changed, ill, total = [], [], 0
    for watch in watches:
        total += 1
        health = examine(watch, now)
        bad = health.condition if is_bad_news(health, watch, now) else ""
        if bad == watch.told or (watch.told and health.condition == "failing"):
            continue
        changed.append(watch.but(told=bad))
        if bad:
            ill.append(health)
    return (_written(ill, total) if ill else None), changed


def _written(ill: Sequence[Health], total: int) -> Bulletin:
    counts = Counter(health.condition for health in ill)
    sums = ", ".join(f"{number} {condition}" for condition, number in counts.most_common())
    named = "\n".join(f"{health.condition}: {health.url} ({health.reason})" for health in ill[:_MOST_NAMED])
    more = f"\nand {len(ill) - _MOST_NAMED} more; see: tocsin feeds health" if len(ill) > _MOST_NAMED else ""
    if len(ill) == 1:
        headline = f"A feed is {ill[0].condition}: {ill[0].reason}"
    elif len(ill) * 2 > total and counts["failing"] * 2 > len(ill):
        headline = f"Most feeds cannot be reached ({sums} of {total}): is the network well?"
    else:
        headline = f"{len(ill)} feeds need a look: {sums}"
    return Bulletin(headline, named + more)
