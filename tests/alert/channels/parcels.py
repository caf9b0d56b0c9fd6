"""Parcels for the channels' tests."""

from datetime import UTC, datetime
from typing import Any

from alert.channel import Kind, Parcel
from alert.words.compose import Waiting, Wording, compose, digest
from alert.words.facts import Reader
from schemas.alert import Alert
from schemas.materiality import facts
from tests.alert.build import Atlas, alert, story

READER = Reader("en", Atlas())


def parcel(delivery: str = "d1", kind: Kind = "root", of: Alert | None = None, **more: Any) -> Parcel:
    """An alert as delivery hands it over."""
    one = of or alert()
    told = facts(story(quantities=()), ("Example Arabic",)) if kind == "reply" else None
    started = more.pop("started", datetime.now(UTC))
    content = compose(one, Wording(READER, told=told, public_url="http://127.0.0.1:8765"))
    return Parcel(delivery, kind, content, started=started, **more)


def digest_parcel(count: int = 3, delivery: str = "d9", **more: Any) -> Parcel:
    """Several stories in one message."""
    waiting = [Waiting(alert(key=f"st{number}")) for number in range(count)]
    content = digest(waiting, Wording(READER), "desk", "the morning")
    return Parcel(delivery, "digest", content, started=datetime.now(UTC), **more)
