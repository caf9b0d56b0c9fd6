"""Kill a delivering process at random moments until it has told everything; then count what the world received."""

import asyncio
import json
import os
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.alert import Alert, Outcome, Receipt
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.topics import ALERTS, RECEIPTS
from tocsin.clock import SystemClock
from tocsin.log.sqlite import SqliteLog


@dataclass(frozen=True)
class Ordeal:
    """How a run went."""

    kills: int
    receipts: list[Receipt]

    @property
    def ends(self) -> dict[str, list[Outcome]]:
        """Alert → every end it had; exactly one is right."""
        found: dict[str, list[Outcome]] = {}
        for receipt in self.receipts:
            if receipt.outcome is not Outcome.HELD:
                found.setdefault(receipt.alert, []).append(receipt.outcome)
        return found


async def ordeal(
    directory: Path, alerts: list[Alert], destinations: dict[str, Any], *, seed: int, life: tuple[float, float],
    kills: int,
) -> Ordeal:  # fmt: skip
    """Ring the alerts, then let process after process deliver them, each killed (-9) some random seconds after it
    began (`life`); after so many kills one may live to the end.
    """
    file = directory / "tocsin.db"
    await write(file, alerts)
    plan = directory / "plan.json"
    plan.write_text(json.dumps({"log": str(file), "alerts": len(alerts), "destinations": destinations}), "utf-8")
    chance, killed = random.Random(seed), 0
    while True:
        span = chance.uniform(*life) if killed < kills else None
        code = await live(plan, span)
        if code == 0:
            return Ordeal(killed, await read(file))
        killed += 1


async def live(plan: Path, seconds: float | None) -> int:
    """One process; its exit code."""
    command = (sys.executable, "-W", "error", "-m", "tests.alert.delivery.daemon", str(plan))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, env=environment
    )
    assert process.stderr is not None
    said = await process.stderr.readline()
    rest = asyncio.create_task(process.stderr.read())
    try:
        code = await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        code = await process.wait()
    assert code in (0, -signal.SIGKILL), (said + await rest).decode()
    await rest
    return code


async def write(file: Path, alerts: list[Alert]) -> None:
    """Put the alerts into the log."""
    log = SqliteLog(file, SystemClock(), 1)
    await log.open()
    async with log.unit(Task("match", 0)) as unit:
        for alert in alerts:
            unit.emit(ALERTS, alert.destination, alert)
    await log.close()


async def read(file: Path) -> list[Receipt]:
    """Every receipt in the log."""
    log = SqliteLog(file, SystemClock(), 1)
    await log.open()
    found = [decode_as(record, Receipt) async for record in log.history(RECEIPTS)]
    await log.close()
    return found
