"""Is a request to our door from Slack? Source: docs.slack.dev, "Verifying requests from Slack" (signature v0)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

WINDOW = 300.0
"""Seconds a request may be old: later it is a replay."""


def refusal(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
    """Why this request is not believed; None when it is. `headers` have names in lower case, `body` is raw."""
    stamp = headers.get("x-slack-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        return "no timestamp"
    if abs(now.timestamp() - int(stamp)) > WINDOW:
        return "too old"
    signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    given = headers.get("x-slack-signature", "")
    return None if hmac.compare_digest(f"v0={signed}".encode(), given.encode("utf-8", "replace")) else "wrong signature"
