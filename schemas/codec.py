"""Messages to bytes and back: plain JSON bodies, CloudEvents headers, upcasters for old versions.

Header names follow CloudEvents' Kafka binary mode: `ce_type` is `tocsin.<topic>.v<major>`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from schemas.base import Message
from schemas.errors import TocsinError, Unreadable
from schemas.ports import Record
from schemas.topics import TOPICS, Topic

M = TypeVar("M", bound=Message)

Upcaster = Callable[[dict[str, JsonValue]], dict[str, JsonValue]]

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(topic, major version) → how to lift a body one version up. Also used when state is restored."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_JSON: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class NewerVersion(TocsinError):
    """A record of a major version we do not know: the partition must stop rather than skip it."""


def encode(message: Message) -> bytes:
    """The message as compact UTF-8 JSON, fields at their default left out."""
    return message.model_dump_json(exclude_defaults=True).encode()


def headers(topic: Topic, message_id: str, source: str, time: datetime) -> dict[str, str]:
    """The CloudEvents headers of a record."""
    return {
        "ce_specversion": "1.0",
        "ce_id": message_id,
        "ce_source": source,
        "ce_type": f"tocsin.{topic.name}.v{topic.version}",
        "ce_time": _iso(time),
        "content-type": "application/json",
    }


@lru_cache(64)
def _iso(time: datetime) -> str:
    """A unit stamps everything with the same instant."""
    return time.isoformat()


def _version(headers: Mapping[str, str], topic: Topic) -> int:
    kind = headers.get("ce_type", "")
    if not kind:
        return topic.version
    name, _, version = kind.rpartition(".v")
    if name != f"tocsin.{topic.name}" or not version.isdigit():
        raise Unreadable(f"ce_type {kind[:80]!r} does not belong in topic {topic.name!r}")
    return int(version)


def decode(record: Record) -> Message:
    """The message of a record, lifted to today's version.

    Raises `Unreadable` for bytes that are no such message, `NewerVersion` for a major version from the future.
    """
    topic = TOPICS[record.topic]
    version = _version(record.headers, topic)
    if version > topic.version:
        raise NewerVersion(f"{record.place} is {topic.name} v{version}; this tocsin reads up to v{topic.version}")
    if record.value is None:
        raise Unreadable(f"{record.place} is a tombstone")
    try:
        if version == topic.version:
            return topic.message.model_validate_json(record.value)
        body = _JSON.validate_json(record.value)
        for step in range(version, topic.version):
            body = UPCASTERS[topic.name, step](body)
        return topic.message.model_validate(body)
    except (ValidationError, KeyError, ValueError) as error:
        raise Unreadable(f"{record.place} is no {topic.message.__name__}: {_brief(error)}") from error


def _brief(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)[:200]


def decode_as(record: Record, kind: type[M]) -> M:
    """`decode`, with the type that is expected; `Unreadable` for any other."""
    message = decode(record)
    if not isinstance(message, kind):
        raise Unreadable(f"{record.place} is a {type(message).__name__}, not a {kind.__name__}")
    return message


def dumps(value: JsonValue) -> str:
    """Compact JSON, keys sorted: equal values are equal bytes."""
    return _ENCODER.encode(value)
