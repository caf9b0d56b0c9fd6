"""The topics in the cluster: made if they are missing, checked if they are there; and the log's own identity."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.errors import LogError
from schemas.settings import Retention
from schemas.topics import TOPICS, Topic
from tocsin.log.base import to_the_end
from tocsin.log.kafka.access import Access
from tocsin.log.kafka.changelog import state_topic
from tocsin.log.kafka.line import Names
from tocsin.log.kafka.shape import SETTINGS, Found, Wanted, faults_of, warnings_of
from tocsin.log.kafka.wire import Place, Wire
from tocsin.log.partition import width

log = structlog.get_logger(__name__)

META: Final = "meta"
"""The topic whose first record says which log this is and how many partitions it has. Kept for ever."""
DAY_MS: Final = 86_400_000

_COMPACTED: Final = {
    "cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1", "segment.ms": str(DAY_MS),
    "delete.retention.ms": str(DAY_MS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """Which log this is; what a state directory remembers of it."""

    id: str
    partitions: int


def config_of(topic: Topic, retention: Retention) -> dict[str, str]:
    """The settings of a topic of the table."""
    if topic.compacted:
        return dict(_COMPACTED)
    kept = getattr(retention, topic.retention or "items")
    largest = {"max.message.bytes": str(4 * 1024 * 1024)} if topic.name == "dead" else {}
    return {"cleanup.policy": "delete", "retention.ms": str(round(kept * 1000)), **largest}


class Topics:
    """Makes and checks topics."""

    def __init__(self, access: Access, names: Names, retention: Retention) -> None:
        self._access = access
        self._names = names
        self._retention = retention
        self._made: set[str] = set()

    async def identify(self, wire: Wire, partitions: int) -> Identity:
        """Which log lies under the prefix; a new one is made where there is none.

        Raises `LogError` when topics are there but not as they must be.
        """
        async with self._admin() as admin:
            copies = await self._copies(admin)
            await self._make(admin, {META: (1, {"cleanup.policy": "delete", "retention.ms": "-1"})}, copies)
            identity = await _first(wire, self._names.topic(META)) or await self._introduce(wire, partitions)
            wanted = {
                topic.name: (width(topic, identity.partitions), config_of(topic, self._retention))
                for topic in TOPICS.values()
            }
            made = await self._make(admin, wanted, copies)
            await self._check(admin, wanted)
        for place in made:
            await wire.bounds(place)  # answered once there is a leader: a produce before that fails
        return identity

    async def changelog(self, wire: Wire, stage_topic: str, partitions: int) -> None:
        """The changelog of a stage, made if it is missing."""
        if stage_topic in self._made:
            return
        async with self._admin() as admin:
            wanted = {stage_topic: (partitions, dict(_COMPACTED))}
            made = await self._make(admin, wanted, await self._copies(admin))
            await self._check(admin, wanted)
        for place in made:
            await wire.bounds(place)
        self._made.add(stage_topic)

    async def has(self, topic: str) -> bool:
        """Whether a topic is there."""
        if topic in self._made:
            return True
        async with self._admin() as admin:
            return self._names.topic(topic) in await admin.list_topics()

    async def changelogs(self) -> list[tuple[str, int]]:
        """(stage, partitions) of every changelog."""
        start = self._names.topic(state_topic(""))
        async with self._admin() as admin:
            mine = [name for name in await admin.list_topics() if name.startswith(start)]
            described = await admin.describe_topics(sorted(mine)) if mine else []
        return [(entry["topic"].removeprefix(start), len(entry["partitions"])) for entry in described]

    async def positions(self) -> list[tuple[str, str, int, int]]:
        """(group, topic, partition, offset) of every group of ours, names with prefix."""
        async with self._admin() as admin:
            mine = f"{self._names.prefix}."
            groups = [name for name, _ in await admin.list_consumer_groups() if name.startswith(mine)]
            found = [(group, await admin.list_consumer_group_offsets(group)) for group in sorted(groups)]
        return [
            (group, tp.topic, tp.partition, at.offset)
            for group, offsets in found for tp, at in offsets.items() if at.offset >= 0
        ]  # fmt: skip

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Any]:
        admin = AIOKafkaAdminClient(**self._access.common())
        try:
            await to_the_end(admin.start())
            yield admin
        except (KafkaError, OSError, AssertionError) as error:
            raise LogError(f"kafka at {self._access.bootstrap}: {type(error).__name__}: {error}") from error
        finally:
            await admin.close()

    async def _copies(self, admin: Any) -> int:
        brokers = len((await admin.describe_cluster())["brokers"])
        wanted = self._access.settings.replication or min(3, brokers)
        if wanted > brokers:
            raise LogError(
                f"kafka: replication is {wanted}, but the cluster has {brokers} broker(s); "
                "lower kafka.replication or add brokers"
            )
        return wanted

    async def _make(self, admin: Any, wanted: Mapping[str, tuple[int, Mapping[str, str]]], copies: int) -> list[Place]:
        there = set(await admin.list_topics())
        new = [
            NewTopic(self._names.topic(name), number, copies, topic_configs=_safe(config, copies))
            for name, (number, config) in wanted.items() if self._names.topic(name) not in there
        ]  # fmt: skip
        if not new:
            return []
        answer = await admin.create_topics(new)
        for name, code, *rest in answer.topic_errors:
            if code and for_code(code) is not TopicAlreadyExistsError:
                raise LogError(f"kafka: the topic {name} could not be made: {rest[0] if rest else for_code(code)}")

        return [(topic.name, partition) for topic in new for partition in range(topic.num_partitions)]

    async def _check(self, admin: Any, wanted: Mapping[str, tuple[int, Mapping[str, str]]]) -> None:
        """What is there must have the partitions, policy and copies we rely on; raises `LogError` with every fault."""
        faults: list[str] = []
        for found in await self._found(admin, [self._names.topic(name) for name in wanted]):
            number, config = wanted[found.name.removeprefix(f"{self._names.prefix}.")]
            shape = Wanted(number, config, self._access.settings.replication)
            faults += faults_of(found, shape)
            for warning in warnings_of(found, shape):
                log.warning("topic_differs", reason=warning)
        if faults:
            raise LogError("kafka: " + "; ".join(faults))

    async def _found(self, admin: Any, names: list[str]) -> list[Found]:
        """Those of the topics that the cluster describes; one that was made a moment ago may be missing."""
        described = await admin.describe_topics(names)
        parts = {entry["topic"]: entry["partitions"] for entry in described if entry["partitions"]}
        settings = await self._settings(admin, list(parts))
        return [
            Found(name, len(partitions), min(len(part["replicas"]) for part in partitions), settings.get(name, {}))
            for name, partitions in parts.items()
        ]

    async def _settings(self, admin: Any, topics: list[str]) -> dict[str, dict[str, str]]:
        asked = dict.fromkeys(SETTINGS)
        ask = [ConfigResource(ConfigResourceType.TOPIC, name, configs=asked) for name in topics]
        answers = await admin.describe_configs(ask) if ask else []
        return {
            resource[3]: {entry[0]: entry[1] for entry in resource[4] if entry[0] in SETTINGS}
            for answer in answers for resource in answer.resources
        }  # fmt: skip

    async def _introduce(self, wire: Wire, partitions: int) -> Identity:
        """Write who this log is. Two that do so at once agree: the first record counts."""
        producer = AIOKafkaProducer(**self._access.common(), acks="all", enable_idempotence=True)
        await producer.start()
        try:
            body = {"id": uuid4().hex, "partitions": partitions}
            await producer.send_and_wait(self._names.topic(META), json.dumps(body).encode(), b"log")
        finally:
            await producer.stop()
        identity = await _first(wire, self._names.topic(META))
        if identity is None:
            raise LogError(f"kafka: {self._names.topic(META)} does not keep what is written to it")
        return identity


async def _first(wire: Wire, topic: str) -> Identity | None:
    first, end = await wire.bounds((topic, 0))
    if first >= end:
        return None
    receiver = await wire.receiver({(topic, 0): first})
    try:
        found = await receiver.poll(1, 15.0)
    finally:
        await receiver.close()
    if not found:
        raise LogError(f"kafka: {topic} cannot be read")
    body = json.loads(found[0].value or b"{}")
    return Identity(str(body["id"]), int(body["partitions"]))


def _safe(config: Mapping[str, str], copies: int) -> dict[str, str]:
    """With three copies, two must have a record before it counts as written."""
    return {**config, "min.insync.replicas": str(max(1, copies - 1))}
