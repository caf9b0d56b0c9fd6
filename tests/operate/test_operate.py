"""Dead letters, forgetting, replay, and remembering which log is ours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.codec import decode_as
from schemas.errors import LogError, Unreadable
from schemas.item import Item
from schemas.ports import Task, Unit
from schemas.report import Report
from schemas.topics import DEAD, ITEMS, REPORTS
from tests.log.clocks import SetClock
from tests.log.conftest import Opener, another, clock
from tests.log.waiting import eventually
from tocsin.log import Log, StageSpec
from tocsin.log.append import append
from tocsin.log.base import Owned
from tocsin.log.cursor import Settlement
from tocsin.log.memory import MemoryLog
from tocsin.log.unit import BufferedUnit
from tocsin.operate import remember
from tocsin.operate.dead import UnknownLetter, letter_of, letters, retry
from tocsin.operate.forget import forget
from tocsin.operate.replay import replay

__all__ = ["another", "clock"]
UNDERSTAND = StageSpec("understand", (ITEMS,))
PUSH = Task("push")


async def history(log: Log, count: int) -> list[Item]:
    async def look() -> list[Item]:
        return [decode_as(record, Item) async for record in log.history(ITEMS)]

    return await eventually(look, lambda found: len(found) == count)


async def one_that_dies(log: Log) -> Task:
    """An item that was laid aside by understand."""
    async with log.unit(PUSH) as unit:
        unit.emit(ITEMS, "k", Item(id="1", title="broken"))
    task = await log.claim(UNDERSTAND, 2)
    (record,) = await log.read(task, wait=20.0)
    async with log.unit(task) as unit:
        unit.dead(record, Unreadable("not today"))
        unit.acknowledge([record])

    async def look() -> list[str]:
        return [record.key async for record in log.history(DEAD)]

    await eventually(look, lambda found: len(found) == 1)
    return task


async def test_a_dead_letter_is_listed_shown_and_sent_again_as_it_was(another: Opener) -> None:
    log = await another()
    task = await one_that_dies(log)
    (laid,) = await letters(log)
    assert (laid.letter.stage, laid.letter.error, laid.retried) == ("understand", "Unreadable", None)
    assert (await letter_of(log, laid.letter.id[:6])).letter == laid.letter
    assert await retry(log, [laid]) == 1
    (again,) = await log.read(task, wait=20.0)
    assert decode_as(again, Item) == Item(id="1", title="broken")
    assert again.headers["ce_source"] == "tocsin/retry/0"
    assert (await letters(log))[0].retried is not None


async def test_an_unknown_letter_is_said() -> None:
    with pytest.raises(UnknownLetter, match='0 dead letters have an id that starts with "xyz"'):
        await letter_of(MemoryLog(SetClock()), "xyz")


async def test_what_is_forgotten_is_gone_from_everything_that_carried_it(another: Opener) -> None:
    log = await another()
    async with log.unit(PUSH) as unit:
        unit.emit(ITEMS, "k", Item(id="kept", title="kept"))
        unit.emit(ITEMS, "k", Item(id="gone", url="https://a.example/1", title="secret"))
        unit.emit(REPORTS, "all", Report(id="gone", title="secret"))
    await history(log, 2)
    told = await forget(log, "https://a.example/1")
    assert told.ids == {"gone"}
    if told.at_once or not isinstance(log, MemoryLog):
        assert [item.id for item in await history(log, 1)] == ["kept"]
        assert [record async for record in log.history(REPORTS)] == []


async def test_forgetting_what_was_never_there_does_nothing() -> None:
    assert (await forget(MemoryLog(SetClock()), "nothing")).ids == set()


async def test_a_replay_never_rings(clock: SetClock) -> None:
    log = MemoryLog(clock)
    async with log.unit(PUSH) as unit:
        unit.emit(ITEMS, "k", Item(id="before"))
    clock.move(60)
    since = clock.now()
    async with log.unit(PUSH) as unit:
        unit.emit(ITEMS, "k", Item(id="after"))
    assert await replay(log, since) == 1
    assert [(item.id, item.alertable) for item in await history(log, 3)] == [
        ("before", True), ("after", True), ("after", False),
    ]  # fmt: skip


async def test_a_write_from_outside_is_tried_again_when_another_came_between() -> None:
    class Busy(MemoryLog):
        left = 2

        async def _commit(self, unit: BufferedUnit, settlement: Settlement, owned: Owned | None) -> None:
            if self.left:
                self.left -= 1
                raise LogError("another process wrote in the meantime")
            await super()._commit(unit, settlement, owned)

    log, turns = Busy(SetClock()), list[int]()

    def write(unit: Unit) -> str:
        turns.append(1)
        unit.put("k", len(turns))
        return "done"

    assert await append(log, PUSH, write) == "done"
    assert (await log.peek(PUSH)).get("k") == 3


def test_a_directory_remembers_its_log_and_refuses_another(tmp_path: Path) -> None:
    remember.check(tmp_path, "sqlite:a.db", "one")
    remember.check(tmp_path, "sqlite:a.db", "one")
    with pytest.raises(remember.WrongLog, match=r"tocsin move --from sqlite:a\.db --to kafka://b:9092"):
        remember.check(tmp_path, "kafka://b:9092", "two")
    remember.remember(tmp_path, "kafka://b:9092", "two")
    remember.check(tmp_path, "kafka://b:9092", "two")


def test_a_log_with_fewer_receipts_than_known_came_from_a_backup(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    last = now - timedelta(hours=7)
    remember.check(tmp_path, "sqlite:a.db", "one")
    assert remember.restored(tmp_path, 0, None, now) is None
    remember.told(tmp_path, 40)
    assert remember.restored(tmp_path, 40, now, now) is None
    assert remember.restored(tmp_path, 30, last, now) == (last, now + timedelta(days=1))
    later = now + timedelta(hours=23)
    assert remember.restored(tmp_path, 35, later, later) == (last, now + timedelta(days=1)), "over a restart"
    assert remember.restored(tmp_path, 35, later, now + timedelta(days=2)) is None
    remember.check(tmp_path, "sqlite:a.db", "one")


def test_a_person_may_say_that_the_log_came_from_a_backup(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    remember.check(tmp_path, "sqlite:a.db", "one")
    assert remember.restored(tmp_path, 3, now, now, declared=True) == (now, now + timedelta(days=1))
    assert remember.restored(tmp_path, 3, now, now) == (now, now + timedelta(days=1))


def test_a_directory_that_remembers_no_log_notes_nothing(tmp_path: Path) -> None:
    remember.told(tmp_path, 5)
    assert list(tmp_path.iterdir()) == []
