"""What of a report decides which story it belongs to, in a form small enough to keep for every open story."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from enrich.stories.houses import house_of
from enrich.stories.wording import LEAD, figures, sketch, worded, words
from schemas.materiality import is_country
from schemas.ports import Names
from schemas.report import SURE, Context, Event, EventQuantity, Report, Status

SALIENT: Final = 600
"""Code points of title and text in which a name counts as what the report is about."""
MOST_NAMES: Final = 14
MOST_CONCEPTS: Final = 12
MANY_EVENTS: Final = 5
"""A text that tells so many happenings is a round-up or a live-blog: it belongs to none of them."""
VAGUE_DAYS: Final = 8.0
"""A date that spans more says nothing about the day."""
FAR_DAYS: Final = 10.0
"""A date this far from the report's own is background."""

ASKED: Final = 50_000
"""Ids whose names and countries are remembered."""

PLACES: Final = frozenset({"country", "region", "city", "place"})

Count = tuple[str, float, float]
"""Unit, least, most."""


@dataclass(frozen=True, slots=True)
class Traits:
    """A report as grouping sees it. Ids everywhere, so that the language does not matter."""

    report: str
    at: float | None = None
    """Days since 1970; None when nobody knows when it was published."""
    lang: str = ""
    house: str = ""
    kind: str | None = None
    """Main event type."""
    also: frozenset[str] = frozenset()
    """Types of its other events."""
    sure: float = 1.0
    current: bool = True
    """False of history and anniversaries."""
    actors: frozenset[str] = frozenset()
    """Rolled up: the Korean People's Army is KP."""
    targets: frozenset[str] = frozenset()
    spots: frozenset[str] = frozenset()
    """Places smaller than a country."""
    around: frozenset[str] = frozenset()
    """What those lie in, below a country: Nabatieh's governorate."""
    lands: frozenset[str] = frozenset()
    """Countries of its places."""
    when: tuple[float, float] | None = None
    """First and last day of the event, where the text gives a date."""
    counts: tuple[Count, ...] = ()
    names: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()
    words: "array[int]" = field(default_factory=lambda: array("I"))
    sketch: "array[int]" = field(default_factory=lambda: array("I"))
    figures: frozenset[str] = frozenset()
    grounds: frozenset[str] = frozenset()
    """Those of `names` that are places: where, not what."""
    roots: "array[int]" = field(default_factory=lambda: array("I"))
    """Words across languages (`wording.root`)."""
    roundup: bool = False
    headed: int = 0
    """So many of `words`, the first, stand in the headline."""
    heads: frozenset[str] = frozenset()
    """Whom and what the headline names."""

    @property
    def who(self) -> frozenset[str]:
        """Everyone who does or suffers it."""
        return self.actors | self.targets


def main_event(report: Report) -> Event | None:
    """The event the report is about, if it surely tells one: no story is built on a proposal."""
    return next((event for event in report.events if event.main and event.confidence >= SURE), None)


class Rolling:
    """Names that remember what they were asked of late, and roll ids up to the country or body they lie beneath."""

    def __init__(self, names: Names) -> None:
        self.find, self.lookup, self.ids = names.find, names.lookup, names.ids
        self.name = lru_cache(maxsize=ASKED)(names.name)
        self.above = lru_cache(maxsize=ASKED)(names.above)
        self.top = lru_cache(maxsize=ASKED)(self._top)
        """The country (or else the topmost body) of an id."""
        self.said = lru_cache(maxsize=ASKED)(self._said)
        """A label with names in place of its ids, anything else as it is."""

    def _top(self, key: str) -> str:
        chain = self.above(key)
        return next((upper for upper in chain if is_country(upper)), chain[-1] if chain else key)

    def _said(self, label: str) -> str:
        return " ".join(self.name(word.rstrip(",")) + "," * word.endswith(",") for word in label.split(" "))


