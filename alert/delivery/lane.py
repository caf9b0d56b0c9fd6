"""A lane: one destination's queue. It starts what is due, in order within a thread, at the destination's own pace.

No lane waits for another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from alert.channel import Broken, Kind, Undelivered
from alert.delivery.carrier import Carrier, Outlet
from alert.delivery.clerk import begun_again
from alert.delivery.pace import REST
from alert.delivery.pages import Pages
from alert.delivery.plan import Job, choose, expires, next_moment
from alert.delivery.state import Condition, Pending, Row, RowState
from alert.notices import notice
from schemas.alert import Severity

log = structlog.get_logger()

FALLBACK_AFTER = 600.0
"""Seconds a destination may be down before its loud alerts go to its fallback."""
BROKEN_CHECK = 300.0
"""Seconds between two looks whether a person has mended a broken destination."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Lane:
    """The queue of one outlet, and those on their way."""

    outlet: Outlet
    carrier: Carrier
    sleep: Sleep = asyncio.sleep
    waiting: dict[str, Pending] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    condition: Condition = field(default_factory=lambda: Condition(destination=""))
    standing: Callable[[str, str], None] = lambda destination, trouble: None
    _trouble: str | None = None
    _moving: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What is being carried at this moment: row id or first story → stories."""
    _probing: bool = False
    _next_check: datetime | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """The destination's name."""
        return self.outlet.name

    def committed(self, pages: Pages) -> None:
        """Take over what a unit changed here, and look at it."""
        for (destination, story), one in pages.pending_now.items():
            if destination == self.name:
                _set(self.waiting, story, one)
        for (destination, key), row in pages.rows_now.items():
            if destination == self.name:
                _set(self.rows, key, row)
        self.condition = pages.conditions_now.get(self.name, self.condition)
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        await self._begin_again()
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                self._say_standing()
                await self._keep_time()
                await self._rest(self._dispatch(group))

    def _say_standing(self) -> None:
        down = "it does not answer" if self.carrier.breaker.is_open else ""
        trouble = self.condition.broken or down
        if trouble != self._trouble:
            self._trouble = trouble
            self.standing(self.name, trouble)

    async def _begin_again(self) -> None:
        """After a restart nobody knows what became of a message that was being sent, and a person may have mended."""
        for row in list(self.rows.values()):
            if row.state is RowState.SENDING:
                due = max(self._now(), row.started + timedelta(seconds=3))
                uncertain = begun_again(row).model_copy(update={"next": due, "looks": 0})
                await self.carrier.books.write(lambda pages, row=uncertain: pages.put_row(row))  # type: ignore[misc]
        if self.condition.broken:
            await self._mended("restarted")

    async def _rest(self, seconds: float | None) -> None:
        """Until something changes, or for so long."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._wake.wait())]
        if seconds is not None:
            waits.append(asyncio.ensure_future(self.sleep(max(0.0, seconds))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _now(self) -> datetime:
        return self.carrier.clock.now()

    # ── what is due ────────────────────────────────────────────────────────────────────────────────────────────

    def _dispatch(self, group: asyncio.TaskGroup) -> float | None:
        """Start what may start now; the seconds until there may be more, or None when only news can tell."""
        now = self._now()
        if self.condition.broken or self.carrier.breaker.is_open:
            return self._probe(group, now)
        while len(self._moving) < self.outlet.channel.can.parallel:
            row = self._due_row(now)
            job = None if row else choose(self.waiting, self._busy(), now)
            kind = self._kind(row, job)
            if kind is None:
                break
            limits = self.outlet.channel.limits(kind)
            if wait := self.carrier.paces.wait(limits):
                return wait
            self.carrier.paces.take(limits)
            if row:
                self._start(group, row.id, row.stories, self.carrier.carry_on(row))
            elif job:
                self._start(group, job.stories[0], job.stories, self.carrier.carry(job))
        return self._next(now)

    def _kind(self, row: Row | None, job: Job | None) -> Kind | None:
        if row is not None:
            return row.kind
        if job is None:
            return None
        return "digest" if job.bundle else self.waiting[job.stories[0]].kind

    def _due_row(self, now: datetime) -> Row | None:
        """A message on its way whose next step is due."""
        steps = (row for row in self.rows.values() if row.next is not None and row.next <= now)
        return next((row for row in steps if row.id not in self._moving and row.state is not RowState.SENDING), None)

    def _busy(self) -> set[str]:
        """Stories that have a message on its way: what follows waits for it."""
        carried = {story for stories in self._moving.values() for story in stories}
        return carried.union(*(row.stories for row in self.rows.values()))

    def _next(self, now: datetime) -> float | None:
        moments = [row.next for row in self.rows.values() if row.next is not None and row.id not in self._moving]
        if (other := next_moment(self.waiting, self._busy(), now)) is not None:
            moments.append(other)
        ahead = [(moment - now).total_seconds() for moment in moments if moment > now]
        return min(ahead, default=None)

    def _start(
        self, group: asyncio.TaskGroup, key: str, stories: tuple[str, ...], work: Coroutine[Any, Any, None]
    ) -> None:
        self._moving[key] = stories

        async def carry() -> None:
            try:
                await work
            finally:
                del self._moving[key]
                self._wake.set()

        group.create_task(carry())

    # ── when it does not work ──────────────────────────────────────────────────────────────────────────────────

    def _probe(self, group: asyncio.TaskGroup, now: datetime) -> float:
        """A destination that is down is asked how it is, now and then; never with an alert."""
        every = BROKEN_CHECK if self.condition.broken else REST
        if self._next_check is None:
            self._next_check = now + timedelta(seconds=every)
        if now >= self._next_check and not self._probing:
            self._next_check = now + timedelta(seconds=every)
            self._probing = True
            group.create_task(self._check())
        upcoming = self._next(now)
        wait = max(0.1, (self._next_check - now).total_seconds())
        return wait if upcoming is None else min(wait, max(0.1, upcoming))

    async def _check(self) -> None:
        try:
            await self.outlet.channel.check()
        except Broken as error:
            if not self.condition.broken:
                await self.carrier.broken(None, error.reason)
        except Undelivered as error:
            log.info("still down", destination=self.name, reason=error.reason)
        else:
            self.carrier.breaker.good()
            self._next_check = None
            if self.condition.broken:
                await self._mended("it answers again")
        finally:
            self._probing = False
            self._wake.set()

    async def _mended(self, why: str) -> None:
        log.info("destination tried again", destination=self.name, why=why)
        clear = {"broken": ""}
        await self.carrier.books.write(
            lambda pages: self.carrier.clerk.set_condition(lambda now: now.model_copy(update=clear), pages)
        )

    def tell_operator(self, reason: str, pages: Pages) -> None:
        """The operator hears, on another destination, that this one takes nothing."""
        if self.outlet.operator in (None, self.name):
            return
        alert = notice(
            self.outlet.operator or "", f"destination/{self.name}", f"Destination {self.name} is broken: {reason}",
            f"Its alerts wait. Mend it in tocsin.yaml and restart, or resume it. It answered: {reason}", pages.now,
        )  # fmt: skip
        pages.ring(alert)

    async def _keep_time(self) -> None:
        """Give up what is too old; send the loud round by the fallback while the destination is down."""
        now = self._now()
        late = [story for story, one in self.waiting.items() if expires(one) <= now and story not in self._busy()]
        if late:
            await self.carrier.books.write(lambda pages: self.carrier.clerk.give_up(late, pages))
        stranded = self._stranded(now)
        if stranded:
            await self.carrier.books.write(lambda pages: self._fall_back(stranded, pages))

    def _stranded(self, now: datetime) -> list[str]:
        down = self.carrier.breaker.since
        long = down is not None and now.timestamp() - down > FALLBACK_AFTER
        if self.outlet.fallback is None or not (self.condition.broken or long):
            return []
        return [story for story, one in self.waiting.items() if _may_fall_back(one, now, bool(self.condition.broken))]

    def _fall_back(self, stories: list[str], pages: Pages) -> None:
        other = self.outlet.fallback or ""
        for waiting in filter(None, (pages.pending(self.name, story) for story in stories)):
            if not waiting.fallen_back:
                changed = {"destination": other, "id": f"{waiting.alert.id}>{other}", "via": self.name}
                pages.ring(waiting.alert.model_copy(update=changed))
                pages.put_pending(waiting.model_copy(update={"fallen_back": True}))


def _may_fall_back(one: Pending, now: datetime, broken: bool) -> bool:
    loud = broken or one.alert.severity.rank >= Severity.HIGH.rank
    free = one.due <= now and one.kind in ("root", "reply") and not one.fallen_back
    return loud and free and one.alert.via is None


def _set(where: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        where.pop(key, None)
    else:
        where[key] = value
