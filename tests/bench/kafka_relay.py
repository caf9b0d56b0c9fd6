"""A worker as tocsin's will be, one task copying one partition, that survives whatever is done to its brokers."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from tests.bench.kafka_records import REQUEST_MS, committed, discard, transactional

BATCH = 20
AGAIN_SECONDS = 0.1
POINTS = ("sending", "sent", "offsets", "committing")


@dataclass
class Trap:
    """Something to do once, when a relay next reaches a point of a transaction."""

    point: str
    act: Callable[[], object]
    sprung: asyncio.Event = field(default_factory=asyncio.Event)


class Relay:
    """Copies a partition, one transaction per batch, and throws its producer away after any fault.

    `patience` bounds a whole transaction, in seconds. Below the request timeout, aiokafka never sends a second
    commit by itself, so none can arrive late in a later transaction.
    """

    def __init__(self, bootstrap: str, source: TopicPartition, target: str, patience: float) -> None:
        self.source, self.target, self.patience = source, target, patience
        self.group = f"relay-{source.topic}"
        self.trap: Trap | None = None
        self.faults: Counter[str] = Counter()
        self.committed = asyncio.Event()
        self.backwards: list[str] = []
        self.sure = 0
        self._bootstrap = bootstrap
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            request_timeout_ms=REQUEST_MS,
            metadata_max_age_ms=3_000,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Copy until told to stop."""
        self._consumer.assign([self.source])
        async with self._consumer:
            while not stop.is_set():
                producer = transactional(self._bootstrap, f"{self.group}.{self.source.partition}")
                try:
                    await self._own(producer)
                    while not stop.is_set():
                        await self._copy_some(producer)
                except (KafkaError, OSError, TimeoutError, AssertionError) as fault:  # asserts when it knows no broker
                    self.faults[type(fault).__name__] += 1
                    await asyncio.sleep(AGAIN_SECONDS)
                finally:
                    await discard(producer)

    async def _own(self, producer: AIOKafkaProducer) -> None:
        """Fence whoever was before us, and only then ask where they had got to."""
        async with asyncio.timeout(30):
            await producer.start()
            position = await committed(self._bootstrap, self.group, self.source)
        if position < self.sure:
            self.backwards.append(f"{position} after {self.sure}")
        self._consumer.seek(self.source, position)

    async def _copy_some(self, producer: AIOKafkaProducer) -> None:
        batch = await self._consumer.getmany(self.source, timeout_ms=200, max_records=BATCH)
        for place, records in batch.items():
            async with asyncio.timeout(self.patience):
                await producer.begin_transaction()
                sent = [await producer.send(self.target, each.value, partition=place.partition) for each in records]
                self._reach("sending")
                await asyncio.gather(*sent)
                self._reach("sent")
                await producer.send_offsets_to_transaction({place: records[-1].offset + 1}, self.group)
                self._reach("offsets")
                commit = asyncio.ensure_future(producer.commit_transaction())
                await asyncio.sleep(0.001)
                self._reach("committing")
                await commit
                self.sure = records[-1].offset + 1
            self.committed.set()

    def _reach(self, point: str) -> None:
        if self.trap is not None and self.trap.point == point:
            trap, self.trap = self.trap, None
            trap.act()
            trap.sprung.set()

    async def next_commit(self) -> float:
        """Seconds until the next transaction is committed."""
        began = time.monotonic()
        self.committed.clear()
        async with asyncio.timeout(90):
            await self.committed.wait()
        return time.monotonic() - began
