"""A subscription that hears nothing for too long says so, once a day."""

from datetime import timedelta

import pytest

from alert.burden import burden, cost_words
from alert.expect import expectation, silence
from alert.match.matcher import Cost
from schemas.alert import Alert, Match, Severity
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.story import Materiality
from schemas.topics import ALERTS
from tests.alert.world import NOW, report, story, subscriptions
from tests.log.clocks import SetClock
from tocsin.expecting import look, tell_slow
from tocsin.log.memory import MemoryLog, Vault

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("heard", "since", "quiet"),
    [
        ([], 10, True),
        ([], 3, False),
        ([1], 10, False),
        ([8], 10, True),
    ],
)
def test_silence(heard: list[int], since: int, quiet: bool) -> None:
    times = [NOW - days * DAY for days in heard]
    assert bool(silence(expectation("1 per 7d"), times, NOW - since * DAY, NOW)) == quiet


def test_silence_is_told_in_words() -> None:
    said = silence(expectation("2 per 1w"), [NOW - DAY], NOW - 30 * DAY, NOW)
    assert said == "1 matches where 2 per 1w was expected; the last match was on 2025-04-27 06:10 UTC"


async def test_its_destinations_are_told_once_a_day() -> None:
    clock = SetClock(NOW)
    log = MemoryLog(clock, Vault(partitions=1))
    await log.open()
    wanted = subscriptions("subscriptions: [{id: a, title: A, match: x, expect: 1 per 7d, notify: [d]}]")
    assert await look(log, wanted, NOW) == [], "the listening begins now"
    assert await look(log, wanted, NOW + 8 * DAY) == ["a"]
    await look(log, wanted, NOW + 8 * DAY + timedelta(hours=1))
    told = [decode_as(record, Alert) async for record in log.history(ALERTS)]
    assert {(alert.id, alert.destination, alert.story.headline) for alert in told} == {
        (told[0].id, "d", "Too quiet: A")
    }
    await log.close()


async def test_who_matched_is_not_quiet() -> None:
    clock = SetClock(NOW)
    log = MemoryLog(clock, Vault(partitions=1))
    await log.open()
    wanted = subscriptions("subscriptions: [{id: a, match: x, expect: 1 per 7d, notify: [d]}]")
    await look(log, wanted, NOW)
    clock.move((5 * DAY).total_seconds())
    async with log.unit(Task("match")) as unit:
        unit.emit(ALERTS, "d", Alert(
            id="1", destination="d", story=story(), report=report(), materiality=Materiality.M1,
            severity=Severity.LOW, matches=(Match(subscription="a"),), created=NOW + 5 * DAY,
        ))  # fmt: skip
    assert await look(log, wanted, NOW + 8 * DAY) == []
    await log.close()


def test_a_burden_is_told_after_enough_reports() -> None:
    assert burden(Cost(100, 9, 10.0)) == ""
    assert burden(Cost(2000, 9, 1.0)) == ""
    assert burden(Cost(2000, 9, 10.0)).startswith("checking it takes 5.0 ms a report, over 2000 reports")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(0, 0, 0.0), "fair: looked at in 2.0% of reports (a guess: 0 were seen)"),
        (Cost(9, 9, 0.0), "fair: looked at in 2.0% of reports (a guess: 9 were seen)"),
        (Cost(1000, 3, 0.0), "cheap: looked at in 0.3% of reports"),
        (Cost(1000, 0, 0.0), "cheap: looked at in 0% of reports"),
        (Cost(1000, 300, 0.4), "dear: looked at in 30% of reports, checked in full for 0.40 ms a report"),
    ],
)
def test_a_cost_is_told_in_words(cost: Cost, words: str) -> None:
    assert cost_words(cost, 0.02) == words


async def test_the_account_of_a_subscription_is_its_own() -> None:
    wanted = subscriptions("subscriptions: [{id: a, match: kursk NEAR/3 border, notify: [d]}, {id: b, match: peace}]")
    for _ in range(3):
        wanted.match(report("the kursk border"))
    costs = wanted.costs()
    assert (costs["a"].reports, costs["a"].looked, costs["b"].looked) == (3, 3, 0)
    assert costs["a"].seconds > 0
    wanted.weigh()
    assert wanted.slow == {}, "three reports are too few to judge by"


async def test_the_owner_of_a_slow_subscription_is_told_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alert.subscription_set.COSTLY", 0.0)
    monkeypatch.setattr("alert.subscription_set.burden", lambda cost: "it takes long")
    wanted = subscriptions("subscriptions: [{id: a, title: A, match: kursk NEAR/3 border, notify: [d]}]")
    wanted.match(report("the kursk border"))
    wanted.weigh()
    log = MemoryLog(SetClock(NOW), Vault(partitions=1))
    await log.open()
    assert await tell_slow(log, wanted, NOW) == ["a"]
    await tell_slow(log, wanted, NOW + timedelta(hours=1))
    told = [decode_as(record, Alert) async for record in log.history(ALERTS)]
    assert {(alert.id, alert.story.headline) for alert in told} == {(told[0].id, "Too costly: A")}
    assert "up to a minute later" in told[0].report.text
    await log.close()
