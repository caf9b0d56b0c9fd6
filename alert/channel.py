"""The port between delivery and a channel: what is handed over, what comes back, and the ways it can go wrong.

A channel knows its wire and nothing else: no ledger, no policy, no other channel. Whatever happens, it either returns a
`Sent` or raises one of the errors below; the error says what is known about the message, which decides what may follow.

Undelivered
├── NotSent       the other side has not taken it: try again
├── Uncertain     it may have taken it: look before sending again
├── BadMessage    it will not take this form: try a plainer one
├── ThreadGone    the message to answer or edit is not there any more: open a new one
├── Refused       it will never take it
└── Broken        it takes nothing from us until a person mends it
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from alert.words.document import Digest, Document
from schemas.errors import TocsinError

Kind = Literal["root", "reply", "edit", "digest"]
Scope = Literal["destination", "pace", "message"]


class Undelivered(TocsinError):
    """A message did not (surely) arrive. `reason` is short, ours, and free of secrets and of feed text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(Undelivered):
    """Surely not taken. `delay` is the other side's own wish in seconds; `scope` is what has to wait.

    `destination`: something is wrong there. `pace`: we are too fast, which is no failed attempt. `message`: this
    message at this address; others may go on.
    """

    def __init__(self, reason: str, delay: float | None = None, scope: Scope = "destination") -> None:
        super().__init__(reason)
        self.delay = delay
        self.scope = scope


class Uncertain(Undelivered):
    """Written to the wire and not answered, or answered in a way that leaves both possible.

    `settle` is how many seconds to let pass before looking whether it arrived.
    """

    def __init__(self, reason: str, settle: float = 3.0) -> None:
        super().__init__(reason)
        self.settle = settle


class BadMessage(Undelivered):
    """Not in this form: too long, a block it does not like."""


class ThreadGone(Undelivered):
    """The root is deleted, locked or too old."""


class Refused(Undelivered):
    """A final no to this message at this address."""


class Broken(Undelivered):
    """A final no to everything: bad credentials, no such channel."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do."""

    threads: bool = False
    edits: bool = False
    reconcile: bool = False
    """It can be asked whether a delivery arrived."""
    idempotent: bool = False
    """The other side drops a delivery id it has seen, so that sending again is harmless."""
    plainer: int = 0
    """How many plainer forms of a message it has."""
    parallel: int = 1
    """How many messages may be on their way at once."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages a second, shared by everything that names the same limit."""

    name: str
    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message as delivery hands it to a channel."""

    delivery: str
    """Opaque id: the same for every attempt at this message, never for another."""
    kind: Kind
    content: Document | Digest
    leg: str = ""
    """Which of the channel's addresses."""
    thread: str = ""
    """Handle of the root to answer or to edit, as the channel returned it."""
    earlier: tuple[str, ...] = ()
    """Handles of the thread's latest messages, oldest first."""
    broadcast: bool = False
    """A reply that everybody should see."""
    plainer: int = 0
    """0 is the full form; each step is plainer."""
    started: datetime | None = None
    """When the first attempt began: reconciliation looks from here."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there. `handle` names it for replies and edits; `link` opens it."""

    handle: str
    link: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """One way to reach people. Every method raises only `Undelivered`; none takes longer than a few minutes."""

    @property
    def can(self) -> Capabilities:
        """What it can do."""

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """The limits a message of this kind lives under."""

    def legs(self) -> tuple[str, ...]:
        """The addresses one message goes to, each on its own."""

    async def send(self, parcel: Parcel) -> Sent:
        """Deliver a root, a reply or a digest."""

    async def update(self, parcel: Parcel) -> Sent:
        """Replace what `parcel.thread` names. Only where `can.edits`."""

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Whether this delivery arrived. Only where `can.reconcile`."""

    async def check(self) -> str:
        """Prove address and credentials without a message; returns who we are there, in words."""

    async def close(self) -> None:
        """Let go of connections."""
