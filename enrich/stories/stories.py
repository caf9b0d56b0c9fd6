"""Each report finds the open story it tells of, or opens one, and says what it changed there."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from enrich.stories import facts
from enrich.stories.choosing import Choice, choose, is_one
from enrich.stories.evidence import Sought
from enrich.stories.lifecycle import came_back, lifecycle
from enrich.stories.likeness import likeness
from enrich.stories.shelf import MOST_OPEN, Notebook, Nowhere, Shelf
from enrich.stories.standing import retracted, timeline
from enrich.stories.telling import disputes, what_is_new, why_apart, why_joined
from enrich.stories.traits import Rolling, Traits, traits_of
from enrich.stories.vetoes import COPY
from schemas import materiality
from schemas.phrasing import headline
from schemas.ports import Names, State
from schemas.report import Report
from schemas.story import Change, Materiality, Story

LONGEST_TITLE = 200


class _Filed(NamedTuple):
    """Where a report was put, and on what it is laid there."""

    handle: int
    before: Story
    """As people know it."""
    base: Story
    """What the report is added to."""
    joined: str
    opens: bool = False
    notes: tuple[str, ...] = ()
    copy: bool = False


class Stories:
    """Holds the open stories in memory; `add` gives each report its story and says what it changed.

    Not thread-safe: stories need one writer. What is decided depends on the reports and their order, never on a clock.
    What must outlive the process goes into the `notebook` that `add` is given; `load` takes it back.
    """

    def __init__(self, names: Names, most: int = MOST_OPEN) -> None:
        self._names = Rolling(names)
        self._shelf = Shelf(most)

    def __len__(self) -> int:
        return len(self._shelf.stories)

    def load(self, state: State) -> None:
        """Take up again what notebooks were given."""
        self._shelf.load(state)

    def add(self, report: Report, notebook: Notebook | None = None, now: datetime | None = None) -> Change:
        """The change a report makes. `now` only says how long a story has lain untouched."""
        book = notebook or Nowhere()
        home = self._shelf.home(report.id)
        traits = traits_of(report, self._names)
        if report.kind == "retraction" and home is not None:
            filed = self._taken_back(report, home)
            story = filed.base
        else:
            filed = self._again(report, traits, home, book) if home is not None else self._new(report, traits, book)
            story = facts.added(filed.base, report, self._names, copy=filed.copy)
            self._shelf.enter(filed.handle, traits, book)
        return self._changed(filed, story, report, (now or facts.instant(report)).timestamp(), book)

    def let_go(self, before: datetime, notebook: Notebook) -> int:
        """Close the stories untouched since `before`, by the stage's own time; how many."""
        return self._shelf.let_go(notebook, before)

    def _new(self, report: Report, traits: Traits, book: Notebook, moved: str = "") -> _Filed:
        found = choose(self._shelf.sought(traits), self._shelf)
        apart = self._apart(found)
        if found.best is None:
            story = facts.opened(self._id(report), report)
            why = "; ".join(filter(None, (moved, f"opens {story.id}", apart or "no open story is like it")))
            return _Filed(self._shelf.open(story, 0.0), story, story, why, opens=True)
        handle, merged = self._one_of_two(found, book)
        before = self._shelf.stories[handle].story
        base = facts.joined(before, merged, self._names) if merged else before
        notes = (f"one with {merged.id}: both tell this",) if merged else ()
        why = "; ".join(filter(None, (moved, why_joined(before, found.likeness, self._names), apart)))
        return _Filed(handle, before, base, why, notes=notes, copy=found.likeness.copy >= COPY)

    def _one_of_two(self, found: Choice, book: Notebook) -> tuple[int, Story | None]:
        """The story a report joins, and the one that turned out to be the same (by then part of it)."""
        best, rival = found.best or 0, found.rival
        if rival is None:
            return best, None
        if not is_one(best, rival, self._shelf):
            return best, None
        one, other = self._shelf.stories[best], self._shelf.stories[rival]
        told, elder = sorted(((not s.live, -s.story.reports, h) for h, s in ((best, one), (rival, other))))
        gone = self._shelf.stories[elder[2]].story
        self._shelf.absorb(told[2], elder[2], book)
        return told[2], gone

    def _apart(self, found: Choice) -> str:
        if found.nearest is None or found.nearest not in self._shelf.stories:
            return ""
        return why_apart(self._shelf.stories[found.nearest].story, found.apart, self._names)

    def _again(self, report: Report, traits: Traits, home: int, book: Notebook) -> _Filed:
        """A report that came before: edited, or sent twice. It stays, unless it has become another happening's."""
        one = self._shelf.stories[home]
        before = one.story
        if len(one.reports) == 1:
            self._shelf.withdraw(home, report.id, book)
            return _Filed(home, before, _blank(before), f"stays in {before.id}: an edition of the one report there")
        self._shelf.withdraw(home, report.id, book)
        left = tuple(one.members.values())
        base = facts.without(before, report.id, left, self._names)
        found = (
            likeness(Sought.of(traits, self._shelf.common), self._shelf.profile(home), self._shelf.common)
            if left
            else None
        )
        if found is None or not found.veto:
            return _Filed(home, before, base, f"stays in {before.id}: an edition of a report there")
        self._shelf.update(home, base, one.touched, book, live=one.live)
        return self._new(report, traits, book, f"moved out of {before.id}: {self._names.said(found.veto)}")

    def _taken_back(self, report: Report, home: int) -> _Filed:
        before = self._shelf.stories[home].story
        said = retracted(before.statements, report.id)
        changed = {**timeline(said, self._names, before.status), "revision": before.revision + 1}
        note = f"{report.source or 'the outlet'} took back its report"
        return _Filed(home, before, before.model_copy(update=changed), f"belongs to {before.id}", notes=(note,))

    def _changed(self, filed: _Filed, story: Story, report: Report, touched: float, book: Notebook) -> Change:
        one = self._shelf.stories[filed.handle]
        at = facts.instant(report)
        back = "" if filed.opens else came_back(filed.before.last_seen, at)
        story = story.model_copy(
            update={
                "headline": self._headline(filed, story) or story.headline or _title(report),
                "lifecycle": lifecycle(story.first_seen, story.last_seen, tuple(one.members.values())),
            }
        )
        live = one.live or report.alertable
        self._shelf.update(filed.handle, story, touched, book, live=live)
        self._shelf.let_go(book)
        level, what = self._news(filed, story, report, back)
        return Change(
            id=f"{story.id}/{story.revision}", story=story, report=report, materiality=level, what=what,
            joined=filed.joined, opens=filed.opens, alertable=report.alertable, live=live,
        )  # fmt: skip

    def _headline(self, filed: _Filed, story: Story) -> str:
        """Composed anew only where something was said of the facts: each statement makes another timeline."""
        return "" if story.statements is filed.before.statements else headline(story, self._names)

    def _news(self, filed: _Filed, story: Story, report: Report, back: str) -> tuple[Materiality, tuple[str, ...]]:
        """How much it matters, and what is new in words."""
        before = filed.before
        found = materiality.differences(before, story)
        level = materiality.level(found)
        dispute = disputes(story, self._names) if story.disputed and not before.disputed else ""
        if report.kind == "retraction" and filed.notes:
            level = Materiality.M3
        if back or dispute or filed.notes:
            level = max(level, Materiality.M1)
        told = what_is_new(found, story, self._names)
        opening = f"new story: {story.headline}" if filed.opens else ""
        return level, tuple(filter(None, (opening, back, *filed.notes, dispute, *told)))

    def _id(self, report: Report) -> str:
        """Made of the report that opens it: the same after a replay."""
        salt = ""
        while True:
            key = f"st_{hashlib.blake2b(f'{report.id}{salt}'.encode(), digest_size=8).hexdigest()}"
            if not self._shelf.is_taken(key):
                return key
            salt += "+"


def _blank(story: Story) -> Story:
    """The story without its one report."""
    return Story(
        id=story.id, revision=story.revision, first_seen=story.first_seen, last_seen=story.last_seen,
        merged=story.merged, headline=story.headline,
    )  # fmt: skip


def _title(report: Report) -> str:
    return (report.title or report.text.strip().partition("\n")[0])[:LONGEST_TITLE]
