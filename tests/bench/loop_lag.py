"""How late the event loop is while feeds are looked at: 100 looks a second, one in five changed, one hostile.

    python -m tests.bench.loop_lag [SECONDS]

The ingest worker on the SQLite log, over TLS, against a server in another process on the loopback. A heart beats every
five milliseconds on the same loop; what it comes late is the lag. On a machine that is busy with other work the lag is
mostly that work's, so two witnesses stand beside: a process that does nothing but work for two milliseconds of CPU in
every five and notes how late it is, and the CPU that our whole process spent between two beats: on a machine of its own
the lag cannot be more than that.
"""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter, process_time, sleep, thread_time
from typing import Any

import trustme
from aiohttp import web

from ingest.guard import GuardedHttp
from ingest.state import Policy
from ingest.worker import IngestWorker, Options
from schemas.item import Feed
from schemas.ports import Answer, Task
from schemas.topics import FEEDS
from tests.bench.parsing import made
from tocsin.log import StageSpec
from tocsin.log.sqlite import SqliteLog
from tocsin.steady import settle

FEEDS_AT_ALL, EVERY = 200, 2.0
"""So many feeds, each on a host of its own, looked at every so many seconds."""
CHANGED = 0.2
HOSTS = [f"127.0.{2 + number // 200}.{1 + number % 200}" for number in range(FEEDS_AT_ALL)]
HOSTILE = "<rss><channel>" + "<item><title>" + "<a " * 60_000 + "&x" * 60_000 + "</channel>"
BEAT, _SLICE = 0.005, 0.002


class WallClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


async def serve(directory: Path) -> None:
    """Feeds of every made shape, each with a new headline in one look of five; number 0 is hostile, always."""
    bodies, chance, numbers = [body.decode() for _, body in made()], Random(5), count()

    async def answer(request: web.Request) -> web.Response:
        feed = int(request.match_info["feed"])
        if feed == 0:
            return web.Response(text=f"{HOSTILE}<!-- {next(numbers)} -->", content_type="text/xml")
        if "If-None-Match" in request.headers and chance.random() >= CHANGED:
            return web.Response(status=304)
        number, body = next(numbers), bodies[feed % len(bodies)]
        fresh = f"<title>New headline number {number} of feed {feed}</title>"
        body = body.replace("<channel>", f"<channel><item>{fresh}<guid>new-{number}</guid></item>", 1)
        return web.Response(text=body, content_type="text/xml", headers={"ETag": f'"{number}"'})

    app = web.Application()
    app.router.add_get("/{feed}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    await web.TCPSite(runner, "0.0.0.0", 0, ssl_context=context, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


class Heart:
    """Beats on the loop; notes, in milliseconds, how late each beat was and how much CPU the process spent since."""

    def __init__(self) -> None:
        self.late, self.spent, self.held = list[float](), list[float](), list[float]()

    async def beat(self) -> None:
        """Until cancelled."""
        while True:
            start, cpu, own = perf_counter(), process_time(), thread_time()
            await asyncio.sleep(BEAT)
            self.late.append((perf_counter() - start - BEAT) * 1000)
            self.spent.append((process_time() - cpu) * 1000)
            self.held.append((thread_time() - own) * 1000)


def noise(seconds: float) -> list[float]:
    """How late two milliseconds of plain work are done, in milliseconds: what the machine's other work costs."""
    late, end = list[float](), perf_counter() + seconds
    while perf_counter() < end:
        start, cpu = perf_counter(), thread_time()
        while thread_time() - cpu < _SLICE:
            pass
        late.append((perf_counter() - start - _SLICE) * 1000)
        sleep(BEAT - _SLICE)
    return late


async def work(directory: Path, port: str, seconds: float) -> tuple[Heart, Counter[str], float]:
    """Look at the feeds for so long: the heart's notes, answers by status, and CPU seconds of this process in one."""
    log = SqliteLog(directory / "lag.db", WallClock(), 2)
    await log.open()
    heart, outcomes = Heart(), Counter[str]()
    options = Options(policy=Policy(quick=dict.fromkeys(HOSTS, EVERY)), budget=1000)
    async with GuardedHttp(allow_private=["127.0.0.0/8"], ca_file=str(directory / "ca.pem")) as http:
        worker = IngestWorker(Counting(http, outcomes), WallClock(), options)
        running = asyncio.create_task(log.run_stage(StageSpec("ingest", (FEEDS,)), worker.run))
        for number, host in enumerate(HOSTS):  # spread over a period, as a day's looks are
            async with log.unit(Task("configuration")) as unit:
                unit.emit(FEEDS, f"{host} {number}", Feed(url=f"https://{host}:{port}/{number}"))
            await asyncio.sleep(EVERY / len(HOSTS))
        await asyncio.sleep(2 * EVERY)  # the first sight of every feed is not what is measured
        settle()
        outcomes.clear()
        beating, cpu = asyncio.create_task(heart.beat()), process_time()
        await asyncio.sleep(seconds)
        spent = process_time() - cpu
        for task in (beating, running):
            task.cancel()
        await asyncio.gather(beating, running, return_exceptions=True)
        worker.close()
    await log.close()
    return heart, outcomes, spent / seconds


class Counting:
    """The way out, with every answer counted by its status."""

    def __init__(self, inner: GuardedHttp, outcomes: Counter[str]) -> None:
        self._inner, self._outcomes = inner, outcomes

    async def request(self, method: str, url: str, **rest: Any) -> Answer:
        """One request."""
        answer = await self._inner.request(method, url, **rest)
        self._outcomes[str(answer.status)] += 1
        return answer


def show(name: str, lags: list[float]) -> None:
    """A line of percentiles."""
    ordered = sorted(lags)
    marks = {f"p{share:g}": ordered[int(len(ordered) * share / 100)] for share in (50, 90, 99, 99.9)}
    print(f"{name:12}", *(f"{mark} {value:6.1f} ms" for mark, value in marks.items()), f"max {ordered[-1]:6.1f} ms")


def main() -> None:
    """Print the lag, its two witnesses, and what the work was."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory() as name:
        directory, authority = Path(name), trustme.CA()
        certificate = authority.issue_cert(*HOSTS)
        authority.cert_pem.write_to_path(directory / "ca.pem")
        certificate.private_key_pem.write_to_path(directory / "key.pem")
        certificate.cert_chain_pems[0].write_to_path(directory / "cert.pem")
        command = [sys.executable, "-m", __spec__.name, "serve", name]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            heart, outcomes, busy = asyncio.run(work(directory, port, seconds))
            other = noise(min(seconds, 10))
        finally:
            server.kill()
    show("lag", heart.late)
    show("CPU, loop", heart.held)
    show("CPU, process", heart.spent)
    show("plain work", other)
    rates = json.dumps({status: round(number / seconds, 1) for status, number in outcomes.items()})
    print(f"answers a second {rates}; {busy:.2f} of a core; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(Path(sys.argv[2])))
    else:
        main()
