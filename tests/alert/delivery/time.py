"""Time that passes only when a test says so."""

import asyncio
import heapq
from datetime import datetime, timedelta
from itertools import count

from tests.alert.build import DAWN


class VirtualTime:
    """A clock with its own sleep: `advance` wakes the sleepers in order, and lets everybody work in between."""

    def __init__(self, start: datetime = DAWN) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """The instant the test has reached."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Until the test has advanced so far."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._numbers), future))
        await future

    async def advance(self, **span: float) -> None:
        """Let that much time pass."""
        end = self._now + timedelta(**span)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, future = heapq.heappop(self._sleepers)
            self._now = max(self._now, moment)
            if not future.done():
                future.set_result(None)
                await settle()
        self._now = end
        await settle()


async def settle(rounds: int = 60) -> None:
    """Let every task that can go on, go on."""
    for _ in range(rounds):
        await asyncio.sleep(0)
