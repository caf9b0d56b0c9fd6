"""The match stage on the in-memory log: what becomes an alert, for whom, and what is remembered."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest

from alert.matching import MatchStage
from schemas.alert import Alert, Match, Severity
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.report import Status
from schemas.story import Change, Materiality
from schemas.topics import ALERTS, CHANGES
from tests.alert.world import change, deployment, event, report, subscriptions
from tests.log.clocks import SetClock
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog, Vault

WANTED = """
subscriptions:
  - id: dprk
    match: event:troop_deployment AND actor:KP AND NOT status:denied
    severity: {default: normal, flash: "status:confirmed AND sources>=3"}
    notify: [east-asia, desk-mail]
  - id: kursk
    title: Kursk
    match: place:kursk-oblast AND NOT status:denied
    severity: high
    notify: [east-asia]
  - id: off
    enabled: false
    match: event:troop_deployment
    notify: [east-asia]
"""


class Bench:
    """The stage with a log around it."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.log = MemoryLog(self.clock, Vault(partitions=1))
        self.stage = MatchStage(subscriptions(WANTED))
        self._spec = StageSpec("match", (CHANGES,))

    async def see(self, *changes: Change) -> list[Alert]:
        """The alerts that these changes give."""
        before = len(await self.alerts())
        task = await self.log.claim(self._spec, 0)
        async with self.log.unit(Task("stories")) as unit:
            for one in changes:
                unit.emit(CHANGES, one.story.id, one)
        batch = await self.log.read(task)
        async with self.log.unit(task) as unit:
            self.stage.handle(batch, unit)
            unit.acknowledge(batch)
        return (await self.alerts())[before:]

    async def alerts(self) -> list[Alert]:
        return [decode_as(record, Alert) async for record in self.log.history(ALERTS)]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    await made.log.open()
    yield made
    await made.log.close()


SENT = report("Troops in Kursk", deployment(status=Status.REPORTED))


async def test_one_alert_a_destination_lists_every_subscription(bench: Bench) -> None:
    mail, slack = sorted(await bench.see(change(SENT)), key=lambda alert: alert.destination)
    assert (mail.destination, [match.subscription for match in mail.matches]) == ("desk-mail", ["dprk"])
    assert (slack.destination, [match.subscription for match in slack.matches]) == ("east-asia", ["dprk", "kursk"])
    assert (mail.severity, slack.severity) == (Severity.NORMAL, Severity.HIGH)
    assert mail.matches[0].reasons == ("event:troop_deployment", "actor:KP", "NOT status:denied")


async def test_the_same_change_is_the_same_alert(bench: Bench) -> None:
    first = await bench.see(change(SENT))
    second = await bench.see(change(SENT))
    assert [alert.id for alert in first] == [alert.id for alert in second]


async def test_an_immaterial_change_gives_an_alert_too_so_that_it_has_an_end(bench: Bench) -> None:
    assert await bench.see(change(SENT, Materiality.M0))


async def test_a_back_fill_never_rings_but_its_story_does_on_the_first_live_match(bench: Bench) -> None:
    assert await bench.see(change(SENT, alertable=False, live=False)) == []
    assert len(await bench.see(change(SENT, Materiality.M0, story_revision=2))) == 2


async def test_who_was_told_is_told_of_the_denial_though_no_query_matches(bench: Bench) -> None:
    await bench.see(change(SENT))
    denial = report("", deployment(status=Status.DENIED))
    told = await bench.see(change(denial, Materiality.M3, story_revision=2, what=("now denied by KR",)))
    assert [(alert.destination, alert.matches, alert.correction) for alert in told] == [
        ("desk-mail", (), True),
        ("east-asia", (), True),
    ]
    assert {alert.what for alert in told} == {("now denied by KR",)}


async def test_nobody_is_corrected_who_was_not_told(bench: Bench) -> None:
    denial = report("", deployment(status=Status.DENIED))
    assert await bench.see(change(denial, Materiality.M3)) == []


async def test_a_lesser_change_that_matches_no_more_is_no_correction(bench: Bench) -> None:
    await bench.see(change(SENT))
    assert await bench.see(change(report("", event("protest")), Materiality.M2, story_revision=2)) == []


async def test_a_risen_severity_counts_as_m3(bench: Bench) -> None:
    await bench.see(change(SENT))
    sure = change(
        report("", deployment()), Materiality.M1, story_revision=2, story_sources=("a", "b", "c"),
    )  # fmt: skip
    by_destination = {alert.destination: alert for alert in await bench.see(sure)}
    assert by_destination["desk-mail"].materiality is Materiality.M3
    assert by_destination["desk-mail"].what == ("dprk is now flash, was normal",)
    again = await bench.see(
        change(report("", deployment()), Materiality.M1, story_revision=3, story_sources=("a", "b", "c"))
    )
    assert {alert.materiality for alert in again} == {Materiality.M1}


async def test_who_was_told_of_a_merged_story_is_told_of_what_it_became(bench: Bench) -> None:
    await bench.see(change(SENT, story_id="old"))
    denial = report("", deployment(status=Status.DENIED))
    told = await bench.see(change(denial, Materiality.M3, story_id="new", story_merged=("old",)))
    assert [alert.destination for alert in told] == ["desk-mail", "east-asia"]


async def test_who_was_told_is_forgotten_long_after_the_story_rests(bench: Bench) -> None:
    await bench.see(change(SENT))
    bench.clock.move(timedelta(days=200).total_seconds())
    await bench.see()
    denial = report("", deployment(status=Status.DENIED))
    assert await bench.see(change(denial, Materiality.M3, story_revision=2)) == []


async def test_swapped_subscriptions_hold_from_the_next_batch(bench: Bench) -> None:
    bench.stage.subscriptions = subscriptions("subscriptions: [{id: a, match: troops, notify: [elsewhere]}]")
    assert [alert.destination for alert in await bench.see(change(SENT))] == ["elsewhere"]


async def test_partitions_of_one_process_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    log, spec = MemoryLog(SetClock(), Vault(partitions=2)), StageSpec("match", (CHANGES,))
    await log.open()
    stage = MatchStage(subscriptions(WANTED))
    busy, overlaps = threading.Lock(), list[str]()

    def slowly(*_: object) -> tuple[list[Match], list[str]]:
        if not busy.acquire(blocking=False):
            overlaps.append("two at once")
            return [], []
        with closing(SimpleNamespace(close=busy.release)):
            time.sleep(0.02)
            return [], []

    monkeypatch.setattr(stage.subscriptions, "match_quickly", slowly)
    tasks = [await log.claim(spec, 0), await log.claim(spec, 1)]
    async with log.unit(Task("stories")) as unit:
        for number in range(8):
            unit.emit(CHANGES, f"story-{number}", change(SENT))

    async def work(task: Task) -> int:
        batch = await log.read(task)
        async with log.unit(task) as unit:
            await asyncio.to_thread(stage.handle, batch, unit)
        return len(batch)

    counts = await asyncio.gather(*map(work, tasks))
    assert all(counts)
    assert overlaps == []
