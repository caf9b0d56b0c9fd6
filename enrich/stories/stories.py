"""The open stories, and the one a report belongs to: same main event type, same actors, same days."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from enrich.stories.facts import added, main_event, opened
from schemas import materiality
from schemas.materiality import Difference
from schemas.phrasing import headline
from schemas.ports import Names
from schemas.report import Event, Report
from schemas.story import Change, Story

WINDOW: Final = timedelta(days=3)
"""A report joins a story whose last report is younger than this."""

Key = tuple[str, str]


class Stories:
    """Holds the open stories in memory; `add` gives each report its story and says what it changed."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._open: dict[str, Story] = {}
        self._by_key: dict[Key, set[str]] = defaultdict(set)

    def load(self, stories: Iterable[Story]) -> None:
        """Start from stories that were open before."""
        for story in stories:
            self._keep(story)

    def add(self, report: Report) -> Change:
        """The change a report makes. Deterministic: time is the report's own."""
        now = report.published or report.fetched or datetime(1970, 1, 1, tzinfo=UTC)
        event = main_event(report)
        before = self._find(event, now) if event else None
        story = before or opened(self._id(report), report, now)
        after = added(story, report, now)
        after = after.model_copy(update={"headline": headline(after, self._names) or report.title[:200]})
        self._keep(after)
        new = materiality.differences(materiality.facts(story, story.sources), materiality.facts(after, after.sources))
        return Change(
            id=f"{after.id}/{after.revision}", story=after, report=report, materiality=materiality.level(new),
            what=tuple(words(difference) for difference in new), opens=before is None,
            joined=_why(event, before), alertable=report.alertable, live=report.alertable,
        )  # fmt: skip

    def _find(self, event: Event, now: datetime) -> Story | None:
        ids = {known for key in self._keys(event.type, event.actors) for known in self._by_key[key]}
        fits = [story for known in ids if (story := self._open[known]) and abs(now - story.last_seen) <= WINDOW]
        fits = [story for story in fits if _meet(story.places, event.places)]
        return max(fits, key=lambda story: (story.last_seen, story.id), default=None)

    def _keep(self, story: Story) -> None:
        self._open[story.id] = story
        for key in self._keys(story.type, story.actors):
            self._by_key[key].add(story.id)

    def _keys(self, type: str | None, actors: Iterable[str]) -> list[Key]:
        """An actor counts as what it acts for: the Korean People's Army as North Korea."""
        if type is None:
            return []
        return [(type, (*(actor, *self._names.above(actor)),)[-1]) for actor in actors] or [(type, "")]

    @staticmethod
    def _id(report: Report) -> str:
        return f"st_{hashlib.blake2b(report.id.encode(), digest_size=8).hexdigest()}"


def _meet(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    return not ours or not theirs or bool(set(ours) & set(theirs))


def _why(event: Event | None, story: Story | None) -> str:
    if event is None:
        return "opens a story: it tells no event"
    if story is None:
        return f"opens a story: no open one is a {event.type} by {', '.join(event.actors) or 'nobody named'}"
    return f"joins {story.id}: {event.type} by {', '.join(event.actors) or 'nobody named'}, within three days"


def words(difference: Difference) -> str:
    """What is new, in English."""
    if difference.old:
        return f"{difference.aspect}: {difference.old} → {difference.new}"
    return f"{difference.aspect}: {difference.new}"
