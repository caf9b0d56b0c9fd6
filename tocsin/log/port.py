"""The port every log keeps: what the application may ask of the embedded, the Kafka and the in-memory log."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.ports import Record, Runtime, State, Task
from schemas.topics import Topic
from tocsin.log.unit import BufferedUnit

Work = Callable[[Task, Runtime], Awaitable[None]]
"""What to do with an owned task, until cancelled."""

Committed = Callable[[BufferedUnit], None]
"""Who hears of committed units."""


@dataclass(frozen=True, slots=True)
class StageSpec:
    """A stage as the log sees it: its name and the topics it reads.

    The stage has one task per partition of its inputs, which must all have equally many; without inputs it has one.
    """

    name: str
    inputs: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a task is behind: records not yet acknowledged, and the age of the oldest of them in seconds.

    On Kafka `records` counts offsets, so the end of each transaction counts too; it is 0 when nothing is left.
    """

    task: Task
    records: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Records a task wrote and its reader never saw: an alarm, whatever the cause."""

    task: Task
    source: str
    """The writing task, as in the header `ce_source`."""
    expected: int
    found: int
    place: str
    """Where the record that revealed it stands: topic/partition/offset."""


class Log(Runtime, Protocol):
    """A log of topics with keyed state and positions; each unit commits all three or nothing."""

    id: str
    """Which log this is, the same for every process and for as long as it lives; "" before it is open."""

    committed: Committed
    """Called with every unit once it is committed; may be replaced by one listener. It must not raise, nor wait."""

    async def open(self) -> None:
        """Open it for reading and for units of outsiders (`push`, actions, configuration)."""

    async def close(self) -> None:
        """Give up every task and let go of files and sockets. Units in flight end first."""

    async def claim(self, spec: StageSpec, partition: int) -> Task:
        """Own a task from now on; whoever owned it before is fenced. `run_stage` does this for you.

        Raises `LogBusy` where another daemon owns the whole log.
        """

    async def run_stage(self, spec: StageSpec, work: Work) -> None:
        """Own this process's share of the stage's tasks and run `work` for each until cancelled.

        A task that moves elsewhere has its work cancelled after the unit in flight. An error of `work` ends all.
        """

    def tasks(self, spec: StageSpec) -> tuple[Task, ...]:
        """Every task of a stage, in whatever process."""

    def partitions(self, topic: Topic) -> int:
        """How many partitions a topic has."""

    def history(
        self, topic: Topic, *, since: datetime | None = None, until: datetime | None = None, key: str | None = None,
        newest_first: bool = False, limit: int | None = None,
    ) -> AsyncIterator[Record]:  # fmt: skip
        """Committed records with `since <= timestamp < until`, over all partitions in order of time.

        Forgotten records and tombstones are left out.
        """

    async def written(self, topic: Topic) -> int:
        """How far a topic has been written, over all partitions: never less than before, but in a restored log."""

    async def ends(self, topic: Topic) -> tuple[int, ...]:
        """The next offset to be written in each of its partitions."""

    async def after(self, topic: Topic, partition: int, offset: int, limit: int = 200) -> Sequence[Record]:
        """Committed records of a partition from an offset on, oldest first: what a reader who knows where it stood
        has not seen. Forgotten records and tombstones are among them, their value None; none: nothing is new yet."""

    async def lag(self) -> list[Lag]:
        """Every task that ever had a position, with how far it is behind."""

    async def peek(self, task: Task) -> State:
        """The committed state of any task, to be read off the event loop."""

    def gaps(self) -> tuple[Gap, ...]:
        """What this process found missing since it was opened."""
