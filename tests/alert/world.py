"""A small world for tests of the alert room: names, a lexicon, real folding, and builders of reports."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from alert.subscriptions import SubscriptionSet, load
from enrich.fold import Fold
from schemas.ports import Folding, Named
from schemas.report import EVENT_TYPES, Entity, Event, EventQuantity, Keyword, Report, Status
from schemas.story import Change, Materiality, Story

NOW = datetime(2025, 4, 28, 6, 10, tzinfo=UTC)
FOLDING: Folding = Fold()

_NAMED = [
    Named("KP", "country", "North Korea"), Named("KR", "country", "South Korea"), Named("RU", "country", "Russia"),
    Named("UA", "country", "Ukraine"), Named("TO", "country", "Tonga"), Named("OR", "region", "Oregon"),
    Named("kursk-oblast", "region", "Kursk Oblast", "RU"), Named("sudzha", "city", "Sudzha", "kursk-oblast"),
    Named("kpa", "armed_force", "Korean People's Army", "KP"), Named("kcna", "agency", "KCNA", "KP"),
    Named("yonhap", "agency", "Yonhap", "KR"), Named("kim-jong-un", "person", "Kim Jong Un", "KP"),
]  # fmt: skip


class SmallNames:
    """A gazetteer of a dozen names that keeps the promise of `schemas.ports.Names`."""

    def __init__(self) -> None:
        self._by_id = {named.id: named for named in _NAMED}

    def find(self, id: str) -> Named | None:
        return self._by_id.get(id)

    def lookup(self, name: str) -> Sequence[Named]:
        return [named for named in _NAMED if named.name.casefold() == name.casefold()]

    def name(self, id: str, lang: str = "en") -> str:
        return self._by_id[id].name if id in self._by_id else id

    def above(self, id: str) -> tuple[str, ...]:
        found: list[str] = []
        named = self._by_id.get(id)
        while named is not None and named.within is not None:
            found.append(named.within)
            named = self._by_id.get(named.within)
        return tuple(found)

    def ids(self) -> Iterable[str]:
        return list(self._by_id)


class SmallLexicon:
    """The shipped event types and two keywords."""

    def event_types(self) -> frozenset[str]:
        return frozenset(EVENT_TYPES)

    def keyword_ids(self) -> frozenset[str]:
        return frozenset({"troops", "nuclear"})


NAMES = SmallNames()
LEXICON = SmallLexicon()


def quantity(unit: str, low: float, high: float | None = None) -> EventQuantity:
    return EventQuantity(value=low, min=low, max=low if high is None else high, unit=unit)


def event(type: str = "troop_deployment", **fields: Any) -> Event:
    return Event(type=type, **fields)


def deployment(**fields: Any) -> Event:
    """North Korea has sent 14,000 soldiers to Kursk, and says so."""
    given = {
        "actors": ("KP",), "targets": ("RU",), "places": ("RU", "kursk-oblast"), "status": Status.CONFIRMED,
        "said_by": ("kcna",), "quantities": (quantity("soldiers", 14000),), "main": True, **fields,
    }  # fmt: skip
    return event(**given)


def report(text: str = "", *events: Event, title: str = "", **fields: Any) -> Report:
    keywords = tuple(Keyword(id=one, spans=()) for one in fields.pop("keywords", ()))
    entities = tuple(_entity(one) for one in fields.pop("entities", ()))
    given: dict[str, Any] = {"id": "r1", "lang": "en", **fields}
    return Report(title=title, text=text, events=events, keywords=keywords, entities=entities, **given)


def _entity(id: str) -> Entity:
    named = NAMES.find(id)
    assert named is not None
    return Entity(id=id, type=named.type, name=named.name, spans=())


def story(**fields: Any) -> Story:
    return Story(**{"id": "s1", "revision": 1, "first_seen": NOW, "last_seen": NOW, **fields})


def change(of: Report, materiality: Materiality = Materiality.M2, **fields: Any) -> Change:
    """A change; `story_…` fields are the story's."""
    of_story = {key.removeprefix("story_"): fields.pop(key) for key in list(fields) if key.startswith("story_")}
    whole = story(**of_story)
    given = {"id": f"{whole.id}.{whole.revision}", "live": True, **fields}
    return Change(story=whole, report=of, materiality=materiality, **given)


def subscriptions(files: Mapping[str, str] | str, **options: Any) -> SubscriptionSet:
    """The set of some files, or of one."""
    given = {"s.yaml": files} if isinstance(files, str) else files
    return load(given, NAMES, LEXICON, FOLDING, **options)


def one(query: str, **keys: Any) -> SubscriptionSet:
    """A set of one subscription `x` with a query and more keys."""
    import json

    written = json.dumps({"subscriptions": [{"id": "x", "match": query, "notify": ["console"], **keys}]})
    return subscriptions(written, admit_broad=True)


def fires(query: str, of: Report, **keys: Any) -> bool:
    """Whether a query matches a report (held does not count)."""
    return any(not match.held for match in one(query, **keys).match(of))
