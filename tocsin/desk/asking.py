"""What a person asks for on the desk, as an action for the deliver stage."""

import hashlib
from datetime import datetime
from typing import Literal

from schemas.alert import Action

Kind = Literal["mute", "silence", "unsilence"]


def asked(
    kind: Kind, destination: str, at: datetime, *, story: str | None = None,
    subscription: str | None = None, until: datetime | None = None,
) -> Action:  # fmt: skip
    """The action; the same one asked for again within a minute is the same (a button pressed twice)."""
    told = f"{kind}\n{story}\n{subscription}\n{destination}\n{until and until - at}\n{at:%Y-%m-%dT%H:%M}"
    return Action(
        id="desk-" + hashlib.sha256(told.encode()).hexdigest()[:24], kind=kind, destination=destination, story=story,
        subscription=subscription, by="the desk", origin="desk", at=at, until=until,
    )  # fmt: skip
