"""One owned task on Kafka: its producer, its cache, and the order of steps that makes a unit atomic."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from schemas.errors import LogError
from schemas.ports import Task
from tocsin.log.cursor import Heard, Settlement
from tocsin.log.headers import SEQUENCE
from tocsin.log.kafka.cache import Cache
from tocsin.log.kafka.changelog import (
    HEARD,
    POSITION,
    WRITTEN,
    Entries,
    entries,
    heard,
    positions,
    state_topic,
    text_of,
    transactional_id,
    written,
)
from tocsin.log.kafka.wire import Doubt, Place, Raw, Receiver, Sender, Wire
from tocsin.log.unit import BufferedUnit, Output

log = structlog.get_logger(__name__)

PATIENCE: Final = 12.0
"""Seconds for one transaction by default. Shorter than the client's request timeout: else the client would repeat a
commit by itself, and the first one, arriving late, would commit half of the next transaction (docs/kafka-probes.md)."""
RESTORE: Final = 300.0
"""Seconds without any progress after which a restore is given up."""
LOOK: Final = 0.02
"""Seconds between looks whether only transaction markers were left, which are read in silence."""
FRESH_MS: Final = 12 * 3_600_000
"""How old a cache may be: half of the time a tombstone stays in a changelog (delete.retention.ms)."""
RESTORE_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called in the cluster."""

    prefix: str

    def topic(self, name: str) -> str:
        """A topic with its prefix."""
        return f"{self.prefix}.{name}"

    def group(self, stage: str) -> str:
        """The consumer group of a stage."""
        return f"{self.prefix}.{stage}"

    def changelog(self, task: Task) -> Place:
        """Where the task's changelog lies."""
        return self.topic(state_topic(task.stage)), task.partition


