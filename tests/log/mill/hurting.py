"""`python -m tests.log.mill.hurting BROKERS ROUNDS SEED FILE [MINUTE]`: real Kafka, three workers, ten faults a round.

After each round the mill runs idle and `tocsin audit` looks at everything so far, in its own process with its own
client. FILE gets a line for each fault (time, what, process id, signal) and what the audit said. Exits 0 when every
audit was clean. With a fifth argument one freeze in each round lasts a minute.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.errors import LogError
from schemas.topics import RECEIPTS as _RECEIPTS
from tests.log.mill.crew import ROOT, Crew
from tests.log.mill.working import log_at
from tests.servers.kafka import JavaKafka
from tocsin.audit import kafka as kafka_reader
from tocsin.log.kafka import KafkaLog

Fault = Callable[[], Awaitable[None]]

WORKERS = ("worker-1", "worker-2", "worker-3")
ITEMS = 300
FAULTS = 10
MINUTE = 60.0
GROUP, TRANSACTION = 0, 1
PATIENCE = 420.0


@dataclass
class Run:
    """One run with its cluster, its crew, and the log of its faults."""

    kafka: JavaKafka
    crew: Crew
    random: Random
    file: Path
    began: float = field(default_factory=time.monotonic)

    def tell(self, **facts: object) -> None:
        """A line of the fault log."""
        line = json.dumps({"at": round(time.monotonic() - self.began, 1), **facts})
        print(line, flush=True)
        with self.file.open("a") as out:
            out.write(line + "\n")

    def someone(self) -> str:
        """A worker, or now and then the source."""
        return self.random.choice((*WORKERS, "source"))

    async def kill_worker(self) -> None:
        """SIGKILL; the crew starts it again."""
        name = self.someone()
        self.tell(fault="kill worker", who=name, pid=self.crew.signal(name, signal.SIGKILL), signal="SIGKILL")

    async def freeze_worker(self) -> None:
        """SIGSTOP for longer than the session, so that it wakes as a zombie."""
        await self.freeze(self.someone(), self.random.uniform(7.0, 12.0))

    async def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP and SIGCONT to a process of the crew."""
        pid = self.crew.signal(name, signal.SIGSTOP)
        self.tell(fault="freeze worker", who=name, pid=pid, signal="SIGSTOP", seconds=round(seconds, 1))
        await asyncio.sleep(seconds)
        self.crew.signal(name, signal.SIGCONT)

    async def leave_and_join(self) -> None:
        """SIGTERM, a pause, and a new process."""
        name = self.random.choice(WORKERS)
        pid = await asyncio.to_thread(self.crew.end, name, signal.SIGTERM)
        self.tell(fault="worker leaves and joins", who=name, pid=pid, signal="SIGTERM")
        await asyncio.sleep(self.random.uniform(0.0, 4.0))
        self.crew.start(name)

    async def kill_broker(self) -> None:
        """SIGKILL, then started again with its data."""
        await self._kill(self.random.choice(self.kafka.nodes), "kill broker")

    async def lose_coordinator(self) -> None:
        """SIGKILL to the broker that ends the transactions of a task, or that leads the group of a stage."""
        kind, stage = self.random.choice((GROUP, TRANSACTION)), self.random.choice(("understand", "stories", "deliver"))
        name = f"{self.crew.prefix}.{stage}" + (".0" if kind == TRANSACTION else "")
        async with asyncio.timeout(60):
            while (node := await self._coordinator(name, kind)) is None:  # noqa: ASYNC110 - the cluster decides
                await asyncio.sleep(0.2)
        await self._kill(node, f"kill the {'transaction' if kind else 'group'} coordinator of {stage}")

    async def _coordinator(self, name: str, kind: int) -> int | None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        try:
            await admin.start()
            return int(await admin.find_coordinator(name, kind))
        except (KafkaError, OSError, AssertionError):
            return None
        finally:
            await admin.close()

    async def _kill(self, node: int, what: str) -> None:
        pid, seconds = self.kafka.pid(node), self.random.uniform(0.5, 6.0)
        await asyncio.to_thread(self.kafka.kill, node)
        self.tell(fault=what, who=node, pid=pid, signal="SIGKILL", seconds=round(seconds, 1))
        await asyncio.sleep(seconds)
        await self.kafka.restart(node)

    async def freeze_broker(self) -> None:
        """SIGSTOP and SIGCONT."""
        node, seconds = self.random.choice(self.kafka.nodes), self.random.uniform(2.0, 9.0)
        self.kafka.pause(node)
        self.tell(
            fault="freeze broker", who=node, pid=self.kafka.pid(node), signal="SIGSTOP", seconds=round(seconds, 1)
        )
        await asyncio.sleep(seconds)
        self.kafka.resume(node)

    def kinds(self) -> list[Fault]:
        """Every kind of fault there is."""
        return [
            self.kill_worker, self.kill_broker, self.freeze_worker, self.lose_coordinator, self.leave_and_join,
            self.freeze_broker, self.kill_worker,
        ]  # fmt: skip

    def faults(self, count: int) -> Iterator[Fault]:
        """So many, every kind before any comes again."""
        kinds = self.kinds()
        for number in range(count):
            if number % len(kinds) == 0:
                self.random.shuffle(kinds)
            yield kinds[number % len(kinds)]

    async def hurt(self, faults: Iterable[Fault]) -> None:
        """One after another with a breath between them."""
        for fault in faults:
            await fault()
            await asyncio.sleep(self.random.uniform(0.2, 2.5))

    async def rest(self, items: int) -> None:
        """Wait until all items went through."""
        deadline = time.monotonic() + PATIENCE
        log = log_at(self.crew.bootstrap, self.crew.prefix, None)
        await log.open()
        try:
            while not await _idle(log, items):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"not idle: {await log.lag()}")
                await asyncio.sleep(1.0)
        finally:
            await log.close()

    async def audit(self, items: int) -> bool:
        """`tocsin audit`, and that every item has its receipt."""
        command = [sys.executable, "-m", "tocsin.audit", f"kafka://{self.crew.bootstrap}", "--json", "--prefix"]
        ended = await asyncio.to_thread(
            subprocess.run, [*command, self.crew.prefix], cwd=ROOT, capture_output=True, text=True, check=False
        )
        told = json.loads(ended.stdout or '{"clean": false, "findings": ["no answer"]}')
        facts = await asyncio.to_thread(kafka_reader.read, self.crew.bootstrap, self.crew.prefix)
        once = {entry.signature: entry for entry in facts.topic("receipts")}  # an exact repeat is dropped by readers
        through = sorted(int(entry.body()["report"]) for entry in once.values())
        whole = through == list(range(1, items + 1))
        self.tell(audit=told, items=items, every_item_delivered_once=whole, restarts=self.crew.restarts)
        return bool(told["clean"]) and whole


