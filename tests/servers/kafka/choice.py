"""Which Kafka the tests use: a given one, Docker's, or our own on Java."""

import functools
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from tests.servers.kafka import docker, jars
from tests.servers.kafka.errors import KafkaDidNotStart, KafkaUnavailable
from tests.servers.kafka.java import JavaKafka

GIVEN = "TOCSIN_TEST_KAFKA"


class Kafka(Protocol):
    """Any Kafka a test may use without hurting it."""

    @property
    def bootstrap(self) -> str:
        """Where clients begin, as `host:port[,host:port…]`."""
        ...


@dataclass(frozen=True)
class GivenKafka:
    """A Kafka that somebody else runs."""

    bootstrap: str


@functools.cache
def unavailable_reason(*, hurtable: bool = False) -> str | None:
    """Why there is no Kafka here, or None; `hurtable` asks for one whose brokers may be killed (JavaKafka).

    The first call fetches the jars if they are what is missing.
    """
    if not hurtable and (os.environ.get(GIVEN) or docker.answers()):
        return None
    try:
        jars.fetched()
    except KafkaUnavailable as reason:
        return str(reason) if hurtable else f"{GIVEN} is not set, no Docker engine answers, and {reason}"
    return None


@asynccontextmanager
async def open_kafka() -> AsyncIterator[Kafka]:
    """The first Kafka that can be had, ready to use and gone afterwards.

    Raises:
        KafkaUnavailable: none of the three ways works.
        KafkaDidNotStart: one should have worked and did not.
    """
    async with AsyncExitStack() as stack:
        yield await _entered(stack)


async def _entered(stack: AsyncExitStack) -> Kafka:
    if given := os.environ.get(GIVEN):
        return GivenKafka(given)
    if docker.answers():
        try:
            return GivenKafka(await stack.enter_async_context(docker.broker()))
        except KafkaDidNotStart as reason:
            print(f"{reason}\nTrying Java instead.")
    return await stack.enter_async_context(JavaKafka())
