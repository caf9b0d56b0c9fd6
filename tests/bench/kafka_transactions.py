"""Probes of transactions: what is atomic, what is fenced, what is not, and what it costs."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.protocol.transaction import EndTxnRequest

from tests.bench.kafka_records import admin, discard, fresh, make_topic, read_all, transactional, write_all
from tests.servers.kafka import JavaKafka

PATIENCE = 8.0
ROUNDS = 30


async def isolation(kafka: JavaKafka) -> str:
    """Committed, aborted and still open: what do the two kinds of reader see?"""
    topic = await make_topic(kafka.bootstrap, "iso")
    async with transactional(kafka.bootstrap, fresh("iso")) as producer:
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed")
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"aborted")
        await producer.abort_transaction()
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"open")
        committed = await read_all(kafka.bootstrap, topic)
        everything = await read_all(kafka.bootstrap, topic, committed=False)
        await producer.abort_transaction()
    return f"read_committed {_words(committed)}; read_uncommitted {_words(everything)}"


async def commit_of_a_rejected_record(kafka: JavaKafka) -> str:
    """Does commit_transaction commit although the broker refused a record?"""
    good, small = await make_topic(kafka.bootstrap, "good"), await _small_topic(kafka)
    source, group = TopicPartition(await make_topic(kafka.bootstrap, "src"), 0), fresh("g")
    async with transactional(kafka.bootstrap, fresh("rejected")) as producer:
        await producer.begin_transaction()
        kept, lost = await producer.send(good, b"ok"), await producer.send(small, bytes(5_000))
        await producer.send_offsets_to_transaction({source: 42}, group)
        outcome = await _outcome(producer.commit_transaction())
        rejected = await _outcome(lost)
        await kept
    async with admin(kafka.bootstrap) as client:
        offset = (await client.list_consumer_group_offsets(group))[source].offset
    return f"commit {outcome}; the record's future: {rejected}; group offset {offset}"


async def abort_of_a_rejected_record(kafka: JavaKafka) -> str:
    """Our rule: await every future before the commit, abort on the first refusal, and go on with the same producer."""
    good, small = await make_topic(kafka.bootstrap, "good"), await _small_topic(kafka)
    async with transactional(kafka.bootstrap, fresh("abort")) as producer:
        await producer.begin_transaction()
        sent = [await producer.send(good, b"first try"), await producer.send(small, bytes(5_000))]
        refused = await asyncio.gather(*sent, return_exceptions=True)
        aborted = await _outcome(producer.abort_transaction())
        async with producer.transaction():
            await producer.send_and_wait(good, b"second try")
    names = [type(each).__name__ for each in refused if isinstance(each, Exception)]
    return f"refused {names}, abort {aborted}, then {_words(await read_all(kafka.bootstrap, good))}"


async def zombie_per_process(kafka: JavaKafka) -> str:
    """Two workers hold one partition, each with a transactional.id of its own process."""
    return await _zombie(kafka, fresh("process-a"), fresh("process-b"))


async def zombie_per_task(kafka: JavaKafka) -> str:
    """The same, with the transactional.id of the task."""
    task = fresh("stage.0")
    return await _zombie(kafka, task, task)


async def _zombie(kafka: JavaKafka, old: str, new: str) -> str:
    out = await make_topic(kafka.bootstrap, "out")
    source, group = TopicPartition(await make_topic(kafka.bootstrap, "src"), 0), fresh("g")
    zombie, owner = transactional(kafka.bootstrap, old), transactional(kafka.bootstrap, new)
    await zombie.start()
    await zombie.begin_transaction()
    await asyncio.gather(*[await zombie.send(out, b"%d" % number) for number in range(5)])
    async with owner, owner.transaction():
        await asyncio.gather(*[await owner.send(out, b"%d" % number) for number in range(5)])
        await owner.send_offsets_to_transaction({source: 5}, group)
    refused = await _outcome(_finish(zombie, source, group))
    await discard(zombie)
    return f"zombie's commit {refused}; outputs {len(await read_all(kafka.bootstrap, out))} (want 5)"


async def _finish(producer: AIOKafkaProducer, source: TopicPartition, group: str) -> None:
    await producer.send_offsets_to_transaction({source: 5}, group)
    await producer.commit_transaction()


async def late_commit_same_producer(kafka: JavaKafka) -> str:
    """A commit that was held up on the way arrives while the same producer is inside its next transaction."""
    topic = await make_topic(kafka.bootstrap, "late")
    producer = transactional(kafka.bootstrap, fresh("late"))
    await producer.start()
    stale = await _commit_and_copy_request(producer, topic)
    await producer.begin_transaction()
    await producer.send_and_wait(topic, b"half one")
    answer = await _send_end(producer, stale)
    rest = await _outcome(producer.send_and_wait(topic, b"half two"))
    ended = await _outcome(producer.abort_transaction())
    await discard(producer)
    seen = _words(await read_all(kafka.bootstrap, topic))
    return f"broker answers {answer}; rest of the transaction: {rest}; abort {ended}; readers see {seen}"


async def late_commit_new_producer(kafka: JavaKafka) -> str:
    """The same, but the producer was thrown away and made anew before the next transaction."""
    topic, task = await make_topic(kafka.bootstrap, "late"), fresh("late")
    first = transactional(kafka.bootstrap, task)
    await first.start()
    stale = await _commit_and_copy_request(first, topic)
    await discard(first)
    async with transactional(kafka.bootstrap, task) as second:
        await second.begin_transaction()
        await second.send_and_wait(topic, b"half one")
        answer = await _send_end(second, stale)
        await second.send_and_wait(topic, b"half two")
        await second.commit_transaction()
    return f"broker answers {answer}; readers see {_words(await read_all(kafka.bootstrap, topic))}"


async def _commit_and_copy_request(producer: AIOKafkaProducer, topic: str) -> EndTxnRequest:
    async with producer.transaction():
        await producer.send_and_wait(topic, b"earlier")
    state = producer._txn_manager
    return EndTxnRequest(
        transactional_id=state.transactional_id,
        producer_id=state.producer_id,
        producer_epoch=state.producer_epoch,
        transaction_result=True,
    )


async def _send_end(producer: AIOKafkaProducer, request: EndTxnRequest) -> int:
    node = next(iter(producer._sender._coordinators.values()))
    answer = await producer.client.send(node, request)
    await asyncio.sleep(0.5)  # the broker answers before it has written its commit markers
    return int(answer.error_code)


async def abandoned_transaction(kafka: JavaKafka) -> str:
    """A worker dies inside a transaction and nobody takes over its task: how long do readers wait?"""
    topic = await make_topic(kafka.bootstrap, "left")
    dead = transactional(kafka.bootstrap, fresh("left"), timeout_ms=3_000)
    await dead.start()
    await dead.begin_transaction()
    await dead.send_and_wait(topic, b"never")
    await write_all(kafka.bootstrap, topic, [b"waits behind it"])
    began = time.monotonic()
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    ) as reader:
        record = await asyncio.wait_for(reader.getone(), 60)
    waited = time.monotonic() - began
    late = await _outcome(dead.commit_transaction())
    await discard(dead)
    return f"{waited:.1f} s with transaction.timeout.ms 3000, then {record.value!r}; the dead one's commit: {late}"


async def offsets_after_takeover(kafka: JavaKafka) -> str:
    """A worker vanishes with its commit on the way; the next starts its producer, then reads the position."""
    topic, group, task = await make_topic(kafka.bootstrap, "over"), fresh("g"), fresh("over")
    place, moved = TopicPartition(topic, 0), 0
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False) as reader:
        reader.assign([place])
        for number in range(ROUNDS):
            first = transactional(kafka.bootstrap, task)
            await first.start()
            await first.begin_transaction()
            await first.send_and_wait(topic, b"%d" % number)
            await first.send_offsets_to_transaction({place: number + 1}, group)
            leaving = asyncio.create_task(first.commit_transaction())
            await asyncio.sleep(0.001 * (number % 6))
            async with transactional(kafka.bootstrap, task):
                at_takeover = await reader.committed(place)
                await asyncio.sleep(0.05)
                moved += at_takeover != await reader.committed(place)
            await asyncio.wait([leaving], timeout=PATIENCE)
            leaving.cancel()
            await discard(first)
            await asyncio.gather(leaving, return_exceptions=True)
    return f"position changed after the takeover in {moved} of {ROUNDS} takeovers (want 0)"


async def _small_topic(kafka: JavaKafka) -> str:
    return await make_topic(kafka.bootstrap, "small", configs={"max.message.bytes": "1000"})


async def _outcome(work: object) -> str:
    try:
        await asyncio.wait_for(work, PATIENCE)  # type: ignore[arg-type] # aiokafka is untyped
    except (KafkaError, TimeoutError) as error:
        cause = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
        return f"raised {type(error).__name__}{cause}"
    return "succeeded"


def _words(values: list[bytes]) -> str:
    return "[" + ", ".join(value.decode() for value in values) + "]"
