"""Every log there is, opened for a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.log.clocks import SetClock
from tocsin.log import Log
from tocsin.log.memory import MemoryLog, Vault
from tocsin.log.sqlite import SqliteLog

Opener = Callable[[], Awaitable[Log]]
"""Opens one more process' view of the same store."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["memory", "sqlite"])
async def another(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> AsyncIterator[Opener]:
    vault, opened = Vault(partitions=3), list[Log]()

    async def opener() -> Log:
        log: Log
        if request.param == "memory":
            log = MemoryLog(clock, vault)
        else:
            log = SqliteLog(tmp_path / "log.db", clock, partitions=3)
        await log.open()
        opened.append(log)
        return log

    yield opener
    for log in opened:
        await log.close()


@pytest.fixture
async def log(another: Opener) -> Log:
    return await another()
