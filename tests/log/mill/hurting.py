"""`python -m tests.log.mill.hurting BROKERS ROUNDS SEED FILE`: real Kafka, three workers, and ten faults a round.

After each round the mill runs idle and `tocsin audit` looks at everything so far, in its own process with its own
client. FILE gets a line for each fault (time, what, process id, signal) and what the audit said. Exits 0 when every
audit was clean.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from schemas.errors import LogError
from schemas.topics import RECEIPTS as _RECEIPTS
from tests.log.mill.crew import ROOT, Crew
from tests.log.mill.working import log_at
from tests.servers.kafka import JavaKafka
from tocsin.audit import kafka as kafka_reader
from tocsin.log.kafka import KafkaLog

WORKERS = ("worker-1", "worker-2", "worker-3")
ITEMS = 300
FAULTS = 10
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
        name, seconds = self.someone(), self.random.uniform(7.0, 12.0)
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
        node, seconds = self.random.choice(self.kafka.nodes), self.random.uniform(0.5, 6.0)
        pid = self.kafka.pid(node)
        await asyncio.to_thread(self.kafka.kill, node)
        self.tell(fault="kill broker", who=node, pid=pid, signal="SIGKILL", seconds=round(seconds, 1))
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

    async def hurt(self) -> None:
        """Ten faults with a breath between them."""
        kinds: list[Callable[[], Awaitable[None]]] = [
            self.kill_worker, self.kill_worker, self.freeze_worker, self.leave_and_join, self.kill_broker,
            self.freeze_broker,
        ]  # fmt: skip
        for _ in range(FAULTS):
            await self.random.choice(kinds)()
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


async def main(brokers: int, rounds: int, seed: int, file: Path) -> int:
    """Every round: items, faults, rest, audit."""
    with tempfile.TemporaryDirectory(prefix="mill-") as room:
        async with JavaKafka(nodes=brokers) as kafka:
            crew = Crew(kafka.bootstrap, f"mill{seed}", Path(room))
            run = Run(kafka, crew, Random(seed), file)
            run.tell(brokers=brokers, workers=len(WORKERS), seed=seed, rounds=rounds, faults_a_round=FAULTS)
            crew.wanted.write_text("0")
            for name in (*WORKERS, "source"):
                crew.start(name)
            minding = asyncio.create_task(crew.mind())
            try:
                clean = [await _round(run, number) for number in range(1, rounds + 1)]
            finally:
                minding.cancel()
                await asyncio.to_thread(crew.close)
    return 0 if all(clean) else 1


async def _round(run: Run, number: int) -> bool:
    items = number * ITEMS
    run.crew.wanted.write_text(str(items))
    await run.hurt()
    await run.rest(items)
    return await run.audit(items)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))))
