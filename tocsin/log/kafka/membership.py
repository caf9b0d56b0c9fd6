"""Who works on what: a consumer group per stage. Only the assignment is the group's; the reading is each task's own.

aiokafka runs rebalance callbacks in the background, swallows their errors and may fetch before they end (0.14). So a
callback here only waits for work to end and notes the assignment, and whatever this consumer fetches is thrown away.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError

from schemas.errors import LogError
from tocsin.log.kafka.access import Access

log = structlog.get_logger(__name__)

AGAIN: Final = 1.0
"""Seconds before a group that is out of reach is joined again."""
LEAVING: Final = 10.0
"""Seconds for saying goodbye to the group."""
REBALANCE: Final = 60.0
"""Seconds every member has to give up its work in a rebalance."""


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is not typed
    """Passes on what the group decides."""

    def __init__(self, let_go: Callable[[], Awaitable[None]], note: Callable[[set[int]], None]) -> None:
        self._let_go = let_go
        self._note = note

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Wait until the work in hand has ended."""
        try:
            async with asyncio.timeout(REBALANCE / 2):
                await self._let_go()
        except TimeoutError:
            log.error("work_did_not_end", seconds=REBALANCE / 2)  # its units are fenced by the next owner

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Note what is ours."""
        self._note({partition.partition for partition in assigned})


class Membership:
    """One process's membership in the group of a stage.

    `let_go` ends all work (and is waited for); `note` is told the partitions that are ours from now on.
    """

    def __init__(
        self, access: Access, group: str, topics: list[str], let_go: Callable[[], Awaitable[None]],
        note: Callable[[set[int]], None],
    ) -> None:  # fmt: skip
        self._access = access
        self._group = group
        self._topics = topics
        self._let_go = let_go
        self._listener = _Listener(let_go, note)

    async def run(self) -> None:
        """Stay in the group until cancelled; when it is out of reach, end all work and join anew.

        Work that went on without membership would take its tasks back from their new owners.
        """
        while True:
            try:
                await self._stay()
            except LogError as error:
                log.warning("group_out_of_reach", group=self._group, reason=str(error))
                await self._let_go()
            await asyncio.sleep(AGAIN)

    async def _stay(self) -> None:
        consumer = self._consumer()
        try:
            await consumer.start()
            consumer.subscribe(self._topics, listener=self._listener)
            while True:
                consumer.pause(*consumer.assignment())
                await consumer.getmany(timeout_ms=500)  # thrown away; a member that does not poll is expelled
        except (KafkaError, OSError, AssertionError) as error:
            raise LogError(f"kafka: the group {self._group} is out of reach: {error}") from error
        finally:
            with suppress(Exception):
                async with asyncio.timeout(LEAVING):
                    await consumer.stop()

    def _consumer(self) -> Any:
        instance = self._access.settings.instance
        return AIOKafkaConsumer(
            **self._access.common(), group_id=self._group, enable_auto_commit=False,
            group_instance_id=f"{instance}-{self._group}" if instance else None,
            partition_assignment_strategy=[RangePartitionAssignor],  # the same numbers of every input to one member
            session_timeout_ms=round(self._access.session * 1000),
            heartbeat_interval_ms=round(self._access.session * 200), rebalance_timeout_ms=round(REBALANCE * 1000),
            max_poll_interval_ms=300_000, auto_offset_reset="latest", isolation_level="read_committed",
            max_partition_fetch_bytes=1024,
        )  # fmt: skip
