"""What a message says, before any channel gives it a form. Every string in it is clean (`alert.words.clean`)."""

from dataclasses import dataclass, field
from typing import Literal

from schemas.alert import Severity
from schemas.materiality import Facts

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of feed text; `hit` when it is what matched."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """The report in its own language."""

    title: tuple[Run, ...]
    snippet: tuple[Run, ...] = ()
    lang: str | None = None
    language: str = ""
    """What the reader calls that language."""
    dir: Direction = "ltr"
    url: str | None = None
    host: str = ""
    publisher: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact: `Who`, `North Korea`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Labels:
    """The fixed words of buttons and captions in the reader's language."""

    ack: str = ""
    mute: str = ""
    mute_ask: str = ""
    yes_mute: str = ""
    cancel: str = ""
    not_relevant: str = ""
    silence: str = ""
    open_story: str = ""
    open: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One alert in words, in reading order: what decides "do I act?" comes first."""

    story: str
    revision: int
    destination: str
    severity: Severity
    severity_word: str
    headline: str
    lang: str = "en"
    dir: Direction = "ltr"
    deltas: tuple[str, ...] = ()
    """What is new since this destination was last told; empty for a first ring."""
    chips: tuple[str, ...] = ()
    """Status, kind of event, sources, languages, first seen."""
    original: Original | None = None
    also: tuple[str, ...] = ()
    """The report's other events, composed in the reader's language."""
    slots: tuple[Slot, ...] = ()
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """About the message itself: delayed, may repeat, acknowledged by whom."""
    story_link: str | None = None
    subject: str = ""
    """What stays the same over the whole thread."""
    labels: Labels = Labels()
    facts: Facts | None = None
    """The same facts as ids and numbers, for machines."""

    @property
    def summary(self) -> str:
        """One line with every essential fact, for notifications and screen readers; at most 500 characters."""
        said = [f"{self.severity_word} · {self.headline}", *self.deltas[:2], *self.chips[:3], *self.notes]
        return ". ".join(part.rstrip(".") for part in said if part)[:500]


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in a digest."""

    severity: Severity
    severity_word: str
    headline: str
    detail: str = ""
    """What is new, how it stands, how many sources, why it waited."""
    link: str | None = None
    story: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """Several stories in one message."""

    destination: str
    title: str
    entries: tuple[Entry, ...]
    more: str = ""
    """`and 14 more`, when not all fit."""
    reason: str = ""
    """Why they come together: the hour, a cap, an outage."""
    lang: str = "en"
    dir: Direction = "ltr"
    link: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def summary(self) -> str:
        """One line for notifications; at most 500 characters."""
        first = " · ".join(entry.headline for entry in self.entries[:3])
        return f"{self.title}: {first}"[:500]
