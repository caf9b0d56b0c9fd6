"""Probes that kill and freeze brokers in the middle of transactions, and count what was lost and doubled."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from tests.bench.kafka_records import REQUEST_MS, admin, discard, make_topic, read_all, transactional
from tests.bench.kafka_relay import POINTS, Relay, Trap
from tests.servers.kafka import JavaKafka

PARTITIONS = 3
SEND_SECONDS = 20
FORGOTTEN = "Couldn't find leader endpoint for partitions"
DOWN_SECONDS = (0.0, 1.0, 4.0)
FROZEN_SECONDS = 2 + REQUEST_MS / 1000
SHORT, LONG = 0.8 * REQUEST_MS / 1000, 4 * REQUEST_MS / 1000


@dataclass
class Run:
    """A stream that flows from a source through relays to a target while faults happen."""

    kafka: JavaKafka
    source: str
    target: str
    relays: list[Relay]
    fed: asyncio.Event = field(default_factory=asyncio.Event)
    waits: list[float] = field(default_factory=list)
    stuck_sends: int = 0
    forgotten_before: int = 0

    async def fault(self, turn: int, nodes: list[int], point: str, *, frozen: bool) -> None:
        """Hurt nodes when a relay reaches the point, heal them, and time the next commit.

        Every copy is in sync before: a second broker that dies too early would leave partitions without a leader.
        """
        await self._in_sync()
        relay = self.relays[turn % len(self.relays)]
        hurt = self.kafka.pause if frozen else self.kafka.kill
        trap = Trap(point, lambda: [hurt(node) for node in nodes])
        relay.trap = trap
        async with asyncio.timeout(90):
            await trap.sprung.wait()
        await asyncio.sleep(FROZEN_SECONDS if frozen else DOWN_SECONDS[turn % len(DOWN_SECONDS)])
        for node in nodes if frozen else []:
            self.kafka.resume(node)
        await asyncio.gather(*(self.kafka.restart(node) for node in nodes if not frozen))
        self.waits.append(await relay.next_commit())

    async def _in_sync(self) -> None:
        topics = [self.source, self.target, "__consumer_offsets", "__transaction_state"]
        async with asyncio.timeout(90), admin(self.kafka.bootstrap) as client:
            while True:
                told = await client.describe_topics(topics)
                places = [place for topic in told for place in topic["partitions"]]
                if all(len(place["isr"]) == len(self.kafka.nodes) for place in places):
                    return
                await asyncio.sleep(0.2)

    def _forgotten(self) -> int:
        return sum(self.kafka.log(node).count(FORGOTTEN) for node in self.kafka.nodes) - self.forgotten_before

    async def verdict(self) -> str:
        """Everything that went in against everything that came out, once the stream is dry."""
        self.fed.set()
        went_in = await read_all(self.kafka.bootstrap, self.source, partitions=PARTITIONS)
        async with asyncio.timeout(60):
            while True:
                came_out = await read_all(self.kafka.bootstrap, self.target, partitions=PARTITIONS)
                if len(came_out) >= len(went_in):
                    break
                await asyncio.sleep(1)
        lost, doubled = Counter(went_in) - Counter(came_out), Counter(came_out) - Counter(went_in)
        backwards = [jump for relay in self.relays for jump in relay.backwards]
        faults = sum((relay.faults for relay in self.relays), start=type(self.relays[0].faults)())
        return (
            f"{len(self.waits)} faults, {len(went_in)} records: lost {lost.total()}, doubled {doubled.total()}; "
            f"committing again after {min(self.waits):.1f}…{max(self.waits):.1f} s; seen {dict(faults)}; "
            f"commit markers forgotten by brokers: {self._forgotten()}; "
            f"positions that went back: {backwards or 'none'}; "
            f"plain sends stuck for {SEND_SECONDS} s: {self.stuck_sends}"
        )


async def _feed(run: Run) -> None:
    number = 0
    while not run.fed.is_set():
        producer = AIOKafkaProducer(
            bootstrap_servers=run.kafka.bootstrap, enable_idempotence=True, request_timeout_ms=REQUEST_MS
        )
        try:
            await producer.start()
            while not run.fed.is_set():
                sending = producer.send_and_wait(run.source, b"%d" % number, partition=number % PARTITIONS)
                await asyncio.wait_for(sending, SEND_SECONDS)
                number += 1
                await asyncio.sleep(0.002)
        except TimeoutError:
            run.stuck_sends += 1
        except (KafkaError, OSError, AssertionError):
            await asyncio.sleep(0.1)
        finally:
            await discard(producer)


@asynccontextmanager
async def _flowing(kafka: JavaKafka, patience: float) -> AsyncIterator[Run]:
    source = await make_topic(kafka.bootstrap, "source", PARTITIONS)
    target = await make_topic(kafka.bootstrap, "target", PARTITIONS)
    places = [TopicPartition(source, number) for number in range(PARTITIONS)]
    run = Run(kafka, source, target, [Relay(kafka.bootstrap, place, target, patience) for place in places])
    run.forgotten_before = run._forgotten()
    done = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        feeding = tasks.create_task(_feed(run))
        for relay in run.relays:
            tasks.create_task(relay.run(done))
        try:
            await run.relays[0].next_commit()
            yield run
        finally:
            run.fed.set()
            await feeding
            done.set()


async def _hurt(kafka: JavaKafka, rounds: int, patience: float, points: tuple[str, ...], **how: bool) -> str:
    async with _flowing(kafka, patience) as run:
        for turn in range(rounds):
            nodes = kafka.nodes if how.get("everyone") else [kafka.nodes[turn % len(kafka.nodes)]]
            await run.fault(turn, nodes, points[turn % len(points)], frozen=how.get("frozen", False))
            await asyncio.sleep(0.5)
        return await run.verdict()


async def killed(kafka: JavaKafka) -> str:
    """SIGKILL to a broker at every point of a transaction, with three lengths of darkness."""
    return await _hurt(kafka, len(POINTS) * 3, SHORT, POINTS)


async def all_killed(kafka: JavaKafka) -> str:
    """SIGKILL to the whole cluster at once, at every point of a transaction."""
    return await _hurt(kafka, len(POINTS) * 2, SHORT, POINTS, everyone=True)


async def frozen_and_patient(kafka: JavaKafka) -> str:
    """SIGSTOP longer than the request timeout while aiokafka itself may send the commit again."""
    return await _hurt(kafka, 6, LONG, ("committing", "offsets", "sending"), frozen=True)


async def frozen_and_impatient(kafka: JavaKafka) -> str:
    """The same, with the whole transaction bounded below the request timeout and the producer thrown away."""
    return await _hurt(kafka, 6, SHORT, ("committing", "offsets", "sending"), frozen=True)


async def discarding(kafka: JavaKafka) -> str:
    """Ten producers thrown away while the broker is frozen: is anything left of them?"""
    topic = await make_topic(kafka.bootstrap, "discard")
    before_tasks, before_files = len(asyncio.all_tasks()), _open_files()
    producers = [transactional(kafka.bootstrap, f"{topic}.{number}") for number in range(10)]
    for producer in producers:
        await producer.start()
        await producer.begin_transaction()
        await producer.send(topic, b"x")
    kafka.pause()
    began = asyncio.get_running_loop().time()
    ends = [asyncio.ensure_future(producer.commit_transaction()) for producer in producers]
    await asyncio.wait(ends, timeout=0.5)
    await asyncio.gather(*(discard(producer) for producer in producers))
    took = asyncio.get_running_loop().time() - began
    kafka.resume()
    await asyncio.wait(ends, timeout=REQUEST_MS / 1000 + 2)
    for end in ends:
        end.cancel()
    await asyncio.gather(*ends, return_exceptions=True)
    del producers
    gc.collect()
    tasks, files = len(asyncio.all_tasks()) - before_tasks, _open_files() - before_files
    return f"{took:.1f} s to throw ten away; left over: {tasks} tasks, {files} open files"


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
