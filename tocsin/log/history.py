"""History: the partitions of a topic, page by page, merged into one order of time."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heapreplace
from typing import Final, Protocol

from schemas.ports import Record
from schemas.topics import Topic

PAGE: Final = 200
SLACK: Final = timedelta(hours=1)
"""How far the clocks of two writers of one partition may differ."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Pages(Protocol):
    """How a log hands out its past. Offsets and timestamps of one partition rise together."""

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset kept and the next to be written."""

    async def offset_at(self, topic: str, partition: int, time: datetime) -> int:
        """An offset before which every record is older than `time`, as near as is known.

        On Kafka the ends of transactions carry the brokers' time and may be found before the record itself.
        """

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
    at = head if backwards else low
    while page := await pages.page(topic, partition, at, key=key, backwards=backwards):
        for record in page:
            time = record.timestamp or _NEVER
            if not low <= record.offset < head or (until and not backwards and time >= until + SLACK):
                return
            at = record.offset if backwards else record.offset + 1
            if (since is None or time >= since) and (until is None or time < until):
                yield record


async def in_order(
    pages: Pages, topic: Topic, partitions: int, *, since: datetime | None, until: datetime | None, key: str | None,
    newest_first: bool, limit: int | None,
) -> AsyncIterator[Record]:  # fmt: skip
    """Records of all partitions in order of (time, partition, offset), or the reverse of it."""
    sign = -1 if newest_first else 1
    streams = [
        _partition(pages, topic.name, number, since, until, key, backwards=newest_first) for number in range(partitions)
    ]
    if topic.compacted:
        streams = [_latest(stream, backwards=newest_first) for stream in streams]
    heads = [(_rank(first, sign), first, stream) for stream in streams if (first := await anext(stream, None))]
    heapify(heads)
    given = 0
    while heads and (limit is None or given < limit):
        _, record, stream = heads[0]
        if record.value is not None:
            yield record
            given += 1
        if following := await anext(stream, None):
            heapreplace(heads, (_rank(following, sign), following, stream))
        else:
            heappop(heads)


async def _latest(records: AsyncIterator[Record], *, backwards: bool) -> AsyncIterator[Record]:
    """The last record of each key: a log may be slow to compact."""
    found = [record async for record in records]
    latest = {record.key: record.offset for record in (reversed(found) if backwards else found)}
    for record in found:
        if latest[record.key] == record.offset:
            yield record


def _rank(record: Record, sign: int) -> tuple[float, int, int]:
    time = record.timestamp or _NEVER
    return (sign * time.timestamp(), sign * record.partition, sign * record.offset)


async def chunked(records: AsyncIterator[Record], size: int) -> AsyncIterator[list[Record]]:
    """The records, so many at a time, for work on them that is not the event loop's."""
    chunk: list[Record] = []
    async for record in records:
        chunk.append(record)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
