"""Every log there is, opened for a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from schemas.settings import Kafka, Retention
from tests.log.clocks import SetClock
from tocsin.log import Log
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.memory import MemoryLog, Vault
from tocsin.log.sqlite import SqliteLog

YEARS = 3e9
"""The clock of the tests is not the brokers': retention must not come into it."""

Opener = Callable[[], Awaitable[Log]]
"""Opens one more process' view of the same store."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["memory", "sqlite", "kafka"])
async def another(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> AsyncIterator[Opener]:
    vault, opened = Vault(partitions=3), list[Log]()
    settings = Kafka(topic_prefix=f"t{uuid4().hex[:10]}", partitions=3)
    bootstrap: str = request.getfixturevalue("kafka") if request.param == "kafka" else ""

    async def opener() -> Log:
        log: Log
        if request.param == "memory":
            log = MemoryLog(clock, vault)
        elif request.param == "kafka":
            log = KafkaLog(Access(bootstrap, settings), clock, tmp_path / str(len(opened)), Retention(items=YEARS))
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
