"""How much it says that two reports share a thing: in bits, little for the United States, much for Rukla.

What is common is a guess to begin with (`PRIORS`), then counted over the reports that are kept for comparing: so counts
follow the news, stay bounded, and are the same after a restart.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import log2
from typing import Final

import numpy as np
from numpy.typing import NDArray

from enrich.stories.traits import Traits

PRIORS: Final[Mapping[str, float]] = {
    "US": 0.25, "RU": 0.18, "UA": 0.15, "IL": 0.12, "PS": 0.08, "CN": 0.1, "IR": 0.08, "GB": 0.07, "FR": 0.06,
    "DE": 0.06, "IN": 0.04, "TR": 0.04, "SY": 0.03, "LB": 0.03, "JP": 0.03, "KR": 0.03, "SA": 0.02, "PL": 0.03,
    "IT": 0.03, "ES": 0.03, "EG": 0.02, "PK": 0.02, "YE": 0.02, "SD": 0.02, "KP": 0.015, "european-union": 0.06,
    "EU": 0.06, "united-nations": 0.05, "nato": 0.05, "donald-trump": 0.1, "vladimir-putin": 0.06, "gaza-strip": 0.06,
    "hamas": 0.05, "volodymyr-zelensky": 0.05, "volodymyr-zelenskyy": 0.05, "hezbollah": 0.03, "middle-east": 0.03,
    "joe-biden": 0.05, "benjamin-netanyahu": 0.04, "europe": 0.05, "moscow": 0.08, "kyiv": 0.06, "washington": 0.08,
    "washington-dc": 0.08, "washington-d-c": 0.08, "brussels": 0.04, "london": 0.04, "beijing": 0.04, "tehran": 0.04,
    "jerusalem": 0.03, "paris": 0.04, "berlin": 0.03, "european-commission": 0.05, "european-parliament": 0.02,
    "white-house": 0.05, "kremlin": 0.05, "pentagon": 0.03, "us-state-department": 0.03, "us-congress": 0.03,
    "un-security-council": 0.03, "world-health-organization": 0.02, "ministry-of-foreign-affairs-russia": 0.02,
    "israel-defense-forces": 0.02, "dmitry-peskov": 0.03, "sergei-lavrov": 0.03, "marco-rubio": 0.03,
    "jd-vance": 0.03, "emmanuel-macron": 0.04, "keir-starmer": 0.03, "friedrich-merz": 0.03, "olaf-scholz": 0.03,
    "ursula-von-der-leyen": 0.03, "xi-jinping": 0.04, "narendra-modi": 0.03, "recep-tayyip-erdogan": 0.03,
    "antonio-guterres": 0.02, "ali-khamenei": 0.02, "seoul": 0.03, "tokyo": 0.03, "geneva": 0.02, "cairo": 0.02,
    "ankara": 0.02, "doha": 0.02, "pyongyang": 0.015,
}  # fmt: skip
"""Shares of world news that name them, roughly: only where the default would be far off."""
COUNTRY: Final = 0.012
NAMED: Final = 0.006
CONCEPT: Final = 0.06
WORD: Final = 0.0015
KIND: Final = 0.02
DAILY: Final[Mapping[str, float]] = {
    "airstrike": 0.06, "drone_attack": 0.06, "missile_attack": 0.05, "shelling": 0.04, "casualties": 0.06,
    "armed_clash": 0.04, "offensive": 0.04, "diplomatic_meeting": 0.06, "arrest": 0.04, "protest": 0.03,
    "election": 0.03, "accident": 0.03,
}  # fmt: skip
"""Event types that every day brings."""
FIGURE_BITS: Final = (0.0, 0.0, 1.5, 3.5, 4.5, 5.5)
"""By the number of digits."""
MOST_KIND_BITS: Final = 6.0
STEADY_NAMES: Final = 400.0
"""How many reports the guess is worth."""
STEADY_WORDS: Final = 400.0
LEAST_BITS: Final = 0.5
SLOTS: Final = 1 << 20
"""Words and roots are counted by the last bits of their numbers: two that share a slot are taken for more common than
they are, which befalls few, and the counts take the same room whatever is told."""


class Commonness:
    """Counts in how many reports each thing stands."""

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()
        self._words = np.zeros(SLOTS, np.int32)
        self._roots = np.zeros(SLOTS, np.int32)
        self._reports = 0
        self._whole = log2(STEADY_NAMES)
        self._by_lang: Counter[str] = Counter()
        self.names = _Weights(self._name)
        """Bits that sharing each entity is worth."""

    def see(self, names: Iterable[str], traits: Traits) -> None:
        """Count one report."""
        self._names.update(names)
        self._count(traits, 1)

    def forget(self, names: Iterable[str], traits: Traits) -> None:
        """Take back one report that was counted."""
        for name in names:
            if self._names[name] > 1:
                self._names[name] -= 1
            else:
                del self._names[name]
        self._count(traits, -1)

    def _count(self, traits: Traits, one: int) -> None:
        self.names.clear()
        self._words[_slots(traits.words)] += one
        self._roots[_slots(traits.roots)] += one
        self._by_lang[traits.lang] += one
        self._reports += one
        self._whole = log2(STEADY_NAMES + self._reports)

    def _name(self, key: str) -> float:
        return self._bits(PRIORS.get(key) or (COUNTRY if len(key) == 2 else NAMED), self._names.get(key, 0))

    def concept(self, key: str) -> float:
        """Bits that sharing a concept of the lexicon is worth."""
        return self._bits(CONCEPT, self._names.get(key, 0))

    def figure(self, key: str) -> float:
        """Bits that sharing a number written in digits is worth: more for 1,968 than for 20."""
        return min(FIGURE_BITS[min(len(key), 5)], self._bits(NAMED, self._names.get(f"#{key}", 0)))

    def _bits(self, guess: float, seen: int) -> float:
        bits = self._whole - log2(guess * STEADY_NAMES + seen)
        return max(LEAST_BITS, bits)

    def kind(self, key: str) -> float:
        """Bits that sharing an event type is worth."""
        return min(MOST_KIND_BITS, self._bits(DAILY.get(key, KIND), self._names.get(f"={key}", 0)))

    def roots(self, numbers: "array[int]") -> dict[int, float]:
        """Bits that sharing each root across languages is worth."""
        return _bits(numbers, self._roots, self._reports)

    def words(self, numbers: "array[int]", lang: str) -> dict[int, float]:
        """Bits that sharing each word is worth, among texts of its language."""
        return _bits(numbers, self._words, self._by_lang.get(lang, 0))


class _Weights(dict[str, float]):
    """Bits of names since the counts last moved: one report asks for the same ones again and again."""

    def __init__(self, weigh: Callable[[str], float]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, key: str) -> float:
        found = self[key] = self._weigh(key)
        return found


def _slots(numbers: "array[int]") -> NDArray[np.uint32]:
    """Where words are counted."""
    return np.frombuffer(numbers, np.uint32) & np.uint32(SLOTS - 1)


def _bits(numbers: "array[int]", seen: NDArray[np.int32], reports: int) -> dict[int, float]:
    """Bits by the share of the reports that have each."""
    if not numbers:
        return {}
    bits = log2(STEADY_WORDS + reports) - np.log2(seen[_slots(numbers)] + WORD * STEADY_WORDS)
    return dict(zip(numbers, np.maximum(bits, LEAST_BITS).tolist(), strict=True))
