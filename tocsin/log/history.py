"""History: the partitions of a topic, page by page, merged into one order of time."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from heapq import heapify, heappop, heapreplace
from typing import Final, Protocol

from schemas.ports import Record
from schemas.topics import Topic

PAGE: Final = 200
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Pages(Protocol):
    """How a log hands out its past. Offsets and timestamps of one partition rise together."""

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset kept and the next to be written."""

    async def offset_at(self, topic: str, partition: int, time: datetime) -> int:
        """The first offset of a record not older than `time`."""

    async def page(
        self, topic: str, partition: int, offset: int, *, key: str | None = None, backwards: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:  # fmt: skip
        """Up to `limit` records from `offset` on; backwards: those before it, newest first."""


async def _partition(
    pages: Pages, topic: str, partition: int, since: datetime | None, until: datetime | None, key: str | None,
    *, backwards: bool,
) -> AsyncIterator[Record]:  # fmt: skip
    first, head = await pages.bounds(topic, partition)
    low = await pages.offset_at(topic, partition, since) if since else first
    high = await pages.offset_at(topic, partition, until) if until else head
    at = high if backwards else low
    while True:
        page = await pages.page(topic, partition, at, key=key, backwards=backwards)
        for record in page:
            if not low <= record.offset < high:
                return
            at = record.offset if backwards else record.offset + 1
            if record.value is not None:
                yield record
        if not page:
            return


async def in_order(
    pages: Pages, topic: Topic, partitions: int, *, since: datetime | None, until: datetime | None, key: str | None,
    newest_first: bool, limit: int | None,
) -> AsyncIterator[Record]:  # fmt: skip
    """Records of all partitions in order of (time, partition, offset), or the reverse of it."""
    sign = -1 if newest_first else 1
    streams = [
        _partition(pages, topic.name, number, since, until, key, backwards=newest_first) for number in range(partitions)
    ]
    heads = [(_rank(first, sign), first, stream) for stream in streams if (first := await anext(stream, None))]
    heapify(heads)
    given = 0
    while heads and (limit is None or given < limit):
        _, record, stream = heads[0]
        yield record
        given += 1
        if following := await anext(stream, None):
            heapreplace(heads, (_rank(following, sign), following, stream))
        else:
            heappop(heads)


def _rank(record: Record, sign: int) -> tuple[float, int, int]:
    time = record.timestamp or _NEVER
    return (sign * time.timestamp(), sign * record.partition, sign * record.offset)
