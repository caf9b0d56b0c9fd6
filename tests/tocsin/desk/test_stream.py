"""Alerts as they are written: none missed, none twice, whoever goes and comes back."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ports import Task
from schemas.topics import ALERTS
from tests.alert.build import DAWN, alert
from tests.log.clocks import SetClock
from tocsin.desk.stream import Tail
from tocsin.log.memory import MemoryLog, Vault

PARTITIONS = 3


async def never() -> bool:
    return False


class Counting(MemoryLog):
    """A log that counts how often it is asked where the alerts end."""

    asked = 0

    async def ends(self, topic: object) -> tuple[int, ...]:
        self.asked += 1
        return await super().ends(ALERTS)


@pytest.fixture
async def log() -> AsyncIterator[Counting]:
    made = Counting(SetClock(DAWN), Vault(partitions=PARTITIONS))
    await made.open()
    yield made
    await made.close()


async def ring(log: MemoryLog, *stories: str, destination: str = "desk", canary: bool = False) -> None:
    async with log.unit(Task("match", 0)) as unit:
        for story in stories:
            one = alert(key=story, destination=destination)
            report = one.report.model_copy(update={"canary": canary})
            unit.emit(ALERTS, destination, one.model_copy(update={"report": report}))


async def heard(log: MemoryLog, count: int, last: str = "", wanted: str | None = None) -> list[tuple[str, str]]:
    """(id, story) of the next events for one who comes back with the id of the last."""
    found: list[tuple[str, str]] = []
    stream = Tail(log, poll=0.001).events(last, wanted, never)
    async for text in stream:
        if text.startswith("id: "):
            found.append((text[4:].splitlines()[0], text.split('"story": {"id": "')[1].split('"')[0]))
        if len(found) == count:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


async def start(log: MemoryLog) -> str:
    """The position that a first listener is given."""
    stream = Tail(log).events("", None, never)
    first = await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    return first.split("id: ")[1].splitlines()[0]


async def test_who_comes_back_hears_all_that_was_missed_and_nothing_twice(log: Counting) -> None:
    await ring(log, "old")
    at = await start(log)
    await ring(log, "a")
    await ring(log, "b", destination="mail")
    await ring(log, "c", destination="soc")
    first = await heard(log, 1, at)
    rest = await heard(log, 2, first[0][0])
    assert sorted(story for _, story in [*first, *rest]) == ["a", "b", "c"]
    await ring(log, "d")
    assert [story for _, story in await heard(log, 1, rest[-1][0])] == ["d"]


async def test_more_than_a_page_is_told_to_the_end(log: Counting) -> None:
    at = await start(log)
    await ring(log, *(f"s{number}" for number in range(450)))
    assert [story for _, story in await heard(log, 450, at)] == [f"s{number}" for number in range(450)]


async def test_a_canary_is_not_told_and_not_waited_at(log: Counting) -> None:
    at = await start(log)
    await ring(log, "c", destination="canary:nobody", canary=True)
    await ring(log, "a")
    assert [story for _, story in await heard(log, 1, at)] == ["a"]


async def test_only_alerts_of_the_subscription_asked_for(log: Counting) -> None:
    at = await start(log)
    await ring(log, "a")
    tail = Tail(log, poll=0.001)
    position = tail.position(at, await tail.ends())
    told, _ = await tail.since(position, await tail.ends())
    name = told[0][0].matches[0].subscription
    assert [story for _, story in await heard(log, 1, at, name)] == ["a"]


async def test_however_many_listen_the_log_is_asked_once(log: Counting) -> None:
    tail = Tail(log, poll=60)
    for _ in range(20):
        await anext(tail.events("", None, never))
    assert log.asked == 1


async def test_who_listens_long_in_vain_is_kept_by_a_comment(log: Counting) -> None:
    stream = Tail(log, poll=0.0001).events("", None, never)
    assert (await anext(stream)).startswith("retry: ")
    assert await anext(stream) == ":\n\n"
    await stream.aclose()  # type: ignore[attr-defined]


@given(st.text(max_size=30), st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_whatever_a_listener_says_it_begins_within_what_there_is(last: str, ends: list[int]) -> None:
    position = Tail(MemoryLog(SetClock())).position(last, tuple(ends))
    assert len(position) == len(ends)
    assert all(0 <= at <= end for at, end in zip(position, ends, strict=True))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_a_position_of_ours_is_understood(ends: list[int]) -> None:
    tail = Tail(MemoryLog(SetClock()))
    assert tail.position(".".join(map(str, ends)), tuple(end + 1 for end in ends)) == tuple(ends)
