"""Links in a mail that act: signed, short-lived, and without effect until a person confirms: scanners follow links.

The token names what it may do and nothing secret: destination, story, revision, kind, end of life; under HMAC-SHA256.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from alert.matching import alert_id
from schemas.alert import Action

LIVES: Final = timedelta(days=14)
MUTE: Final = timedelta(hours=24)
Kind = Literal["acknowledge", "mute", "feedback"]
KINDS: Final[tuple[Kind, ...]] = ("acknowledge", "mute", "feedback")
_SIZE = 16
"""Bytes of the signature: 128 bits are beyond guessing, and links stay short."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What a link may do."""

    destination: str
    story: str
    revision: int
    kind: Kind
    ends: datetime

    def action(self, now: datetime) -> Action:
        """The action it stands for; using the link twice is one action."""
        told = f"{self.destination}\n{self.story}\n{self.revision}\n{self.kind}"
        return Action(
            id="mail-" + hashlib.sha256(told.encode()).hexdigest()[:24], kind=self.kind, destination=self.destination,
            story=self.story, by="a reader of the mail", origin="mail", at=now,
            until=now + MUTE if self.kind == "mute" else None,
            alert=alert_id(self.destination, self.story, self.revision),
        )  # fmt: skip


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"tocsin mail link\n" + body, hashlib.sha256).digest()[:_SIZE]


def sign(key: bytes, permit: Permit) -> str:
    """The token of a permit, fit for a URL's path."""
    fields = [permit.destination, permit.story, permit.revision, permit.kind, int(permit.ends.timestamp())]
    body = json.dumps(fields, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(key, body) + body).rstrip(b"=").decode()


def read(key: bytes, token: str, now: datetime) -> Permit | None:
    """The permit of a token; None for one that is forged, spoilt or over. Never raises."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        signature, body = raw[:_SIZE], raw[_SIZE:]
        if not hmac.compare_digest(signature, _signature(key, body)):
            return None
        destination, story, revision, kind, ends = json.loads(body)
        permit = Permit(destination, story, revision, kind, datetime.fromtimestamp(ends, now.tzinfo))
    except (ValueError, binascii.Error, TypeError, OverflowError):
        return None
    return permit if permit.ends > now else None


@dataclass(frozen=True, slots=True)
class Linking:
    """Makes the links of a mail, where the desk has a public address and a key."""

    public_url: str
    key: bytes

    def links(self, destination: str, story: str, revision: int, now: datetime) -> dict[str, str]:
        """Kind → address."""
        base = self.public_url.rstrip("/")
        permits = (Permit(destination, story, revision, kind, now + LIVES) for kind in KINDS)
        return {permit.kind: f"{base}/act/{sign(self.key, permit)}" for permit in permits}
