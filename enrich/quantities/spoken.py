"""Numbers written in words: "three thousand five hundred", ثلاثة آلاف, einundzwanzig, 예순네."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from enrich.fold.letters import bare, fold
from enrich.fold.words import tongue
from enrich.quantities.entries import NumberWords, number_words
from schemas.ports import Token

_LONGEST = 12
"""Words of one number."""


class Spoken(NamedTuple):
    """A number in words: its value and its tokens, half-open."""

    value: float
    first: int
    last: int
    articled: bool = False


class Numerals:
    """The number words of a language, by key."""

    def __init__(self, words: NumberWords) -> None:
        self.lang = words.lang
        self.plain = _by_key(words.words, words.lang, inflected=False)
        self.times = _by_key(words.multipliers, words.lang, inflected=True)
        self.halves = _by_key(words.halves, words.lang, inflected=False)
        self.ones = _by_key(words.ones, words.lang, inflected=False)
        self.scores = _by_key(words.scores, words.lang, inflected=False)
        self.joiners = frozenset(map(fold, words.joiners))
        self.articles = frozenset(map(fold, words.articles))
        self.glued = words.glued or words.lang == "ko"
        self._pieces = sorted([*self.plain.items(), *self.times.items()], key=lambda pair: (-len(pair[0]), pair[0]))
        self._begin = tuple(piece for piece, _ in self._pieces)
        self.begin = None if self.glued else frozenset((*self.plain, *self.times, *self.halves))
        """Keys of which the first word of a number has one; None where any word may be a number."""
        self.unglued = lru_cache(maxsize=50_000)(self._unglued)

    def value(self, token: Token) -> tuple[float, bool] | None:
        """What a word is worth, and whether it multiplies what stands before it."""
        for key in token.keys:
            if key in self.times:
                return self.times[key], True
            if key in self.plain:
                return self.plain[key], False
        return None

    def _unglued(self, word: str) -> float | None:
        """The value of number words written together, or None where something else is among them."""
        if not word.startswith(self._begin):
            return None
        values: list[tuple[float, bool]] = []
        while word:
            for piece, value in self._pieces:
                if word.startswith(piece):
                    values.append((value, piece in self.times))
                    word = word[len(piece) :]
                    break
            else:
                joiner = next((joiner for joiner in self.joiners if values and word.startswith(joiner)), None)
                if joiner is None:
                    return None
                word = word[len(joiner) :]
        return added(values, self.scores)

    def multiplied(self, tokens: Sequence[Token], at: int) -> tuple[float, int]:
        """The multipliers that follow a number in digits, and where they end: 14 тыс., 3 hundred thousand."""
        factor = 1.0
        while at < len(tokens) and (key := next((key for key in tokens[at].keys if key in self.times), None)):
            factor *= self.times[key]
            at += 1
        return factor, at

    def read(self, tokens: Sequence[Token], at: int) -> Spoken | None:
        """The number in words that begins at a token."""
        values: list[tuple[float, bool]] = []
        last = index = at
        while index < len(tokens) and index - at < _LONGEST:
            token = tokens[index]
            found = self.value(token) or self._half(token, tokens, index, first=index == at)
            if found is None and values and tokens[index - 1].keys[0] in self.joiners and token.keys[0] in self.ones:
                found = self.ones[token.keys[0]], False
            if found:
                values.append(found)
                last = index + 1
            elif not (
                values and (token.keys[0] in self.joiners or (values[-1][0] < 1 and token.keys[0] in self.articles))
            ):
                break
            index += 1
        if values:
            return Spoken(added(values, {str(value): value for value in self.scores.values()}), at, last)
        if self.glued and len(tokens[at].keys[0]) > 1:
            value = self.unglued(tokens[at].keys[0])
            return Spoken(value, at, at + 1) if value is not None else None
        return None

    def _half(self, token: Token, tokens: Sequence[Token], at: int, *, first: bool) -> tuple[float, bool] | None:
        """Half of what follows: half a million."""
        if not first or token.keys[0] not in self.halves:
            return None
        ahead = tokens[at + 1 : at + 3]
        if any(key in self.times for word in ahead for key in word.keys):
            return self.halves[token.keys[0]], False
        return None


def added(values: Sequence[tuple[float, bool]], scores: Mapping[str, float]) -> float:
    """The worth of number words in a row: each larger multiplier closes what stands before it."""
    total = current = 0.0
    for value, multiplies in values:
        if not multiplies:
            current = current * 20 if value == 20 and current in scores.values() else current + value
        elif value >= 1000:
            total += (current or 1) * value
            current = 0
        else:
            current = (current or 1) * value
    return total + current


def _by_key(words: Mapping[str, float], lang: str, *, inflected: bool) -> dict[str, float]:
    found: dict[str, float] = {}
    speaker = tongue(lang)
    for word, value in words.items():
        if " " in word:
            continue
        found.setdefault(fold(word), value)
        if inflected:
            for key in speaker.term(word, "name"):
                found.setdefault(key, value)
        elif speaker.loose:
            found.setdefault(bare(fold(word)), value)
    return found


@cache
def numerals(lang: str) -> Numerals | None:
    """The number words of a language, where it has any."""
    words = number_words().get(lang)
    return Numerals(words) if words else None
