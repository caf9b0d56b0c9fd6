"""The farm: serves the feeds, kills the daemon again and again, and counts what came of it."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiohttp import web

from schemas.codec import decode_as
from schemas.item import Feed, Item
from schemas.ports import Task
from schemas.topics import FEEDS, ITEMS
from tests.ingest.serverfarm.clock import FastClock
from tests.ingest.serverfarm.field import HOUR, Crop, sow
from tocsin.log.sqlite import SqliteLog

PARTITIONS = 2
GRACE = {"liar": 26 * HOUR}
"""How long after its publication an item may still be on its way: a liar is found out once a day."""
USUAL_GRACE = 7 * HOUR
OFTEN = 3
"""Failures running after which the wait, doubled each time from an hour, is longer than the grace."""
FLIGHT = 8.0
"""Seconds of the machine before an end of the daemon, in which an item may be handed out and not be written down."""


@dataclass
class Harvest:
    """What came of a run."""

    expected: int = 0
    lost: list[str] = field(default_factory=list)
    """Handed out in a document, and never told; or published hours before the end, and never asked for."""
    refused: int = 0
    """Published as early, and not asked for since the feed failed `OFTEN` running: it is left alone for hours then."""
    doubled: list[str] = field(default_factory=list)
    looks: int = 0
    most_at_once: int = 0
    """Requests to one host at the same time."""
    least_gap: float = float("inf")
    """Virtual seconds between two requests to one host."""
    kills: int = 0
    memory: list[float] = field(default_factory=list)
    """Bytes of each life of the daemon, shortly before its end."""
    delays: list[float] = field(default_factory=list)
    """Virtual seconds from publication to emission, without the liars."""


def resident(pid: int) -> float:
    """Bytes of memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Season:
    """A run: so many feeds over so many virtual hours at a speed, with a kill every so many."""

    feeds: int
    hours: float
    speed: float
    kill_every: float
    looks_a_day: float = 96.0
    max_delay: float = HOUR


class Farm:
    """Serves, kills, counts."""

    def __init__(self, season: Season) -> None:
        self.season, self.crops = season, sow(season.feeds, season.hours)
        speed = season.speed
        self.clock = FastClock(time.time(), speed)
        self.harvest, self._chance = Harvest(), Random(9)
        self._open: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self._first: dict[int, float] = {}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        host, now = request.host.partition(":")[0], self.clock.seconds()
        crop = self.crops[int(request.match_info["number"])]
        self._open[host] += 1
        self.harvest.looks += 1
        self.harvest.most_at_once = max(self.harvest.most_at_once, self._open[host])
        if host in self._last and not request.query_string:
            self.harvest.least_gap = min(self.harvest.least_gap, now - self._last[host])
        self._last[host] = now
        try:
            return await crop.answer(request, now, self._chance)
        finally:
            self._open[host] -= 1

    async def run(self) -> Harvest:
        """Serve, kill, and count."""
        app = web.Application()
        app.router.add_get("/feed/{number}", self._serve)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)
        await site.start()
        port = runner.addresses[0][1]
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            await self._configure(directory, port)
            while self.clock.seconds() < self.season.hours * HOUR:
                await self._live(directory)
            await self._count(directory)
        await runner.cleanup()
        return self.harvest

    async def _configure(self, directory: Path, port: int) -> None:
        log = SqliteLog(directory / "farm.db", self.clock, PARTITIONS)
        await log.open()
        async with log.unit(Task("configuration")) as unit:
            for crop in self.crops:
                url = f"http://{crop.host}:{port}{crop.path}"
                unit.emit(FEEDS, f"{crop.host} {url}", Feed(url=url, max_delay=self.season.max_delay))
        await log.close()
        self.clock.anchor = time.time()

    async def _live(self, directory: Path) -> None:
        """One life of the daemon, ended by kill -9."""
        budget = self.season.feeds * self.season.looks_a_day / (24 * HOUR)
        arguments = (str(directory), *map(str, (self.clock.anchor, self.clock.speed, PARTITIONS, budget)))
        daemon = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.ingest.serverfarm.daemon", *arguments
        )
        left = self.season.hours * HOUR - self.clock.seconds()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(self.season.kill_every * HOUR, left) / self.clock.speed):
                await daemon.wait()
            raise AssertionError(f"the daemon ended by itself with {daemon.returncode}")
        self.harvest.memory.append(resident(daemon.pid))
        daemon.send_signal(signal.SIGKILL)
        await daemon.wait()
        end = self.clock.seconds() - FLIGHT * self.clock.speed
        for crop in self.crops:  # what was handed out right before the end may not have been written down
            crop.served = {index: at for index, at in crop.served.items() if at < end}
        self._open.clear()
        self._last.clear()
        self.harvest.kills += 1

    async def _count(self, directory: Path) -> None:
        log = SqliteLog(directory / "farm.db", self.clock, PARTITIONS)
        await log.open()
        told: defaultdict[str, list[tuple[Item, float]]] = defaultdict(list)
        async for record in log.history(ITEMS):
            item = decode_as(record, Item)
            if item.kind == "new" and item.fetched is not None:
                told[item.title].append((item, item.fetched.timestamp()))
        await log.close()
        for crop in self.crops:
            self._reckon(crop, told)

    def _reckon(self, crop: Crop, told: dict[str, list[tuple[Item, float]]]) -> None:
        end = self.season.hours * HOUR - GRACE.get(crop.kind, USUAL_GRACE)
        for index, at in enumerate(crop.times):
            found = told.get(crop.title(index), [])
            if len(found) > 1:
                self.harvest.doubled.append(f"{crop.kind}: {crop.title(index)}")
            served = index in crop.served
            if at < 0 or not (served or at < end):
                continue
            self.harvest.expected += 1
            if not found and not served and crop.refusals >= OFTEN:
                self.harvest.refused += 1
            elif not found:
                self.harvest.lost.append(f"{crop.kind}: {crop.title(index)} at {at / HOUR:.1f} h")
            elif crop.kind == "good":
                start = found[0][1] - self.clock.now().timestamp() + self.clock.seconds()
                self.harvest.delays.append(start - at)


def main() -> None:
    """python -m tests.ingest.serverfarm.farm [FEEDS] [HOURS] [SPEED] [KILL_EVERY_HOURS] [LOOKS_A_DAY]"""
    feeds, hours, speed, kill_every, looks = [float(a) for a in sys.argv[1:]] or [200.0, 36.0, 720.0, 4.0, 96.0]
    season = Season(int(feeds), hours, speed, kill_every, looks, max(24 * HOUR / looks * 2, HOUR))
    harvest = asyncio.run(Farm(season).run())
    memory = [each / 1e6 for each in harvest.memory]
    delays = sorted(harvest.delays) or [0.0]
    print(f"{harvest.expected} items expected, {len(harvest.lost)} lost, {len(harvest.doubled)} doubled")
    print(f"{harvest.refused} more of feeds that failed again and again")
    print(f"memory of the lives: {memory[0]:.0f} … {memory[-1]:.0f} MB")
    print(f"{harvest.looks} looks, {harvest.kills} kills, at most {harvest.most_at_once} at once for a host,")
    print(f"never closer than {harvest.least_gap:.1f} s; delay p50 {delays[len(delays) // 2] / 60:.0f} min")
    print(*harvest.lost[:10], *harvest.doubled[:10], sep="\n")


if __name__ == "__main__":
    main()
