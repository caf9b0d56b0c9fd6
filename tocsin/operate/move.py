"""Moving: history, state, positions and sequence numbers from one log to another, so that work goes on where it was.

Both logs must be at rest. Offsets differ between logs (Kafka's transactions take some), so positions are carried as
"the next record is this one".
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Protocol

from schemas.errors import LogError
from schemas.ports import Record, Task
from schemas.topics import TOPICS, Topic
from tocsin.log.kafka.changelog import POSITION

Entries = Mapping[str, str]
"""A task's changelog entries: key → JSON text (see `tocsin.log.kafka.changelog`)."""

PAGE = 500


class Source(Protocol):
    """A log that can be carried away."""

    def partitions(self, topic: Topic) -> int:
        """How many partitions a topic has."""

    async def every(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        """Records as they lie there from an offset on, tombstones included."""

    async def every_task(self) -> Sequence[Task]:
        """Every task that keeps something."""

    async def entries(self, task: Task) -> Entries:
        """What a task keeps."""


class Target(Source, Protocol):
    """A log that can take it all in."""

    async def put_records(self, records: Sequence[Record]) -> Sequence[int]:
        """Append records of one partition with their headers and times; their new offsets."""

    async def put_entries(self, task: Task, entries: Entries) -> None:
        """Set what a task keeps."""


class CannotMove(LogError):
    """The logs do not fit together."""


async def move(source: Source, target: Target, told: Callable[[int], None] = lambda _: None) -> int:
    """Carry everything over; returns the number of records. `told` is given the number so far.

    Raises `CannotMove` when the target is not empty or has another number of partitions.
    """
    await _check(source, target)
    moved = 0
    places: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for topic in TOPICS.values():
        for partition in range(source.partitions(topic)):
            pairs = places.setdefault((topic.name, partition), [])
            async for page in _pages(source, topic, partition):
                pairs += zip((record.offset for record in page), await target.put_records(page), strict=True)
                moved += len(page)
                told(moved)
    for task in await source.every_task():
        entries = dict(await source.entries(task))
        for key in [key for key in entries if key.startswith(POSITION)]:
            entries[key] = str(_new_position(int(entries[key]), places.get((key[1:], task.partition), [])))
        await target.put_entries(task, entries)
    return moved


async def _check(source: Source, target: Target) -> None:
    for topic in TOPICS.values():
        ours, theirs = source.partitions(topic), target.partitions(topic)
        if ours != theirs:
            raise CannotMove(f"{topic.name} has {ours} partitions here and {theirs} there; they must be equal")
        for partition in range(theirs):
            if await target.every(topic, partition, 0, 1):
                raise CannotMove(f"the target already has records in {topic.name}; move needs an empty one")
    if await target.every_task():
        raise CannotMove("the target already keeps state; move needs an empty one")


async def _pages(source: Source, topic: Topic, partition: int) -> AsyncIterator[Sequence[Record]]:
    at = 0
    while page := await source.every(topic, partition, at, PAGE):
        yield page
        at = page[-1].offset + 1


def _new_position(old: int, pairs: Sequence[tuple[int, int]]) -> int:
    """Where the first record at or after the old position lies now; behind the last one when there is none."""
    after = next((new for before, new in pairs if before >= old), None)
    if after is not None:
        return after
    return pairs[-1][1] + 1 if pairs else 0
