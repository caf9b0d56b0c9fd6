"""Where a story is in its life: breaking while sources gather, developing, and back again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from enrich.stories.traits import Traits
from schemas.story import CLOSED, Lifecycle

BREAKING_HOURS: Final = 6.0
BREAKING_HOUSES: Final = 3
"""So many houses within so many hours: sources grow fast."""
FRESH: Final = timedelta(hours=3)


def lifecycle(first: datetime, last: datetime, members: Sequence[Traits]) -> Lifecycle:
    """The stage of a story at its last report; how silence changes it, `Story.lifecycle_at` says."""
    if last - first <= FRESH or _grows_fast(members):
        return "breaking"
    return "developing"


def _grows_fast(members: Sequence[Traits]) -> bool:
    times = [member.at for member in members if member.at is not None]
    if not times:
        return False
    since = max(times) - BREAKING_HOURS / 24
    return len({member.house for member in members if member.at is not None and member.at >= since}) >= BREAKING_HOUSES


def came_back(last: datetime, now: datetime) -> str:
    """Words for a story that returns after it had closed; empty when it had not."""
    quiet = now - last
    return f"back after {quiet.days} days" if quiet > CLOSED else ""
