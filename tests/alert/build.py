"""Builders: a story, an alert and the names they use, with the one fact a test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.alert import Alert, Match, Severity
from schemas.ports import Named
from schemas.report import Event, EventQuantity, Report, Status
from schemas.story import Materiality, Statement, Story

DAWN = datetime(2025, 4, 28, 6, 0, tzinfo=UTC)

TITLE = "كوريا الشمالية تؤكد رسمياً نشر قواتها في روسيا"
TEXT = "أكدت بيونغ يانغ للمرة الأولى إرسال قوات إلى كورسك، وقدرت سول عددهم بنحو 14 ألف جندي."


class Atlas:
    """The few names these tests speak of: the port's promise, on a small table."""

    _KNOWN = {
        "KP": ("country", {"en": "North Korea", "fr": "Corée du Nord", "ar": "كوريا الشمالية", "ru": "КНДР"}, None),
        "RU": ("country", {"en": "Russia", "fr": "Russie", "ar": "روسيا", "ru": "Россия"}, None),
        "UA": ("country", {"en": "Ukraine", "fr": "Ukraine"}, None),
        "kursk-oblast": ("region", {"en": "Kursk Oblast", "ar": "كورسك"}, "RU"),
        "kcna": ("agency", {"en": "KCNA"}, "KP"),
        "yonhap": ("agency", {"en": "Yonhap"}, None),
    }

    def find(self, id: str) -> Named | None:
        """The entity, if it is one of ours."""
        entry = self._KNOWN.get(id)
        return Named(id, entry[0], entry[1]["en"], entry[2]) if entry else None

    def lookup(self, name: str) -> tuple[Named, ...]:
        """Exact names only."""
        found = (self.find(key) for key, entry in self._KNOWN.items() if name in entry[1].values())
        return tuple(named for named in found if named)

    def name(self, id: str, lang: str = "en") -> str:
        """In the reader's language, else in English, else the id."""
        entry = self._KNOWN.get(id)
        return entry[1].get(lang, entry[1]["en"]) if entry else id

    def above(self, id: str) -> tuple[str, ...]:
        """One level is all these have."""
        entry = self._KNOWN.get(id)
        return (entry[2],) if entry and entry[2] else ()

    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._KNOWN)


def soldiers(count: float, **more: Any) -> EventQuantity:
    """About so many soldiers."""
    return EventQuantity(value=count, min=count, max=count, unit="soldiers", modifier="about", **more)


def story(key: str = "st1", revision: int = 1, **facts: Any) -> Story:
    """North Korea confirms, through KCNA, about 14,000 soldiers in Kursk; any fact can be another."""
    usual: dict[str, Any] = {
        "type": "troop_deployment", "status": Status.CONFIRMED, "actors": ("KP",), "targets": ("RU",),
        "places": ("RU", "kursk-oblast"), "date": "2025-04-28", "quantities": (soldiers(14000, said_by=("yonhap",)),),
        "said_by": ("kcna",), "statements": (Statement(by="kcna", status=Status.CONFIRMED, report="r1"),),
        "sources": ("Example Arabic",), "languages": ("ar",), "reports": 1,
        "first_seen": DAWN, "last_seen": DAWN, "headline": "North Korea confirms troop deployment to Russia",
    }  # fmt: skip
    return Story(id=key, revision=revision, **{**usual, **facts})


def report(**fields: Any) -> Report:
    """The Arabic report of it."""
    event = Event(type="troop_deployment", main=True, status=Status.CONFIRMED, actors=("KP",), evidence=((15, 26),))
    usual: dict[str, Any] = {
        "id": "r1", "title": TITLE, "text": TEXT, "url": "https://news.example/ar/1", "lang": "ar",
        "source": "Example Arabic", "published": DAWN - timedelta(minutes=5), "events": (event,),
    }  # fmt: skip
    return Report(**{**usual, **fields})


def match(subscription: str = "dprk-troops", **fields: Any) -> Match:
    """A subscription that wants it."""
    usual: dict[str, Any] = {
        "title": "North Korean troops abroad", "severity": Severity.HIGH, "spans": ((15, 26),),
        "reasons": ("event: troop_deployment", "actor: North Korea"),
    }  # fmt: skip
    return Match(subscription=subscription, **{**usual, **fields})


def alert(
    destination: str = "desk", key: str = "st1", revision: int = 1, *, at: datetime = DAWN,
    severity: Severity = Severity.HIGH, matches: tuple[Match, ...] | None = None, facts: dict[str, Any] | None = None,
    **fields: Any,
) -> Alert:  # fmt: skip
    """An alert of that story's revision for a destination."""
    wanted = (match(severity=severity),) if matches is None else matches
    usual: dict[str, Any] = {
        "id": f"{destination}:{key}:{revision}", "destination": destination,
        "story": story(key, revision, **facts or {}),
        "report": report(id=f"{key}-r{revision}"), "materiality": Materiality.M1, "severity": severity,
        "matches": wanted, "created": at,
    }  # fmt: skip
    return Alert(**{**usual, **fields})
