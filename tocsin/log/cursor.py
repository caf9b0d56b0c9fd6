"""Where a task stands in its inputs: what was read, what is done, what is a repeat, what is missing. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.errors import LogError
from schemas.ports import Record, Task
from schemas.topics import TOPICS
from tocsin.log.headers import sequence
from tocsin.log.port import Gap

Heard = tuple[str, str]
"""(topic, writing task): whose sequence numbers are followed."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a unit's acknowledgements come to: new positions by topic, and the last number heard of each writer."""

    positions: Mapping[str, int]
    heard: Mapping[Heard, int]

    def __bool__(self) -> bool:
        return bool(self.positions)


@dataclass
class _Lane:
    """One topic of the task: `committed` ≤ `open` records in order ≤ `next`."""

    committed: int
    next: int
    open: dict[int, None] = field(default_factory=dict)
    read: deque[tuple[int, str, int]] = field(default_factory=deque)
    """(offset, writer, number) of everything read and not yet committed."""

    def position(self, done: Iterable[int]) -> int:
        """Where the next owner would go on: the first record not done with."""
        gone = set(done)
        return next((offset for offset in self.open if offset not in gone), self.next)


class Cursor:
    """The reading side of one owned task.

    `positions` are the committed ones by topic; `heard` the last sequence number committed per writer.
    """

    def __init__(self, task: Task, positions: Mapping[str, int], heard: Mapping[Heard, int]) -> None:
        self._task = task
        self._lanes = {topic: _Lane(at, at) for topic, at in positions.items()}
        self._committed = dict(heard)
        self._heard = dict(heard)
        self.repeats = 0
        self.gaps: list[Gap] = []

    def reading(self) -> dict[str, int]:
        """Topic → the next offset to read."""
        return {topic: lane.next for topic, lane in self._lanes.items()}

    def take(self, records: Sequence[Record]) -> list[Record]:
        """Those of the records read that are to be worked on; repeats and forgotten ones are passed over."""
        return [record for record in records if self._is_fresh(record)]

    def _is_fresh(self, record: Record) -> bool:
        lane = self._lanes[record.topic]
        if record.offset < lane.next:
            return False
        lane.next = record.offset + 1
        compacted = TOPICS[record.topic].compacted
        if (numbered := sequence(record.headers)) and self._is_repeat(record, *numbered, compacted=compacted):
            return False
        if record.value is None and not compacted:
            return False
        lane.open[record.offset] = None
        return True

    def _is_repeat(self, record: Record, writer: str, number: int, *, compacted: bool) -> bool:
        last = self._heard.get((record.topic, writer))
        if last is not None and number <= last:
            self.repeats += 1
            return True
        if last is not None and number > last + 1 and not compacted:
            self.gaps.append(Gap(self._task, writer, last + 1, number, record.place))
        self._heard[record.topic, writer] = number
        self._lanes[record.topic].read.append((record.offset, writer, number))
        return False

    def settle(self, acknowledged: Iterable[Record]) -> Settlement:
        """What committing these acknowledgements would come to. Changes nothing: see `commit`.

        Raises `LogError` for a record that is not being read: its outputs would be written twice.
        """
        done: dict[str, set[int]] = {}
        for record in acknowledged:
            if record.offset not in self._lanes[record.topic].open:
                raise LogError(f"{record.place} is not being read: it was acknowledged before, or the task was rewound")
            done.setdefault(record.topic, set()).add(record.offset)
        positions: dict[str, int] = {}
        heard: dict[Heard, int] = {}
        for topic, lane in self._lanes.items():
            at = lane.position(done.get(topic, ()))
            if at > lane.committed:
                positions[topic] = at
                heard.update({(topic, writer): number for offset, writer, number in lane.read if offset < at})
        return Settlement(positions, heard)

    def commit(self, settlement: Settlement, acknowledged: Iterable[Record]) -> None:
        """The settlement was committed with its unit."""
        for record in acknowledged:
            self._lanes[record.topic].open.pop(record.offset, None)
        for topic, at in settlement.positions.items():
            lane = self._lanes[topic]
            lane.committed = at
            while lane.read and lane.read[0][0] < at:
                lane.read.popleft()
        self._committed.update(settlement.heard)

    def rewind(self) -> None:
        """Read again what is not committed."""
        self._heard = dict(self._committed)
        for lane in self._lanes.values():
            lane.next = lane.committed
            lane.open.clear()
            lane.read.clear()
