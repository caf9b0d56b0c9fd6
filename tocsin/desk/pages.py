"""What the first page shows, read from the log's history."""

from schemas.alert import Receipt
from schemas.codec import decode_as
from schemas.errors import Unreadable
from schemas.report import Report
from schemas.story import Change, Story
from schemas.topics import CHANGES, RECEIPTS
from tocsin.log.port import Log

SHOWN = 20


class Pages:
    """Reads the newest stories and receipts."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def stories(self) -> list[tuple[Story, Report]]:
        """The newest stories, each with its newest report."""
        found: dict[str, tuple[Story, Report]] = {}
        async for record in self._log.history(CHANGES, newest_first=True, limit=10 * SHOWN):
            try:
                change = decode_as(record, Change)
            except Unreadable:
                continue
            found.setdefault(change.story.id, (change.story, change.report))
            if len(found) >= SHOWN:
                break
        return list(found.values())

    async def receipts(self) -> list[Receipt]:
        """The newest receipts."""
        found: list[Receipt] = []
        async for record in self._log.history(RECEIPTS, newest_first=True, limit=SHOWN):
            try:
                found.append(decode_as(record, Receipt))
            except Unreadable:
                continue
        return found
