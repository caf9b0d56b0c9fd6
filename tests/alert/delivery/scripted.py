"""A channel that keeps the port's promise, remembers what it took, and fails as a test wants."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from alert.channel import Capabilities, Kind, Limit, Parcel, Sent, Uncertain, Undelivered


@dataclass
class Scripted:
    """Takes everything; each entry of `script` is raised instead of (or, after `lost`, after) taking one message."""

    can: Capabilities = field(default_factory=lambda: Capabilities(threads=True, edits=True, reconcile=True, plainer=2))
    script: deque[Undelivered | None] = field(default_factory=deque)
    lost: bool = False
    """A message whose error is `Uncertain` was taken all the same."""
    addresses: tuple[str, ...] = ("",)
    limit: tuple[Limit, ...] = ()
    taken: list[Parcel] = field(default_factory=list)
    edits: list[Parcel] = field(default_factory=list)
    checks: deque[Undelivered | None] = field(default_factory=deque)
    looks: list[Parcel] = field(default_factory=list)
    back: datetime | None = None
    """When a test let it work again."""

    def legs(self) -> tuple[str, ...]:
        """Its addresses."""
        return self.addresses

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """As the test wants."""
        return self.limit

    async def send(self, parcel: Parcel) -> Sent:
        """Take it, or fail."""
        error = self.script.popleft() if self.script else None
        if error is None or (self.lost and isinstance(error, Uncertain)):
            self.taken.append(parcel)
        if error is not None:
            raise error
        return Sent(f"m{len(self.taken)}")

    async def update(self, parcel: Parcel) -> Sent:
        """Edit, or fail."""
        error = self.script.popleft() if self.script else None
        if error is not None:
            raise error
        self.edits.append(parcel)
        return Sent(parcel.thread)

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Look for the delivery among what was taken."""
        self.looks.append(parcel)
        found = [
            n for n, taken in enumerate(self.taken, 1) if (taken.delivery, taken.leg) == (parcel.delivery, parcel.leg)
        ]
        return Sent(f"m{found[0]}") if found else None

    async def check(self) -> str:
        """Well, unless the test says otherwise."""
        error = self.checks.popleft() if self.checks else None
        if error is not None:
            raise error
        return "scripted"

    async def close(self) -> None:
        """Nothing to close."""
