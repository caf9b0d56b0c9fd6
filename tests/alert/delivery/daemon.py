"""A process that delivers, to be killed: `python -m tests.alert.delivery.daemon PLAN.json`.

It says `ready` on standard error when it begins, and ends by itself, with code 0, once every alert has its receipt.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from alert.channels import Services, build
from alert.delivery.worker import DeliverWorker, Office
from schemas.alert import Outcome, Receipt
from schemas.codec import decode_as
from schemas.settings import Destination, Settings
from schemas.topics import ACTIONS, ALERTS, RECEIPTS
from tests.alert.build import Atlas
from tocsin.clock import SystemClock
from tocsin.log.port import StageSpec
from tocsin.log.sqlite import SqliteLog

DELIVER = StageSpec("deliver", (ALERTS, ACTIONS))


async def main(plan: dict[str, Any]) -> None:
    """Deliver until all is told."""
    clock = SystemClock()
    log = SqliteLog(Path(plan["log"]), clock, 1)
    await log.open()
    ended = {
        receipt.alert
        async for record in log.history(RECEIPTS)
        if (receipt := decode_as(record, Receipt)).outcome is not Outcome.HELD
    }
    done = asyncio.Event()

    def observe(receipt: Receipt) -> None:
        if receipt.outcome is not Outcome.HELD:
            ended.add(receipt.alert)
        if len(ended) >= plan["alerts"]:
            done.set()

    destinations = {name: Destination.model_validate(entry) for name, entry in plan["destinations"].items()}
    settings = Settings(destinations=destinations)
    channels = {name: build(name, entry, Services(clock)) for name, entry in destinations.items()}
    worker = DeliverWorker(settings, channels, Office(clock, Atlas(), observe=observe))
    stage = asyncio.create_task(log.run_stage(DELIVER, worker.run))
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    if len(ended) < plan["alerts"]:
        waiting = asyncio.create_task(done.wait())
        await asyncio.wait([stage, waiting], return_when=asyncio.FIRST_COMPLETED)
        if stage.done():
            stage.result()
    stage.cancel()
    await asyncio.gather(stage, return_exceptions=True)
    await log.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
