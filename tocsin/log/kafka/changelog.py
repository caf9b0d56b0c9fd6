"""The changelog of a task: its state, positions and sequence numbers as records of `state.<stage>`. Pure.

Keys start with what they are: `s` state, `p` position in an input, `h` last number heard of a writer in an input,
`w` last number written to a partition.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from schemas.ports import Task
from tocsin.log.cursor import Heard, Settlement

STATE: Final = "s"
POSITION: Final = "p"
HEARD: Final = "h"
WRITTEN: Final = "w"

Entries = dict[str, str | None]
"""Key → JSON text, None where the key is to go."""


def entries(
    changes: Mapping[str, str | None], settlement: Settlement, written: Mapping[tuple[str, int], int]
) -> Entries:  # fmt: skip
    """What a unit leaves in its task's changelog."""
    result: Entries = {STATE + key: text for key, text in changes.items()}
    result |= {POSITION + topic: str(at) for topic, at in settlement.positions.items()}
    result |= {f"{HEARD}{topic} {writer}": str(number) for (topic, writer), number in settlement.heard.items()}
    result |= {f"{WRITTEN}{topic} {partition}": str(number) for (topic, partition), number in written.items()}
    return result


def positions(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Topic → position, from the entries that start with `POSITION`."""
    return {key[1:]: int(text) for key, text in pairs}


def heard(pairs: Iterable[tuple[str, str]]) -> dict[Heard, int]:
    """(topic, writer) → number, from the entries that start with `HEARD`."""
    result: dict[Heard, int] = {}
    for key, text in pairs:
        topic, _, writer = key[1:].partition(" ")
        result[topic, writer] = int(text)
    return result


def written(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, int], int]:
    """(topic, partition) → number, from the entries that start with `WRITTEN`."""
    result: dict[tuple[str, int], int] = {}
    for key, text in pairs:
        topic, _, partition = key[1:].partition(" ")
        result[topic, int(partition)] = int(text)
    return result


def state_topic(stage: str) -> str:
    """The changelog's topic, without prefix."""
    return f"state.{stage}"


def transactional_id(prefix: str, task: Task) -> str:
    """One per task, never per process: so the new owner's producer fences the old one's."""
    return f"{prefix}.{task.stage}.{task.partition}"


def text_of(value: bytes | None) -> str | None:
    """An entry as read back; raises ValueError when it is no JSON."""
    if value is None:
        return None
    json.loads(value)
    return value.decode()
