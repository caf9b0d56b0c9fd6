"""Filling a Kafka log with what another one kept: in transactions, so that a broken move shows nothing half."""

import asyncio
from collections.abc import Mapping, Sequence

from schemas.errors import LogError
from schemas.ports import Record, Task
from tocsin.log.kafka.changelog import POSITION
from tocsin.log.kafka.line import Names
from tocsin.log.kafka.wire import Doubt, Place, Raw, Wire


class Carrier:
    """Writes what was carried from elsewhere."""

    def __init__(self, wire: Wire, names: Names) -> None:
        self._wire = wire
        self._names = names

    async def records(self, records: Sequence[Record]) -> list[int]:
        """Append records as they are; their offsets."""
        return await self._write([self._raw(record) for record in records], {}, "")

    async def entries(self, task: Task, entries: Mapping[str, str]) -> None:
        """Fill a task's changelog, and commit its positions for its group."""
        topic, partition = self._names.changelog(task)
        raws = [Raw(topic, partition, key.encode(), text.encode()) for key, text in entries.items()]
        places = {
            (self._names.topic(key[1:]), partition): int(text)
            for key, text in entries.items() if key.startswith(POSITION)
        }  # fmt: skip
        await self._write(raws, places, self._names.group(task.stage))

    def _raw(self, record: Record) -> Raw:
        headers = [(name, text.encode()) for name, text in record.headers.items()]
        time = round(record.timestamp.timestamp() * 1000) if record.timestamp else 0
        topic = self._names.topic(record.topic)
        return Raw(topic, record.partition, record.key.encode(), record.value, headers, time)

    async def _write(self, raws: Sequence[Raw], positions: Mapping[Place, int], group: str) -> list[int]:
        sender = await self._wire.sender(f"{self._names.prefix}.move")
        try:
            await sender.begin()
            sent = await sender.send(raws)
            if positions:
                await sender.send_positions(group, positions)
            offsets = [offset for batch in await asyncio.gather(*sent) for offset in batch]
            await sender.commit()
        except Doubt as error:
            raise LogError(f"the move broke off: {error}") from error
        finally:
            await sender.close()
        return offsets
