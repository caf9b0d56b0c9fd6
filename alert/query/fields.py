"""The fields and numbers a query may ask for, and what each one means."""

from dataclasses import dataclass
from typing import Final, Literal

from schemas.report import UNITS

Kind = Literal["event", "status", "id", "keyword", "lang", "name"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field with words as values.

    `of_event`: asked of one event (and bound with its siblings to the same one), else of the whole report.
    `rolls_up`: holds through what lies beneath the value. `gate`: the subscription's key that decides where unknown.
    """

    name: str
    kind: Kind
    of_event: bool
    rolls_up: bool = False
    gate: str | None = None
    headline: bool = True
    """False for what an example, being words alone, cannot carry."""


FIELDS: Final = {
    field.name: field
    for field in (
        Field("event", "event", True),
        Field("actor", "id", True, rolls_up=True),
        Field("target", "id", True, rolls_up=True),
        Field("place", "id", True, rolls_up=True, gate="unplaced"),
        Field("status", "status", True),
        Field("said_by", "id", True, rolls_up=True, gate="unattributed"),
        Field("entity", "id", False),
        Field("country", "id", False),
        Field("keyword", "keyword", False),
        Field("lang", "lang", False, gate="unknown_language"),
        Field("source", "name", False, headline=False),
        Field("feed", "name", False, headline=False),
        Field("category", "name", False, headline=False),
    )
}

ALIASES: Final = {"type": "event"}
"""Other names a field answers to: `event{type:…}` reads better than `event{event:…}`."""

EVENT_NUMBERS: Final = frozenset({*UNITS, "quantity", "confidence"} - {"other"})
"""Numbers of one event; `quantity` is any of them but confidence."""

ITEM_NUMBERS: Final = frozenset({"sources", "trust"})
"""`sources`: independent publishers of the story (1 for a report alone); `trust`: 0…3, of the report's feed."""

NUMBERS: Final = EVENT_NUMBERS | ITEM_NUMBERS

SCOPES: Final = frozenset({"title", "text"})
"""`title:` and `text:` narrow words to the headline or to the rest."""

GATES: Final = {field.gate: field.name for field in FIELDS.values() if field.gate}
"""Gate → the field it guards."""

ALL_NAMES: Final = frozenset({*FIELDS, *ALIASES, *NUMBERS, *SCOPES, "query"})
