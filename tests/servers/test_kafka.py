"""The Kafka of the tests is itself a thing to test."""

import os
import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.servers.kafka import JavaKafka, KafkaDidNotStart, KafkaUnavailable, jars
from tests.servers.kafka_fixtures import pass_or_skip


async def make_topic(bootstrap: str) -> str:
    name = f"t-{uuid.uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, -1, replica_assignments={})])
    finally:
        await admin.close()
    return name


async def write(bootstrap: str, topic: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=topic)
    async with producer, producer.transaction():
        for value in values:
            await producer.send_and_wait(topic, value)


async def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    async with consumer:
        return [(await consumer.getone()).value for _ in range(count)]


async def test_a_transaction_written_to_the_shared_kafka_is_read_back(kafka: str) -> None:
    topic = await make_topic(kafka)
    await write(kafka, topic, b"one", b"two")
    assert await read(kafka, topic, 2) == [b"one", b"two"]


@pytest.mark.usefixtures("hurtable_kafka")
async def test_what_was_committed_outlives_a_killed_broker() -> None:
    async with JavaKafka() as own:
        topic = await make_topic(own.bootstrap)
        await write(own.bootstrap, topic, b"kept")
        assert await read(own.bootstrap, topic, 1) == [b"kept"]  # a commit marker on its way can be forgotten
        first = own.pid()
        own.kill()
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        await own.restart()
        assert own.pid() != first
        assert await read(own.bootstrap, topic, 1) == [b"kept"]


@pytest.mark.usefixtures("hurtable_kafka")
async def test_a_frozen_broker_goes_on_and_one_told_to_stop_stops() -> None:
    async with JavaKafka() as own:
        topic = await make_topic(own.bootstrap)
        own.pause()
        own.resume()
        await write(own.bootstrap, topic, b"thawed")
        await own.stop()
        with pytest.raises(RuntimeError, match="node 1 is not running"):
            own.pid()


@pytest.mark.long
@pytest.mark.usefixtures("hurtable_kafka")
async def test_three_brokers_take_a_transaction_with_any_one_of_them_dead() -> None:
    async with JavaKafka(nodes=3) as own:
        topic = await make_topic(own.bootstrap)
        for node in own.nodes:
            own.kill(node)
            await write(own.bootstrap, topic, b"%d" % node)
            await own.restart(node)
        assert await read(own.bootstrap, topic, 3) == [b"1", b"2", b"3"]


@pytest.mark.usefixtures("hurtable_kafka")
async def test_no_process_is_left_when_the_context_ends_in_an_error() -> None:
    own = JavaKafka()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with own:
            pid = own.pid()
            raise ZeroDivisionError
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.usefixtures("hurtable_kafka")
async def test_a_broker_that_cannot_start_shows_the_end_of_its_log() -> None:
    with pytest.raises(KafkaDidNotStart, match="NOSUCH"):
        async with JavaKafka(extra={"inter.broker.listener.name": "NOSUCH"}):
            pass


def test_missing_java_is_a_reason_and_not_a_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KafkaUnavailable, match="no `java` on the path"):
        jars.fetched()


def test_missing_maven_is_a_reason_unless_the_jars_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.1\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(KafkaUnavailable, match="no `mvn` on the path"):
        jars.fetched()
    jars.cache_dir().mkdir(parents=True)
    assert jars.fetched() == jars.cache_dir()


def test_an_old_java_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KafkaUnavailable, match="Java 17 is needed"):
        jars.fetched()


def test_no_kafka_skips_a_test_unless_kafka_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_REQUIRE_KAFKA", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Kafka: for this reason"):
        pass_or_skip("for this reason")
    monkeypatch.setenv("TOCSIN_REQUIRE_KAFKA", "1")
    with pytest.raises(pytest.fail.Exception, match="for this reason"):
        pass_or_skip("for this reason")
