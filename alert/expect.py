"""`expect: 1 per 30d`: a subscription that hears nothing for too long says so, for silence may mean a broken query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_EXPECT: Final = re.compile(r"(\d+) per (\d+)([hdw])\Z")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Expectation:
    """So many matches in such a time."""

    count: int
    period: timedelta
    words: str


def expectation(text: str) -> Expectation:
    """Read `1 per 30d`. Raises ValueError on anything else."""
    match = _EXPECT.match(text)
    if match is None:
        raise ValueError(f'"{text[:40]}" is no expectation; write "1 per 30d"')
    return Expectation(int(match[1]), int(match[2]) * _UNITS[match[3]], text)


def silence(expected: Expectation, heard: Sequence[datetime], since: datetime, now: datetime) -> str:
    """Why a subscription is too quiet, in words; empty while it is not.

    `heard`: when it matched; `since`: from when on it was listened for (nobody is blamed for the time before).
    """
    edge = now - expected.period
    if since > edge:
        return ""
    recent = sum(time >= edge for time in heard)
    if recent >= expected.count:
        return ""
    last = f"the last match was on {max(heard):%Y-%m-%d %H:%M} UTC" if heard else "it has not matched in all this time"
    return f"{recent} matches where {expected.words} was expected; {last}"
