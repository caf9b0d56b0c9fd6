"""aiokafka as the `Wire` of the Kafka log. Written for 0.14; its measured hazards are named where they bite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    IllegalOperation,
    InvalidProducerEpoch,
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
    RecordListTooLargeError,
)

from schemas.errors import Fenced, LogError, Unreadable
from tocsin.log.base import to_the_end
from tocsin.log.kafka.access import Access
from tocsin.log.kafka.wire import Doubt, Place, Raw

T = TypeVar("T")

CLOSING: Final = 3.0
"""Seconds a client may take to close: one in doubt may wait for ever."""
LARGEST_BATCH: Final = 900_000
"""Bytes; a topic takes batches of 1 MiB by default."""
LARGEST_REQUEST: Final = 8_000_000

_REFUSED: Final = (MessageSizeTooLargeError, InvalidTimestampError, RecordListTooLargeError)


@asynccontextmanager
async def _named(step: str) -> AsyncIterator[None]:
    """Errors of the client as errors of the wire."""
    try:
        yield
    except (ProducerFenced, InvalidProducerEpoch) as error:
        raise Fenced(f"another worker owns this task now ({step})") from error
    except _REFUSED as error:
        raise Unreadable(f"the brokers refused a record: {error}") from error
    except (KafkaError, IllegalOperation, OSError) as error:
        raise Doubt(f"{step}: {type(error).__name__}: {error}") from error


async def _within(seconds: float, work: Awaitable[T]) -> T:
    """As `asyncio.wait_for`, which in 3.11 swallows a cancellation that comes as the work ends."""
    async with asyncio.timeout(seconds):
        return await work


async def _let_go(client: Any) -> None:
    """Stop a producer or consumer; one that will not stop (brokers away, a transaction in doubt) loses its sockets."""
    try:
        await _within(CLOSING, client.stop())
    except Exception:  # noqa: BLE001 - whatever it says: it is thrown away
        with suppress(Exception):
            inner = getattr(client, "client", None) or client._client
            await _within(CLOSING, inner.close())


class AioSender:
    """A `Sender` of one AIOKafkaProducer."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer

    @property
    def epoch(self) -> int:
        """Producer ids rise, epochs rise within one."""
        manager = self._producer._txn_manager
        return int(manager.producer_id) * 65_536 + int(manager.producer_epoch)

    async def begin(self) -> None:
        """Begin a transaction."""
        async with _named("begin"):
            await self._producer.begin_transaction()

    async def send(self, records: Sequence[Raw]) -> "Sequence[asyncio.Future[list[int]]]":
        """Hand over records of one place, in batches made here: aiokafka takes them three times as fast."""
        sent: list[asyncio.Future[list[int]]] = []
        rest = list(records)
        while rest:
            batch = self._producer.create_batch()
            taken = next((n for n, record in enumerate(rest) if not _fits(batch, record)), len(rest))
            if not taken:
                raise Unreadable(f"a record of {len(rest[0].value or b''):,} bytes fits in no batch")
            async with _named("send"):
                future = await self._producer.send_batch(batch, rest[0].topic, partition=rest[0].partition)
            sent.append(asyncio.ensure_future(_offsets(future, taken)))
            rest = rest[taken:]
        return sent

    async def send_positions(self, group: str, positions: Mapping[Place, int]) -> None:
        """Commit a group's positions with the transaction."""
        async with _named("positions"):
            offsets = {TopicPartition(*place): at for place, at in positions.items()}
            await self._producer.send_offsets_to_transaction(offsets, group)

    async def commit(self) -> None:
        """Commit."""
        async with _named("commit"):
            await self._producer.commit_transaction()

    async def close(self) -> None:
        """Let go of it."""
        await _let_go(self._producer)


def _fits(batch: Any, record: Raw) -> bool:
    taken = batch.append(
        timestamp=record.timestamp or None, key=record.key, value=record.value, headers=list(record.headers)
    )
    return taken is not None


async def _offsets(sent: Any, count: int) -> list[int]:
    """A batch lies in one piece: the offset of its first record tells the others."""
    async with _named("send"):
        metadata = await sent
        return list(range(int(metadata.offset), int(metadata.offset) + count))


