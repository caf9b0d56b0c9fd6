"""The canary's way through alerting: lanes of its own beside the real destinations, and the alerts that go down them.

A real destination never hears of a canary. Where it names a test target (`canary: {channel: C0TEST}`), a second lane
with those options runs beside it; and one lane, told to nobody, is always there.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from schemas.alert import Alert, Match, Receipt, Severity
from schemas.base import Message
from schemas.settings import Destination, Settings
from schemas.story import Change, Materiality

PREFIX: Final = "canary:"
"""Begins the name of every such lane; no destination may be called so."""
NOBODY: Final = f"{PREFIX}nobody"


def lanes(settings: Settings) -> dict[str, Destination]:
    """The canary's lanes by name: none where there is no canary."""
    if settings.canary is None:
        return {}
    found = {NOBODY: Destination(kind="nowhere")}
    for name, destination in settings.destinations.items():
        if destination.canary is not None:
            options = {**destination.options, **destination.canary}
            found[PREFIX + name] = Destination(kind=destination.kind, options=options, language=destination.language)
    return found


def is_of(message: Message) -> bool:
    """Whether a message is about a canary: what people read leaves those out."""
    match message:
        case Change(report=report) | Alert(report=report):
            return report.canary
        case Receipt(destination=destination):
            return destination.startswith(PREFIX)
        case _:
            return False


def with_lanes(settings: Settings) -> Settings:
    """The settings with the canary's lanes among the destinations: as delivery sees them."""
    return settings.model_copy(update={"destinations": {**settings.destinations, **lanes(settings)}})


def alerts(change: Change, destinations: Iterable[str], now: datetime) -> Iterable[Alert]:
    """One alert for each lane; every canary is a thread of its own, and rings at once."""
    match = Match(subscription="canary", title="tocsin itself", reasons=("a canary goes everywhere",))
    for destination in destinations:
        yield Alert(
            id=f"{destination}:{change.id}", destination=destination, story=change.story, report=change.report,
            materiality=Materiality.M0, severity=Severity.NORMAL, matches=(match,), created=now,
        )  # fmt: skip
