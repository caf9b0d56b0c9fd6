"""The past of the embedded log, page by page."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from schemas.ports import Record
from tocsin.log.history import PAGE
from tocsin.log.sqlite.reader import COLUMNS, Readers, record_of


class SqlitePages:
    """`Pages` over the log table."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query, off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers.pool, self._readers.rows, sql, parameters)

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset kept and the next to be written."""
        rows = await self.rows(
            "SELECT (SELECT min(off) FROM log WHERE topic=h.topic AND part=h.part), next FROM heads h "
            "WHERE topic=? AND part=?", (topic, partition),
        )  # fmt: skip
        first, head = rows[0] if rows else (0, 0)
        return (head if first is None else first), head

    async def offset_at(self, topic: str, partition: int, time: datetime) -> int:
        """The first offset of a record not older than `time`: timestamps rise with offsets, so a bisection finds it."""
        low, high = await self.bounds(topic, partition)
        wanted = round(time.timestamp() * 1000)
        while low < high:
            middle = (low + high) // 2
            rows = await self.rows(
                "SELECT off, ts FROM log WHERE topic=? AND part=? AND off>=? ORDER BY off LIMIT 1",
                (topic, partition, middle),
            )
            if not rows or rows[0][1] >= wanted:
                high = middle
            else:
                low = rows[0][0] + 1
        return low

    async def page(
        self, topic: str, partition: int, offset: int, *, key: str | None = None, backwards: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:  # fmt: skip
        """Up to `limit` records from `offset` on; backwards: those before it, newest first."""
        keyed, order = (
            ("" if key is None else "AND key=?"),
            ("< ? ORDER BY off DESC" if backwards else ">= ? ORDER BY off"),
        )
        rows = await self.rows(
            f"SELECT {COLUMNS} FROM log WHERE topic=? AND part=? {keyed} AND off {order} LIMIT ?",  # noqa: S608
            (topic, partition, *(() if key is None else (key,)), offset, limit),
        )
        return [record_of(row) for row in rows]