class AioReceiver:
    """A `Receiver` of one AIOKafkaConsumer outside of any group."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    async def seek(self, place: Place, offset: int) -> None:
        """Read on from here."""
        self._consumer.seek(TopicPartition(*place), offset)

    async def poll(self, limit: int, wait: float) -> Sequence[Raw]:
        """Up to `limit` records."""
        try:
            found = await self._consumer.getmany(timeout_ms=max(0, round(wait * 1000)), max_records=limit)
        except (KafkaError, OSError) as error:
            raise LogError(f"reading from kafka: {type(error).__name__}: {error}") from error
        return [_raw(record) for records in found.values() for record in records]

    async def passed(self, place: Place) -> int:
        """The offset it would read next."""
        return int(await self._consumer.position(TopicPartition(*place)))

    async def close(self) -> None:
        """Let go of it."""
        await _let_go(self._consumer)


def _raw(record: Any) -> Raw:
    return Raw(
        record.topic, record.partition, record.key or b"", record.value, record.headers, record.timestamp,
        record.offset,
    )  # fmt: skip


class AioWire:
    """A `Wire` to the cluster of an `Access`."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._asking: Any = None
        self._turn = asyncio.Lock()

    async def sender(self, transactional_id: str) -> AioSender:
        """A producer; InitProducerId fences its predecessor and ends what that left open."""
        producer = AIOKafkaProducer(
            **self._access.common(), transactional_id=transactional_id, acks="all", linger_ms=0,
            transaction_timeout_ms=60_000, max_batch_size=LARGEST_BATCH, max_request_size=LARGEST_REQUEST,
        )  # fmt: skip
        await self._start(producer, f"a producer for {transactional_id}")
        return AioSender(producer)

    async def receiver(self, positions: Mapping[Place, int]) -> AioReceiver:
        """A reader of these places."""
        consumer = await self._consumer()
        partitions = {TopicPartition(*place): at for place, at in positions.items()}
        consumer.assign(list(partitions))
        for partition, at in partitions.items():
            consumer.seek(partition, at)
        return AioReceiver(consumer)

    async def _consumer(self) -> Any:
        """A consumer without deserialisers (they raise out of getmany) that never jumps by itself."""
        consumer = AIOKafkaConsumer(
            **self._access.common(), enable_auto_commit=False, isolation_level="read_committed",
            auto_offset_reset="none", max_partition_fetch_bytes=4 * 1024 * 1024, fetch_max_bytes=16 * 1024 * 1024,
            fetch_max_wait_ms=250,
        )  # fmt: skip
        await self._start(consumer, "a reader")
        return consumer

    async def _start(self, client: Any, what: str) -> None:
        """Start a client; one that is cancelled while it connects would leak its sockets, so it never is."""
        try:
            await to_the_end(_within(self._access.request * 2, client.start()))
        except asyncio.CancelledError:
            await _let_go(client)
            raise
        except (KafkaError, OSError, TimeoutError, AssertionError) as error:  # the last while brokers are away
            await _let_go(client)
            at = self._access.bootstrap
            raise LogError(f"kafka at {at} did not give us {what}: {error or 'timed out'}") from error

    async def bounds(self, place: Place) -> tuple[int, int]:
        """The first offset kept and the last stable offset."""
        partition = TopicPartition(*place)
        return (await self._ask("beginning_offsets", partition), await self._ask("end_offsets", partition))

    async def offset_at(self, place: Place, milliseconds: int) -> int | None:
        """The first offset of a record not older than a time, None where there is none."""
        partition = TopicPartition(*place)
        async with self._turn:
            consumer = await self._shared()
            found = (await self._patiently(consumer.offsets_for_times({partition: milliseconds})))[partition]
        return None if found is None else int(found.offset)

    async def _ask(self, question: str, partition: TopicPartition) -> int:
        async with self._turn:
            consumer = await self._shared()
            answer = await self._patiently(getattr(consumer, question)([partition]))
        return int(answer[partition])

    async def _patiently(self, asking: Any) -> Any:
        try:
            return await _within(self._access.request * 2, asking)
        except (KafkaError, OSError, TimeoutError) as error:
            raise LogError(f"kafka: offsets are not to be had: {type(error).__name__}: {error}") from error

    async def _shared(self) -> Any:
        if self._asking is None:
            self._asking = await self._consumer()
        return self._asking

    async def close(self) -> None:
        """Let go of the consumer that asks for offsets."""
        if self._asking is not None:
            await _let_go(self._asking)
