"""pytest fixtures for a real Kafka; `tests/conftest.py` names this file, so that one broker serves all.

`kafka` is the bootstrap address of one Kafka shared by the whole run: make topics of your own with fresh names.
A test that hurts brokers takes `hurtable_kafka` as a gate and opens its own `JavaKafka`.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.servers.kafka import KafkaUnavailable, open_kafka, unavailable_reason

REQUIRE = "TOCSIN_REQUIRE_KAFKA"


def pass_or_skip(reason: str | None) -> None:
    """Go on without a reason; with one, skip the test and say why, or fail it when Kafka is required."""
    if reason is None:
        return
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{REQUIRE}=1, but there is no Kafka: {reason}", pytrace=False)
    pytest.skip(f"no Kafka: {reason}")


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The bootstrap address of a Kafka that is shared, started at the first use and ended with the run."""
    pass_or_skip(unavailable_reason())
    address: Future[str] = Future()
    over = threading.Event()
    with ThreadPoolExecutor(1, "kafka") as thread:
        running = thread.submit(asyncio.run, _hold(address, over))
        running.add_done_callback(lambda ended: _pass_on(ended, address))
        try:
            yield address.result()
        finally:
            over.set()


@pytest.fixture(scope="session")
def hurtable_kafka() -> None:
    """Let a test pass only where it may start a `JavaKafka` of its own, to kill and freeze."""
    pass_or_skip(unavailable_reason(hurtable=True))


async def _hold(address: Future[str], over: threading.Event) -> None:
    """Keep a Kafka on a loop of its own, so that no test's event loop is the one it lives on."""
    async with open_kafka() as kafka:
        address.set_result(kafka.bootstrap)
        await asyncio.to_thread(over.wait)


def _pass_on(ended: "Future[None]", address: Future[str]) -> None:
    if not address.done():
        address.set_exception(ended.exception() or KafkaUnavailable("it ended before it began"))
