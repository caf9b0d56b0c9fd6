"""The Kafka log's units against a bare aiokafka transactional loop, and against plain produce; and restore speed.

Broker and client share this machine's cores: ratios, not speeds.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.codec import encode
from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Kafka, Retention
from schemas.topics import CHANGES, ITEMS
from tests.servers.kafka import JavaKafka
from tocsin.log import StageSpec
from tocsin.log.kafka import Access, KafkaLog
from tocsin.log.partition import partition_of

RECORDS = 12_000
BATCH = 200
PARTITIONS = 3
TEXT = "x" * 1_900
KEYS = [str(number % 97) for number in range(RECORDS)]
EXPECTED = Counter(partition_of(key, PARTITIONS) for key in KEYS)
SPEC = StageSpec("echo", (ITEMS,))


class _Clock:
    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


async def opened(bootstrap: str, prefix: str, room: Path) -> KafkaLog:
    """A log of its own."""
    log = KafkaLog(Access(bootstrap, Kafka(topic_prefix=prefix, partitions=PARTITIONS)), _Clock(), room, Retention())
    await log.open()
    return log


async def fill(log: KafkaLog) -> None:
    """Items to read, spread over the partitions."""
    for start in range(0, RECORDS, 1_000):
        async with log.unit(Task("push")) as unit:
            for number in range(start, start + 1_000):
                unit.emit(ITEMS, KEYS[number], Item(id=str(number), text=TEXT))


async def _total(work: Sequence[Any]) -> float:
    began = time.perf_counter()
    done: int = sum(await asyncio.gather(*work))
    return done / (time.perf_counter() - began)


async def units(log: KafkaLog) -> float:
    """Units of three tasks; records a second."""
    tasks = [await log.claim(SPEC, number) for number in range(PARTITIONS)]
    return await _total([_echo(log, task) for task in tasks])


async def _echo(log: KafkaLog, task: Task) -> int:
    message, done = Item(id="1", text=TEXT), 0
    while done < EXPECTED[task.partition]:
        batch = await log.read(task, BATCH, wait=1.0)
        async with log.unit(task) as unit:
            for record in batch:
                unit.put(f"seen/{record.offset}", 1)
                unit.emit(CHANGES, record.key, message, record)
            unit.acknowledge(batch)
        done += len(batch)
    return done


async def bare(bootstrap: str, prefix: str) -> float:
    """The same records in the same transactions, with nothing around them."""
    return await _total([_relay(bootstrap, prefix, number) for number in range(PARTITIONS)])


async def _relay(bootstrap: str, prefix: str, number: int) -> int:
    place, value, done = TopicPartition(f"{prefix}.items", number), encode(Item(id="1", text=TEXT)), 0
    headers = [(f"h{n}", b"x" * 30) for n in range(9)]
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, transactional_id=f"bare-{number}", max_batch_size=512 * 1024
    )  # fmt: skip
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False, fetch_max_wait_ms=250
    )  # fmt: skip
    async with producer, consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        while done < EXPECTED[number]:
            batch = (await consumer.getmany(timeout_ms=1_000, max_records=BATCH)).get(place, [])
            await producer.begin_transaction()
            sent = [await producer.send(f"{prefix}.changes", value, r.key, number, headers=headers) for r in batch]
            sent += [
                await producer.send(f"{prefix}.state.echo", b"1", f"sseen/{r.offset}".encode(), number) for r in batch
            ]
            await producer.send_offsets_to_transaction({place: batch[-1].offset + 1}, f"{prefix}.bare")
            await asyncio.gather(*sent)
            await producer.commit_transaction()
            done += len(batch)
    return done


async def plain(bootstrap: str, prefix: str) -> float:
    """Consume and produce, no transactions, no state: what exactly-once costs."""
    return await _total([_copy(bootstrap, prefix, number) for number in range(PARTITIONS)])


async def _copy(bootstrap: str, prefix: str, number: int) -> int:
    place, value, done = TopicPartition(f"{prefix}.items", number), encode(Item(id="1", text=TEXT)), 0
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=512 * 1024, linger_ms=5)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=250)
    async with producer, consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        while done < EXPECTED[number]:
            batch = (await consumer.getmany(timeout_ms=1_000, max_records=BATCH)).get(place, [])
            await asyncio.gather(*[await producer.send(f"{prefix}.changes", value, r.key, number) for r in batch])
            done += len(batch)
    return done


async def restored(bootstrap: str, prefix: str, room: Path) -> float:
    """Entries of state a second, from the changelog into an empty cache."""
    log = await opened(bootstrap, prefix, room)
    began = time.perf_counter()
    for number in range(PARTITIONS):
        await log.claim(SPEC, number)
    took = time.perf_counter() - began
    await log.close()
    return RECORDS / took


async def measure() -> None:
    """All of it on one broker."""
    with tempfile.TemporaryDirectory() as name:
        async with JavaKafka() as kafka:
            log = await opened(kafka.bootstrap, "bench", Path(name) / "a")
            await fill(log)
            ours = await units(log)
            await log.close()
            floor = await bare(kafka.bootstrap, "bench")
            simple = await plain(kafka.bootstrap, "bench")
            back = await restored(kafka.bootstrap, "bench", Path(name) / "b")
    print(f"units on Kafka, batches of {BATCH} x 2 KB:      {ours:,.0f} records/s")
    print(f"bare aiokafka transactions:              {floor:,.0f} records/s; ratio {ours / floor:.2f} (wanted >= 0.7)")
    print(f"plain consume and produce:               {simple:,.0f} records/s; ratio {ours / simple:.2f}")
    print(f"state restored from the changelog:       {back:,.0f} entries/s, start of the producers included")


def main() -> None:
    """Print the ratios."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
