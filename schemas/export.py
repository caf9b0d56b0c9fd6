"""The messages for other programs: JSON Schemas, and an AsyncAPI 3 document of the topics. Generated, never edited."""

import json
from collections.abc import Mapping
from typing import Any, Final

from schemas.topics import TOPICS, Topic

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
HEADERS: Final[Mapping[str, str]] = {
    "ce_specversion": "CloudEvents version, 1.0",
    "ce_id": "id of the message; deterministic, the same when the work is repeated",
    "ce_source": "tocsin/<stage>/<partition>: who wrote it",
    "ce_type": "tocsin.<topic>.v<major version>",
    "ce_time": "when it was written, ISO 8601",
    "content-type": "application/json",
    "tocsin_seq": "counts up by one per (ce_source, partition): a smaller one is a repeat, a leap is a loss",
    "tocsin_src": "topic/partition/offset#n: the record it came of, and which of its outputs it is",
    "traceparent": "W3C trace context, passed on from the cause",
}
"""Every header of a record, and what it says."""


def names() -> list[str]:
    """What `schema` knows: each message type of the topics by its name, and `asyncapi`."""
    return [*sorted({topic.message.__name__ for topic in TOPICS.values()}), "asyncapi"]


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of a message type, or the AsyncAPI document. Raises KeyError for a name that is not known."""
    if name == "asyncapi":
        return asyncapi()
    kinds = {topic.message.__name__: topic for topic in TOPICS.values()}
    return json_schema(kinds[name])


def json_schema(topic: Topic) -> dict[str, Any]:
    """The JSON Schema of a topic's message at its present version, as readers take it."""
    found = topic.message.model_json_schema(mode="validation")
    return {"$schema": DIALECT, "$id": f"tocsin.{topic.name}.v{topic.version}", **found}


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 of every topic."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "tocsin",
            "version": "1",
            "description": "News items on their way to alerts. Bodies are JSON, metadata are CloudEvents headers.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": {f"read-{topic.name}": _reading(topic) for topic in TOPICS.values()},
        "components": {
            "messages": {topic.name: _message(topic) for topic in TOPICS.values()},
            "schemas": {_kind(topic): json_schema(topic) for topic in TOPICS.values()},
        },
    }


def _kind(topic: Topic) -> str:
    return topic.message.__name__


def _channel(topic: Topic) -> dict[str, Any]:
    kept = "the last record of each key" if topic.compacted else f"as long as retention.{topic.retention} says"
    return {
        "address": f"tocsin.{topic.name}",
        "description": f"Key: {topic.key}. Written by: {topic.written_by}. Kept: {kept}.",
        "messages": {_kind(topic): {"$ref": f"#/components/messages/{topic.name}"}},
        "bindings": {"kafka": {"topicConfiguration": {"cleanup.policy": ["compact" if topic.compacted else "delete"]}}},
    }


def _reading(topic: Topic) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{_kind(topic)}"}],
    }


def _message(topic: Topic) -> dict[str, Any]:
    properties = {name: {"type": "string", "description": words} for name, words in HEADERS.items()}
    return {
        "name": f"tocsin.{topic.name}.v{topic.version}",
        "contentType": "application/json",
        "headers": {"type": "object", "properties": properties, "required": ["ce_id", "ce_type"]},
        "payload": {"$ref": f"#/components/schemas/{_kind(topic)}"},
        "bindings": {"kafka": {"key": {"type": "string"}}},
    }


def text(document: Mapping[str, Any]) -> str:
    """As it is kept in a file."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def files() -> dict[str, str]:
    """File name → text of everything generated; compared with `docs/schemas` by a test."""
    found = {f"{topic.name}.v{topic.version}.json": text(json_schema(topic)) for topic in TOPICS.values()}
    return found | {"asyncapi.json": text(asyncapi())}
