"""How often may a stranger guess? So many wrong tokens a minute from one address; then it is not even looked at."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

GUESSES: Final = 10
WINDOW: Final = 60.0
"""Seconds in which so many wrong tokens are borne."""
ADDRESSES: Final = 1_000
"""Addresses that are remembered; the one silent for longest is forgotten first."""


@dataclass
class Patience:
    """The wrong tokens of the last minute, by address. Behind a proxy all are its own: a minute for everybody then."""

    now: Callable[[], float] = time.monotonic
    _wrong: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, request: Request) -> float:
        """Seconds until this address may try again; 0: it may."""
        recent = self._recent(_address(request))
        return max(0.0, recent[0] + WINDOW - self.now()) if len(recent) >= GUESSES else 0.0

    def was_wrong(self, request: Request) -> None:
        """A wrong token came from there."""
        recent = self._recent(_address(request))
        recent.append(self.now())
        self._wrong[_address(request)] = self._wrong.pop(_address(request), recent)
        while len(self._wrong) > ADDRESSES:
            del self._wrong[next(iter(self._wrong))]

    def _recent(self, address: str) -> deque[float]:
        recent = self._wrong.get(address, deque(maxlen=GUESSES))
        while recent and recent[0] <= self.now() - WINDOW:
            recent.popleft()
        return recent


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
