"""The match stage: which destinations should hear of a change, and why.

Every change a subscription matches becomes one alert per destination, material or not: delivery alone decides whether
it rings, folds into what was told, is held or filtered, and leaves one receipt. So there is one place where each ends.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from alert import canary
from alert.slow_lane import Waiting, put_off, take_due
from alert.subscriptions import SubscriptionSet
from schemas.alert import Alert, Match, Severity
from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.ports import Record, State, Unit
from schemas.story import Change, Materiality
from schemas.topics import ALERTS

REMEMBERED: Final = timedelta(days=120)
"""How long it is known who was told of a story that moves no more."""
WEIGHED_EVERY: Final = 1000
"""Reports between two looks at what subscriptions cost."""
_TOLD: Final = "told/"
_SWEPT: Final = "swept"

Told = dict[str, dict[str, str]]
"""Destination → subscription → severity it last rang with."""


class MatchStage:
    """Implements `schemas.ports.Stage`: changes in, alerts out.

    State: `told/<story>` → who was ever told of it, by which subscription, how loudly; `slow/…`: see `slow_lane`.
    """

    def __init__(self, subscriptions: SubscriptionSet, canaries: Sequence[str] = ()) -> None:
        self._canaries = canaries
        """Where a canary goes: no subscription is asked."""
        self.subscriptions = subscriptions
        """May be swapped for another set at any time: a batch is matched with the one it began with."""
        self._since_weighed = 0
        self._turn = threading.Lock()
        """A set is for one thread at a time, and the partitions of one process share the stage."""

    def restore(self, state: State) -> None:
        """Everything is read from the state when it is needed."""

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        """Alerts for every change that may ring."""
        with self._turn:
            wanted = self.subscriptions
            for record in batch:
                try:
                    change = decode_as(record, Change)
                except Unreadable as error:
                    unit.dead(record, error)
                    continue
                if change.report.canary:
                    for alert in canary.alerts(change, self._canaries, unit.now):
                        unit.emit(ALERTS, alert.destination, alert, record)
                elif change.alertable and change.report.alertable:
                    _ring(change, wanted, unit, record)
            for waiting in take_due(unit, idle=not batch):
                _ring_late(waiting, wanted, unit)
            self._weigh(len(batch))
            _forget(unit)

    def _weigh(self, reports: int) -> None:
        """Now and then: whoever takes too long goes to the slow lane."""
        self._since_weighed += reports
        if self._since_weighed >= WEIGHED_EVERY:
            self._since_weighed = 0
            self.subscriptions.weigh()


def _ring(change: Change, wanted: SubscriptionSet, unit: Unit, record: Record) -> None:
    told = _told(change, unit)
    matches, slow = wanted.match_quickly(change.report, change.story)
    by_destination = wanted.destinations(matches)
    alerts = [*alerts_for(change, by_destination, told, unit.now), *corrections(change, by_destination, told, unit.now)]
    for alert in alerts:
        unit.emit(ALERTS, alert.destination, alert, record)
    _remember(change, by_destination, told, unit)
    if slow:
        put_off(change, slow, (alert.destination for alert in alerts), unit)


def _ring_late(waiting: Waiting, wanted: SubscriptionSet, unit: Unit) -> None:
    """The alerts of the slow lane; beside one of the fast lane for the same change they have an id of their own."""
    change = waiting.change
    told = _told(change, unit)
    by_destination = wanted.destinations(wanted.match_slowly(waiting.wanted_by, change.report, change.story))
    for alert in alerts_for(change, by_destination, told, unit.now):
        id = f"{alert.id}-late" if alert.destination in waiting.rang else alert.id
        unit.emit(ALERTS, alert.destination, alert.model_copy(update={"id": id, "late": True}))
    _remember(change, by_destination, told, unit)


def alerts_for(
    change: Change, by_destination: Mapping[str, Sequence[Match]], told: Told, now: datetime
) -> Iterable[Alert]:
    """One alert per destination, listing every subscription that matched. A risen severity counts as M3."""
    for destination, matches in sorted(by_destination.items()):
        risen = list(_risen(matches, told.get(destination, {})))
        yield Alert(
            id=alert_id(destination, change.story.id, change.story.revision),
            destination=destination,
            story=change.story,
            report=change.report,
            materiality=Materiality.M3 if risen else change.materiality,
            what=(*change.what, *risen),
            severity=max((match.severity for match in matches), key=lambda severity: severity.rank),
            matches=tuple(matches),
            created=now,
        )


def _risen(matches: Sequence[Match], before: Mapping[str, str]) -> Iterable[str]:
    """Subscriptions that ring louder than they did for this story, in words."""
    for match in matches:
        last = before.get(match.subscription)
        if last is not None and match.severity.rank > Severity(last).rank:
            yield f"{match.title or match.subscription} is now {match.severity.value}, was {last}"


def corrections(
    change: Change, by_destination: Mapping[str, Sequence[Match]], told: Told, now: datetime
) -> Iterable[Alert]:
    """Who was told of a story is told of its M3 changes, also when no query matches any more."""
    if change.materiality < Materiality.M3:
        return
    for destination, before in sorted(told.items()):
        if destination in by_destination:
            continue
        loudest = max((Severity(last) for last in before.values()), key=lambda severity: severity.rank)
        yield Alert(
            id=alert_id(destination, change.story.id, change.story.revision),
            destination=destination,
            story=change.story,
            report=change.report,
            materiality=change.materiality,
            what=change.what,
            severity=loudest,
            correction=True,
            created=now,
        )


def alert_id(destination: str, story: str, revision: int) -> str:
    """The same change for the same destination is the same alert, however often it is computed."""
    return hashlib.blake2b(f"{destination}\x1f{story}\x1f{revision}".encode(), digest_size=12).hexdigest()


def _told(change: Change, unit: Unit) -> Told:
    """Who was told of the story, and of the stories that turned out to be it."""
    told: Told = {}
    for story in (change.story.id, *change.story.merged):
        for destination, before in _told_of(unit.get(_TOLD + story)).items():
            merged = told.setdefault(destination, {})
            for subscription, severity in before.items():
                if subscription not in merged or Severity(severity).rank > Severity(merged[subscription]).rank:
                    merged[subscription] = severity
    return told


def _told_of(value: JsonValue | None) -> Told:
    entry = value.get("told") if isinstance(value, dict) else None
    if not isinstance(entry, dict):
        return {}
    return {name: {s: str(last) for s, last in by.items()} for name, by in entry.items() if isinstance(by, dict)}


def _remember(change: Change, by_destination: Mapping[str, Sequence[Match]], told: Told, unit: Unit) -> None:
    """Held matches were not told: they count only once they ring."""
    rung = {
        destination: {match.subscription: match.severity.value for match in matches if not match.held}
        for destination, matches in by_destination.items()
    }
    for destination, by in rung.items():
        if by:
            told.setdefault(destination, {}).update(by)
    for story in change.story.merged:
        if unit.get(_TOLD + story) is not None:
            unit.delete(_TOLD + story)
    if told:
        value: JsonValue = {"told": {name: {**by} for name, by in told.items()}, "at": unit.now.isoformat()}
        unit.put(_TOLD + change.story.id, value)


def _forget(unit: Unit) -> None:
    """Once a day, forget who was told of stories long at rest."""
    today = unit.now.date().isoformat()
    if unit.get(_SWEPT) == today:
        return
    unit.put(_SWEPT, today)
    edge = (unit.now - REMEMBERED).isoformat()
    old = [key for key, value in unit.scan(_TOLD) if isinstance(value, dict) and str(value.get("at", "")) < edge]
    for key in old:
        unit.delete(key)
