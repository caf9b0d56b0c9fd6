"""A query tried on the log's own history."""

import threading
from datetime import timedelta

import pytest

from alert.lone import lone
from schemas.codec import decode_as
from schemas.ports import Record, Task
from schemas.story import Change
from schemas.topics import CHANGES
from tests.alert.world import NOW, change, deployment, report, subscriptions
from tests.log.clocks import SetClock
from tocsin import trying
from tocsin.log.memory import MemoryLog, Vault
from tocsin.trying import attempt

ORIGIN = subscriptions("subscriptions: []").origin


async def history(*changes: Change) -> tuple[MemoryLog, SetClock]:
    """A log with a change a day, the last one now."""
    clock = SetClock(NOW - timedelta(days=len(changes)))
    log = MemoryLog(clock, Vault(partitions=1))
    await log.open()
    for one in changes:
        clock.move(86400)
        async with log.unit(Task("stories")) as unit:
            unit.emit(CHANGES, one.story.id, one)
    return log, clock


def told(id: str) -> Change:
    return change(report("Troops", deployment(), id=id), story_id=id)


@pytest.mark.parametrize("query", ["event:troop_deployment", "troops"])
async def test_hits_a_day_the_newest_and_what_was_nearly_one(query: str) -> None:
    weather = change(report("Weather", id="w"), story_id="w")
    log, clock = await history(told("a"), weather, told("b"))
    found = await attempt(log, lone(query, ORIGIN), clock.now())
    assert (found.trial.reports, found.trial.matched, found.whole) == (3, 2, True)
    assert [hit.report for hit in found.trial.newest] == ["b", "a"]
    assert [count for _, count in found.days[-3:]] == [1, 0, 1]
    assert len(found.days) == 31


async def test_changes_are_decoded_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()

    def watched(record: Record, kind: type[Change]) -> Change:
        threads.add(threading.get_ident())
        return decode_as(record, kind)

    monkeypatch.setattr(trying, "decode_as", watched)
    log, clock = await history(told("a"), told("b"))
    await attempt(log, lone("troops", ORIGIN), clock.now())
    assert threads
    assert threading.get_ident() not in threads


async def test_a_canary_is_no_report() -> None:
    flown = told("c")
    flown = flown.model_copy(update={"report": flown.report.model_copy(update={"canary": True})})
    log, clock = await history(told("a"), flown)
    found = await attempt(log, lone("troops", ORIGIN), clock.now())
    assert (found.trial.reports, found.trial.matched) == (1, 1)


async def test_only_the_newest_are_looked_at_where_there_are_too_many() -> None:
    log, clock = await history(*(told(str(number)) for number in range(10)))
    found = await attempt(log, lone("troops", ORIGIN), clock.now(), most=4)
    assert (found.trial.reports, found.whole) == (4, False)
    assert found.since == NOW - timedelta(days=3)


async def test_more_than_a_chunk_is_read_to_its_end() -> None:
    log, clock = await history(*(told(str(number)) for number in range(25)))
    async with log.unit(Task("stories")) as unit:
        for number in range(500):
            unit.emit(CHANGES, "more", told(f"more-{number}"))
    found = await attempt(log, lone("troops", ORIGIN), clock.now())
    assert found.trial.matched == 525
    assert "narrow it" in found.warning
