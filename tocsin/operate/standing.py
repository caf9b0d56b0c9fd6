"""How everything stands, read from the log alone: stages, destinations, canary, dead letters."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alert.delivery.pages import Ledger
from alert.delivery.state import Row, RowState, Silence
from schemas.ports import State
from schemas.settings import Settings
from schemas.topics import ACTIONS, ALERTS
from tocsin import canary
from tocsin.log.port import Lag, Log, StageSpec
from tocsin.operate import dead

DELIVER: Final = StageSpec("deliver", (ALERTS, ACTIONS))


@dataclass(frozen=True, slots=True)
class Outlook:
    """A destination as its ledger has it."""

    name: str
    waiting: int = 0
    """Threads with something to say that is free to go."""
    held: int = 0
    """Threads that are kept back on purpose: quiet hours, silences, digests, caps."""
    moving: int = 0
    """Messages on their way."""
    uncertain: int = 0
    """Of those: nobody knows whether they arrived; a person decides, or a look does."""
    since: datetime | None = None
    """How long the oldest of what is free to go has been so."""
    trouble: str = ""
    """Why it takes nothing, or why the last attempt failed."""
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """The newest canary of a destination."""

    name: str
    at: datetime | None = None
    seconds: float = 0.0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything at one instant."""

    lags: Sequence[Lag] = ()
    outlooks: Sequence[Outlook] = ()
    arrivals: Sequence[Arrival] = ()
    dead: int = 0
    at: datetime | None = field(default=None, compare=False)


async def standing(log: Log, settings: Settings, now: datetime) -> Standing:
    """Read all of it. Raises `LogError` where the log cannot be read."""
    lags = sorted(await log.lag(), key=lambda lag: str(lag.task))
    return Standing(
        lags, await outlooks(log, settings, now), await arrivals(log, settings, now), len(await dead.letters(log)), now
    )


async def outlooks(log: Log, settings: Settings, now: datetime) -> list[Outlook]:
    """Every destination that is written down, in that order."""
    states = [await log.peek(task) for task in log.tasks(DELIVER)]
    return await asyncio.to_thread(_outlooks, states, tuple(settings.destinations), now)


def _outlooks(states: Iterable[State], names: Sequence[str], now: datetime) -> list[Outlook]:
    ledgers = [Ledger(state) for state in states]
    return [_outlook(ledgers, name, now) for name in names]


def _outlook(ledgers: Sequence[Ledger], name: str, now: datetime) -> Outlook:
    waiting = [one for ledger in ledgers for one in ledger.all_pending() if one.alert.destination == name]
    rows = [row for ledger in ledgers for row in ledger.rows() if row.destination == name]
    free = [one for one in waiting if not one.held and not one.expired]
    conditions = [ledger.condition(name) for ledger in ledgers]
    return Outlook(
        name=name, waiting=len(free), held=sum(one.held for one in waiting), moving=len(rows),
        uncertain=sum(row.state in (RowState.UNCERTAIN, RowState.HELD) for row in rows),
        since=min((one.since for one in free), default=None),
        trouble=next((each.broken for each in conditions if each.broken), "") or _failing(rows),
        silences=tuple(silence for each in conditions for silence in each.silences if silence.until > now),
    )  # fmt: skip


def _failing(rows: Iterable[Row]) -> str:
    tried = max((row for row in rows if row.attempt), key=lambda row: row.attempt, default=None)
    return f"tried {tried.attempt} times: {tried.reason or 'no answer'}" if tried else ""


async def arrivals(log: Log, settings: Settings, now: datetime) -> list[Arrival]:
    """The newest canary of each destination that gets one; none where there is no canary."""
    if settings.canary is None:
        return []
    found = await canary.last_arrivals(log)
    result = []
    for name in canary.expected(settings):
        at, seconds = found.get(name, (None, 0.0))
        result.append(Arrival(name, at, seconds, canary.is_overdue(at, now, settings.canary)))
    return result
