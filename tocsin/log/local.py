"""Logs in one place: readers are woken by the commits of this process, and fetch from any offset."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress

from schemas.ports import Record
from schemas.topics import Topic
from tocsin.log.base import BaseLog, Owned


class LocalLog(BaseLog):
    """What the memory log and the embedded log read alike."""

    @abstractmethod
    async def _fetch(self, topic: Topic, partition: int, offset: int, limit: int) -> Sequence[Record]:
        """Committed records from an offset on."""

    async def _gather(self, owned: Owned, partition: int, limit: int, wait: float) -> Sequence[Record]:
        owned.news.clear()
        raw = await self._read_inputs(owned, partition, limit)
        if not raw:
            await _rings(owned.news, wait)
        return raw

    async def _read_inputs(self, owned: Owned, partition: int, limit: int) -> list[Record]:
        share = max(1, limit // max(1, len(owned.spec.inputs)))
        raw: list[Record] = []
        for topic in owned.spec.inputs:
            if room := min(share, limit - len(raw)):
                raw += await self._fetch(topic, partition, owned.cursor.reading()[topic.name], room)
        return raw


async def _rings(news: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    with suppress(TimeoutError):  # not `wait_for`: in 3.11 it swallows a cancellation that comes with the ring
        async with asyncio.timeout(seconds):
            await news.wait()
