"""What producers and transactions cost: measured with broker and client on the same cores, so floors and ratios."""

import asyncio
import json
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.bench.kafka_records import fresh, make_topic, transactional, write_all
from tests.servers.kafka import JavaKafka

VALUE = json.dumps({"text": "x" * 1_900}).encode()
SECONDS = 5.0


async def starting_producers(kafka: JavaKafka) -> str:
    """The price of one transactional producer per task."""
    told = []
    for count in (12, 48):
        before, began = _resident_mb(), time.monotonic()
        producers = [transactional(kafka.bootstrap, fresh("start")) for _ in range(count)]
        await asyncio.gather(*(producer.start() for producer in producers))
        told.append(f"{count} in {time.monotonic() - began:.2f} s, +{_resident_mb() - before:.0f} MB")
        await asyncio.gather(*(producer.stop() for producer in producers))
    return "; ".join(told)


async def transactions_by_batch(kafka: JavaKafka) -> str:
    """Consume, produce and commit in one transaction, by the number of records in it (2 KB each)."""
    topic = await make_topic(kafka.bootstrap, "speed")
    for _ in range(10):
        await write_all(kafka.bootstrap, topic, [VALUE] * 5_000)
    return "; ".join([await _relayed(kafka, topic, batch) for batch in (1, 10, 100, 500)])


async def _relayed(kafka: JavaKafka, topic: str, batch: int) -> str:
    place, group = TopicPartition(topic, 0), fresh("g")
    target = await make_topic(kafka.bootstrap, "fast")
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False)
    producer = transactional(kafka.bootstrap, fresh("speed"))
    units = records = 0
    async with consumer, producer:
        consumer.assign([place])
        consumer.seek(place, 0)
        began, cpu = time.monotonic(), time.process_time()
        while time.monotonic() - began < SECONDS:
            read = (await consumer.getmany(timeout_ms=500, max_records=batch)).get(place, [])
            if not read:
                break
            await producer.begin_transaction()
            await asyncio.gather(*[await producer.send(target, each.value) for each in read])
            await producer.send_offsets_to_transaction({place: read[-1].offset + 1}, group)
            await producer.commit_transaction()
            units, records = units + 1, records + len(read)
        took, worked = time.monotonic() - began, time.process_time() - cpu
    return f"{batch}: {units / took:.0f} txn/s, {records / took:.0f} records/s, {worked / took:.2f} cores"


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6
