"""What delivery remembers, as values: threads, what waits, what is on its way, and the condition of a destination.

The ledger of an alert: PENDING (in a `Pending`) → SENDING (in a `Row`, committed before the call) → SENT | UNCERTAIN |
REFUSED | EXPIRED (a Receipt). A thread has at most one message on its way, so its order is kept; what comes meanwhile
is collapsed into its one `Pending`, which always holds the story's present state.
"""

from enum import StrEnum

from alert.channel import Kind
from schemas.alert import Alert, Severity
from schemas.base import Message, UtcTime
from schemas.materiality import Facts


class Covered(Message):
    """One alert that a message stands for, as far as its receipt needs it."""

    alert: str
    revision: int
    report: str
    created: UtcTime
    fetched: UtcTime | None = None


class Thread(Message):
    """One story at one destination."""

    destination: str
    story: str
    seen: int = 0
    """Highest revision taken in."""
    late: int = 0
    """Highest revision taken in from the slow lane."""
    told: Facts | None = None
    """The facts of the last message that rang; None until one was sent."""
    told_revision: int = 0
    told_severity: Severity | None = None
    shown: Facts | None = None
    """The facts the root shows since its last edit."""
    roots: dict[str, str] = {}
    """Leg → handle of the message that opened the thread."""
    recent: dict[str, tuple[str, ...]] = {}
    """Leg → handles of the latest messages, oldest first."""
    subject: str = ""
    opened: UtcTime | None = None
    rang: UtcTime | None = None
    edited: UtcTime | None = None
    muted_until: UtcTime | None = None
    muted_by: str = ""
    acknowledged: str = ""
    """By whom and when, in words for the reader; empty when nobody has."""
    stale: bool = False
    """The root does not show the present state."""
    latest: Alert | None = None
    """The newest alert, to mend the root from."""
    row: str = ""
    """Id of the message on its way."""
    links: dict[str, str] = {}


class Pending(Message):
    """What waits to be said in one thread: the newest alert, standing for all that came since the last message."""

    alert: Alert
    covers: tuple[Covered, ...] = ()
    kind: Kind
    due: UtcTime
    since: UtcTime
    """When it was first free to go: expiry counts from here."""
    reason: str = ""
    """Why it waits, or why it goes."""
    held: bool = False
    broadcast: bool = False
    attempt: int = 0
    expired: bool = False
    """Its alerts have their receipts; only its line in the next digest is left."""
    fallen_back: bool = False


class RowState(StrEnum):
    """Where a message stands on its way."""

    SENDING = "sending"
    WAITING = "waiting"
    """Some legs are done, the next try has a time."""
    UNCERTAIN = "uncertain"
    HELD = "held"
    """Uncertain, and a person decides."""


class Row(Message):
    """One message on its way: written before the call, so that a crash leaves a trace."""

    id: str
    destination: str
    kind: Kind
    parts: tuple[Pending, ...]
    """One, or several for a digest."""
    state: RowState = RowState.SENDING
    leg: str = ""
    done: dict[str, str] = {}
    """Leg → handle."""
    refused: dict[str, str] = {}
    """Leg → reason."""
    started: UtcTime
    since: UtcTime | None = None
    """From when on to look for it, where that is before it set out: see `Restored`."""
    next: UtcTime | None = None
    attempt: int = 0
    looks: int = 0
    """How often reconciliation has looked in vain."""
    plainer: int = 0
    broadcast: bool = False
    reason: str = ""
    repeats: bool = False
    """It may stand there twice, and says so."""
    continued: bool = False

    @property
    def stories(self) -> tuple[str, ...]:
        """Ids of the stories it speaks of."""
        return tuple(part.alert.story.id for part in self.parts)


class Silence(Message):
    """A person's wish not to hear: of a story, a subscription, or anything (both None), until a time, for a reason."""

    id: str
    story: str | None = None
    subscription: str | None = None
    until: UtcTime
    by: str
    note: str = ""


class Loud(Message):
    """A flash that rang lately: it mutes the small stories round it."""

    story: str
    type: str | None
    where: tuple[str, ...]
    at: UtcTime


class Condition(Message):
    """A destination as it stands."""

    destination: str
    broken: str = ""
    """Why it takes nothing, until a person or a check says otherwise."""
    rings: tuple[UtcTime, ...] = ()
    """Roots of the last hour."""
    loud: tuple[Loud, ...] = ()
    silences: tuple[Silence, ...] = ()
