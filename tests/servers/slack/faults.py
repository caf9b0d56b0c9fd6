"""What can go wrong between tocsin and Slack? Faults as values, to be scripted into a `SlackProxy`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request as the proxy saw it; `method` is the Web API method, or `webhook`."""

    at: float
    """When it arrived, in seconds since the epoch."""
    method: str
    fields: Mapping[str, Any]
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reply:
    """An HTTP answer: a dict is sent as JSON, a string as plain text."""

    status: int
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What happens to one call: wait, forward it or not, wait again, then answer truly, otherwise, or not at all."""

    delay: float = 0.0
    forward: bool = True
    stall: float = 0.0
    reply: Reply | None = None
    drop: bool = False


def drop_before() -> Fault:
    """Hang up before Slack hears of the call."""
    return Fault(forward=False, drop=True)


def drop_after() -> Fault:
    """Forward the call, then hang up: Slack has the message, the caller cannot know."""
    return Fault(drop=True)


def error_before(status: int = 500) -> Fault:
    """Answer with an HTTP error; Slack never hears of the call."""
    return Fault(forward=False, reply=Reply(status, "internal error"))


def error_after(status: int = 500) -> Fault:
    """Forward the call, then answer with an HTTP error: Slack has the message."""
    return Fault(reply=Reply(status, "internal error"))


def rate_limited(retry_after: int) -> Fault:
    """Answer 429 with `Retry-After` in seconds; Slack never hears of the call."""
    return Fault(forward=False, reply=too_many(retry_after))


def says(error: str, *, forward: bool = False) -> Fault:
    """Answer with Slack's word for what is wrong (`fatal_error`, `is_archived`, ...), as HTTP 200."""
    return Fault(forward=forward, reply=refused(error))


def delay(seconds: float) -> Fault:
    """Wait, then carry on as if nothing had happened."""
    return Fault(delay=seconds)


def stall(seconds: float) -> Fault:
    """Forward at once, and keep the caller waiting for the true answer."""
    return Fault(stall=seconds)


def refused(error: str, messages: tuple[str, ...] = ()) -> Reply:
    """Build the answer by which Slack refuses a call."""
    detail = {"response_metadata": {"messages": list(messages)}} if messages else {}
    return Reply(200, {"ok": False, "error": error, **detail})


def too_many(retry_after: int) -> Reply:
    """Build Slack's answer to a caller that is too fast."""
    return Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)})
