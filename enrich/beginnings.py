"""The terms that may begin at a word, and which of them the words after it let go on.

A common word begins hundreds of phrases (*in* …, не …), nearly all of which fall at their second word: that is looked
up, so that only what may go on is followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from schemas.ports import Token

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Second:
    """How a term goes on: with a word that has one of some keys, after a gap or not, or begins so."""

    keys: Iterable[str] = ()
    gap: bool = False
    begin: str = ""
    """Where no key tells it; empty too: nothing tells it."""


@dataclass(frozen=True, slots=True)
class Beginnings(Generic[T]):
    """Terms that begin with one word, in the order in which they are told."""

    terms: tuple[T, ...]
    whole: tuple[T, ...]
    """Those that end with it."""
    alone: bool
    """Whether they all do."""
    _whole: frozenset[int]
    _next: Mapping[str, Sequence[int]]
    """Key of the second word → places in `terms`."""
    _later: Mapping[str, Sequence[int]]
    """Key of the word after a gap → places in `terms`."""
    _open: Sequence[int]
    """Places in `terms` of those whose second word no key tells."""
    _seconds: frozenset[str]
    """The keys of `_next`."""
    _laters: frozenset[str]
    """The keys of `_later`."""
    _begins: tuple[str, ...]
    """Any one of which the second word of an open one begins with."""

    def on(self, tokens: Sequence[Token], at: int, gap: int = 0) -> Sequence[T]:
        """The terms that may go on at a token, `gap` words being the most that are skipped; and the whole ones."""
        if at >= len(tokens):
            return self.whole
        keys = tokens[at].keys
        found: list[int] = []
        if not self._seconds.isdisjoint(keys):
            found += _of(keys, self._next)
        if self._open and any(key.startswith(self._begins) for key in keys):
            found += self._open
        if self._later:
            for token in tokens[at : at + gap + 1]:
                if not self._laters.isdisjoint(token.keys):
                    found += _of(token.keys, self._later)
        return [self.terms[number] for number in sorted({*found, *self._whole})] if found else self.whole


def _of(keys: Iterable[str], places: Mapping[str, Sequence[int]]) -> list[int]:
    return [number for key in keys if key in places for number in places[key]]


def beginnings(terms: Sequence[tuple[T, Second | None]]) -> Beginnings[T]:
    """Terms with how they go on (None: they do not), ready to be asked."""
    if not terms:
        return _NOTHING
    told = tuple(term for term, _ in terms)
    next_, later = dict[str, list[int]](), dict[str, list[int]]()
    whole, open_ = list[int](), dict[int, str]()
    for number, (_, second) in enumerate(terms):
        keys = tuple(second.keys) if second else ()
        if second is None:
            whole.append(number)
        elif not keys:
            open_[number] = second.begin
        for key in keys:
            (later if second and second.gap else next_).setdefault(key, []).append(number)
    return Beginnings(
        told, tuple(told[number] for number in whole), len(whole) == len(told), frozenset(whole), next_, later,
        tuple(open_), frozenset(next_), frozenset(later), tuple(dict.fromkeys(open_.values())),
    )  # fmt: skip


_NOTHING: Beginnings[Any] = Beginnings((), (), True, frozenset(), {}, {}, (), frozenset(), frozenset(), ())
