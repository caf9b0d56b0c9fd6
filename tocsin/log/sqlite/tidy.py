"""Housekeeping of the file: retention, forgetting, giving room back. Each step is a small job of the writer."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.settings import Retention
from schemas.topics import TOPICS

STEP: Final = 500
"""Records deleted in one job: writers wait no longer than that takes."""
PAGES: Final = 256
"""Free pages handed back to the disk in one job."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """What may go of one partition: records before `before` (milliseconds) that every reader is past."""

    topic: str
    partition: int
    before: int


def expiries(retention: Retention, partitions: int, now: datetime) -> list[Expiry]:
    """Every partition that loses records to age."""
    found = []
    for topic in TOPICS.values():
        if topic.retention is not None:
            kept = timedelta(seconds=getattr(retention, topic.retention))
            before = round((now - kept).timestamp() * 1000)
            found += [Expiry(topic.name, number, before) for number in range(1 if topic.single else partitions)]
    return found


def expire(connection: sqlite3.Connection, expiry: Expiry) -> int:
    """Delete up to `STEP` records that are too old, never one that a reader has yet to acknowledge."""
    slowest = connection.execute(
        "SELECT min(next) FROM positions WHERE topic=? AND part=?", (expiry.topic, expiry.partition)
    ).fetchone()[0]  # fmt: skip
    limit = (1 << 62) if slowest is None else slowest
    return connection.execute(
        "DELETE FROM log WHERE id IN (SELECT id FROM log WHERE topic=? AND part=? AND off<? AND ts<? "
        "ORDER BY off LIMIT ?)",
        (expiry.topic, expiry.partition, limit, expiry.before, STEP),
    ).rowcount  # fmt: skip


def blank(connection: sqlite3.Connection, places: Iterable[tuple[str, int, int]]) -> int:
    """Take the bytes out of records, overwritten on the disk; their places and numbers stay."""
    connection.execute("PRAGMA secure_delete=ON")
    rows = connection.executemany("UPDATE log SET value=NULL WHERE topic=? AND part=? AND off=?", list(places)).rowcount
    connection.execute("PRAGMA secure_delete=OFF")
    return rows


def give_back(connection: sqlite3.Connection) -> int:
    """Hand free pages back to the disk; returns how many are left."""
    connection.execute(f"PRAGMA incremental_vacuum({PAGES})")
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
