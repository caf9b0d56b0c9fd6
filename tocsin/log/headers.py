"""The headers of a record: CloudEvents, where it came from, which in its row it is, and the trace it belongs to."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final

from schemas.base import Message
from schemas.codec import headers
from schemas.ports import Record, Task
from schemas.topics import Topic

SEQUENCE: Final = "tocsin_seq"
"""Counts up by one per (writing task → partition): a repeat is dropped by the reader, a gap is an alarm."""
CAUSE: Final = "tocsin_src"
"""`topic/partition/offset#n`: the record this one came of, and the how-manieth of its outputs it is."""
TRACE: Final = "traceparent"
WRITER: Final = "ce_source"


def writer_of(task: Task) -> str:
    """How a task signs what it writes."""
    return f"tocsin/{task}"


def identity(message: Message | None, key: str) -> str:
    """The id a message travels under: its own, the address of a feed, or the key of a tombstone."""
    return str(getattr(message, "id", None) or getattr(message, "url", None) or key)


def trace(message_id: str, writer: str, cause: Record | None) -> str:
    """The W3C traceparent of an output: its cause's trace, or a new one; ids are hashes, so a retry has the same."""
    parent = cause.headers.get(TRACE, "").split("-") if cause else []
    if len(parent) == 4 and len(parent[1]) == 32:
        trace_id, flags = parent[1], parent[3]
    else:
        trace_id, flags = blake2b(message_id.encode(), digest_size=16).hexdigest(), "01"
    span = blake2b(f"{writer} {message_id}".encode(), digest_size=8).hexdigest()
    return f"00-{trace_id}-{span}-{flags}"


def stamp(
    topic: Topic, message_id: str, task: Task, now: datetime, cause: Record | None, nth: int
) -> dict[str, str]:  # fmt: skip
    """Every header but the sequence number, which is known only when the unit commits."""
    writer = writer_of(task)
    result = headers(topic, message_id, writer, now)
    result[CAUSE] = f"{cause.place if cause else writer}#{nth}"
    result[TRACE] = trace(message_id, writer, cause)
    return result


def sequence(found: Mapping[str, str]) -> tuple[str, int] | None:
    """(writing task, number) of a record, or None where it carries none we can read."""
    writer, number = found.get(WRITER), found.get(SEQUENCE, "")
    return (writer, int(number)) if writer and number.isascii() and number.isdigit() else None
