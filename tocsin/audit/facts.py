"""What an audit looks at: records as they lie in the topics, positions, and the counters kept beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str, int]
"""(topic without prefix, partition)."""
Stage = tuple[str, int]
"""(stage, partition)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed record."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: Mapping[str, str]
    value: bytes | None

    @property
    def place(self) -> str:
        """`topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def writer(self) -> str:
        """The task that wrote it, such as `understand/3`; "" where it does not say."""
        return self.headers.get("ce_source", "").removeprefix("tocsin/")

    @property
    def cause(self) -> str:
        """The place of the record it came of; "" where it came of none."""
        source = self.headers.get("tocsin_src", "").partition("#")[0]
        return "" if source.startswith("tocsin/") else source

    @property
    def number(self) -> int | None:
        """Which it is in the row of its writer to this partition."""
        text = self.headers.get("tocsin_seq", "")
        return int(text) if text.isdecimal() else None

    @property
    def signature(self) -> tuple[str, int | None, str, str, bytes | None]:
        """Equal for a record and its exact repeat, which readers drop."""
        return (self.writer, self.number, self.headers.get("ce_id", ""), self.headers.get("tocsin_src", ""), self.value)

    def body(self) -> dict[str, Any]:
        """Its JSON object; empty where it is none."""
        try:
            found = json.loads(self.value or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class Facts:
    """Everything an audit needs, read once. `ends` are the next offsets to be written, markers counted."""

    records: dict[Place, list[Entry]] = field(default_factory=dict)
    ends: dict[Place, int] = field(default_factory=dict)
    positions: dict[Stage, dict[str, int]] = field(default_factory=dict)
    written: dict[tuple[Stage, Place], int] = field(default_factory=dict)
    heard: dict[tuple[Stage, str, str], int] = field(default_factory=dict)
    """(reading task, topic, writing task) → the last number it heard."""
    state: dict[Stage, dict[str, Any]] = field(default_factory=dict)

    def repeats(self) -> frozenset[str]:
        """Places of exact repeats of an earlier record of their partition.

        Kafka 4.3.1 and 4.4.0 forget commit markers when a partition has no leader; the unit is then done again. Its
        numbers are the same, so that readers drop it (docs/kafka-probes.md).
        """
        found = []
        for entries in self.records.values():
            seen = set()
            for entry in entries:
                if entry.number is not None and entry.signature in seen:
                    found.append(entry.place)
                seen.add(entry.signature)
        return frozenset(found)

    def topic(self, name: str) -> list[Entry]:
        """All records of a topic, partition by partition."""
        return [entry for (topic, _), entries in sorted(self.records.items()) if topic == name for entry in entries]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong: its kind, where, and what, in words."""

    kind: str
    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.words}"
