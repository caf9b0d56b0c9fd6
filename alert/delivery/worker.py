"""The deliver worker: reads alerts and actions of its partition, and keeps one lane for every destination."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from alert.channel import Channel
from alert.delivery.books import Books
from alert.delivery.carrier import Carrier, Outlet, Restored
from alert.delivery.clerk import Clerk
from alert.delivery.intake import Intake
from alert.delivery.lane import Lane, Sleep
from alert.delivery.letter import Desk
from alert.delivery.pace import Paces
from alert.delivery.pages import Ledger, Pages
from alert.delivery.state import Condition
from alert.policy import Rules
from schemas.alert import Action, Alert, Receipt
from schemas.codec import NewerVersion, decode
from schemas.errors import Fenced, LogError, TocsinError, Unreadable
from schemas.ports import Clock, Names, Record, Runtime, Task
from schemas.settings import Settings

log = structlog.get_logger()

FORGET = timedelta(days=14)
"""A thread without a word for so long is forgotten: a story that speaks again opens a new one."""
LOG_PAUSE = 5.0
"""Seconds between two tries while the log cannot be written."""
POISON = 5
"""Records that fail in a row before the fault is ours."""
SWEEP = 3600.0
"""Seconds between two looks for threads to forget."""


@dataclass(frozen=True, slots=True)
class Office:
    """What delivery needs from outside."""

    clock: Clock
    names: Names
    sleep: Sleep = asyncio.sleep
    observe: Callable[[Receipt], None] = lambda receipt: None
    """Called with every receipt once it is committed, for metrics."""
    standing: Callable[[str, str], None] = lambda destination, trouble: None
    """Called when a destination's standing changes: its name, and what is wrong (empty: nothing), for health."""
    restored: Restored | None = None
    """Set when the log came back from a backup."""


@dataclass(slots=True)
class DeliverWorker:
    """Delivers the alerts of a task's partition until cancelled."""

    settings: Settings
    channels: Mapping[str, Channel]
    """Destination → its channel."""
    office: Office
    _paces: Paces = field(init=False)

    def __post_init__(self) -> None:
        self._paces = Paces(lambda: self.office.clock.now().timestamp())

    async def run(self, task: Task, runtime: Runtime) -> None:
        """Work until cancelled. While the log cannot be written it waits and starts anew from what is committed.

        Raises `Fenced` when the task is another's, `NewerVersion` for a record of a newer tocsin, and any bug.
        """
        while True:
            try:
                await self._work(task, runtime)
            except (LogError, ExceptionGroup) as raised:
                error = _first(raised)
                if isinstance(error, Fenced) or not isinstance(error, LogError):
                    raise error from None
                log.warning("deliver waits for the log", task=str(task), reason=str(error))
            await self.office.sleep(LOG_PAUSE)
            await runtime.rewind(task)

    async def _work(self, task: Task, runtime: Runtime) -> None:
        lanes: dict[str, Lane] = {}
        books = Books(task, runtime, lambda pages: self._committed(pages, lanes.values()))
        intake = Intake(self.rules())
        lanes.update({name: self._lane(name, books, intake) for name in self.channels})
        async with runtime.unit(task) as unit:
            _restore(Ledger(unit), lanes)
        async with asyncio.TaskGroup() as group:
            group.create_task(books.run())
            group.create_task(self._read(task, runtime, books, intake))
            group.create_task(self._sweep(books))
            for lane in lanes.values():
                group.create_task(lane.run())

    def rules(self) -> dict[str, Rules]:
        """The rules of every destination."""
        return {
            name: Rules(
                name=name,
                timezone=settings.timezone or self.settings.timezone,
                quiet=settings.quiet,
                max_per_hour=settings.max_per_hour,
                edits=self.channels[name].can.edits,
            )
            for name, settings in self.settings.destinations.items()
            if name in self.channels
        }

    def _lane(self, name: str, books: Books, intake: Intake) -> Lane:
        settings, channel = self.settings.destinations[name], self.channels[name]
        outlet = Outlet(name, channel, settings.fallback, self.settings.operator, settings.on_uncertain)
        desk = Desk(
            self.office.names, settings.timezone or self.settings.timezone, settings.language,
            self.settings.desk.public_url,
        )  # fmt: skip
        clerk = Clerk(name, intake, channel.legs()[0], desk.subject)
        carrier = Carrier(outlet, clerk, desk, books, self._paces, self.office.clock, self.office.restored)
        lane = Lane(outlet, carrier, self.office.sleep, condition=Condition(destination=name))
        carrier.on_broken = lane.tell_operator
        lane.standing = self.office.standing
        return lane

    def _committed(self, pages: Pages, lanes: Iterable[Lane]) -> None:
        for lane in lanes:
            if pages.touches(lane.name):
                lane.committed(pages)
        for receipt in pages.receipts:
            self.office.observe(receipt)

    async def _read(self, task: Task, runtime: Runtime, books: Books, intake: Intake) -> None:
        while True:
            records = await runtime.read(task)
            if not records:
                continue
            try:
                await books.write(partial(_take, records, intake))
            except (LogError, NewerVersion):
                raise
            except Exception as error:
                log.exception("a batch failed", task=str(task), error=type(error).__name__)
                await _one_by_one(records, books, intake)

    async def _sweep(self, books: Books) -> None:
        while True:
            await self.office.sleep(SWEEP)
            await books.write(_forget)


async def _one_by_one(records: Sequence[Record], books: Books, intake: Intake) -> None:
    """The batch again, a record a change; the guilty ones die. Five in a row are the code's fault: that is raised."""
    row = 0
    for record in records:
        try:
            await books.write(partial(_take, [record], intake))
            row = 0
        except (LogError, NewerVersion):
            raise
        except Exception as error:
            row += 1
            if row >= POISON:
                raise
            await books.write(partial(_bury, record, error))


def _bury(record: Record, error: Exception, pages: Pages) -> None:
    pages.dead(record, error)
    pages.acknowledge([record])


def _first(error: BaseException) -> Exception:
    """The first real error of a nested group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else TocsinError(type(error).__name__)


def _take(records: Sequence[Record], intake: Intake, pages: Pages) -> None:
    """Account for every record of a batch, and acknowledge it."""
    for record in records:
        try:
            message = decode(record)
        except Unreadable as error:
            pages.dead(record, error)
            continue
        if isinstance(message, Alert):
            intake.alert(message, pages)
        elif isinstance(message, Action):
            intake.action(message, pages)
    pages.acknowledge(records)


def _restore(ledger: Ledger, lanes: Mapping[str, Lane]) -> None:
    """What waits and what is on its way, as the last committed unit left it."""
    for pending in ledger.all_pending():
        if lane := lanes.get(pending.alert.destination):
            lane.waiting[pending.alert.story.id] = pending
    for row in ledger.rows():
        if lane := lanes.get(row.destination):
            lane.rows[row.id] = row
    for condition in ledger.conditions():
        if lane := lanes.get(condition.destination):
            lane.condition = condition


def _forget(pages: Pages) -> None:
    """Drop threads that have been silent long enough and have nothing waiting."""
    for thread in list(pages.threads()):
        last = max((at for at in (thread.rang, thread.opened, thread.edited) if at), default=None)
        idle = last is not None and last < pages.now - FORGET
        if idle and not thread.row and pages.pending(thread.destination, thread.story) is None:
            pages.drop_thread(thread)
