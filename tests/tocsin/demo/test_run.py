"""How the demo finds out whether it rang as it must, while the daemon goes on working."""

from collections.abc import AsyncIterator
from typing import cast

from schemas.ports import Record
from schemas.topics import ALERTS, CHANGES, RECEIPTS, Topic
from tocsin.demo.run import look
from tocsin.log.port import Log


class Asked:
    """A log that only notes what it is asked for."""

    def __init__(self) -> None:
        self.topics: list[Topic] = []

    async def history(self, topic: Topic) -> AsyncIterator[Record]:
        self.topics.append(topic)
        for record in list[Record]():
            yield record


async def test_it_reads_against_the_stream_so_that_no_ring_is_seen_before_its_cause() -> None:
    log = Asked()
    await look(cast(Log, log))
    assert log.topics == [RECEIPTS, ALERTS, CHANGES]
