"""The carrier takes one message through its legs and decides what each answer of the channel means for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from alert.channel import BadMessage, Broken, Channel, NotSent, Refused, Sent, ThreadGone, Uncertain, Undelivered
from alert.delivery import letter
from alert.delivery.books import Books
from alert.delivery.clerk import Clerk
from alert.delivery.letter import Desk
from alert.delivery.pace import Breaker, Paces, backoff
from alert.delivery.pages import Pages
from alert.delivery.plan import Job
from alert.delivery.state import Row, RowState, Thread
from alert.policy import EXPIRES
from schemas.alert import Outcome
from schemas.ports import Clock

log = structlog.get_logger()

LOOK_AGAIN = 10.0
"""Seconds between the first look for an uncertain message and the second: histories lag."""
LOOKS = 2
"""How often to look before believing that it never arrived."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A destination as delivery uses it."""

    name: str
    channel: Channel
    fallback: str | None = None
    operator: str | None = None
    on_uncertain: str = "resend"


@dataclass(frozen=True, slots=True)
class Restored:
    """The log came back from a backup: what was told after `since` is not in it.

    Until `until` each message is looked for where it may stand already, before it is sent.
    """

    since: datetime
    until: datetime


@dataclass(slots=True)
class Carrier:
    """Carries the messages of one outlet. Every step is in the ledger before the channel hears of it."""

    outlet: Outlet
    clerk: Clerk
    desk: Desk
    books: Books
    paces: Paces
    clock: Clock
    restored: Restored | None = None
    breaker: Breaker = field(default_factory=Breaker)
    on_broken: Callable[[str, Pages], None] = lambda reason, pages: None

    async def carry(self, job: Job) -> None:
        """Send what waits in these threads as one message."""
        setting = await self.books.write(lambda pages: self.clerk.set_out(job, pages))
        if setting is None:
            return
        if self.restored is not None and self.clock.now() < self.restored.until and not self._harmless(setting.row):
            since = self.restored.since
            await self._note(self._later(setting.row, 0, RowState.UNCERTAIN, since=since, looks=LOOKS - 1))
            return
        await self._deliver(setting.row, setting.threads)

    async def carry_on(self, row: Row) -> None:
        """Go on with a message whose next step is due: look for it, or try again."""
        threads = await self.books.write(lambda pages: self._threads(row, pages))
        if row.state is RowState.WAITING and self.clock.now() > row.started + self._lives(row):
            row = self._expired(row)
        if row.state is RowState.UNCERTAIN:
            found = await self._resolve(row, threads)
            if found is None:
                return
            row = found
        await self._deliver(row, threads)

    def _threads(self, row: Row, pages: Pages) -> Mapping[str, Thread]:
        return {story: pages.thread(self.outlet.name, story) for story in row.stories}

    # ── sending ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _deliver(self, row: Row, threads: Mapping[str, Thread]) -> None:
        """Leg by leg, until all have their answer or one makes the message wait."""
        current: Row | None = row
        later: dict[str, NotSent] = {}
        while current is not None and (leg := self._next_leg(current, later)) is not None:
            if current.leg != leg or current.state is not RowState.SENDING:
                current = current.model_copy(update={"leg": leg, "state": RowState.SENDING, "next": None})
                await self._note(current)
            current = await self._try(current, threads, later)
        if current is None:
            return
        if later:
            await self._not_sent(current, next(iter(later.values())))
            return
        await self.books.write(lambda pages: self.clerk.arrived(current, {}, pages))
        log.info("delivered", destination=self.outlet.name, delivery=current.id, kind=current.kind)

    def _next_leg(self, row: Row, later: Mapping[str, NotSent]) -> str | None:
        answered = {*row.done, *row.refused, *later}
        return next((leg for leg in self.outlet.channel.legs() if leg not in answered), None)

    async def _try(self, row: Row, threads: Mapping[str, Thread], later: dict[str, NotSent]) -> Row | None:
        """One call. The row with its answer in it; None when it has to wait or has ended.

        A leg that alone has to wait is noted in `later`: the other legs go on.
        """
        parcel = letter.parcel(row, threads, self.desk, self.clock.now())
        channel = self.outlet.channel
        try:
            sent = await (channel.update(parcel) if row.kind == "edit" else channel.send(parcel))
        except Undelivered as error:
            log.warning("not delivered", destination=self.outlet.name, delivery=row.id, kind=type(error).__name__,
                        reason=error.reason)  # fmt: skip
            if isinstance(error, NotSent) and error.scope == "message":
                later[row.leg] = error
                return row
            return await self._failed(row, error)
        self.breaker.good()
        return _done(row, sent)

    async def _failed(self, row: Row, error: Undelivered) -> Row | None:
        if isinstance(error, BadMessage) and row.plainer < self.outlet.channel.can.plainer:
            plainer = row.model_copy(update={"plainer": row.plainer + 1})
            await self._note(plainer)
            return plainer
        if isinstance(error, Refused | BadMessage):
            self.breaker.good()
            return row.model_copy(update={"refused": {**row.refused, row.leg: error.reason}})
        await self._wait_or_end(row, error)
        return None

    async def _wait_or_end(self, row: Row, error: Undelivered) -> None:
        if isinstance(error, Uncertain) and self._harmless(row):
            error = NotSent(error.reason)
        if isinstance(error, NotSent):
            await self._not_sent(row, error)
        elif isinstance(error, ThreadGone):
            await self.books.write(lambda pages: self.clerk.reopen(row, pages))
        elif isinstance(error, Broken):
            await self.broken(row, error.reason)
        else:
            self.breaker.bad(self._seconds())
            settle = error.settle if isinstance(error, Uncertain) else LOOK_AGAIN
            await self._note(self._later(row, settle, RowState.UNCERTAIN, looks=0))

    def _harmless(self, row: Row) -> bool:
        """Whether sending it again cannot double anything."""
        return row.kind == "edit" or self.outlet.channel.can.idempotent

    async def _not_sent(self, row: Row, error: NotSent) -> None:
        counts = error.scope != "pace"
        if error.scope == "destination":
            self.breaker.bad(self._seconds())
        elif error.scope == "pace":
            self.paces.pause(self.outlet.channel.limits(row.kind), error.delay or 1.0)
        delay = error.delay if error.delay is not None else backoff(row.attempt)
        if row.done or row.refused:
            await self._note(self._later(row, delay, RowState.WAITING, attempt=row.attempt + counts))
            return
        due = self.clock.now() + timedelta(seconds=delay)
        await self.books.write(lambda pages: self.clerk.return_(row, due, error.reason, pages, counts=counts))

    async def broken(self, row: Row | None, reason: str) -> None:
        """The destination takes nothing: what was on its way waits, the operator hears of it."""

        def change(pages: Pages) -> None:
            if row is not None and (row.done or row.refused):
                pages.put_row(self._later(row, 0, RowState.WAITING))
            elif row is not None:
                self.clerk.return_(row, pages.now, reason, pages, counts=False)
            self.clerk.set_condition(lambda condition: condition.model_copy(update={"broken": reason}), pages)
            self.on_broken(reason, pages)

        log.error("destination is broken", destination=self.outlet.name, reason=reason)
        await self.books.write(change)

    # ── uncertain ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _resolve(self, row: Row, threads: Mapping[str, Thread]) -> Row | None:
        """What became of an uncertain message; the row to go on with, None when it waits or has ended."""
        channel = self.outlet.channel
        if self._harmless(row):
            return self._again(row)
        if not channel.can.reconcile:
            return await self._unknowable(row, "the channel cannot be asked")
        try:
            found = await channel.reconcile(letter.parcel(row, threads, self.desk, self.clock.now()))
        except Broken as error:
            await self._look_later(row)
            await self.broken(None, error.reason)
            return None
        except (Refused, BadMessage, ThreadGone) as error:
            return await self._unknowable(row, error.reason)
        except Undelivered as error:
            log.warning("could not look", destination=self.outlet.name, delivery=row.id, reason=error.reason)
            return await self._look_later(row)
        self.breaker.good()
        if found is not None:
            log.info("reconciled", destination=self.outlet.name, delivery=row.id)
            return _done(row, found)
        if row.looks + 1 >= LOOKS:
            return self._again(row)
        await self._note(self._later(row, LOOK_AGAIN, RowState.UNCERTAIN, looks=row.looks + 1))
        return None

    async def _look_later(self, row: Row) -> Row | None:
        """The channel could not be asked now. After the alert's own time the answer is that nobody knows."""
        if self.clock.now() > row.started + self._lives(row):
            reason = "nobody could say whether it arrived"
            await self.books.write(lambda pages: self.clerk.refuse(row, reason, pages, Outcome.UNCERTAIN))
            return None
        self.breaker.bad(self._seconds())
        await self._note(
            self._later(row, LOOK_AGAIN + backoff(row.attempt), RowState.UNCERTAIN, attempt=row.attempt + 1)
        )
        return None

    async def _unknowable(self, row: Row, why: str) -> Row | None:
        """As the destination's `on_uncertain` has it: send again and say so, let it be, or ask a person."""
        if self.outlet.on_uncertain == "resend":
            return self._again(row, repeats=True)
        if self.outlet.on_uncertain == "drop":
            reason = f"{why}; on_uncertain: drop"
            await self.books.write(lambda pages: self.clerk.refuse(row, reason, pages, Outcome.UNCERTAIN))
            return None

        def hold(pages: Pages) -> None:
            pages.put_row(row.model_copy(update={"state": RowState.HELD, "next": None}))
            for part in row.parts:
                pages.receipt(part, Outcome.UNCERTAIN, f"{why}; on_uncertain: hold, retry it or let it be")

        await self.books.write(hold)
        return None

    def _again(self, row: Row, *, repeats: bool = False) -> Row:
        """Send the same delivery again; it is noted as SENDING before the call."""
        changed = {"state": RowState.WAITING, "repeats": row.repeats or repeats, "looks": 0, "attempt": row.attempt + 1}
        return row.model_copy(update=changed)

    def _lives(self, row: Row) -> timedelta:
        return max(EXPIRES[part.alert.severity] for part in row.parts)

    def _expired(self, row: Row) -> Row:
        """Legs that had no answer in the alert's own time get none."""
        left = [leg for leg in self.outlet.channel.legs() if leg not in {*row.done, *row.refused}]
        return row.model_copy(update={"refused": {**row.refused, **dict.fromkeys(left, "expired")}})

    # ── small steps ────────────────────────────────────────────────────────────────────────────────────────────

    async def _note(self, row: Row) -> None:
        await self.books.write(lambda pages: self.clerk.note(row, pages))

    def _later(self, row: Row, seconds: float, state: RowState, **changed: object) -> Row:
        due: datetime = self.clock.now() + timedelta(seconds=seconds)
        return row.model_copy(update={"state": state, "next": due, **changed})

    def _seconds(self) -> float:
        return self.clock.now().timestamp()


def _done(row: Row, sent: Sent) -> Row:
    """The leg is done; what was said of it alone (that it may repeat) does not hold for the next."""
    return row.model_copy(update={"done": {**row.done, row.leg: sent.handle}, "repeats": False})
