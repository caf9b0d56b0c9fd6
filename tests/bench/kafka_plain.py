"""Probes of what needs no transaction: codecs, groups, administration, offsets."""

import asyncio
import time
from collections import Counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import NewPartitions, RecordsToDelete
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from tests.bench.kafka_records import admin, fresh, make_topic, read_all, transactional, write_all
from tests.servers.kafka import JavaKafka

PARTITIONS = 6


async def produce_and_consume(kafka: JavaKafka) -> str:
    """Every codec, with keys and headers, idempotent or not."""
    told = []
    for codec in (None, "gzip", "snappy", "lz4", "zstd"):
        topic = await make_topic(kafka.bootstrap, "plain")
        producer = AIOKafkaProducer(
            bootstrap_servers=kafka.bootstrap, compression_type=codec, enable_idempotence=codec != "gzip"
        )
        async with producer:
            for number in range(100):
                await producer.send(topic, b"%d" % number, key=b"k", headers=[("ce_id", b"%d" % number)])
        found = await read_all(kafka.bootstrap, topic)
        told.append(f"{codec or 'none'} {'ok' if found == [b'%d' % n for n in range(100)] else 'WRONG'}")
    return ", ".join(told)


class Member(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka's classes are untyped
    """One consumer of a group that remembers what it read and how often it was rebalanced."""

    def __init__(self, kafka: JavaKafka, topic: str, group: str, name: str | None = None) -> None:
        self.seen: Counter[bytes] = Counter()
        self.rebalances = 0
        self.consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka.bootstrap,
            group_id=group,
            group_instance_id=name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
            rebalance_timeout_ms=60_000,
            partition_assignment_strategy=[StickyPartitionAssignor],
        )
        self.consumer.subscribe([topic], listener=self)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Part of aiokafka's interface."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Count it."""
        self.rebalances += 1

    async def read(self, stop: asyncio.Event) -> None:
        """Read and commit until told to stop."""
        while not stop.is_set():
            batch = await self.consumer.getmany(timeout_ms=100)
            for records in batch.values():
                self.seen.update(record.value for record in records)
            if batch:
                await self.consumer.commit()

    async def owns(self, count: int) -> float:
        """Seconds until this member has so many partitions."""
        began = time.monotonic()
        async with asyncio.timeout(60):
            while len(self.consumer.assignment()) != count:  # noqa: ASYNC110 - no event is offered
                await asyncio.sleep(0.02)
        return time.monotonic() - began


async def group_of_two(kafka: JavaKafka) -> str:
    """A second member joins, both read, one leaves in order."""
    topic, group = await make_topic(kafka.bootstrap, "group", PARTITIONS), fresh("g")
    one, two = Member(kafka, topic, group), Member(kafka, topic, group)
    stop_one, stop_two = asyncio.Event(), asyncio.Event()
    async with one.consumer, asyncio.TaskGroup() as tasks:
        await one.owns(PARTITIONS)
        tasks.create_task(one.read(stop_one))
        began = time.monotonic()
        await two.consumer.start()
        tasks.create_task(two.read(stop_two))
        await two.owns(PARTITIONS // 2)
        await one.owns(PARTITIONS // 2)
        shared = time.monotonic() - began
        await write_all(kafka.bootstrap, topic, [b"%d" % number for number in range(600)], PARTITIONS)
        await asyncio.sleep(1)
        stop_two.set()
        await asyncio.sleep(0.3)
        await two.consumer.stop()
        back = await one.owns(PARTITIONS)
        stop_one.set()
    both = one.seen + two.seen
    return (
        f"3+3 after {shared:.1f} s, all back {back:.1f} s after an orderly leave; "
        f"{len(both)}/600 read, {both.total() - len(both)} twice"
    )


async def static_member(kafka: JavaKafka) -> str:
    """A named member goes away and comes back within its session: does anybody else notice?"""
    topic, group = await make_topic(kafka.bootstrap, "static", PARTITIONS), fresh("g")
    stays, goes = Member(kafka, topic, group, "a"), Member(kafka, topic, group, "b")
    async with stays.consumer:
        await goes.consumer.start()
        await stays.owns(PARTITIONS // 2)
        await asyncio.sleep(1)
        before = stays.rebalances
        await goes.consumer.stop()
        again = Member(kafka, topic, group, "b")
        began = time.monotonic()
        async with again.consumer:
            await again.owns(PARTITIONS // 2)
            took = time.monotonic() - began
            await asyncio.sleep(1)
            return f"back with its partitions after {took:.1f} s; the other saw {stays.rebalances - before} rebalances"


async def administration(kafka: JavaKafka) -> str:
    """What `tocsin move`, `status` and retention will ask for."""
    topic = await make_topic(kafka.bootstrap, "admin", 2, {"cleanup.policy": "compact"})
    await write_all(kafka.bootstrap, topic, [b"%d" % number for number in range(10)], 2)
    async with admin(kafka.bootstrap) as client:
        await client.create_partitions({topic: NewPartitions(3)})
        described = await client.describe_topics([topic])
        plain = await make_topic(kafka.bootstrap, "cut", 1)
        await write_all(kafka.bootstrap, plain, [b"%d" % number for number in range(10)])
        await client.delete_records({TopicPartition(plain, 0): RecordsToDelete(before_offset=4)})
        groups = len(await client.list_consumer_groups())
        await client.delete_topics([topic])
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap) as consumer:
        place = TopicPartition(plain, 0)
        begin, end = await consumer.beginning_offsets([place]), await consumer.end_offsets([place])
        at = await consumer.offsets_for_times({place: 0})
    return (
        f"partitions 2→{len(described[0]['partitions'])}, delete_records left {begin[place]}…{end[place]}, "
        f"first by time {at[place].offset}, groups listed {groups}, topic deleted"
    )


async def lag_over_markers(kafka: JavaKafka) -> str:
    """Commit markers take offsets too: what says that a reader has read everything?"""
    topic = await make_topic(kafka.bootstrap, "lag")
    place = TopicPartition(topic, 0)
    producer = transactional(kafka.bootstrap, fresh("lag"))
    async with producer:
        for _ in range(3):
            async with producer.transaction():
                await producer.send_and_wait(topic, b"x")
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, isolation_level="read_committed")
    async with consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        last = [record.offset for record in (await consumer.getmany(timeout_ms=2_000))[place]][-1]
        at_once = await consumer.position(place)
        await consumer.getmany(timeout_ms=1_000)
        later = await consumer.position(place)
        end = (await consumer.end_offsets([place]))[place]
        stable, high = consumer.last_stable_offset(place), consumer.highwater(place)
    return f"last record {last}, position {at_once} then {later}, end {end}, stable {stable}, high water {high}"
