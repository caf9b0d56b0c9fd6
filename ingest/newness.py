"""What of a document is news: each entry against the feed's memory of all it has seen.

new: none of its names was met before. update: it was, and it says something else now. known: it was, and does not.
Three things that look like news and are none are recognised for the document as a whole: a first sight, a mass change
of ids, and a template that changed under every entry at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from pydantic import JsonValue

from ingest.canon import canon
from ingest.identity import aliases, fingerprint, item_id, own_links, substance
from schemas.item import Item

DAY = 86400.0
UPDATE_GAP = 600.0
"""Seconds between two updates of one item: a live ticker must not flood."""
KEPT_DAYS = 60
"""A name is forgotten so long after it was last in the document."""
_SEEN_AGAIN_DAYS = 7
"""The day of last sight is rewritten this rarely, so that a quiet document costs no writes."""
_MASS, _MASS_SHARE = 8, 0.6


@dataclass(frozen=True, slots=True)
class Mark:
    """What is remembered under each name of an item."""

    id: str
    substance: str = ""
    """Of what it said last; only under its first name."""
    day: int = 0
    """Days since 1970 of the last sight."""
    updated: float = 0.0

    def to_json(self) -> JsonValue:
        """As it is kept: a short list."""
        return [self.id, self.day, self.substance, self.updated] if self.substance else [self.id, self.day]

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """As it was kept."""
        return (
            cls(str(value[0]), str(value[2]), int(value[1]), float(value[3]))
            if len(value) > 3
            else cls(str(value[0]), day=int(value[1]))
        )


Known = Callable[[str], Mark | None]
"""The memory: what is remembered under a name (a fingerprint)."""


@dataclass(slots=True)
class Verdict:
    """What of a document goes on, and what is to be remembered."""

    items: list[Item] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    new: int = 0
    updates: int = 0
    known: int = 0
    reason: str = ""
    """Why a document that looked full of news gave none."""
    overlap: bool = True
    """False when nothing in the document was known: news may have come and gone between two looks."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One entry and what the memory says about it."""

    item: Item
    names: tuple[str, ...]
    mark: Mark | None
    renamed: bool
    """Recognised, but not by the first of its names."""
    title: str
    dated: str
    title_known: bool
    substance: str


def _title_name(item: Item) -> str:
    """A weak name: the headline. It never hides an item by itself, only where a whole document changed its ids."""
    words = " ".join(item.title.casefold().split())
    return fingerprint(f"t:{words}") if len(words) > 12 else ""


def _dated_name(item: Item) -> str:
    """A name for when guid and address change at once: the headline and the second it was published at.

    A date without a time of day names nothing, nor does one that we put in place of the publisher's.
    """
    when = item.published
    told = when is not None and item.published_raw is None and (when.hour, when.minute, when.second) != (0, 0, 0)
    return fingerprint(f"d:{_title_name(item)}|{when}") if told and _title_name(item) else ""


def _cases(items: Sequence[Item], known: Known) -> list[_Case]:
    """The entries by their own names, or by headline and second where the item is not here by its own name too."""
    cases = _named(items, known)
    here = {case.mark.id for case in cases if case.mark is not None}
    for at, case in enumerate(cases):
        mark = known(case.dated) if case.mark is None and case.dated else None
        if mark is not None and mark.id not in here:
            here.add(mark.id)
            cases[at] = replace(case, mark=mark, renamed=True)
    return cases


def _named(items: Sequence[Item], known: Known) -> list[_Case]:
    own, cases, met = own_links(items), [], set[str]()
    for item in items:
        names = aliases(item.id, item.url, item.url is not None and canon(item.url) in own)
        if names[0] in met:
            continue
        met.add(names[0])
        at, mark = next(((at, found) for at, name in enumerate(names) if (found := known(name))), (0, None))
        title, dated = _title_name(item), _dated_name(item)
        cases.append(_Case(item, names, mark, at > 0, title, dated, bool(title and known(title)), substance(item)))
    return cases


def judge(feed: str, items: Sequence[Item], known: Known, now: float, first_sight: bool) -> Verdict:
    """What of a document's items (ids as published) is news for a feed. Pure: `known` reads, the verdict is written.

    On first sight every item goes into the back-fill lane: history that never rings.
    """
    verdict, cases = Verdict(), _cases(items, known)
    fresh = [case for case in cases if case.mark is None]
    verdict.overlap = first_sight or not cases or len(fresh) < len(cases)
    renamed = not first_sight and _is_mass(sum(case.title_known for case in fresh), len(cases))
    edited = [case for case in cases if case.mark and _said(case.mark, known) not in ("", case.substance)]
    template = _is_mass(len(edited), len(cases))
    if renamed:
        verdict.reason = "the feed gave its entries new ids; none of them is news"
    elif template:
        verdict.reason = "every entry changed at once; that is the template, not the news"
    for case in cases:
        if case.mark is None:
            _meet(verdict, feed, case, now, silent=renamed and case.title_known, first_sight=first_sight)
        else:
            _meet_again(verdict, case, _first(case.mark, known), now, silent=template)
    return verdict


def _is_mass(some: int, all: int) -> bool:
    return all >= _MASS and some >= all * _MASS_SHARE


def _first(mark: Mark, known: Known) -> Mark:
    """The mark that carries the substance: under the item's own id."""
    return mark if mark.substance else known(fingerprint(f"s:{mark.id}")) or mark


def _said(mark: Mark, known: Known) -> str:
    return _first(mark, known).substance


def _remember(verdict: Verdict, case: _Case, mark: Mark) -> None:
    bare = Mark(mark.id, "", mark.day)
    verdict.marks |= {name: bare for name in (*case.names, case.title, case.dated) if name}
    verdict.marks[fingerprint(f"s:{mark.id}")] = mark


def _meet(verdict: Verdict, feed: str, case: _Case, now: float, *, silent: bool, first_sight: bool) -> None:
    """An item that was never met."""
    own = item_id(feed, case.item.id)
    _remember(verdict, case, Mark(own, case.substance, int(now // DAY)))
    if silent:
        verdict.known += 1
        return
    verdict.new += 1
    verdict.items.append(case.item.model_copy(update={"id": own, "kind": "new", "alertable": not first_sight}))


def _meet_again(verdict: Verdict, case: _Case, mark: Mark, now: float, *, silent: bool) -> None:
    """An item that was met before, under this name or another."""
    day, changed = int(now // DAY), mark.substance != case.substance
    speaks = changed and bool(mark.substance) and not silent and now - mark.updated >= UPDATE_GAP
    if speaks:
        verdict.updates += 1
        verdict.items.append(case.item.model_copy(update={"id": mark.id, "kind": "update"}))
        _remember(verdict, case, Mark(mark.id, case.substance, day, now))
        return
    verdict.known += 1
    if changed and (silent or not mark.substance):
        _remember(verdict, case, Mark(mark.id, case.substance, day, mark.updated))
    elif day - mark.day >= _SEEN_AGAIN_DAYS or case.renamed:
        _remember(verdict, case, Mark(mark.id, mark.substance, day, mark.updated))
