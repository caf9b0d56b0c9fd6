"""The canary flies once a turn, is followed to where it arrives, and is missed where it does not."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ingest.door import DOOR, let_in
from schemas.alert import Outcome, Receipt
from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Canary
from schemas.topics import ITEMS, RECEIPTS
from tests.log.clocks import SetClock
from tocsin.canary import Watcher, is_overdue, last_arrivals, turn
from tocsin.health import Health, State
from tocsin.log.append import append
from tocsin.log.memory import MemoryLog, Vault
from tocsin.metrics import Metrics

NOON = datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
SETTINGS = Canary(every=300, late=60)


@dataclass
class Aviary:
    """A watcher over a log in memory; arrivals are written by the test."""

    def __post_init__(self) -> None:
        self.clock = SetClock(NOON)
        self.log = MemoryLog(self.clock, Vault(partitions=1))
        self.health, self.metrics = Health(), Metrics()
        self.watcher = Watcher(
            self.log, self.push, self.clock, self.health, self.metrics, SETTINGS, ("nobody", "mail")
        )  # fmt: skip

    async def push(self, items: Sequence[Item], backfill: bool) -> int:
        return await append(self.log, DOOR, lambda unit: let_in(items, unit, backfill=backfill))

    async def flown(self) -> list[Item]:
        return [decode_as(record, Item) async for record in self.log.history(ITEMS)]

    async def arrives(self, *destinations: str, outcome: Outcome = Outcome.SENT) -> None:
        newest = (await self.flown())[-1]
        async with self.log.unit(Task("deliver")) as unit:
            for name in destinations:
                receipt = Receipt(
                    id=f"{name}{newest.id}", alert=name, destination=f"canary:{name}", story=newest.id, revision=1,
                    report=newest.id, outcome=outcome, reason="", fetched=newest.fetched, at=self.clock.now(),
                )  # fmt: skip
                unit.emit(RECEIPTS, receipt.destination, receipt)

    def value(self, name: str, destination: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, {"destination": destination})


@pytest.fixture
async def aviary() -> AsyncIterator[Aviary]:
    made = Aviary()
    await made.log.open()
    yield made
    await made.log.close()


def test_a_turn_is_the_same_in_every_process() -> None:
    id, began = turn(NOON, 300)
    assert (id, began) == ("canary-20260301T120000Z", NOON.replace(second=0))
    assert turn(NOON.replace(minute=4, second=59), 300) == (id, began)
    assert turn(NOON.replace(minute=5), 300)[0] != id


async def test_one_flies_a_turn_however_many_look(aviary: Aviary) -> None:
    other = Watcher(
        aviary.log, aviary.push, aviary.clock, Health(), Metrics(), SETTINGS, ("nobody",)
    )  # fmt: skip
    for _ in range(3):
        await aviary.watcher.look()
        await other.look()
    (one,) = await aviary.flown()
    assert (one.canary, one.alertable, one.title) == (True, True, "Canary: tocsin tests itself, nothing happened")
    aviary.clock.move(300)
    await aviary.watcher.look()
    assert len(await aviary.flown()) == 2


async def test_what_it_took_is_measured_where_it_arrives(aviary: Aviary) -> None:
    await aviary.watcher.look()
    aviary.clock.move(1.5)
    await aviary.arrives("nobody", "mail")
    await aviary.watcher.look()
    assert aviary.value("tocsin_canary_seconds", "mail") == 1.5
    assert await last_arrivals(aviary.log) == {name: (aviary.clock.now(), 1.5) for name in ("mail", "nobody")}


async def test_it_is_missed_where_it_does_not_arrive_until_one_does(aviary: Aviary) -> None:
    await aviary.watcher.look()
    await aviary.arrives("nobody")
    await aviary.arrives("mail", outcome=Outcome.REFUSED)
    aviary.clock.move(30)
    await aviary.watcher.look()
    assert aviary.health.parts["canary"] == (State.OK, "")
    aviary.clock.move(30)
    await aviary.watcher.look()
    assert aviary.health.parts["canary"] == (State.DEGRADED, "it has not reached mail within 60 seconds")
    assert (aviary.value("tocsin_canary_late", "mail"), aviary.value("tocsin_canary_late", "nobody")) == (1, 0)
    aviary.clock.move(300)
    await aviary.watcher.look()
    assert aviary.value("tocsin_canary_late", "mail") == 1, "the next one is on its way, and has not arrived"
    await aviary.arrives("nobody", "mail")
    await aviary.watcher.look()
    assert aviary.health.parts["canary"] == (State.OK, "")


async def test_a_process_that_starts_in_the_middle_of_a_turn_gives_it_its_time(aviary: Aviary) -> None:
    aviary.clock.move(200)
    await aviary.watcher.look()
    assert aviary.health.parts["canary"][0] is State.OK


def test_it_is_overdue_once_the_next_should_have_arrived() -> None:
    assert not is_overdue(None, NOON, SETTINGS)
    assert not is_overdue(NOON, NOON.replace(minute=5), SETTINGS)
    assert is_overdue(NOON, NOON.replace(minute=7), SETTINGS)
