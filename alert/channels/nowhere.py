"""Nowhere: takes every message and shows it to nobody. For the canary's own lane, and for trying subscriptions."""

from alert.channel import Capabilities, Kind, Limit, Parcel, Sent
from alert.channels import Services
from schemas.base import Strict


class Options(Strict):
    """`nowhere: {}`."""


def open_channel(name: str, options: Options, services: Services) -> "Nowhere":
    """Nothing to open."""
    return Nowhere()


class Nowhere:
    """Every message arrives at once."""

    can = Capabilities(threads=True, edits=True, idempotent=True)

    def legs(self) -> tuple[str, ...]:
        """One."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """None."""
        return ()

    async def send(self, parcel: Parcel) -> Sent:
        """Taken."""
        return Sent(parcel.delivery)

    async def update(self, parcel: Parcel) -> Sent:
        """Taken."""
        return Sent(parcel.thread)

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """It does not remember."""
        return None

    async def check(self) -> str:
        """Always there."""
        return "nobody"

    async def close(self) -> None:
        """Nothing to let go of."""
