"""Report: an item, and what was understood of it."""

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from schemas.base import Message, Span
from schemas.item import Item

EVENT_TYPES: tuple[str, ...] = (
    "troop_deployment", "troop_withdrawal", "mobilisation", "military_exercise", "peacekeeping", "arms_transfer",
    "military_aid", "armed_clash", "offensive", "airstrike", "drone_attack", "missile_attack", "shelling", "bombing",
    "weapons_test", "casualties", "territory_capture", "blockade", "hostage_taking", "prisoner_exchange", "ceasefire",
    "ceasefire_violation", "peace_talks", "treaty", "diplomatic_meeting", "diplomatic_break", "sanctions",
    "sanctions_eased", "threat", "protest", "riot", "coup", "state_of_emergency", "arrest", "assassination",
    "mass_killing", "displacement", "cyberattack", "election", "natural_disaster", "accident", "humanitarian_aid",
)  # fmt: skip
"""The types tocsin ships; a user's lexicon may add more."""

EntityType = Literal[
    "country", "region", "city", "place", "person", "organisation", "armed_force", "armed_group", "agency",
    "ministry", "alliance", "weapon", "other",
]  # fmt: skip

UNITS: tuple[str, ...] = (
    "soldiers", "police", "killed", "wounded", "casualties", "missiles", "drones", "tanks", "aircraft", "ships",
    "people", "usd", "eur", "other",
)  # fmt: skip
"""What is counted; the query language's numbers, `quantity` meaning any of them."""


class Status(StrEnum):
    """How the text says an event stands (`docs/` explains each with an example)."""

    REPORTED = "reported"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    PLANNED = "planned"
    DEMANDED = "demanded"
    THREATENED = "threatened"
    REFUSED = "refused"
    HYPOTHETICAL = "hypothetical"
    RETRACTED = "retracted"


class Context(StrEnum):
    """Whether the event is news or background."""

    CURRENT = "current"
    HISTORICAL = "historical"
    ANNIVERSARY = "anniversary"


class Entity(Message):
    """A named thing. Ids: ISO 3166-1 alpha-2 for countries, ASCII slugs of the common English name elsewhere."""

    id: str
    type: EntityType
    name: str = ""
    spans: tuple[Span, ...] = ()
    confidence: float = 1.0
    reason: str = ""


class Keyword(Message):
    """A concept or keyword list of the lexicon that the text touches."""

    id: str
    spans: tuple[Span, ...] = ()


class Quantity(Message):
    """A number with its unit. `min == max == value` unless the text gives a range or a bound (then one may be None)."""

    value: float | None
    min: float | None
    max: float | None
    unit: str
    modifier: str | None = None
    """`about`, `more_than`, `less_than`, `up_to`, `at_least`, `additional`, … or None."""
    span: Span


class EventQuantity(Message):
    """A quantity in the part it plays in an event, with its own speakers."""

    value: float | None = None
    min: float | None = None
    max: float | None = None
    unit: str
    modifier: str | None = None
    part_of: float | None = None
    """The total this is part of: the 3,000 of `14,000, of whom 3,000 are new` has part_of 14000."""
    said_by: tuple[str, ...] = ()
    span: Span | None = None


class Claim(Message):
    """What one speaker says of one event. Two who disagree are two claims; nothing overwrites."""

    by: str | None
    """Entity id; None is the outlet itself."""
    status: Status
    evidence: Span


class Codes(Message):
    """The event type in other people's books."""

    plover: str | None = None
    cameo: str | None = None
    acled: str | None = None


SURE: Final = 0.5
"""An event of less confidence is a proposal: no story is built on it and no query hears of it, unless it asks."""


class Event(Message):
    """Who did what to whom, where, how many, who says so, and is it so."""

    type: str
    codes: Codes = Codes()
    main: bool = False
    status: Status = Status.REPORTED
    context: Context = Context.CURRENT
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """The most precise places and their countries."""
    date: str | None = None
    """ISO date, month, year or `a/b`."""
    quantities: tuple[EventQuantity, ...] = ()
    said_by: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Span, ...] = ()
    rule: str = ""
    confidence: float = Field(default=1.0, ge=0, le=1)
    doubt: str | None = None
    """Why the confidence is low, in words, where something speaks against the event."""


class Report(Item):
    """An item and what was understood of it (topic `tocsin.reports`, key: story shard)."""

    lang: str | None = None
    """The language of the text, as detected; None is unknown."""
    entities: tuple[Entity, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    events: tuple[Event, ...] = ()
    terms: tuple[str, ...] = ()
    """The few salient terms, folded, for display and for grouping."""
    lexicon: str = ""
    """Version of the lexicon that was used."""
