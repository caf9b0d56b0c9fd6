"""A hundred thousand feeds: state, memory, time to start, looks a second of one core, and how fresh that is.

    python -m tests.bench.many_feeds [FEEDS]

State and memory are measured on that many feeds of a history; looks on real requests over the loopback to as many
hosts, four of five unchanged, without TLS (`tests.bench.transports` says what TLS adds); freshness by simulation
(`tests.bench.scheduling`) at the rate of looks that was measured.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

from ingest import memory
from ingest.guard import GuardedHttp
from ingest.newness import Mark, judge
from ingest.parse import parse
from ingest.state import Policy, Watch
from ingest.worker import IngestWorker, Options
from schemas.item import Feed
from schemas.ports import Task
from schemas.topics import FEEDS
from tests.bench.loop_lag import WallClock
from tests.bench.parsing import made
from tests.bench.scheduling import Next, Ours, publications, simulate
from tocsin.log import StageSpec
from tocsin.log.partition import partition_of
from tocsin.log.sqlite import SqliteLog
from tocsin.steady import settle

NAME = "tests.bench.many_feeds"
Looks = Callable[[], int]
SPEC, PARTITIONS = StageSpec("ingest", (FEEDS,)), 6
LOOKED, SECONDS = 5_000, 30.0
"""So many feeds are due and are given a remembered document of forty entries; and how long looks are measured."""
SIMULATED, DAY = 1_000, 86400.0
BODY = next(body for _, body in made())
ITEMS = parse(BODY).items


def host(number: int) -> str:
    """A loopback address of its own for every feed."""
    return f"127.{10 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def _watch(url: str, number: int, now: float, due: bool) -> Watch:
    """The memory of a feed that has been looked at for a week."""
    return Watch(
        url, "healthy", "200", etag=f'"{number:032x}"', last_modified="Mon, 05 Jan 2026 08:00:00 GMT", validated=now,
        body_hash=f"{number:032x}", count=12.3, span=3 * DAY, usual=0.0002, last=now - 900,
        next=now if due else now + DAY, seeded=True, last_item=now - 4000, items=40, ttl=900.0,
        max_age=300.0, swept=20_000,
    )  # fmt: skip


def _marks(url: str) -> dict[str, Mark]:
    return judge(url, ITEMS, lambda name: None, time.time(), first_sight=True).marks


async def prepare(directory: Path, feeds: int, port: int, due: int) -> None:
    """A log in which so many feeds have been looked at, the first of them being due again and knowing their items."""
    log = SqliteLog(directory / "many.db", WallClock(), PARTITIONS)
    await log.open()
    now = time.time()
    shares: dict[int, list[int]] = {}
    for number in range(feeds):
        shares.setdefault(partition_of(host(number), PARTITIONS), []).append(number)
    for partition, numbers in shares.items():
        for at in range(0, len(numbers), 500):
            async with log.unit(Task("ingest", partition)) as unit:
                for number in numbers[at : at + 500]:
                    url = f"http://{host(number)}:{port}/{number}"
                    unit.put(memory.feed_key(url), Feed(url=url).model_dump(mode="json", exclude_defaults=True))
                    memory.keep(unit, _watch(url, number, now, number < due))
                    if number < due:
                        memory.remember(unit, url, _marks(url))
    await log.close()


def size(directory: Path) -> int:
    """Bytes on disk of the log."""
    return sum(path.stat().st_size for path in directory.glob("many.db*"))


def resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def work(directory: Path, feeds: int, seconds: float) -> dict[str, float]:
    """Start, and look for so many seconds: what it took and what it did."""
    log = SqliteLog(directory / "many.db", WallClock(), PARTITIONS)
    await log.open()
    settle()
    before, start = resident(), time.perf_counter()
    cpu = time.process_time()
    async with GuardedHttp(allow_private=["127.0.0.0/8"]) as http:
        worker = IngestWorker(http, WallClock(), Options(policy=Policy(), budget=1e6 if seconds else 20))
        running = asyncio.create_task(log.run_stage(SPEC, worker.run))
        while worker.conditions().total() < feeds:  # noqa: ASYNC110  the worker tells nobody that it has started
            await asyncio.sleep(0.05)
        found = {"start": time.perf_counter() - start, "start_cpu": time.process_time() - cpu}
        found["memory"] = resident() - before
        if seconds:
            settle()
            cpu = time.process_time()
            await asyncio.sleep(seconds)
            found["cpu"] = time.process_time() - cpu
            found["grown"], found["whole"] = resident() - before - found["memory"], resident()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        worker.close()
    await log.close()
    return found


class Server(asyncio.Protocol):
    """Says 304 to four of five, and a document with one new entry to the fifth."""

    chance, numbers = Random(5), count()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._asked = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer the request once it has come whole."""
        self._asked += data
        if not self._asked.endswith(b"\r\n\r\n"):
            return
        number = next(self.numbers)
        if b"if-none-match" in self._asked.lower() and self.chance.random() < 0.8:
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        else:
            fresh = b"<item><title>News number %d</title><guid>new-%d</guid></item>" % (number, number)
            body = BODY.replace(b"<item>", fresh + b"<item>", 1)
            head = b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: "%d"\r\nContent-Length: %d\r\n\r\n' % (
                number,
                len(body),
            )
            self._transport.write(head + body)
        self._transport.close()


