"""The log in memory: for tests, filters and simulations. Nothing outlives the object."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from schemas.errors import Fenced
from schemas.ports import Clock, Record, State, Task
from schemas.topics import TOPICS, Topic
from tocsin.log.base import Held, Owned
from tocsin.log.cursor import Heard, Settlement
from tocsin.log.headers import SEQUENCE
from tocsin.log.history import PAGE, Pages
from tocsin.log.local import LocalLog
from tocsin.log.unit import BufferedUnit, DictState

_DAWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Vault:
    """What a memory log keeps; several logs over one vault are several processes over one store."""

    partitions: int = 6
    records: dict[tuple[str, int], list[Record]] = field(default_factory=lambda: defaultdict(list))
    state: dict[Task, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    counters: dict[tuple[Task, str, int], int] = field(default_factory=lambda: defaultdict(int))
    positions: dict[Task, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    heard: dict[Task, dict[Heard, int]] = field(default_factory=lambda: defaultdict(dict))
    epochs: dict[Task, int] = field(default_factory=lambda: defaultdict(int))


class MemoryLog(LocalLog):
    """A `Log` over a `Vault`."""

    def __init__(self, clock: Clock, vault: Vault | None = None) -> None:
        self.vault = vault or Vault()
        super().__init__(clock, self.vault.partitions)
        self.id = "memory"

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Give up every task."""
        for task in list(self._owned):
            self._give_up(task)

    async def _take_over(self, task: Task, topics: Sequence[Topic]) -> Held:
        vault = self.vault
        vault.epochs[task] += 1
        for topic in topics:
            vault.positions[task].setdefault(topic.name, 0)
        wanted = {topic.name: vault.positions[task][topic.name] for topic in topics}
        return Held(vault.epochs[task], wanted, dict(vault.heard[task]))

    async def _commit(self, unit: BufferedUnit, settlement: Settlement, owned: Owned | None) -> None:
        vault, task = self.vault, unit.task
        if owned and owned.epoch != vault.epochs[task]:
            raise Fenced(f"{task} was taken over")
        for key, text in unit.changes.items():
            if text is None:
                vault.state[task].pop(key, None)
            else:
                vault.state[task][key] = text
        self._append(unit)
        vault.positions[task].update(settlement.positions)
        vault.heard[task].update(settlement.heard)

    def _append(self, unit: BufferedUnit) -> None:
        for out in unit.outputs:
            lane = self.vault.records[out.place]
            number = self.vault.counters[unit.task, *out.place] + 1
            self.vault.counters[unit.task, *out.place] = number
            stamped = {**out.headers, SEQUENCE: str(number)}
            time = max(unit.now, lane[-1].timestamp or _DAWN) if lane else unit.now
            if TOPICS[out.topic].compacted:
                lane[:] = [replace(r, value=None) if r.key == out.key else r for r in lane]
            lane.append(Record(out.topic, out.partition, len(lane), out.key, out.value, stamped, time))

    async def _fetch(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        return self.vault.records[topic.name, partition][offset : offset + limit]

    def _state(self, task: Task) -> State:
        return DictState(self.vault.state[task])

    def _pages(self) -> Pages:
        return _MemoryPages(self.vault)

    async def _positions(self) -> Sequence[tuple[Task, Topic, int]]:
        return [
            (task, TOPICS[topic], at) for task, lanes in self.vault.positions.items() for topic, at in lanes.items()
        ]


class _MemoryPages:
    """`Pages` over a vault."""

    def __init__(self, vault: Vault) -> None:
        self._records = vault.records

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset kept and the next to be written."""
        return 0, len(self._records[topic, partition])

    async def offset_at(self, topic: str, partition: int, time: datetime) -> int:
        """The first offset of a record not older than `time`."""
        return bisect_left(self._records[topic, partition], time, key=lambda record: record.timestamp or _DAWN)

    async def page(
        self, topic: str, partition: int, offset: int, *, key: str | None = None, backwards: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:  # fmt: skip
        """Up to `limit` records from `offset` on; backwards: those before it, newest first."""
        lane = self._records[topic, partition]
        past = reversed(lane[:offset]) if backwards else iter(lane[offset:])
        return [record for record in past if key is None or record.key == key][:limit]
