"""The dead-man of each subscription: once an hour, who has been quiet for longer than its owner expects?

And who costs so much that others would wait: its alerts come up to a minute later (`alert.slow_lane`), and it is told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog

from alert.compile import Compiled
from alert.expect import Expectation, expectation, silence
from alert.notices import notice
from alert.subscriptions import SubscriptionSet
from schemas.alert import Alert
from schemas.codec import decode_as
from schemas.errors import TocsinError
from schemas.ports import Task, Unit
from schemas.topics import ALERTS
from tocsin.app import House
from tocsin.log.append import append
from tocsin.log.port import Log

log = structlog.get_logger()

EXPECTATIONS = Task("expectations")
SLOW = Task("slow_lane")
Look = Callable[[Log, SubscriptionSet, datetime], Awaitable[list[str]]]
"""Tells the owners of the subscriptions it finds; returns their ids."""
EVERY = 3600.0
"""Seconds between two looks."""


async def expecting(house: House) -> None:
    """Tell once an hour who is too quiet, until cancelled. Runs where alerts are delivered."""
    await _hourly(house, look, "subscription_silent")


async def weighing(house: House) -> None:
    """Tell once an hour who is in the slow lane, until cancelled. Runs where alerts are matched."""
    await _hourly(house, tell_slow, "subscription_slow")


async def _hourly(house: House, looking: Look, event: str) -> None:
    """A log that cannot be read now is looked at again an hour later."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            told = await looking(house.log, house.match.subscriptions, house.clock.now())
        except TocsinError as error:
            log.warning("expectations_unread", why=str(error))
            continue
        for name in told:
            log.info(event, subscription=name)


async def look(log_: Log, wanted: SubscriptionSet, now: datetime) -> list[str]:
    """Tell the destinations of each subscription that is too quiet, once a day; returns their ids."""
    expected = {
        name: expectation(one.written.expect)
        for name, one in wanted.compiled.items()
        if one.written.expect and one.written.enabled
    }
    if not expected:
        return []
    heard = await _heard(log_, expected, now)
    async with log_.unit(EXPECTATIONS) as unit:
        quiet = {name: _why(unit, name, expected[name], heard[name], now) for name in expected}
        for name, why in quiet.items():
            if why:
                _tell(unit, wanted.compiled[name], "Too quiet", why, now)
    return [name for name, why in quiet.items() if why]


async def tell_slow(log_: Log, wanted: SubscriptionSet, now: datetime) -> list[str]:
    """Tell the destinations of each subscription in the slow lane, once a day; returns their ids."""
    slow = dict(wanted.slow)

    def write(unit: Unit) -> None:
        for name, why in slow.items():
            said = f"its alerts come up to a minute later than others: {why}"
            _tell(unit, wanted.compiled[name], "Too costly", said, now)

    if slow:
        await append(log_, SLOW, write)
    return list(slow)


async def _heard(log_: Log, expected: Mapping[str, Expectation], now: datetime) -> Mapping[str, list[datetime]]:
    """When each of them matched, as far back as the longest expectation goes."""
    heard: dict[str, list[datetime]] = {name: [] for name in expected}
    since = now - max(one.period for one in expected.values())
    async for record in log_.history(ALERTS, since=since):
        alert = decode_as(record, Alert)
        for match in alert.matches:
            if match.subscription in heard:
                heard[match.subscription].append(alert.created)
    return heard


def _why(unit: Unit, name: str, expected: Expectation, heard: list[datetime], now: datetime) -> str:
    key = f"since/{name}"
    since = unit.get(key)
    if not isinstance(since, str):
        unit.put(key, now.isoformat())
        return ""
    return silence(expected, heard, datetime.fromisoformat(since), now)


def _tell(unit: Unit, one: Compiled, what: str, why: str, now: datetime) -> None:
    """The same alert all day long, from whatever process: the ledger knows it by its id."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    headline = f"{what}: {one.written.title or one.written.id}"
    for destination in one.written.notify:
        unit.emit(ALERTS, destination, notice(destination, f"{what}/{one.written.id}", headline, why, day))
