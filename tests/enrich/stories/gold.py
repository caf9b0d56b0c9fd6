"""The gold stories of `gold/`: as items, and as reports whose understanding is perfect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from schemas import marked
from schemas.item import Item
from schemas.ports import Named
from schemas.report import Entity, Event, EventQuantity, Report

FOLDER = Path(__file__).parent / "gold"

WITHIN: Mapping[str, str] = {
    "kursk-oblast": "RU", "belgorod": "RU", "kcna": "KP", "pyongyang": "KP", "port-au-prince": "HT", "rukla": "LT",
    "niamey": "NE", "bamako": "ML", "idlib": "SY", "kharkiv": "UA", "odesa": "UA", "ternopil": "UA", "gaza-city": "PS",
    "gaza-strip": "PS", "nabatieh": "LB", "el-fasher": "SD", "khartoum": "SD", "hodeidah": "YE", "kabul": "AF",
    "peshawar": "PK", "london": "GB", "washington-dc": "US", "syunik": "AM", "muscat": "OM", "rome": "IT",
    "ouagadougou": "BF", "nairobi": "KE", "belgrade": "RS", "tbilisi": "GE", "marrakesh": "MA", "derna": "LY",
    "wajima": "JP", "muan": "KR", "istanbul": "TR", "dublin": "IE", "frankfurt": "DE", "munich": "DE", "brussels": "BE",
    "rosneft": "RU",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One report of the gold: the story it tells, the item, and what a perfect reader makes of it."""

    story: str
    item: Item
    report: Report


class GoldNames:
    """The port `Names` over what the gold names."""

    def find(self, id: str) -> Named | None:
        """The entity of an id."""
        return Named(id, _kind(id), id.replace("-", " ").title() if len(id) > 2 else id, WITHIN.get(id))

    def lookup(self, name: str) -> Sequence[Named]:
        """Nobody: the gold's entities are given."""
        return ()

    def name(self, id: str, lang: str = "en") -> str:
        """The id in capitals."""
        found = self.find(id)
        return found.name if found else id

    def above(self, id: str) -> tuple[str, ...]:
        """Its country."""
        return (WITHIN[id],) if id in WITHIN else ()

    def ids(self) -> Sequence[str]:
        """All places."""
        return tuple(WITHIN)


def _kind(key: str) -> str:
    return "country" if len(key) == 2 else "place" if key in WITHIN else "other"


@cache
def gold() -> tuple[Told, ...]:
    """Every report of every file, in the order of the files."""
    return tuple(
        told
        for file in sorted(FOLDER.glob("*.yaml"))
        for story in marked.parse(file.read_text("utf-8"), file.name).value
        for told in _reports(story)
    )


def _reports(story: Mapping[str, Any]) -> list[Told]:
    noon = datetime.fromisoformat(str(story["day"])).replace(hour=12, tzinfo=UTC)
    found = []
    for number, (lang, hours, source, title, text, *rest) in enumerate(story["reports"]):
        item = Item(id=f"{story['story']}/{number}", title=title, text=text, source=source, lang=lang,
                    published=noon + timedelta(hours=float(hours)))  # fmt: skip
        found.append(Told(story["story"], item, _understood(item, story, rest[0] if rest else {})))
    return found


def _understood(item: Item, story: Mapping[str, Any], own: Mapping[str, Any]) -> Report:
    events = [_event({**story["event"], **own}, main=True)] if story["event"] else []
    events += [
        _event({"type": kind, "actors": [one], "targets": [other], "places": [other]}, main=False)
        for kind, one, other in story.get("more", ())
    ]
    keys = dict.fromkeys(
        [*(key for e in events for key in (*e.actors, *e.targets, *e.places)), *story.get("names", ())]
    )
    entities = [Entity.model_validate({"id": key, "type": _kind(key), "name": key, "spans": [(0, 5)]}) for key in keys]
    return Report.model_validate({**item.model_dump(), "events": events, "entities": entities})


def _event(said: Mapping[str, Any], *, main: bool) -> Event:
    counts = [EventQuantity(value=n, min=n, max=n, unit=unit) for n, unit in said.get("quantities", ())]
    return Event.model_validate({**said, "quantities": counts, "main": main})
