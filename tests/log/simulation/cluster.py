"""A cluster in memory that behaves as Kafka does towards aiokafka's protocol versions, and fails where it is told to.

Kept from the real one: offsets taken by transaction markers, the last stable offset, fencing by epoch when a producer
of the same id arrives, its predecessor's transaction aborted then, a commit that succeeds although a send was
refused, and a commit that arrives late.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.errors import Fenced
from tocsin.log.kafka.wire import Doubt, Place, Raw

PENDING, COMMITTED, ABORTED, MARKER = "pending", "committed", "aborted", "marker"
FAULTS = ("crash before", "crash after", "doubt before", "doubt after", "late", "refuse", "freeze")


class Crash(BaseException):
    """The process is gone: nothing catches this but the supervisor."""


@dataclass
class Entry:
    """A record in a partition and what became of its transaction."""

    raw: Raw
    status: str


@dataclass
class Transaction:
    """What one producer has open."""

    entries: list[tuple[Place, Entry]] = field(default_factory=list)
    positions: dict[tuple[str, Place], int] = field(default_factory=dict)


@dataclass
class Process:
    """A worker process: all its steps fail once it is dead; it halts at a step while it is frozen."""

    name: str
    dead: bool = False
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    frozen: asyncio.Event = field(default_factory=asyncio.Event)


class Cluster:
    """The brokers. `plan` says which fault happens at which step, counted over all processes."""

    def __init__(self, plan: Mapping[int, str]) -> None:
        self.plan = dict(plan)
        self.steps = 0
        self.happened: list[str] = []
        self.places: dict[Place, list[Entry]] = defaultdict(list)
        self.epochs: dict[str, int] = defaultdict(int)
        self.open: dict[str, Transaction] = {}
        self.late: list[tuple[str, int]] = []
        self.groups: dict[tuple[str, Place], int] = {}

    async def step(self, process: Process, name: str) -> str:
        """One step of a process: where faults strike. Returns the fault its caller must play, or ""."""
        await asyncio.sleep(0.001)
        self._check(process)
        self.steps += 1
        fault = self.plan.get(self.steps, "")
        if fault:
            self.happened.append(f"{self.steps}: {fault} at {name} of {process.name}")
        if fault == "freeze":
            process.frozen.set()
            await process.thawed.wait()
            self._check(process)
        if fault == "crash before":
            process.dead = True
            raise Crash
        if fault == "doubt before" and name not in ("send", "bounds", "poll", "receiver"):
            raise Doubt(f"no answer to {name}")
        return fault

    def after(self, process: Process, fault: str, name: str) -> None:
        """The step took effect; what the process sees of it is another matter."""
        if fault == "crash after":
            process.dead = True
            raise Crash
        if fault == "doubt after" and name not in ("send", "bounds", "poll", "receiver"):
            raise Doubt(f"no answer to {name}")

    def _check(self, process: Process) -> None:
        if process.dead:
            raise Crash

    def arrive(self, transactional_id: str) -> int:
        """InitProducerId: raise the epoch, abort what was open."""
        self.end(transactional_id, ABORTED)
        self.epochs[transactional_id] += 1
        return self.epochs[transactional_id]

    def end(self, transactional_id: str, status: str) -> None:
        """Commit or abort: records, markers and positions at once."""
        transaction = self.open.pop(transactional_id, None)
        if transaction is None:
            return
        for _, entry in transaction.entries:
            entry.status = status
        for place in {place for place, _ in transaction.entries}:
            self.places[place].append(Entry(Raw(*place, b"", None), MARKER))
        if status == COMMITTED:
            self.groups.update(transaction.positions)

    def deliver_late(self) -> None:
        """Commits that were under way arrive now; of a fenced producer they are refused."""
        for transactional_id, epoch in self.late:
            if self.epochs[transactional_id] == epoch:
                self.end(transactional_id, COMMITTED)
        self.late.clear()

    def append(self, transactional_id: str, raw: Raw) -> int:
        """A record of an open transaction; its offset."""
        place = (raw.topic, raw.partition)
        offset = len(self.places[place])
        entry = Entry(replace(raw, offset=offset), PENDING)
        self.places[place].append(entry)
        self.open[transactional_id].entries.append((place, entry))
        return offset

    def stable(self, place: Place) -> int:
        """The last stable offset."""
        entries = self.places[place]
        return next((at for at, entry in enumerate(entries) if entry.status == PENDING), len(entries))

    def committed(self, place: Place) -> list[Raw]:
        """What a read-committed reader sees."""
        return [entry.raw for entry in self.places[place][: self.stable(place)] if entry.status == COMMITTED]


class SimSender:
    """A `Sender` of a process."""

    def __init__(self, cluster: Cluster, process: Process, transactional_id: str, epoch: int) -> None:
        self._cluster = cluster
        self._process = process
        self._id = transactional_id
        self._epoch = epoch

    @property
    def epoch(self) -> int:
        """Rises with every producer of the id."""
        return self._epoch

    def _fence(self) -> None:
        if self._cluster.epochs[self._id] != self._epoch:
            raise Fenced(f"{self._id} has a new owner")

    async def begin(self) -> None:
        """Begin: a step of the client alone."""
        fault = await self._cluster.step(self._process, "begin")
        self._cluster.after(self._process, fault, "begin")

    async def send(self, records: Sequence[Raw]) -> "Sequence[asyncio.Future[list[int]]]":
        """Hand over records, one by one: a fault may come between any two."""
        return [await self._send(record) for record in records]

    async def _send(self, record: Raw) -> "asyncio.Future[list[int]]":
        fault = await self._cluster.step(self._process, "send")
        self._cluster.deliver_late()
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.exception())
        if fault in ("refuse", "doubt before", "doubt after"):
            future.set_exception(Doubt("the brokers refused it"))
            return future
        try:
            self._fence()
        except Fenced as fenced:
            future.set_exception(fenced)
            return future
        self._cluster.open.setdefault(self._id, Transaction())
        future.set_result([self._cluster.append(self._id, record)])
        self._cluster.after(self._process, fault, "send")
        return future

    async def send_positions(self, group: str, positions: Mapping[Place, int]) -> None:
        """Positions of the transaction."""
        fault = await self._cluster.step(self._process, "positions")
        self._fence()
        transaction = self._cluster.open.setdefault(self._id, Transaction())
        transaction.positions |= {(group, place): at for place, at in positions.items()}
        self._cluster.after(self._process, fault, "positions")

    async def commit(self) -> None:
        """Commit, whatever became of the sends."""
        fault = await self._cluster.step(self._process, "commit")
        self._fence()
        if fault == "late":
            self._cluster.late.append((self._id, self._epoch))
            raise Doubt("no answer to commit")
        self._cluster.end(self._id, COMMITTED)
        self._cluster.after(self._process, fault, "commit")

    async def close(self) -> None:
        """Nothing to let go of."""


class SimReceiver:
    """A `Receiver` of a process."""

    def __init__(self, cluster: Cluster, process: Process, positions: Mapping[Place, int]) -> None:
        self._cluster = cluster
        self._process = process
        self._at = dict(positions)

    async def seek(self, place: Place, offset: int) -> None:
        """Read on from here."""
        self._at[place] = offset

    async def poll(self, limit: int, wait: float) -> Sequence[Raw]:
        """Committed records."""
        if not (found := self._found(limit)) and wait > 0:
            await asyncio.sleep(wait)
            found = self._found(limit)
        if found:
            fault = await self._cluster.step(self._process, "poll")
            for raw in found:
                self._at[raw.topic, raw.partition] = raw.offset + 1
            self._cluster.after(self._process, fault, "poll")
        elif self._process.dead:
            raise Crash
        return found

    def _found(self, limit: int) -> list[Raw]:
        found: list[Raw] = []
        for place, at in self._at.items():
            found += [raw for raw in self._cluster.committed(place) if raw.offset >= at]
        return found[:limit]

    async def passed(self, place: Place) -> int:
        """Past markers and aborted records too."""
        at, stable = self._at[place], self._cluster.stable(place)
        entries = self._cluster.places[place]
        while at < stable and entries[at].status != COMMITTED:
            at += 1
        return at

    async def close(self) -> None:
        """Nothing to let go of."""


class SimWire:
    """The `Wire` of one process."""

    def __init__(self, cluster: Cluster, process: Process) -> None:
        self.cluster = cluster
        self.process = process

    async def sender(self, transactional_id: str) -> SimSender:
        """A producer."""
        fault = await self.cluster.step(self.process, "sender")
        if self.cluster.steps % 2:
            self.cluster.deliver_late()  # it reached the coordinator a moment before us
        epoch = self.cluster.arrive(transactional_id)
        self.cluster.after(self.process, fault, "sender")
        return SimSender(self.cluster, self.process, transactional_id, epoch)

    async def receiver(self, positions: Mapping[Place, int]) -> SimReceiver:
        """A reader."""
        await self.cluster.step(self.process, "receiver")
        return SimReceiver(self.cluster, self.process, positions)

    async def bounds(self, place: Place) -> tuple[int, int]:
        """The first offset and the last stable one."""
        await self.cluster.step(self.process, "bounds")
        return 0, self.cluster.stable(place)
