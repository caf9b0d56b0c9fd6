"""A unit over a dictionary: state as the embedded log keeps it, for stages under test."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import JsonValue

from schemas.base import Message
from schemas.ports import Record, Task
from schemas.topics import Topic


class MemoryUnit:
    """Implements `schemas.ports.Unit`. Values go through JSON, as in every log."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.task = Task("stories")
        self.values: dict[str, str] = {}
        self.emitted: list[tuple[str, str, Message | None]] = []
        self.buried: list[Record] = []

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""
        found: JsonValue = json.loads(self.values[key]) if key in self.values else None
        return found

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys in order."""
        for key in sorted(self.values):
            if key.startswith(prefix) and (until is None or key < until):
                yield key, json.loads(self.values[key])

    def put(self, key: str, value: JsonValue) -> None:
        """Set a key."""
        self.values[key] = json.dumps(value)

    def delete(self, key: str) -> None:
        """Forget a key."""
        self.values.pop(key, None)

    def emit(self, topic: Topic, key: str, message: Message | None, cause: Record | None = None) -> None:
        """Keep what was written."""
        self.emitted.append((topic.name, key, message))

    def dead(self, record: Record, error: BaseException) -> None:
        """Keep what was buried."""
        self.buried.append(record)

    def acknowledge(self, batch: Sequence[Record]) -> None:
        """Nothing to do."""
