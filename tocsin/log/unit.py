"""A unit of work as all logs share it: writes are gathered in memory, the log commits them in one go."""

import base64
import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from heapq import merge
from itertools import takewhile
from typing import Final, NamedTuple

from pydantic import JsonValue

from schemas.alert import DeadLetter
from schemas.base import Message
from schemas.codec import dumps, encode
from schemas.errors import Unreadable
from schemas.ports import Record, State, Task
from schemas.topics import DEAD, Topic, route
from tocsin.log.headers import identity, stamp
from tocsin.log.partition import partition_of

LARGEST: Final = 1_000_000
"""Bytes of one message; what is larger no Kafka topic would take (max.message.bytes is 1 MiB by default)."""
DETAIL: Final = 8_000


class Output(NamedTuple):
    """A record to be written, complete but for offset and sequence number."""

    topic: str
    partition: int
    key: str
    value: bytes | None
    headers: dict[str, str]

    @property
    def place(self) -> tuple[str, int]:
        """The partition it goes to."""
        return (self.topic, self.partition)


class BufferedUnit:
    """The `Unit` of every log: an overlay over the task's committed state, and lists of what is to be committed.

    `changes` maps state keys to JSON text, None where the key is to go.
    """

    def __init__(self, task: Task, now: datetime, base: State, partitions: Callable[[Topic], int]) -> None:
        self._task = task
        self._now = now
        self._base = base
        self._partitions = partitions
        self._causes: dict[str, int] = {}
        self._open = True
        self.changes: dict[str, str | None] = {}
        self.outputs: list[Output] = []
        self.acknowledged: list[Record] = []
        self.looked = False
        """Whether committed state was read."""
        self.basis: int | None = None
        """What an outsider's unit builds on: see `BaseLog._basis`."""

    @property
    def task(self) -> Task:
        """Whose unit this is."""
        return self._task

    @property
    def now(self) -> datetime:
        """The instant of the unit, fixed for its length."""
        return self._now

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""
        self._check()
        if key in self.changes:
            text = self.changes[key]
            return None if text is None else json.loads(text)
        self.looked = True
        return self._base.get(key)

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys that start with `prefix` (and are < `until`) in order, with their values."""
        self._check()
        self.looked = True
        mine = {k: v for k, v in self.changes.items() if k.startswith(prefix) and (until is None or k < until)}
        below = ((k, v) for k, v in self._base.scan(prefix, until) if k not in mine)
        above = ((k, json.loads(v)) for k, v in sorted(mine.items()) if v is not None)
        both = merge(below, above, key=lambda pair: pair[0])
        return both if limit is None else (pair for _, pair in zip(range(limit), both, strict=False))

    def put(self, key: str, value: JsonValue) -> None:
        """Set the state of a key."""
        self._check()
        key.encode()  # a lone surrogate must fail here, not at the commit
        self.changes[key] = dumps(value)

    def delete(self, key: str) -> None:
        """Forget a key; an unknown one is no error."""
        self._check()
        self.changes[key] = None

    def emit(self, topic: Topic, key: str, message: Message | None, cause: Record | None = None) -> None:
        """Write a message (None: a tombstone); `cause` is the record it came of.

        Raises `Unreadable` for a message no log would take.
        """
        self._check()
        value = None if message is None else encode(message)
        if value is not None and len(value) > LARGEST and topic is not DEAD:
            raise Unreadable(f"a message of {len(value):,} bytes for {topic.name}; at most {LARGEST:,} travel")
        source = cause.place if cause else ""
        nth = self._causes.get(source, 0)
        self._causes[source] = nth + 1
        stamped = stamp(topic, identity(message, key), self._task, self._now, cause, nth)
        partition = partition_of(route(key), self._partitions(topic))
        self.outputs.append(Output(topic.name, partition, key, value, stamped))

    def dead(self, record: Record, error: BaseException) -> None:
        """Lay a record aside with the error, in the dead-letter topic."""
        letter = dead_letter(record, error, self._task, self._now)
        self.emit(DEAD, letter.id, letter, record)

    def acknowledge(self, batch: Sequence[Record]) -> None:
        """These records are done with once the unit is committed."""
        self._check()
        self.acknowledged.extend(batch)

    def seal(self) -> None:
        """No more writes: the block was left."""
        self._open = False

    def _check(self) -> None:
        if not self._open:
            raise RuntimeError(f"the unit of {self._task} was used after its block")


def dead_letter(record: Record, error: BaseException, task: Task, now: datetime) -> DeadLetter:
    """The dead letter of a record; its id is the same however often the record dies at this stage."""
    name = f"{task.stage} {record.place}"
    words = "".join(traceback.format_exception(error))
    return DeadLetter(
        id=blake2b(name.encode(), digest_size=8).hexdigest(),
        topic=record.topic, partition=record.partition, offset=record.offset, key=record.key,
        value=base64.b64encode(record.value or b"").decode(),
        headers=dict(record.headers), stage=task.stage, error=type(error).__name__,
        detail=words[-DETAIL:], at=now,
    )  # fmt: skip


def successor(prefix: str) -> str | None:
    """The least string above all that start with the prefix, None where there is none."""
    for at in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[at]) + 1
        if 0xD800 <= code <= 0xDFFF:
            code = 0xE000
        if code <= 0x10FFFF:
            return prefix[:at] + chr(code)
    return None


class DictState:
    """Keyed state in a dict of JSON texts: of the in-memory log, and of changelogs read for a look."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def get(self, key: str) -> JsonValue | None:
        """The value, or None."""
        text = self.texts.get(key)
        return None if text is None else json.loads(text)

    def scan(
        self, prefix: str = "", until: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[str, JsonValue]]:
        """Keys that start with `prefix` (and are < `until`) in order, with their values."""
        keys = sorted(key for key in self.texts if key.startswith(prefix))
        if until is not None:
            keys = list(takewhile(lambda key: key < until, keys))
        return ((key, json.loads(self.texts[key])) for key in keys[:limit])
