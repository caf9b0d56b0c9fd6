"""What every Kafka probe needs: fresh topics, producers that follow our rules, and everything a topic holds."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

REQUEST_MS = 5_000
DISCARD_SECONDS = 2


def fresh(word: str) -> str:
    """A name nothing else has."""
    return f"{word}-{uuid.uuid4().hex[:8]}"


@asynccontextmanager
async def admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrator's client."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def make_topic(
    bootstrap: str, word: str = "t", partitions: int = 1, configs: dict[str, str] | None = None
) -> str:
    """A new topic with the broker's own number of copies."""
    name = fresh(word)
    # aiokafka refuses a replication factor of -1 ("the broker's own") unless it is also given empty assignments.
    topic = NewTopic(name, partitions, -1, replica_assignments={}, topic_configs=configs or {})
    async with admin(bootstrap) as client:
        await client.create_topics([topic])
    return name


def transactional(bootstrap: str, task: str, timeout_ms: int = 20_000) -> AIOKafkaProducer:
    """The producer of one task: its name is what fences a zombie."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        transactional_id=task,
        transaction_timeout_ms=timeout_ms,
        request_timeout_ms=REQUEST_MS,
    )


async def discard(producer: AIOKafkaProducer) -> None:
    """Be rid of a producer in whatever state; `stop` alone waits for a dead broker, and leaves the sockets open."""
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            await producer.stop()
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            await producer.client.close()


async def committed(bootstrap: str, group: str, place: TopicPartition) -> int:
    """Where a group has got to in a partition; 0 when it never was there.

    aiokafka overlooks the error that stands above the partitions of an answer (the coordinator is loading, or is
    another broker by now), and its consumers then say that nothing was ever committed. The administrator's client
    looks for the coordinator anew at each call, and leaves out of its answer what it was not told.
    """
    async with admin(bootstrap) as client:
        while True:
            told = await client.list_consumer_group_offsets(group, partitions=[place])
            if place in told:
                return max(0, int(told[place].offset))
            await asyncio.sleep(0.1)


async def read_all(bootstrap: str, topic: str, *, committed: bool = True, partitions: int = 1) -> list[bytes]:
    """Every value the topic shows now, in order within each partition."""
    isolation = "read_committed" if committed else "read_uncommitted"
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level=isolation, auto_offset_reset="earliest")
    async with consumer:
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        found: list[bytes] = []
        while batch := await consumer.getmany(timeout_ms=1_500):
            found += [record.value for records in batch.values() for record in records]
        return found


async def write_all(bootstrap: str, topic: str, values: Sequence[bytes], partitions: int = 1) -> None:
    """Values over the partitions by turns, each acknowledged."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=5)
    async with producer:
        sent = [
            await producer.send(topic, value, key=value, partition=turn % partitions)
            for turn, value in enumerate(values)
        ]
        await asyncio.gather(*sent)
