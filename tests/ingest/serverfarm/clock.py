"""Compressed time: a virtual clock that several processes share, because it is anchored in the machine's own."""

import asyncio
import time
from datetime import UTC, datetime

START = datetime(2026, 1, 5, tzinfo=UTC).timestamp()


class FastClock:
    """A `Clock` on which `speed` seconds pass in one; it reads START at the machine's instant `anchor`."""

    def __init__(self, anchor: float, speed: float) -> None:
        self.anchor, self.speed = anchor, speed

    def seconds(self) -> float:
        """Virtual seconds since the start."""
        return (time.time() - self.anchor) * self.speed

    def now(self) -> datetime:
        """The virtual instant."""
        return datetime.fromtimestamp(START + self.seconds(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait for so many virtual seconds."""
        await asyncio.sleep(seconds / self.speed)
