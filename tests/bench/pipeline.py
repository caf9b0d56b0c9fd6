"""The whole pipeline: what one partition of each stage carries, and how long an item takes to Slack at 50 a second.

The items are the labelled reports of `enrich/corpus`, in nine languages, each a few times with another number in it.
Slack is the proxy alone, which says yes at once. Understanding, broker and measuring share this machine's cores.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

import enrich
from schemas.alert import Outcome, Receipt
from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS, RECEIPTS
from tests.servers.kafka import JavaKafka
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault, Reply
from tests.servers.slack_proxy import SlackProxy
from tocsin.app import House, house
from tocsin.clock import SystemClock
from tocsin.config import load_config

CORPUS = Path(enrich.__file__).parent / "corpus"
TYPES = ("troop_deployment", "airstrike", "sanctions", "protest", "cyberattack", "election")
WORKSPACES = 10
CARRIED = 1_200
WARM = 400
"""Items before anything is measured: the first of each language load its words, and the sentence model, once."""
RATE, SECONDS = 50, 30
TOGETHER = 5
"""Items in one push: as many as a feed brings at once."""
STAGES = ("understand", "stories", "match")


def items(count: int) -> list[Item]:
    """Reports to push; no two have the same words."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    told = [json.loads(line) for line in lines]
    return [
        Item(id=f"i{n}", title=f"{one['title']} ({n})", text=one["text"], lang=one["lang"], source=f"paper-{n % 40}",
             url=f"https://paper-{n % 40}.example/{n}")
        for n in range(count) for one in [told[n * 7 % len(told)]]
    ]  # fmt: skip


def configure(directory: Path, proxy: SlackProxy, log: str) -> None:
    """Six subscriptions, ten workspaces."""
    (directory / "subscriptions").mkdir()
    where = f'channel: {proxy.channel}, api_url: "{proxy.api_url}", per_second: 10'
    slack = "".join(f'  w{n}: {{slack: {{{where}, token: "xoxb-{n}"}}}}\n' for n in range(WORKSPACES))
    settings = f"log: {log}\nkafka: {{partitions: 1, topic_prefix: {directory.name}}}\ndestinations:\n{slack}"
    (directory / "tocsin.yaml").write_text(settings)
    (directory / "feeds.yaml").write_text("feeds: []\n")
    lines = (f"  - {{id: s{n}, match: 'event:{name}', notify: [w{n}]}}\n" for n, name in enumerate(TYPES))
    (directory / "subscriptions" / "all.yaml").write_text("subscriptions:\n" + "".join(lines))


@asynccontextmanager
async def opened(log: str) -> AsyncIterator[House]:
    """A house on a fresh log."""
    with SlackServer() as server, SlackProxy(server) as proxy, tempfile.TemporaryDirectory(prefix="bench") as room:
        proxy.on_call = lambda call: Fault(forward=False, reply=Reply(200, {"ok": True, "ts": "1745827931.000200"}))
        configure(Path(room), proxy, log)
        async with house(load_config(Path(room)), SystemClock()) as home:
            yield home


@asynccontextmanager
async def running(home: House, stages: tuple[str, ...]) -> AsyncIterator[None]:
    """Some stages at work."""
    tasks = [asyncio.create_task(home.log.run_stage(one.spec, one.work)) for one in home.stages(stages)]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def until_done(home: House, stage: str) -> None:
    """Wait until nothing is left for a stage."""
    while True:
        lags = [lag for lag in await home.log.lag() if lag.task.stage == stage]
        if lags and not any(lag.records for lag in lags):
            return
        await asyncio.sleep(0.05)


async def push(home: House, some: Sequence[Item]) -> None:
    """Items into the log, fetched now."""
    async with home.log.unit(Task("push")) as unit:
        for item in some:
            unit.emit(ITEMS, item.source or "", item.model_copy(update={"fetched": unit.now}))


async def carried() -> dict[str, float]:
    """Stage → records a second of one partition on the embedded log, each stage alone."""
    found = {}
    async with opened("sqlite:bench.db") as home:
        await push(home, items(WARM))
        for stage in STAGES:
            async with running(home, (stage,)):
                await until_done(home, stage)
        for start in range(WARM, WARM + CARRIED, 200):
            await push(home, items(WARM + CARRIED)[start : start + 200])
        for stage in STAGES:
            began = time.perf_counter()
            async with running(home, (stage,)):
                await until_done(home, stage)
            found[stage] = CARRIED / (time.perf_counter() - began)
    return found


async def latencies(log: str) -> list[float]:
    """Seconds from the fetch to the receipt of every alert that was sent."""
    all_items = items(WARM + RATE * SECONDS)
    async with opened(log) as home, running(home, (*STAGES, "deliver")):
        await push(home, all_items[:WARM])
        for stage in (*STAGES, "deliver"):
            await until_done(home, stage)
        began, start = time.perf_counter(), datetime.now(UTC)
        for number in range(0, RATE * SECONDS, TOGETHER):
            await push(home, all_items[WARM + number : WARM + number + TOGETHER])
            await asyncio.sleep(max(0.0, began + (number + TOGETHER) / RATE - time.perf_counter()))
        for stage in STAGES:
            await until_done(home, stage)
        await asyncio.sleep(2.0)
        receipts = [decode_as(record, Receipt) async for record in home.log.history(RECEIPTS)]
    return [
        (one.at - one.fetched).total_seconds()
        for one in receipts if one.outcome is Outcome.SENT and one.fetched and one.fetched >= start
    ]  # fmt: skip


def tell(name: str, found: Sequence[float], wanted: float) -> None:
    """A line of result."""
    ordered = sorted(found)
    half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"fetch to Slack's answer, {name}, {RATE} items/s, {len(found)} rang: p50 {half * 1000:.0f} ms, "
          f"p99 {most * 1000:.0f} ms (wanted <= {wanted * 1000:.0f})", flush=True)  # fmt: skip


async def measure() -> None:
    """All of it."""
    for stage, speed in (await carried()).items():
        print(f"one partition of {stage}: {speed:,.0f} records/s, {speed * 86_400 / 1e6:.1f} million a day", flush=True)
    tell("embedded log", await latencies("sqlite:bench.db"), 1.0)
    async with JavaKafka() as kafka:
        tell("Kafka, one broker", await latencies(f"kafka://{kafka.bootstrap}"), 2.0)


def main() -> None:
    """Print."""
    logging.disable(logging.CRITICAL)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    asyncio.run(measure())


if __name__ == "__main__":
    main()
