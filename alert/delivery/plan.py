"""What a destination sends next: a pure choice among what waits there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alert.delivery.state import Pending
from alert.policy import EXPIRES
from alert.words.compose import MAX_ENTRIES
from schemas.alert import Severity

COLLAPSE_OVER = 50
"""More rings than this waiting at once are a flood: only the loud ones ring alone."""
COLLAPSE_AFTER = timedelta(minutes=5)
COLLAPSE_LEAST = 5
"""A queue this short is told one by one however old it is."""
DIGEST_LIVES = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Job:
    """The stories of the next message; `bundle` says why they go together, empty for a message of its own."""

    stories: tuple[str, ...]
    bundle: str = ""


def choose(waiting: Mapping[str, Pending], busy: Collection[str], now: datetime) -> Job | None:
    """The next message: loud before quiet, old before new, rings before digests, digests before silent edits."""
    free = [one for story, one in waiting.items() if one.due <= now and story not in busy]
    rings = sorted((one for one in free if one.kind in ("root", "reply")), key=_urgency)
    digests = [one for one in free if one.kind == "digest"]
    if _flood(rings, now):
        loud = [one for one in rings if one.alert.severity.rank >= Severity.HIGH.rank]
        if loud:
            return Job((_story(loud[0]),))
        return _bundle([*rings, *digests], f"{len(rings)} stories came while nothing could be sent")
    if rings:
        return Job((_story(rings[0]),))
    if digests:
        return _bundle(sorted(digests, key=_urgency), _shared_reason(digests))
    edits = [one for one in free if one.kind == "edit"]
    return Job((_story(min(edits, key=_urgency)),)) if edits else None


def _flood(rings: Sequence[Pending], now: datetime) -> bool:
    if len(rings) > COLLAPSE_OVER:
        return True
    return len(rings) > COLLAPSE_LEAST and min(one.since for one in rings) < now - COLLAPSE_AFTER


def _urgency(one: Pending) -> tuple[int, datetime]:
    return -one.alert.severity.rank, one.since


def _story(one: Pending) -> str:
    return one.alert.story.id


def _bundle(ranked: Sequence[Pending], reason: str) -> Job:
    return Job(tuple(_story(one) for one in ranked[:MAX_ENTRIES]), reason)


def _shared_reason(digests: Sequence[Pending]) -> str:
    reasons = dict.fromkeys(one.reason for one in digests)
    return next(iter(reasons)) if len(reasons) == 1 else "gathered"


def expires(one: Pending) -> datetime:
    """When something that waits is given up."""
    if one.kind == "digest" or one.expired:
        return max(one.since, one.due) + DIGEST_LIVES
    if one.held:
        return one.due + EXPIRES[one.alert.severity]
    return one.since + EXPIRES[one.alert.severity]


def next_moment(waiting: Mapping[str, Pending], busy: Collection[str], now: datetime) -> datetime | None:
    """When to look again, if nothing else happens: the next due time or expiry."""
    dues = [one.due for story, one in waiting.items() if story not in busy and one.due > now]
    ends = [end for end in map(expires, waiting.values()) if end > now]
    return min([*dues, *ends], default=None)
