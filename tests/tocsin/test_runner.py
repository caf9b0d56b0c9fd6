"""A log that is out of reach is waited for; everything else ends the daemon."""

import asyncio
from contextlib import suppress

import pytest

from schemas.errors import Fenced, LogError, LogFull
from schemas.ports import Runtime, Task
from tests.log.clocks import SetClock
from tocsin import runner
from tocsin.log import StageSpec
from tocsin.log.memory import MemoryLog
from tocsin.runner import Running, log_trouble
from tocsin.worker import Unwatched

SPEC = StageSpec("stage")


class Standing(Unwatched):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def stopped(self, task: Task, reason: str) -> None:
        self.heard.append(reason)

    def going(self, task: Task) -> None:
        self.heard.append("going")

    def left(self, task: Task) -> None:
        self.heard.append("left")


class Failing:
    """A worker that raises what it is told, then works."""

    def __init__(self, errors: list[Exception], done: asyncio.Event) -> None:
        self._errors = errors
        self._done = done

    async def run(self, task: Task, runtime: Runtime) -> None:
        if self._errors:
            raise self._errors.pop(0)
        self._done.set()
        await asyncio.Event().wait()


async def working(log: MemoryLog, errors: list[Exception]) -> list[str]:
    done, watch = asyncio.Event(), Standing()
    running = asyncio.create_task(log.run_stage(SPEC, Running(SPEC, lambda: Failing(errors, done), watch).work))
    waiting = asyncio.create_task(done.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=10)
    for each in (running, waiting):
        each.cancel()
    await asyncio.wait([running, waiting])
    if not running.cancelled() and (error := running.exception()):
        raise error
    return watch.heard


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LOG_PAUSE", 0.0)


async def test_a_log_out_of_reach_is_waited_for_in_red() -> None:
    errors = [LogError("brokers away"), ExceptionGroup("lanes", [LogFull("no room"), LogError("brokers away")])]
    assert await working(MemoryLog(SetClock()), list(errors)) == ["brokers away", "going", "no room", "going", "left"]


async def test_a_log_that_stays_away_is_asked_again_and_again() -> None:
    class Away(MemoryLog):
        left = 3

        async def rewind(self, task: Task) -> None:
            self.left -= 1
            if self.left:
                raise LogError("still away")
            await super().rewind(task)

    assert await working(Away(SetClock()), [LogError("away")]) == ["away", "going", "left"]


async def test_a_bug_ends_it() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await working(MemoryLog(SetClock()), [ZeroDivisionError()])
    assert raised.group_contains(ZeroDivisionError)


def test_what_is_more_than_the_logs_trouble_is_not_waited_out() -> None:
    assert log_trouble(ExceptionGroup("x", [LogError("a"), ValueError("b")])) is None
    assert log_trouble(ExceptionGroup("x", [LogError("a"), ExceptionGroup("y", [Fenced("c")])])) is None
    assert str(log_trouble(ExceptionGroup("x", [LogError("a")]))) == "a"


async def swallow_one_cancellation(deep: list[asyncio.Event]) -> None:
    """What a library may do (and `asyncio.wait_for` did until Python 3.12)."""
    deep[0].set()
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    deep[1].set()
    await asyncio.Event().wait()


async def test_stops_although_a_cancellation_was_swallowed_deep_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "INSIST", 0.05)
    deep, stop = [asyncio.Event(), asyncio.Event()], asyncio.Event()

    async def duty() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(swallow_one_cancellation(deep))

    running = asyncio.create_task(runner.run(MemoryLog(SetClock()), [], [duty()], stop))
    await deep[0].wait()
    stop.set()
    await asyncio.wait_for(running, 60)
    assert deep[1].is_set()
