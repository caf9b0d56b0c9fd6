"""Which story an item is in, or would be in, and why: the grouping's part of `tocsin explain`."""

import asyncio
from collections.abc import Iterator
from typing import Final

from enrich.stories import Stories
from schemas.codec import decode_as
from schemas.errors import TocsinError
from schemas.ports import Names, State, Task
from schemas.report import Report
from schemas.story import Change
from schemas.topics import CHANGES
from tocsin.log.port import Log

STORIES = Task("stories")
PATIENT: Final = 5_000
"""Open stories that are read while somebody waits for a page."""


async def placed(log: Log, report: Report, names: Names) -> list[str]:
    """Lines on the story of an item of the log as the daemon decided; where it has not yet, what it would decide."""
    async for record in log.history(CHANGES, newest_first=True):
        try:
            change = decode_as(record, Change)
        except TocsinError:
            continue
        if change.report.id == report.id:
            return list(_lines(change, "story"))
    return await tried(log, report, names)


async def tried(log: Log, report: Report, names: Names, *, most: int | None = None) -> list[str]:
    """Lines on the story that a report would join if it came now. Nothing is written.

    All open stories are read for it. Where there are more than `most`, a line says so instead.
    """
    state = await log.peek(STORIES)
    change = await asyncio.to_thread(_would_be, state, report, names, most)
    if change is None:
        return [f"\nmore than {most} stories are open; `tocsin explain` takes the time to say which one it would join"]
    return list(_lines(change, "would be in story"))


def _would_be(state: State, report: Report, names: Names, most: int | None) -> Change | None:
    if most is not None and sum(1 for _ in state.scan("story/", limit=most + 1)) > most:
        return None
    stories = Stories(names)
    stories.load(state)
    return stories.add(report)


def alone(report: Report, names: Names) -> list[str]:
    """Lines on a report where no log is."""
    return list(_lines(Stories(names).add(report), "would be in story"))


def _lines(change: Change, lead: str) -> Iterator[str]:
    story = change.story
    yield f"\n{lead} {story.id}, revision {story.revision}: {story.headline}"
    yield f"  {change.joined}"
    yield f"  {change.materiality.value}: {'; '.join(change.what) or 'nothing new'}"
