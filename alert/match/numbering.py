"""Features: everything a report (or an event) can satisfy has a number, and we know how common it is."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ANY: Final = 0
"""The feature everything has: anchor of what has no other."""

Ids = tuple[int, ...]


class Numbering:
    """Hands out feature numbers and keeps how often each was seen.

    `commonness` is the share of reports that have a feature: what was seen, mixed with a first guess worth `_TRUST`
    reports, so that a new feature is not taken for a rare one.
    """

    _TRUST = 50.0

    def __init__(self) -> None:
        self.size = 0
        self._guess = np.zeros(1024, np.float32)
        self._seen = np.zeros(1024, np.float32)
        self._reports = 0.0
        self.new(1.0)

    def new(self, guess: float) -> int:
        """A new feature with a first guess of its commonness, 0…1."""
        number = self.size
        if number == len(self._guess):
            self._guess = np.concatenate([self._guess, np.zeros_like(self._guess)])
            self._seen = np.concatenate([self._seen, np.zeros_like(self._seen)])
        self._guess[number] = guess
        self.size += 1
        return number

    def commonness(self, feature: int) -> float:
        """The share of reports that have the feature."""
        seen = float(self._seen[feature]) + float(self._guess[feature]) * self._TRUST
        return seen / (self._reports + self._TRUST)

    def all_commonness(self) -> NDArray[np.float32]:
        """`commonness` of every feature."""
        seen = self._seen[: self.size] + self._guess[: self.size] * self._TRUST
        return (seen / (self._reports + self._TRUST)).astype(np.float32)

    def saw(self, features: NDArray[np.int32]) -> None:
        """A report had these features, each once. Old reports fade: after 100,000 all counts are halved."""
        self._seen[features] += 1
        self._reports += 1
        if self._reports > 100_000:
            self._seen *= 0.5
            self._reports *= 0.5


class Emitters:
    """What a value gives rise to: a value stands for its own feature and for those of the lists it is in."""

    def __init__(self) -> None:
        self._ids: dict[object, int | Ids] = {}

    def link(self, value: object, feature: int) -> None:
        """The value gives the feature too."""
        known = self._ids.get(value)
        if known is None:
            self._ids[value] = feature
        elif isinstance(known, int):
            self._ids[value] = (known, feature)
        else:
            self._ids[value] = (*known, feature)

    def of(self, value: object) -> Ids:
        """The features of a value."""
        known = self._ids.get(value)
        if known is None:
            return ()
        return (known,) if isinstance(known, int) else known

    def __len__(self) -> int:
        return len(self._ids)
