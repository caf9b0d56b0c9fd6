"""A cluster behind TLS and SASL: the log and the audit get in with the right keys, and say what is wrong otherwise."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from schemas.errors import LogError
from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Kafka, Retention, Settings
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tests.log.waiting import eventually
from tests.servers.certificates import Authority
from tests.servers.kafka import JavaKafka
from tests.servers.kafka.locks import PASSWORD, USER, Locks
from tocsin.cli.operate import _librdkafka
from tocsin.log.kafka import Access, KafkaLog

YEARS = 3e9
pytestmark = pytest.mark.usefixtures("parted")


@pytest.fixture(scope="module")
def locks(tmp_path_factory: pytest.TempPathFactory) -> Locks:
    return Locks(tmp_path_factory.mktemp("locks"))


@pytest.fixture(scope="module")
def locked(hurtable_kafka: None, locks: Locks) -> Iterator[Locks]:
    kafka = JavaKafka(locks=locks)
    asyncio.run(kafka.start())
    yield locks
    kafka.close()


def sasl(locks: Locks, **other: object) -> Kafka:
    right = {
        "security": "sasl_ssl", "username": USER, "password": SecretStr(PASSWORD), "partitions": 1,
        "ca_file": str(locks.authority.ca_file),
    }  # fmt: skip
    return Kafka.model_validate({**right, **other})


def log_of(address: str, settings: Kafka) -> KafkaLog:
    return KafkaLog(Access(address, settings, request=5.0), SetClock(), None, Retention(items=YEARS))


async def use(log: KafkaLog) -> None:
    """A unit in, a record out."""
    await log.open()
    async with log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "a", Item(id="1"))

    async def look() -> list[str]:
        return [record.headers["ce_id"] async for record in log.history(ITEMS)]

    assert await eventually(look, bool) == ["1"]
    await log.close()


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
async def test_a_password_over_tls_opens_it(mechanism: str, locked: Locks) -> None:
    await use(log_of(locked.sasl, sasl(locked, mechanism=mechanism, topic_prefix=mechanism.lower())))


async def test_a_clients_certificate_opens_it(locked: Locks) -> None:
    keys = locked.authority
    settings = Kafka(
        security="ssl", partitions=1, topic_prefix="tls", ca_file=str(keys.ca_file), cert_file=str(keys.cert_file),
        key_file=str(keys.key_file),
    )  # fmt: skip
    await use(log_of(locked.tls, settings))


async def test_the_audit_gets_in_with_the_same_settings(locked: Locks) -> None:
    settings = sasl(locked, topic_prefix="audited")
    await use(log_of(locked.sasl, settings))
    command = [sys.executable, "-m", "tocsin.audit", f"kafka://{locked.sasl}", "--prefix", "audited", "--json"]
    environment = {**os.environ, "TOCSIN_AUDIT_KAFKA": json.dumps(_librdkafka(Settings(kafka=settings)))}
    ended = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["clean"]
    assert PASSWORD not in ended.stdout + ended.stderr


async def test_a_wrong_password_is_said_and_not_shown(locked: Locks) -> None:
    with pytest.raises(LogError, match=r"(?i)authentication") as refused:
        await log_of(locked.sasl, sasl(locked, password=SecretStr("sesame-open"))).open()
    assert "sesame-open" not in str(refused.value)


async def test_a_broker_whose_certificate_is_not_trusted_is_refused(locked: Locks, tmp_path: Path) -> None:
    stranger = Authority(tmp_path)
    with pytest.raises(LogError, match=r"(?i)certificate"):
        await log_of(locked.sasl, sasl(locked, ca_file=str(stranger.ca_file))).open()


async def test_a_missing_certificate_file_is_named(locks: Locks) -> None:
    with pytest.raises(LogError, match=r"/nowhere/ca\.pem"):
        await log_of(locks.sasl, sasl(locks, ca_file="/nowhere/ca.pem")).open()


async def test_sasl_without_a_password_says_what_is_missing() -> None:
    with pytest.raises(LogError, match="username and password are needed"):
        await log_of("127.0.0.1:1", Kafka(security="sasl_ssl", username=USER)).open()
