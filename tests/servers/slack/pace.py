"""How fast may one call Slack? https://docs.slack.dev/apis/web-api/rate-limits at its word: no burst is forgiven."""

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

MINUTE = 60.0
POSTS = ("chat.postMessage", "webhook")


def _tiers() -> dict[str, int]:
    return {"chat.update": 50, "conversations.history": 50, "conversations.replies": 50}


@dataclass(frozen=True)
class Limits:
    """The ceilings that a `SlackProxy` enforces; None or 0 lifts one."""

    channel_period: float = 1.0
    """Seconds between two posts to one channel."""
    workspace_per_minute: int | None = 300
    """Posts to all channels together: Slack says "several hundred messages per minute"."""
    methods_per_minute: Mapping[str, int] = field(default_factory=_tiers)
    """Calls of one method by its tier."""
    grace: float = 0.05
    """Seconds that a post may be early, for the unevenness of two clocks and a network."""


UNLIMITED = Limits(channel_period=0.0, workspace_per_minute=None, methods_per_minute={})


class Pace:
    """Remembers when calls were let through. A call that is turned away costs nothing."""

    def __init__(self) -> None:
        self._passed: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, method: str, channel: str, now: float, limits: Limits) -> int | None:
        """Let the call through (None), or return the whole seconds that its caller must wait; `now` is monotonic."""
        rules = self._rules(method, channel, limits)
        wait = max((self._wait(key, count, period, now) for key, count, period in rules), default=0.0)
        if wait > limits.grace:
            return max(1, math.ceil(wait))
        for key, _, _ in rules:
            self._passed[key].append(now)
        return None

    @staticmethod
    def _rules(method: str, channel: str, limits: Limits) -> list[tuple[str, int, float]]:
        rules: list[tuple[str, int, float]] = []
        if method in POSTS and limits.channel_period:
            rules.append((f"channel {channel}", 1, limits.channel_period))
        if method in POSTS and limits.workspace_per_minute:
            rules.append(("workspace", limits.workspace_per_minute, MINUTE))
        if limits.methods_per_minute.get(method):
            rules.append((f"method {method}", limits.methods_per_minute[method], MINUTE))
        return rules

    def _wait(self, key: str, count: int, period: float, now: float) -> float:
        passed = self._passed[key]
        while passed and passed[0] <= now - period:
            passed.popleft()
        return passed[-count] + period - now if len(passed) >= count else 0.0
