"""The process under test: the ingest worker on the SQLite log, in compressed time, until it is killed.

python -m tests.ingest.serverfarm.daemon DIRECTORY ANCHOR SPEED PARTITIONS
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


async def main(directory: Path, clock: FastClock, partitions: int) -> None:
    """Work until killed."""
    log = SqliteLog(directory / "farm.db", clock, partitions)
    await log.open()
    options = Options(policy=Policy(floor=60, hard_floor=60), budget=1e6)
    async with GuardedHttp(allow_private=["127.0.0.0/8"]) as http:
        worker = IngestWorker(http, clock, options, sleep=clock.sleep)
        await log.run_stage(SPEC, worker.run)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), FastClock(float(sys.argv[2]), float(sys.argv[3])), int(sys.argv[4])))
