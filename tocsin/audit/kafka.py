"""The facts of a log on Kafka, read with librdkafka: another client than the one the log uses."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tocsin.audit.facts import Entry, Facts

SECONDS: Final = 30.0
"""How long the cluster may stay silent."""


class NoClient(Exception):
    """confluent-kafka is not installed."""


def read(bootstrap: str, prefix: str, options: Mapping[str, str] | None = None) -> Facts:
    """Every committed fact under a prefix. Raises `NoClient`, or confluent_kafka.KafkaException."""
    try:
        import confluent_kafka as client
    except ImportError as error:
        raise NoClient("an audit of Kafka needs another client: pip install 'tocsin[audit]'") from error
    consumer = client.Consumer({
        "bootstrap.servers": bootstrap, "group.id": f"{prefix}-audit", "enable.auto.commit": False,
        "isolation.level": "read_committed", "auto.offset.reset": "earliest", "enable.partition.eof": True,
        **(options or {}),
    })  # fmt: skip
    try:
        facts = Facts()
        places = [client.TopicPartition(*place) for place in _places(consumer, prefix)]
        skip = len(prefix) + 1
        for place in places:
            place.offset, high = consumer.get_watermark_offsets(place, timeout=SECONDS)
            facts.ends[place.topic[skip:], place.partition] = high
        consumer.assign(places)
        for message in _messages(client, consumer, len(places)):
            _note(facts, message.topic()[skip:], message)
        _groups(client, bootstrap, prefix, facts, dict(options or {}))
        return facts
    finally:
        consumer.close()


def _places(consumer: Any, prefix: str) -> Iterator[tuple[str, int]]:
    found = consumer.list_topics(timeout=SECONDS).topics
    for name in sorted(found):
        if name.startswith(f"{prefix}."):
            yield from ((name, partition) for partition in sorted(found[name].partitions))


def _messages(client: Any, consumer: Any, partitions: int) -> Iterator[Any]:
    """Up to the end of every partition: all at once, since each one alone costs a round of waiting."""
    ended: set[tuple[str, int]] = set()
    while len(ended) < partitions:
        message = consumer.poll(SECONDS)
        if message is None:
            raise TimeoutError(f"the cluster was silent for {SECONDS:.0f} s")
        error = message.error()
        if error is None:
            yield message
        elif error.code() == client.KafkaError._PARTITION_EOF:
            ended.add((message.topic(), message.partition()))
        elif not error.retriable():
            raise client.KafkaException(error)


def _note(facts: Facts, topic: str, message: Any) -> None:
    entry = _entry(topic, message)
    if topic.startswith("state."):
        _keep(facts, (topic.removeprefix("state."), entry.partition), entry)
    elif topic != "meta":
        facts.records.setdefault((topic, entry.partition), []).append(entry)


def _entry(topic: str, message: Any) -> Entry:
    headers = {name: (value or b"").decode(errors="replace") for name, value in message.headers() or ()}
    key = (message.key() or b"").decode(errors="replace")
    return Entry(topic, message.partition(), message.offset(), key, headers, message.value())


def _keep(facts: Facts, stage: tuple[str, int], entry: Entry) -> None:
    """An entry of a changelog: `s` state, `p` position, `h` heard, `w` written."""
    kind, name = entry.key[:1], entry.key[1:]
    if kind == "s" and entry.value is None:
        facts.state.get(stage, {}).pop(name, None)
        return
    if entry.value is None:
        return
    value = json.loads(entry.value)
    topic, _, rest = name.partition(" ")
    if kind == "s":
        facts.state.setdefault(stage, {})[name] = value
    elif kind == "p":
        facts.positions.setdefault(stage, {})[name] = value
    elif kind == "h":
        facts.heard[stage, topic, rest] = value
    elif kind == "w":
        facts.written[stage, (topic, int(rest))] = value


def _groups(client: Any, bootstrap: str, prefix: str, facts: Facts, options: dict[str, str]) -> None:
    """The groups' positions too: the later of the two counts."""
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": bootstrap, **options})
    for stage in {stage for stage, _ in facts.positions}:
        ask = [client.ConsumerGroupTopicPartitions(f"{prefix}.{stage}")]
        for future in admin.list_consumer_group_offsets(ask, request_timeout=SECONDS).values():
            for found in future.result().topic_partitions:
                if found.offset >= 0:
                    at = facts.positions.setdefault((stage, found.partition), {})
                    topic = found.topic[len(prefix) + 1 :]
                    at[topic] = max(at.get(topic, 0), found.offset)
