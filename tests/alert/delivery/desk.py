"""A whole deliver worker on a log in memory, under virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from alert.channel import Channel
from alert.delivery.carrier import Restored
from alert.delivery.worker import DeliverWorker, Office
from schemas.alert import Action, Alert, Outcome, Receipt
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.settings import Destination, Settings
from schemas.topics import ACTIONS, ALERTS, RECEIPTS
from tests.alert.build import Atlas
from tests.alert.delivery.time import VirtualTime, settle
from tocsin.log.memory import MemoryLog, Vault
from tocsin.log.port import StageSpec

DELIVER = StageSpec("deliver", (ALERTS, ACTIONS))


@dataclass
class Desk:
    """What the tests drive: alerts and actions in, messages and receipts out."""

    channels: dict[str, Channel]
    time: VirtualTime = field(default_factory=VirtualTime)
    vault: Vault = field(default_factory=lambda: Vault(partitions=1))
    settings: Settings = field(default_factory=Settings)
    restored: Restored | None = None
    standings: list[tuple[str, str]] = field(default_factory=list)
    """What health was told: the destination, and what is wrong with it."""

    def __post_init__(self) -> None:
        self.log = MemoryLog(self.time, self.vault)
        given = self.settings.destinations
        wanted = {name: given.get(name, Destination(kind="console")) for name in self.channels}
        self.settings = self.settings.model_copy(update={"destinations": wanted})

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Desk"]:
        """Run the worker; leaving kills it, like a crash between two steps."""
        await self.log.open()
        task = await self.log.claim(DELIVER, 0)
        told = self.standings
        office = Office(
            self.time,
            Atlas(),
            self.time.sleep,
            standing=lambda name, ill: told.append((name, ill)),
            restored=self.restored,
        )
        running = asyncio.create_task(DeliverWorker(self.settings, self.channels, office).run(task, self.log))
        try:
            await settle()
            yield self
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await self.log.close()

    async def ring(self, *alerts: Alert) -> None:
        """Alerts come in."""
        async with self.log.unit(Task("match", 0)) as unit:
            for alert in alerts:
                unit.emit(ALERTS, alert.destination, alert)
        await settle()

    async def act(self, *actions: Action) -> None:
        """People ask for something."""
        async with self.log.unit(Task("desk", 0)) as unit:
            for action in actions:
                unit.emit(ACTIONS, action.destination, action)
        await settle()

    async def receipts(self) -> list[Receipt]:
        """Every receipt, oldest first."""
        return [decode_as(record, Receipt) async for record in self.log.history(RECEIPTS)]

    async def ends(self) -> dict[str, Outcome]:
        """Alert → how it ended; fails where an alert ended twice."""
        ended: dict[str, Outcome] = {}
        for receipt in await self.receipts():
            if receipt.outcome is not Outcome.HELD:
                assert receipt.alert not in ended, f"{receipt.alert} ended twice"
                ended[receipt.alert] = receipt.outcome
        return ended