class Line:
    """A task's way to the cluster; used by one unit at a time."""

    def __init__(self, task: Task, wire: Wire, names: Names, cache: Cache, patience: float = PATIENCE) -> None:
        self.task = task
        self.cache = cache
        self.doubtful = False
        """True after any failure: `recover` before the next unit."""
        self._patience = patience
        self._wire = wire
        self._names = names
        self._sender: Sender | None = None
        self._written: dict[tuple[str, int], int] = {}
        self._latest = 0

    @property
    def epoch(self) -> int:
        """The producer's epoch."""
        return self._sender.epoch if self._sender else -1

    async def recover(self, now: int) -> None:
        """Take the task: fence whoever had it, end what was left open, then catch up with the changelog.

        The order matters: positions read before the fence may be overtaken by a zombie's late commit. `now` is in
        milliseconds.
        """
        self.doubtful = True
        if self._sender:
            await self._sender.close()
        self._sender = await self._wire.sender(transactional_id(self._names.prefix, self.task))
        await self._catch_up(now)
        self._written = written(await asyncio.to_thread(list, self.cache.pairs(WRITTEN)))
        self.doubtful = False

    async def _catch_up(self, now: int) -> None:
        place = self._names.changelog(self.task)
        first, end = await self._wire.bounds(place)
        at = await asyncio.to_thread(self.cache.offset)
        old = now - await asyncio.to_thread(self.cache.stamp) > FRESH_MS
        if at and (at > end or old):  # of another changelog, or compaction may have taken tombstones it never saw
            log.info("cache_thrown_away", task=str(self.task), cache=at, changelog=end, old=old)
            await asyncio.to_thread(self.cache.clear)
            at = 0
        if max(at, first) >= end:
            return
        receiver = await self._wire.receiver({place: max(at, first)})
        try:
            await self._read_through(receiver, end, now)
        finally:
            await receiver.close()
        await asyncio.to_thread(self.cache.apply, {}, end, now)

    async def _read_through(self, receiver: Receiver, end: int, now: int) -> None:
        """Apply the changelog page by page up to `end`; compaction and markers leave holes, so time decides when."""
        last, quiet = -1, 0.0
        while last + 1 < end and quiet < RESTORE:
            page = await receiver.poll(RESTORE_PAGE, LOOK)
            if not page and await receiver.passed(self._names.changelog(self.task)) >= end:
                return
            quiet = 0.0 if page else quiet + LOOK
            if page:
                last = page[-1].offset
                changes = {raw.key.decode(): text_of(raw.value) for raw in page}
                await asyncio.to_thread(self.cache.apply, changes, last + 1, now)
        if quiet >= RESTORE:
            raise LogError(f"the state of {self.task} could not be read back: no progress for {RESTORE:.0f} s")

    async def stand(self) -> tuple[dict[str, int], dict[Heard, int]]:
        """Where the task stands in its inputs: positions by topic, numbers heard."""

        def look() -> tuple[dict[str, int], dict[Heard, int]]:
            return positions(self.cache.pairs(POSITION)), heard(self.cache.pairs(HEARD))

        return await asyncio.to_thread(look)

    async def commit(self, unit: BufferedUnit, settlement: Settlement) -> None:
        """One transaction for outputs, changelog and positions; then the cache.

        Raises `Fenced` when the task is another's by now; `LogError` when it failed or nobody knows.
        """
        if self._sender is None or self.doubtful:
            raise LogError(f"{self.task} must be rewound before its next unit")
        self.doubtful = True
        numbers, outputs = self._numbered(unit)
        changes = entries(unit.changes, settlement, numbers)
        try:
            async with asyncio.timeout(self._patience):
                end = await self._transact(self._sender, outputs, changes, settlement)
        except (Doubt, TimeoutError) as error:
            raise LogError(f"a unit of {self.task} did not get through: {error or 'timed out'}") from error
        await asyncio.to_thread(self.cache.apply, changes, end, self._latest)
        self._written |= numbers
        self.doubtful = False

    async def _transact(
        self, sender: Sender, outputs: Sequence[Raw], changes: Entries, settlement: Settlement
    ) -> int:  # fmt: skip
        await sender.begin()
        waiting = [future for records in _by_place(outputs) for future in await sender.send(records)]
        logged = await sender.send(self._changelog(changes))
        if settlement.positions:
            await sender.send_positions(self._names.group(self.task.stage), self._places(settlement.positions))
        await asyncio.gather(*waiting, *logged)  # a commit goes through although a send failed
        await sender.commit()
        return max((future.result()[-1] + 1 for future in logged), default=0)

    def _places(self, by_topic: Mapping[str, int]) -> dict[Place, int]:
        return {(self._names.topic(topic), self.task.partition): at for topic, at in by_topic.items()}

    def _numbered(self, unit: BufferedUnit) -> tuple[dict[tuple[str, int], int], list[Raw]]:
        """The outputs with their sequence numbers, and the last number of each place."""
        numbers: dict[tuple[str, int], int] = {}
        self._latest = max(self._latest, round(unit.now.timestamp() * 1000))
        raws: list[Raw] = []
        for output in unit.outputs:
            number = numbers.get(output.place, self._written.get(output.place, 0)) + 1
            numbers[output.place] = number
            raws.append(self._raw(output, number))
        return numbers, raws

    def _raw(self, output: Output, number: int) -> Raw:
        headers = [(name, text.encode()) for name, text in output.headers.items()]
        headers.append((SEQUENCE, str(number).encode()))
        topic = self._names.topic(output.topic)
        return Raw(topic, output.partition, output.key.encode(), output.value, headers, self._latest)

    def _changelog(self, changes: Entries) -> list[Raw]:
        topic, partition = self._names.changelog(self.task)
        return [
            Raw(topic, partition, key.encode(), None if text is None else text.encode(), (), self._latest)
            for key, text in changes.items()
        ]

    async def close(self) -> None:
        """Let go of producer and cache."""
        if self._sender:
            await self._sender.close()
        self.cache.close()


def _by_place(records: Sequence[Raw]) -> list[list[Raw]]:
    """The records of each place together, in order."""
    places: dict[Place, list[Raw]] = {}
    for record in records:
        places.setdefault((record.topic, record.partition), []).append(record)
    return list(places.values())