async def _idle(log: KafkaLog, items: int) -> bool:
    try:
        lags = {lag.task.stage: lag for lag in await log.lag()}
        found = [record async for record in log.history(_RECEIPTS)]
    except LogError:
        return False
    return len(found) >= items and all(lag.records == 0 for lag in lags.values())


async def main(brokers: int, rounds: int, seed: int, file: Path, *, minute: bool = False) -> int:
    """Every round: items, faults, rest, audit."""
    async with milling(brokers, seed, file) as run:
        run.tell(brokers=brokers, workers=len(WORKERS), seed=seed, rounds=rounds, faults_a_round=FAULTS)
        clean = []
        for number in range(1, rounds + 1):
            last: list[Fault] = [lambda: run.freeze(run.random.choice(WORKERS), MINUTE)] if minute else []
            clean.append(await one_round(run, number * ITEMS, [*run.faults(FAULTS), *last]))
    return 0 if all(clean) else 1


@asynccontextmanager
async def milling(brokers: int, seed: int, file: Path) -> AsyncIterator[Run]:
    """A cluster of its own, with the crew at work."""
    with tempfile.TemporaryDirectory(prefix="mill-") as room:
        async with JavaKafka(nodes=brokers) as kafka:
            crew = Crew(kafka.bootstrap, f"mill{seed}", Path(room))
            crew.wanted.write_text("0")
            for name in (*WORKERS, "source"):
                crew.start(name)
            minding = asyncio.create_task(crew.mind())
            try:
                yield Run(kafka, crew, Random(seed), file)
            finally:
                minding.cancel()
                await asyncio.to_thread(crew.close)


async def one_round(run: Run, items: int, faults: Iterable[Fault]) -> bool:
    """Items up to a number, faults meanwhile, rest, audit: whether all was clean."""
    run.crew.wanted.write_text(str(items))
    await run.hurt(faults)
    await run.rest(items)
    return await run.audit(items)


if __name__ == "__main__":
    given = sys.argv[1:]
    main_ = main(int(given[0]), int(given[1]), int(given[2]), Path(given[3]), minute=len(given) > 4)
    sys.exit(asyncio.run(main_))
