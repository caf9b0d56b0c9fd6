"""The slow lane: what waits because checking it takes so long that all other subscriptions would wait with it.

A change that a slow subscription may want is written into the state of its task, in the same unit as the fast alerts.
It is checked when nothing else is to be done, at the latest after a minute: an alert may come later, none is lost.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from schemas.base import Message, UtcTime
from schemas.ports import Unit
from schemas.story import Change

LONGEST: Final = timedelta(seconds=60)
"""How long a change may wait."""
A_TURN: Final = 20
"""Changes checked in one turn while nothing else is to be done."""
_LANE: Final = "slow/"


class Waiting(Message):
    """A change that some slow subscriptions may want."""

    change: Change
    wanted_by: tuple[str, ...]
    rang: tuple[str, ...]
    """Destinations that have an alert of this change already."""
    since: UtcTime


def put_off(change: Change, wanted_by: Sequence[str], rang: Iterable[str], unit: Unit) -> None:
    """Let a change wait for the slow subscriptions."""
    waiting = Waiting(change=change, wanted_by=tuple(wanted_by), rang=tuple(sorted(rang)), since=unit.now)
    place = f"{_at(unit.now)}/{change.story.revision:09}/{change.id}"
    unit.put(_LANE + place, waiting.model_dump(mode="json"))


def take_due(unit: Unit, *, idle: bool) -> list[Waiting]:
    """What is to be checked now, taken out, the oldest first: all that has waited long enough, some more when idle."""
    found = list(unit.scan(_LANE, until=_LANE + _at(unit.now - LONGEST)))
    if idle and not found:
        found = list(unit.scan(_LANE, limit=A_TURN))
    for key, _ in found:
        unit.delete(key)
    return [Waiting.model_validate(value) for _, value in found]


def _at(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")
