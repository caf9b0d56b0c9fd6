"""Where the open stories stand: found by what is rare in them, written into a notebook, let go when untouched.

The notebook's keys: `story/<id>` the story, `member/<id>/<number>` the traits of a member that is kept,
`home/<report>` the story of a report.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Protocol

from pydantic import JsonValue

from enrich.stories.commonness import Commonness
from enrich.stories.evidence import Sought
from enrich.stories.index import Index, Key, keys_of
from enrich.stories.openstory import OpenStory, from_json, to_json
from enrich.stories.profile import Profile, profile_of
from enrich.stories.traits import Traits
from schemas.ports import State
from schemas.story import Story

MOST_OPEN: Final = 250_000
"""Stories held open; beyond it those that lay untouched longest are let go."""


MOST_PROFILES: Final = 5_000
CANDIDATES: Final = 4
"""Stories that are looked at closely for one report."""
LEAST_WORTH: Final = 2.0
"""Bits by the index below which no story is looked at; nor is one far behind the likeliest."""
FAR_BEHIND: Final = 10.0
STALE: Final = 3.0
"""Bits a day, beyond the first half."""
MOST_STALE: Final = 10.0
DAY: Final = 86400


class Notebook(Protocol):
    """What outlives the process; a `Unit` is one."""

    def put(self, key: str, value: JsonValue) -> None:
        """Set a key."""

    def delete(self, key: str) -> None:
        """Forget a key."""


class Nowhere:
    """A notebook for those who keep none; what would be written into it is not even made."""

    def put(self, key: str, value: JsonValue) -> None:
        """Forget it at once."""

    def delete(self, key: str) -> None:
        """Nothing to forget."""


class Shelf:
    """The open stories by handle (the number of their opening), those touched longest ago first."""

    def __init__(self, most: int = MOST_OPEN) -> None:
        self.common = Commonness()
        self.stories: OrderedDict[int, OpenStory] = OrderedDict()
        """Its first is found at once; a `dict` emptied from the front looks at all places of the gone before it."""
        self._index = Index()
        self._most = most
        self._profiles: OrderedDict[int, Profile] = OrderedDict()
        self._homes: dict[str, int] = {}
        self._handles: dict[str, int] = {}
        self._next_handle = 0
        self._next_number = 0
        self._at_hand: tuple[Sought, dict[Key, float]] | None = None

    def sought(self, traits: Traits) -> Sought:
        """A report made ready to be weighed: once, however often it is asked for in a row."""
        return self._ready(traits)[0]

    def _ready(self, traits: Traits) -> tuple[Sought, dict[Key, float]]:
        if self._at_hand is None or self._at_hand[0].traits is not traits:
            sought = Sought.of(traits, self.common)
            self._at_hand = sought, keys_of(sought, self.common)
        return self._at_hand

    def candidates(self, sought: Sought, most: int = CANDIDATES, *, unlikely: bool = False) -> list[int]:
        """The open stories that share what is rare with a report and are near it in time, likeliest first.

        `unlikely` ones are worth a look to those only who learn what tells stories apart.
        """
        found = self._index.candidates(self._ready(sought.traits)[1], self.stories)
        ranked = sorted([(worth - self._staleness(handle, sought.traits.at), handle) for worth, handle in found])
        least = max(LEAST_WORTH, ranked[-1][0] / FAR_BEHIND) if ranked else 0.0
        return [handle for worth, handle in ranked[: -1 - most : -1] if unlikely or worth >= least]

    def _staleness(self, handle: int, at: float | None) -> float:
        """Bits that the days since a story's newest report take away."""
        if at is None:
            return MOST_STALE
        away = abs(at - self.stories[handle].story.last_seen.timestamp() / DAY)
        return min(MOST_STALE, STALE * max(0.0, away - 0.5))

    def profile(self, handle: int) -> Profile:
        """What the members of a story have in common; made anew only when it was not asked for of late."""
        found = self._profiles.get(handle)
        if found is None:
            one = self.stories[handle]
            found = self._profiles[handle] = profile_of(one.story.type, tuple(one.members.values()))
            if len(self._profiles) > MOST_PROFILES:
                self._profiles.popitem(last=False)
        else:
            self._profiles.move_to_end(handle)
        return found

    def home(self, report: str) -> int | None:
        """The story of a report that came before."""
        return self._homes.get(report)

    def is_taken(self, key: str) -> bool:
        """Whether an open story has this id."""
        return key in self._handles

    def open(self, story: Story, touched: float) -> int:
        """Put up a story without members; its handle."""
        handle = self._next_handle
        self._next_handle += 1
        self.stories[handle] = OpenStory(story, touched)
        self._handles[story.id] = handle
        return handle

    def enter(self, handle: int, traits: Traits, book: Notebook) -> None:
        """One more member."""
        one = self.stories[handle]
        number = self._next_number
        self._next_number += 1
        if self._homes.get(traits.report) != handle:
            self._homes[traits.report] = handle
            one.reports.append(traits.report)
            book.put(f"home/{traits.report}", one.story.id)
        self._remember(handle, number, traits)
        if not isinstance(book, Nowhere):
            book.put(_member(one, number), to_json(traits))
        self._trim(one, one.excess(), book)

    def withdraw(self, handle: int, report: str, book: Notebook) -> None:
        """Take a report out of its story."""
        one = self.stories[handle]
        self._profiles.pop(handle, None)
        number = one.number_of(report)
        if number is not None:
            self._trim(one, [number], book)
        one.reports.remove(report)
        del self._homes[report]
        book.delete(f"home/{report}")

    def update(self, handle: int, story: Story, touched: float, book: Notebook, *, live: bool) -> None:
        """What the story is now."""
        one = self.stories[handle]
        self.stories.move_to_end(handle)
        one.story = story
        self._profiles.pop(handle, None)
        one.touched, one.live = max(touched, one.touched), live
        if not isinstance(book, Nowhere):
            self._write(handle, one, book)

    def _write(self, handle: int, one: OpenStory, book: Notebook) -> None:
        told = one.story.model_dump(mode="json", exclude_defaults=True)
        book.put(f"story/{one.story.id}", {"story": told, "touched": one.touched, "live": one.live, "handle": handle})

    def absorb(self, handle: int, other: int, book: Notebook) -> None:
        """The members and reports of another story become this one's; the other is gone."""
        one, gone = self.stories[handle], self.stories.pop(other)
        del self._handles[gone.story.id]
        for number, traits in gone.members.items():
            book.delete(_member(gone, number))
            book.put(_member(one, number), to_json(traits))
            self._index.note(keys_of(Sought.of(traits, self.common), self.common), handle)
        one.take_all(gone.members)
        self._profiles.pop(handle, None)
        self._profiles.pop(other, None)
        one.live = one.live or gone.live
        for report in gone.reports:
            self._homes[report] = handle
            book.put(f"home/{report}", one.story.id)
        one.reports.extend(gone.reports)
        book.delete(f"story/{gone.story.id}")
        self._trim(one, one.excess(), book)
        self._index.forget(self.stories, 1)

    def let_go(self, book: Notebook, before: datetime | None = None) -> int:
        """Close what lay untouched longest: all beyond the bound, and all untouched since `before`. How many."""
        gone = 0
        limit = before.timestamp() if before else float("-inf")
        while self.stories:
            handle, one = next(iter(self.stories.items()))
            if len(self.stories) <= self._most and one.touched >= limit:
                break
            self._close(handle, one, book)
            gone += 1
        if gone:
            self._index.forget(self.stories, gone)
        return gone

    def _close(self, handle: int, one: OpenStory, book: Notebook) -> None:
        del self.stories[handle], self._handles[one.story.id]
        self._profiles.pop(handle, None)
        self._trim(one, list(one.members), book)
        for report in one.reports:
            del self._homes[report]
            book.delete(f"home/{report}")
        book.delete(f"story/{one.story.id}")

    def _remember(self, handle: int, number: int, traits: Traits) -> None:
        self._index.note(self._ready(traits)[1], handle)
        self._at_hand = None
        self.common.see(_named(traits), traits)
        self.stories[handle].members[number] = traits
        self._profiles.pop(handle, None)

    def _trim(self, one: OpenStory, numbers: Iterable[int], book: Notebook) -> None:
        for number in numbers:
            traits = one.members.pop(number)
            self.common.forget(_named(traits), traits)
            book.delete(_member(one, number))

    def load(self, state: State) -> None:
        """Start from what a notebook was given before, in the order in which it came."""
        saved: list[dict[str, Any]] = [value for _, value in state.scan("story/") if isinstance(value, dict)]
        for entry in sorted(saved, key=lambda entry: (entry["touched"], entry["handle"])):
            story = Story.model_validate(entry["story"])
            self.stories[entry["handle"]] = OpenStory(story, entry["touched"], entry["live"])
            self._handles[story.id] = entry["handle"]
            self._next_handle = max(self._next_handle, entry["handle"] + 1)
        for report, key in state.scan("home/"):
            handle = self._handles[str(key)]
            self._homes[report.removeprefix("home/")] = handle
            self.stories[handle].reports.append(report.removeprefix("home/"))
        self._load_members(state)

    def _load_members(self, state: State) -> None:
        members: list[tuple[int, int, Traits]] = []
        for key, value in state.scan("member/"):
            _, story, number = key.split("/")
            if isinstance(value, dict):
                members.append((int(number), self._handles[story], from_json(value)))
        for place, handle, traits in sorted(members, key=lambda member: member[0]):
            self._remember(handle, place, traits)
            self._next_number = max(self._next_number, place + 1)


def _member(one: OpenStory, number: int) -> str:
    return f"member/{one.story.id}/{number:012}"


def _named(traits: Traits) -> frozenset[str]:
    own = {f"#{figure}" for figure in traits.figures} | ({f"={traits.kind}"} if traits.kind else set())
    return traits.names | traits.who | traits.lands | traits.spots | traits.concepts | own
