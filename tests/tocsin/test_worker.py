"""The worker of a pure stage: what it does with records that fail."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from schemas.alert import DeadLetter
from schemas.codec import NewerVersion, decode_as
from schemas.errors import LogFull, TryLater, Unreadable
from schemas.item import Item
from schemas.ports import Record, Runtime, State, Task, Unit
from schemas.topics import CHANGES, DEAD, ITEMS
from tests.log.clocks import SetClock
from tocsin import worker
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog, Vault
from tocsin.worker import Brake, BrakeLimits, StageWorker, Unwatched

LIMITS = BrakeLimits()
SPEC = StageSpec("echo", (ITEMS,))


class Echo:
    """A stage that counts what it handled and does to each record what the test says."""

    def __init__(self, trouble: Callable[[str], None] = lambda _: None) -> None:
        self.trouble = trouble
        self.restored = 0
        self.batches: list[list[str]] = []
        self.reached = asyncio.Event()
        self.goal = ""

    def restore(self, state: State) -> None:
        self.restored += 1

    def handle(self, batch: Sequence[Record], unit: Unit) -> None:
        ids = [decode_as(record, Item).id for record in batch]
        self.batches.append(ids)
        for record, name in zip(batch, ids, strict=True):
            self.trouble(name)
            unit.emit(CHANGES, "k", Item(id=name), record)


class Board(Unwatched):
    """A `Watch` that remembers, and wakes the test."""

    def __init__(self) -> None:
        self.red: list[str] = []
        self.dead: list[str] = []
        self.done = 0
        self.news = asyncio.Event()

    def handled(self, task: Task, records: int, seconds: float) -> None:
        self.done += records
        self.news.set()

    def died(self, task: Task, error: str) -> None:
        self.dead.append(error)
        self.news.set()

    def stopped(self, task: Task, reason: str) -> None:
        self.red.append(reason)
        self.news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                self.news.clear()
                await self.news.wait()


def fails(error: Exception, *names: str) -> Callable[[str], None]:
    def trouble(name: str) -> None:
        if name in names:
            raise error

    return trouble


@asynccontextmanager
async def running(
    stage: Echo, board: Board, *names: str, limits: BrakeLimits = LIMITS, log: MemoryLog | None = None
) -> AsyncIterator[MemoryLog]:
    log = log or MemoryLog(SetClock(), Vault(partitions=1))
    async with log.unit(Task("push")) as unit:
        for name in names:
            unit.emit(ITEMS, "a", Item(id=name))
    task = await log.claim(SPEC, 0)
    work = asyncio.create_task(StageWorker(stage, tick=0.01, watch=board, limits=limits).run(task, log))
    yield log
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def written(log: MemoryLog) -> list[str]:
    return [record.headers["ce_id"] async for record in log.history(CHANGES)]


async def test_batches_are_handled_and_acknowledged() -> None:
    board, stage = Board(), Echo()
    async with running(stage, board, "1", "2", "3") as log:
        await board.until(lambda: board.done == 3)
        assert await written(log) == ["1", "2", "3"]
        assert (await log.lag())[0].records == 0


async def test_an_idle_stage_is_handed_empty_batches() -> None:
    board, stage = Board(), Echo()
    async with running(stage, board):
        await board.until(lambda: [] in stage.batches)


@pytest.mark.parametrize("error", [Unreadable("bad bytes"), ZeroDivisionError("a bug")])
async def test_only_the_guilty_record_dies_and_order_is_kept(error: Exception) -> None:
    board, stage = Board(), Echo(fails(error, "2"))
    async with running(stage, board, "1", "2", "3") as log:
        await board.until(lambda: board.done == 2)
        assert await written(log) == ["1", "3"]
        (found,) = [record async for record in log.history(DEAD)]
        assert decode_as(found, DeadLetter).error == type(error).__name__
        assert board.dead == [type(error).__name__]
        assert board.red == []


async def test_memory_is_restored_after_every_dropped_unit() -> None:
    board, stage = Board(), Echo(fails(Unreadable("bad"), "1"))
    async with running(stage, board, "1"):
        await board.until(lambda: board.dead == ["Unreadable"])
        assert stage.restored == 2


async def test_a_row_of_failures_stops_the_line_and_loses_nothing() -> None:
    board = Board()
    stage = Echo(fails(ZeroDivisionError("broken"), *"123456"))
    async with running(stage, board, *"123456", limits=BrakeLimits(consecutive=3)) as log:
        await board.until(lambda: bool(board.red))
        assert board.red == ["3 records in a row failed; the last error: ZeroDivisionError: broken"]
        assert len([record async for record in log.history(DEAD)]) == 2
        assert (await log.lag())[0].records == 4


async def test_a_record_of_a_newer_tocsin_stops_the_line() -> None:
    board, stage = Board(), Echo(fails(NewerVersion("v2"), "1"))
    async with running(stage, board, "1") as log:
        await board.until(lambda: bool(board.red))
        assert board.red == ["v2; upgrade this tocsin first"]
        assert (await log.lag())[0].records == 1


async def test_a_failing_tick_stops_the_line() -> None:
    class Broken(Echo):
        def handle(self, batch: Sequence[Record], unit: Unit) -> None:
            raise KeyError("timer")

    board = Board()
    async with running(Broken(), board):
        await board.until(lambda: bool(board.red))
        assert "a tick failed" in board.red[0]


async def test_what_may_pass_is_waited_for() -> None:
    board, left = Board(), [TryLater("closed", 0.0), TryLater("closed", 0.0)]

    def trouble(name: str) -> None:
        if left:
            raise left.pop()

    async with running(Echo(trouble), board, "1") as log:
        await board.until(lambda: board.done == 1)
        assert board.red == ["closed", "closed"]
        assert await written(log) == ["1"]


async def test_a_full_disk_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOG_PAUSE", 0.0)

    class Full(MemoryLog):
        full = 2

        @asynccontextmanager
        async def unit(self, task: Task) -> AsyncIterator[Unit]:
            async with super().unit(task) as unit:
                yield unit
                if task.stage == "echo" and unit.acknowledged and self.full:  # type: ignore[attr-defined]
                    self.full -= 1
                    raise LogFull("no room")

    board = Board()
    async with running(Echo(), board, "1", "2", log=Full(SetClock(), Vault(partitions=1))) as log:
        await board.until(lambda: board.done == 2)
        assert board.red == ["no room", "no room"]
        assert await written(log) == ["1", "2"]


def test_the_brake_forgives_after_a_good_record() -> None:
    brake = Brake(BrakeLimits(consecutive=3))
    assert [brake.bad(), brake.bad()] == [None, None]
    brake.good(1)
    assert brake.bad() is None


def test_the_brake_minds_the_share_of_the_last_records() -> None:
    brake = Brake(BrakeLimits(consecutive=5, ratio=0.2, window=10))
    brake.good(10)
    for _ in range(2):
        assert brake.bad() is None
        brake.good(1)
    assert brake.bad() == "3 of the last 10 records failed"


def test_an_empty_batch_forgives_nothing() -> None:
    brake = Brake(BrakeLimits(consecutive=2))
    assert brake.bad() is None
    brake.good(0)
    assert brake.bad() is not None


def test_a_runtime_is_all_a_worker_needs() -> None:
    runtime: Runtime = MemoryLog(SetClock())
    assert runtime is not None