def traits_of(report: Report, rolling: Rolling) -> Traits:
    """The traits of a report. Pure."""
    event = main_event(report) or Event(type="")
    lead = f"{report.title}\n{report.text[:LEAD]}"
    headline, text = words(report.title), words(report.text[:LEAD])
    told = worded(headline, text)
    lands = {rolling.top(place) for place in event.places}
    return Traits(
        report=report.id,
        at=days(report.published or report.fetched),
        lang=report.lang or "",
        house=house_of(report),
        kind=event.type or None,
        also=keyset(other.type for other in report.events if not other.main and other.context is Context.CURRENT),
        sure=event.confidence,
        current=event.context is Context.CURRENT,
        actors=keyset(map(rolling.top, event.actors)),
        targets=keyset(map(rolling.top, event.targets)),
        spots=keyset(towns(event.places)),
        around=keyset(key for place in event.places for key in rolling.above(place) if not is_country(key)),
        lands=keyset(land for land in lands if is_country(land)),
        when=_when(event.date, days(report.published or report.fetched)),
        counts=tuple(dict.fromkeys(count for quantity in event.quantities for count in _count(quantity))),
        names=_names(report),
        concepts=keyset(list(dict.fromkeys(word.id for word in report.keywords))[:MOST_CONCEPTS]),
        grounds=keyset(entity.id for entity in report.entities if entity.type in PLACES),
        words=told.stems,
        roots=told.roots,
        sketch=sketch([*headline, *text]),
        figures=figures(lead),
        roundup=_is_roundup(report.events),
        headed=told.headed,
        heads=keyset(one.id for one in report.entities if any(span[0] < len(report.title) for span in one.spans)),
    )


MOST_SHARED: Final = 100_000
_SHARED: Final[dict[frozenset[str], frozenset[str]]] = {}
"""Sets that were made of late: reports of one happening have the same ones, and keep them for long."""


def keyset(keys: Iterable[str]) -> frozenset[str]:
    """A set of these, the same one for the same keys where it was made of late."""
    if len(_SHARED) >= MOST_SHARED:
        _SHARED.clear()
    found = frozenset(keys)
    return _SHARED.setdefault(found, found)


def days(instant: datetime | None) -> float | None:
    """Days since 1970."""
    return None if instant is None else instant.timestamp() / 86400


def towns(places: Iterable[str]) -> frozenset[str]:
    """Those of some places that are smaller than a country."""
    return frozenset(place for place in places if not is_country(place))


def _names(report: Report) -> frozenset[str]:
    """Whom and what the headline and the lead name; of news agencies only those that act."""
    acting = {key for event in report.events for key in (*event.actors, *event.targets)}
    found = [
        (min(span[0] for span in entity.spans) if entity.spans else 0, entity.id)
        for entity in report.entities
        if entity.type != "agency" or entity.id in acting
    ]
    return keyset(key for start, key in sorted(found)[:MOST_NAMES] if start < SALIENT)


def _count(quantity: EventQuantity) -> Iterable[Count]:
    ends = [end for end in (quantity.min, quantity.max, quantity.value) if end is not None]
    if ends and quantity.part_of is None:
        yield quantity.unit, min(ends), max(ends)


_UNTOLD: Final = frozenset({Status.HYPOTHETICAL})


def _is_roundup(events: Sequence[Event]) -> bool:
    told = {
        (event.type, event.actors, event.places)
        for event in events
        if event.context is Context.CURRENT and event.status not in _UNTOLD
    }
    places = {place for event in events for place in event.places if is_country(place)}
    return len(told) >= MANY_EVENTS and len(places) >= MANY_EVENTS - 1


def _when(written: str | None, published: float | None) -> tuple[float, float] | None:
    """The days of an event, where its date is exact enough and near enough to tell days apart."""
    if not written:
        return None
    first, _, last = written.partition("/")
    start, end = _day(first), _day(last or first)
    if start is None or end is None or end - start > VAGUE_DAYS:
        return None
    if published is not None and not -FAR_DAYS < start - published < FAR_DAYS:
        return None
    return start, end


@lru_cache(maxsize=10_000)
def _day(written: str) -> float | None:
    """An ISO date as days since 1970; None of a month, a year, or nonsense."""
    try:
        return float(date.fromisoformat(written).toordinal() - date(1970, 1, 1).toordinal())
    except ValueError:
        return None
