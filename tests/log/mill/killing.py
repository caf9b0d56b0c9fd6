"""`python -m tests.log.mill.killing FILE KILLS SEED`: the embedded log under kill -9, again and again.

The driver forks a child that turns the mill, and kills it at a random moment; the file is what remains. At the end a
last child works off the rest. Prints one JSON line: kills, items, seconds.
"""

import asyncio
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NoReturn

import structlog

from tests.log.mill.turning import turn, until_idle
from tocsin.log.sqlite import SqliteLog

ITEMS_PER_LIFE = 12
PARTITIONS = 2


class _Clock:
    """Wall time that jumps: backwards and forwards, between lives."""

    def __init__(self, jump: float) -> None:
        self._jump = jump

    def now(self) -> datetime:
        """The wrong time."""
        return datetime.fromtimestamp(time.time() + self._jump, UTC)


async def live(path: Path, items: int, jump: float, *, to_the_end: bool) -> None:
    """One life of the daemon."""
    log = SqliteLog(path, _Clock(jump), PARTITIONS)
    await log.open()
    turning = asyncio.create_task(turn(log, items=items))
    if to_the_end:
        await until_idle(log, items)
        turning.cancel()
        await asyncio.wait([turning])
        await log.close()
    else:
        await turning


def child(path: Path, items: int, jump: float, *, to_the_end: bool = False) -> int:
    """Fork a life; returns its process id."""
    pid = os.fork()
    if pid == 0:
        _live_and_exit(path, items, jump, to_the_end=to_the_end)
    return pid


def _live_and_exit(path: Path, items: int, jump: float, *, to_the_end: bool) -> NoReturn:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    try:
        asyncio.run(live(path, items, jump, to_the_end=to_the_end))
    except BaseException as error:  # noqa: BLE001 - a forked child must not run the parent's way out
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def main(path: Path, kills: int, seed: int) -> int:
    """Kill so often, then let the rest be done. Returns 0 when the last life ended well."""
    random, began = Random(seed), time.monotonic()
    early = 0
    for life in range(kills):
        pid = child(path, (life + 1) * ITEMS_PER_LIFE, random.choice((0.0, -3600.0, 86400.0)))
        time.sleep(random.uniform(0.005, 0.12))
        early += os.waitpid(pid, os.WNOHANG)[0] != 0
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    items = kills * ITEMS_PER_LIFE
    _, status = os.waitpid(child(path, items, 0.0, to_the_end=True), 0)
    told = {"kills": kills, "ended before the kill": early, "items": items, "seconds": round(time.monotonic() - began)}
    print(json.dumps(told), flush=True)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