async def serve() -> None:
    """Listen, say where, and say at each line of input how many were answered."""
    server = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(next(Server.numbers), flush=True)


def freshness(feeds: int, rate: float) -> Iterator[str]:
    """What so many looks a second give so many feeds, in words."""
    chance = Random(11)
    published = [publications(chance) for _ in range(SIMULATED)]
    for share in (1.0, 0.5):
        c = [30.0]
        ours: list[Next] = [Ours(c, chance) for _ in published]
        looks, delays = simulate(published, ours, c, budget=rate * share / feeds * SIMULATED)
        at = {p: delays[int(p / 100 * (len(delays) - 1))] / 60 for p in (50, 90, 99)}
        yield (
            f"at {rate * share:.0f} looks a second ({looks:.0f} a feed and day): a new item is found after "
            f"{sum(delays) / len(delays) / 60:.1f} min on average, p50 {at[50]:.1f}, p90 {at[90]:.1f}, p99 {at[99]:.1f}"
        )


def child(directory: Path, feeds: int, seconds: float) -> dict[str, float]:
    """Work in a process of its own, so that its memory is only that."""
    command = [sys.executable, "-m", NAME, "work", str(directory), str(feeds), str(seconds)]
    return dict(json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout))


@contextmanager
def serving() -> Iterator[tuple[int, Looks]]:
    """The server: its port, and how many numbers it has given out so far (each asking is one)."""
    command = [sys.executable, "-m", NAME, "serve"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    stdin, stdout = server.stdin, server.stdout
    assert stdin is not None
    assert stdout is not None

    def looks() -> int:
        stdin.write("\n")
        stdin.flush()
        return int(stdout.readline())

    try:
        yield int(stdout.readline()), looks
    finally:
        server.kill()


def main() -> None:
    """Print everything in turn."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with serving() as (port, asked), tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        asyncio.run(prepare(directory, feeds, port, due=0))
        bare = size(directory)
        idle = child(directory, feeds, 0)
        for path in directory.glob("many.db*"):
            path.unlink()
        asyncio.run(prepare(directory, feeds, port, due=LOOKED))
        its_items = (size(directory) - bare) / LOOKED
        busy = child(directory, feeds, SECONDS)
        looks = asked()
    rate = looks / busy["cpu"]
    print(f"{feeds:,} feeds; load {os.getloadavg()[0]:.1f}")
    print(f"on disk {bare / feeds:,.0f} bytes a feed, and {its_items:,.0f} more for 40 remembered entries")
    print(f"in memory {idle['memory'] / feeds:,.0f} bytes a feed, {idle['memory'] / 1e6:.0f} MB in all")
    print(f"started in {idle['start']:.1f} s ({idle['start_cpu']:.1f} s CPU)")
    print(f"{looks} looks in {SECONDS:.0f} s, {1e3 / rate:.2f} ms CPU each: one core carries {rate:.0f} a second")
    print(f"memory grew by {busy['grown'] / 1e6:.0f} MB meanwhile")
    print(*freshness(feeds, rate), sep="\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve())
    elif sys.argv[1:2] == ["work"]:
        print(json.dumps(asyncio.run(work(Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))))
    else:
        main()
