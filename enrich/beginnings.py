"""The terms that may begin at a word, and which of them the words after it let go on.

A common word begins hundreds of phrases (*in* …, не …), nearly all of which fall at their second word: that is looked
up, so that only what may go on is followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.ports import Token

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beginnings(Generic[T]):
    """Terms that begin with one word, in the order in which they are told."""

    terms: tuple[T, ...]
    whole: tuple[T, ...]
    """Those that end with it."""
    _whole: frozenset[int]
    _next: Mapping[str, Sequence[int]]
    """Key of the second word → places in `terms`."""
    _later: Mapping[str, Sequence[int]]
    """Key of the word after a gap → places in `terms`."""
    _open: frozenset[int]
    """Places in `terms` of those whose second word no key tells."""
    _seconds: frozenset[str]
    """The keys of `_next`."""

    def on(self, tokens: Sequence[Token], at: int, gap: int = 0) -> Sequence[T]:
        """The terms that may go on at a token, `gap` words being the most that are skipped; and the whole ones."""
        if at >= len(tokens):
            return self.whole
        if not self._open and not self._later and self._seconds.isdisjoint(tokens[at].keys):
            return self.whole
        found = {number for key in tokens[at].keys for number in self._next.get(key, ())}
        if self._later:
            later = self._later
            found.update(
                number for token in tokens[at : at + gap + 1] for key in token.keys for number in later.get(key, ())
            )
        if not found and not self._open:
            return self.whole
        return [self.terms[number] for number in sorted(found | self._open | self._whole)]


@dataclass(frozen=True, slots=True)
class Second:
    """How a term goes on after its first word: by any of some keys, after a gap or not; `keys` empty: none tells."""

    keys: Iterable[str] = ()
    gap: bool = False


def beginnings(terms: Sequence[tuple[T, Second | None]]) -> Beginnings[T]:
    """Terms with how they go on (None: they do not), ready to be asked."""
    next_, later = dict[str, list[int]](), dict[str, list[int]]()
    whole, open_ = list[int](), list[int]()
    for number, (_, second) in enumerate(terms):
        keys = tuple(second.keys) if second else ()
        for key in keys:
            (later if second and second.gap else next_).setdefault(key, []).append(number)
        if second is None:
            whole.append(number)
        elif not keys:
            open_.append(number)
    told = tuple(term for term, _ in terms)
    return Beginnings(
        told, tuple(told[number] for number in whole), frozenset(whole), next_, later,
        frozenset(open_), frozenset(next_),
    )  # fmt: skip
