"""The past of the Kafka log, page by page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from schemas.ports import Record
from tocsin.log.history import PAGE
from tocsin.log.kafka.aio import AioWire
from tocsin.log.kafka.line import Names
from tocsin.log.kafka.wire import Place, Raw, Wire

QUIET: Final = 15.0
"""Seconds without an answer after which what is there counts as all."""
LOOK: Final = 0.02
"""Seconds between looks whether only transaction markers were left, which are read in silence."""


def record_of(raw: Raw, topic: str) -> Record:
    """The record as stages see it; header bytes that are no UTF-8 are shown as they can be."""
    headers = {name: value.decode(errors="replace") for name, value in raw.headers}
    time = datetime.fromtimestamp(max(0, raw.timestamp) / 1000, UTC)
    return Record(topic, raw.partition, raw.offset, raw.key.decode(errors="replace"), raw.value, headers, time)


async def records_between(wire: Wire, place: Place, low: int, high: int) -> list[Raw]:
    """Every committed record with `low <= offset < high`."""
    if low >= high:
        return []
    receiver = await wire.receiver({place: low})
    found: list[Raw] = []
    try:
        quiet = 0.0
        while quiet < QUIET and await receiver.passed(place) < high:
            page = await receiver.poll(PAGE * 5, LOOK)
            found += [raw for raw in page if raw.offset < high]
            quiet = 0.0 if page else quiet + LOOK
    finally:
        await receiver.close()
    return found


class KafkaPages:
    """`Pages` over the topics of a cluster."""

    def __init__(self, wire: AioWire, names: Names) -> None:
        self._wire = wire
        self._names = names

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset kept and the end of what is committed."""
        return await self._wire.bounds((self._names.topic(topic), partition))

    async def offset_at(self, topic: str, partition: int, time: datetime) -> int:
        """The first offset of a record not older than `time`."""
        place = (self._names.topic(topic), partition)
        found = await self._wire.offset_at(place, round(time.timestamp() * 1000))
        return (await self._wire.bounds(place))[1] if found is None else found

    async def page(
        self, topic: str, partition: int, offset: int, *, key: str | None = None, backwards: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:  # fmt: skip
        """Up to `limit` records from `offset` on; backwards: those before it, newest first."""
        place = (self._names.topic(topic), partition)
        first, end = await self._wire.bounds(place)
        low, high = (first, min(offset, end)) if backwards else (max(offset, first), end)
        found: list[Record] = []
        while low < high and len(found) < limit:
            step = (max(low, high - PAGE * 5), high) if backwards else (low, min(high, low + PAGE * 5))
            raws = await records_between(self._wire, place, *step)
            records = [record_of(raw, topic) for raw in raws]
            found += [r for r in (reversed(records) if backwards else records) if key is None or r.key == key]
            low, high = (low, step[0]) if backwards else (step[1], high)
        return found[:limit]
