"""Topics that stood there before us: taken when they fit, refused with every fault at once when they do not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.errors import LogError
from schemas.settings import Kafka, Retention
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.log.kafka import Access, KafkaLog


@asynccontextmanager
async def admin_of(bootstrap: str) -> AsyncIterator[Any]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def opened(bootstrap: str, settings: Kafka) -> KafkaLog:
    log = KafkaLog(Access(bootstrap, settings), SetClock(), None, Retention())
    await log.open()
    return log


async def test_topics_that_do_not_fit_are_refused_all_at_once(kafka: str) -> None:
    prefix = f"t{uuid4().hex[:8]}"
    async with admin_of(kafka) as admin:
        await admin.create_topics([
            NewTopic(f"{prefix}.items", 2, 1),
            NewTopic(f"{prefix}.feeds", 3, 1, topic_configs={"cleanup.policy": "delete"}),
        ])  # fmt: skip
    with pytest.raises(LogError) as refused:
        await opened(kafka, Kafka(topic_prefix=prefix, partitions=3))
    assert f"{prefix}.items has 2 partitions where 3 are needed" in str(refused.value)
    assert f"{prefix}.feeds has cleanup.policy=delete; it must be compact" in str(refused.value)


async def test_an_operators_own_topics_are_taken_as_they_are(kafka: str) -> None:
    prefix = f"t{uuid4().hex[:8]}"
    async with admin_of(kafka) as admin:
        await admin.create_topics([NewTopic(f"{prefix}.items", 3, 1, topic_configs={"retention.ms": "3600000"})])
    log = await opened(kafka, Kafka(topic_prefix=prefix, partitions=3))
    assert log.partitions(ITEMS) == 3
    await log.close()


async def test_more_copies_than_brokers_are_refused_before_anything_is_made(kafka: str) -> None:
    prefix = f"t{uuid4().hex[:8]}"
    with pytest.raises(LogError, match=r"replication is 9, but the cluster has \d broker"):
        await opened(kafka, Kafka(topic_prefix=prefix, replication=9))
    async with admin_of(kafka) as admin:
        assert not [name for name in await admin.list_topics() if name.startswith(prefix)]


async def test_a_cluster_that_is_not_there_is_said_with_its_address_and_the_reason() -> None:
    access = Access("127.0.0.1:1", Kafka(), request=2.0)
    with pytest.raises(LogError, match=r"127\.0\.0\.1:1: .*Connect call failed"):
        await KafkaLog(access, SetClock(), None, Retention()).open()
