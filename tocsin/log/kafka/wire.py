"""What the Kafka log needs of a client. aiokafka is one; the simulation brings another that crashes on demand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Place = tuple[str, int]
"""(topic with its prefix, partition)."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it travels; `timestamp` is in milliseconds since 1970."""

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    timestamp: int = 0
    offset: int = -1


class Sender(Protocol):
    """One transactional producer: its coming fenced every earlier one of the same id.

    Every step may raise `Fenced`, or `Doubt` when it is unknown whether it happened.
    """

    @property
    def epoch(self) -> int:
        """Rises with every producer of the id."""

    async def begin(self) -> None:
        """Begin a transaction."""

    async def send(self, records: Sequence[Raw]) -> "Sequence[asyncio.Future[list[int]]]":
        """Hand over records of one place, in order; the futures give their offsets once the brokers have them."""

    async def send_positions(self, group: str, positions: Mapping[Place, int]) -> None:
        """Commit a group's positions with the transaction."""

    async def commit(self) -> None:
        """Commit. Alas, it may succeed although a send failed: await every send before."""

    async def close(self) -> None:
        """Let go of it, whatever it was doing; never raises, never waits long."""


class Receiver(Protocol):
    """Reads committed records of fixed places from positions that are ours to choose."""

    async def seek(self, place: Place, offset: int) -> None:
        """Read on from here."""

    async def poll(self, limit: int, wait: float) -> Sequence[Raw]:
        """Up to `limit` records, none after `wait` seconds without any."""

    async def passed(self, place: Place) -> int:
        """The offset it would read next: past what compaction and transaction markers left empty."""

    async def close(self) -> None:
        """Let go of it."""


class Wire(Protocol):
    """The way to a Kafka cluster."""

    async def sender(self, transactional_id: str) -> Sender:
        """A producer; the transaction its predecessor left open is ended before this returns."""

    async def receiver(self, positions: Mapping[Place, int]) -> Receiver:
        """A reader of these places."""

    async def bounds(self, place: Place) -> tuple[int, int]:
        """The first offset kept and the end of what is committed (the last stable offset)."""


class Doubt(Exception):
    """It is unknown whether a step of a transaction happened: throw the producer away and look."""
