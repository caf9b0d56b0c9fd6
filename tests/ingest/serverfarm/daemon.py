"""The process under test: the ingest worker on the SQLite log, in compressed time, until it is killed.

python -m tests.ingest.serverfarm.daemon DIRECTORY ANCHOR SPEED PARTITIONS BUDGET
"""

import asyncio
import sys
from pathlib import Path

from ingest.guard import GuardedHttp
from ingest.state import Policy
from ingest.worker import IngestWorker, Options
from schemas.topics import FEEDS
from tests.ingest.serverfarm.clock import FastClock
from tocsin.log import StageSpec
from tocsin.log.sqlite import SqliteLog

SPEC = StageSpec("ingest", (FEEDS,))


async def main(directory: Path, clock: FastClock, partitions: int, budget: float) -> None:
    """Work until killed. `budget` is in looks a virtual second."""
    log = SqliteLog(directory / "farm.db", clock, partitions)
    await log.open()
    options = Options(policy=Policy(floor=60, hard_floor=60), budget=budget)
    async with GuardedHttp(allow_private=["127.0.0.0/8"]) as http:
        worker = IngestWorker(http, clock, options, sleep=clock.sleep)
        await log.run_stage(SPEC, worker.run)


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    anchor, speed, partitions, budget = map(float, numbers)
    asyncio.run(main(Path(place), FastClock(anchor, speed), int(partitions), budget))
