"""Alert, Action, Receipt, DeadLetter: what a destination should hear, what people ask for, and how it ended."""

from enum import StrEnum
from typing import Any, Literal

from schemas.base import Message, Span, UtcTime
from schemas.report import Report
from schemas.story import Materiality, Story

RingMode = Literal["every", "material", "first", "digest"]


class Severity(StrEnum):
    """How loudly an alert rings."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    FLASH = "flash"

    @property
    def rank(self) -> int:
        """0 for low to 3 for flash."""
        return list(Severity).index(self)


class Quiet(Message):
    """Hours in which a subscription holds its alerts: `22:00-06:00` in a zone, except from this severity on."""

    hours: str
    timezone: str | None = None
    except_: Severity | None = None


class Match(Message):
    """One subscription that wants this alert, and why; with the wishes delivery needs."""

    subscription: str
    title: str = ""
    owner: str | None = None
    severity: Severity = Severity.NORMAL
    reasons: tuple[str, ...] = ()
    """Each clause that held, in words."""
    spans: tuple[Span, ...] = ()
    """The words of the report that matched."""
    ring: RingMode = "material"
    digest_at: str | None = None
    quiet: Quiet | None = None
    language: str = "en"
    held: str = ""
    """Why a scope gate that says `hold` keeps it from ringing (it is listed for a person); empty: it rings."""


class Alert(Message):
    """One change × one destination (topic `tocsin.alerts`, key: destination)."""

    id: str
    """Deterministic in (destination, story, revision)."""
    destination: str
    story: Story
    report: Report
    materiality: Materiality
    what: tuple[str, ...] = ()
    severity: Severity
    """The highest of the matches'."""
    matches: tuple[Match, ...] = ()
    """Empty for a correction that goes to who was told although no query matches any more."""
    correction: bool = False
    late: bool = False
    """From the slow lane: newer alerts of its story may have come before it."""
    via: str | None = None
    """The destination that cannot be reached, when this alert came to its fallback instead."""
    created: UtcTime


class Action(Message):
    """What a person asked for (topic `tocsin.actions`, key: destination). Applied once, by deliver alone."""

    id: str
    kind: Literal["acknowledge", "mute", "unmute", "silence", "unsilence", "feedback", "retry", "resume"]
    destination: str
    story: str | None = None
    subscription: str | None = None
    alert: str | None = None
    by: str
    origin: Literal["slack", "desk", "command line", "mail"]
    at: UtcTime
    until: UtcTime | None = None
    note: str = ""


class Outcome(StrEnum):
    """How one delivery stands or ended."""

    SENT = "sent"
    FOLDED = "folded"
    HELD = "held"
    FILTERED = "filtered"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"


class Receipt(Message):
    """How an alert ended at a destination, and why (topic `tocsin.receipts`, key: destination)."""

    id: str
    alert: str
    destination: str
    story: str
    revision: int
    report: str
    outcome: Outcome
    reason: str
    message_id: str | None = None
    latency: float | None = None
    """Seconds from the alert's creation to the end of the call."""
    fetched: UtcTime | None = None
    """When the report was fetched, so that feed to ring can be measured."""
    at: UtcTime


class DeadLetter(Message):
    """A record that no handler could read or bear (topic `tocsin.dead`), with its bytes."""

    id: str
    topic: str
    partition: int
    offset: int
    key: str
    value: str
    """Base64 of the original bytes."""
    headers: dict[str, str] = {}
    stage: str
    error: str
    """Class name of the error."""
    detail: str = ""
    """Its words and the traceback, at most 8,000 characters; never a secret."""
    at: UtcTime
    extra: dict[str, Any] = {}
