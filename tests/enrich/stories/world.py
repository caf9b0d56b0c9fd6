"""A few names and a builder of reports, for every test of stories."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from schemas.ports import Named
from schemas.report import Claim, Entity, Event, EventQuantity, Report, Status

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

ENTITIES: Mapping[str, tuple[str, str, str | None]] = {
    "KP": ("country", "North Korea", None),
    "KR": ("country", "South Korea", None),
    "RU": ("country", "Russia", None),
    "UA": ("country", "Ukraine", None),
    "KE": ("country", "Kenya", None),
    "HT": ("country", "Haiti", None),
    "US": ("country", "United States", None),
    "IR": ("country", "Iran", None),
    "korean-peoples-army": ("armed_force", "Korean People's Army", "KP"),
    "kcna": ("agency", "KCNA", "KP"),
    "yonhap": ("agency", "Yonhap", "KR"),
    "kursk-oblast": ("region", "Kursk Oblast", "RU"),
    "kharkiv": ("city", "Kharkiv", "UA"),
    "odesa": ("city", "Odesa", "UA"),
    "OM": ("country", "Oman", None),
    "muscat": ("city", "Muscat", "OM"),
    "kim-jong-un": ("person", "Kim Jong Un", "KP"),
}


class FewNames:
    """The port `Names` over the table above."""

    def find(self, id: str) -> Named | None:
        """The entity of an id."""
        known = ENTITIES.get(id)
        return Named(id, known[0], known[1], known[2]) if known else None

    def lookup(self, name: str) -> Sequence[Named]:
        """Who may be called so."""
        return [found for key in ENTITIES if (found := self.find(key)) and found.name == name]

    def name(self, id: str, lang: str = "en") -> str:
        """The English name, in every language."""
        found = self.find(id)
        return found.name if found else id

    def above(self, id: str) -> tuple[str, ...]:
        """What it lies beneath or acts for."""
        found = self.find(id)
        return () if found is None or found.within is None else (found.within, *self.above(found.within))

    def ids(self) -> Iterable[str]:
        """Every id."""
        return ENTITIES


def event(type: str = "troop_deployment", status: Status = Status.REPORTED, **fields: object) -> Event:
    """A main event."""
    return Event.model_validate({"type": type, "main": True, "status": status, **fields})


def claim(by: str | None, status: Status) -> Claim:
    """What a speaker says, in the first words."""
    return Claim(by=by, status=status, evidence=(0, 10))


def count(value: float, unit: str = "soldiers") -> EventQuantity:
    """A number."""
    return EventQuantity(value=value, min=value, max=value, unit=unit)


def entity(id: str) -> Entity:
    """A mention in the headline."""
    kind, name, _ = ENTITIES[id]
    return Entity.model_validate({"id": id, "type": kind, "name": name, "spans": [(0, len(name))]})


def report(id: str, *events: Event, hours: float = 0, **fields: object) -> Report:
    """A report so many hours after noon; entities are those that its events name."""
    named = dict.fromkeys(key for e in events for key in (*e.actors, *e.targets, *e.places) if key in ENTITIES)
    filled = {
        "id": id, "title": _title(id, events), "published": NOON + timedelta(hours=hours), "lang": "en",
        "source": f"Paper {id}", "events": events, "entities": tuple(entity(key) for key in named), **fields,
    }  # fmt: skip
    return Report.model_validate(filled)


def _title(id: str, events: Sequence[Event]) -> str:
    """As a headline names type and parties; of a report without an event its id."""
    if not events:
        return f"Report {id}"
    told = events[0]
    named = [ENTITIES[key][1] for key in (*told.actors, *told.targets, *told.places) if key in ENTITIES]
    return " ".join([told.type.replace("_", " "), *dict.fromkeys(named)])


def deployment(
    id: str, status: Status = Status.REPORTED, hours: float = 0, *, soldiers: float | None = None,
    said: tuple[str, ...] = (), claims: tuple[Claim, ...] = (), context: str = "current", **fields: object,
) -> Report:  # fmt: skip
    """North Korea sends soldiers to Kursk."""
    told = event(
        status=status, actors=("KP",), targets=("RU",), places=("RU", "kursk-oblast"), context=context,
        quantities=(count(soldiers),) if soldiers else (), said_by=said,
        claims=claims or tuple(claim(speaker, status) for speaker in said),
    )  # fmt: skip
    return report(id, told, hours=hours, **fields)
