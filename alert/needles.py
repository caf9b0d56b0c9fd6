"""Needles: what must stand in an encoded report for a subscription to match, so that most of a history is not decoded.

A word is looked for letter by letter, each in all the ways it may be written (case, accents, letter variants, marks
between), as part of any longer word: more is let through than matches, and nothing that matches is kept back. Ids stand
in the JSON between quotes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import re2

from alert.match.words import list_scope, listed
from alert.query import patterns
from alert.query.ast import Among, Is, Near, Node, Or, Pattern, Wild, Words
from alert.query.binding import All, Any, Formula, Some, is_text
from schemas.ports import Folding, Names

_ARTICLE: Final = "ال"
"""After another particle it is written with one letter less (للحلف), so it is not looked for."""
_MOST: Final = 256
"""Alternatives of one clause; a longer list is no needle."""
_COMBINED: Final = 16
"""Ways of joining clauses that are weighed against each other."""
_BETWEEN: Final = (
    r"[\x{300}-\x{36f}\x{591}-\x{5c7}\x{610}-\x{61a}\x{640}\x{64b}-\x{65f}\x{670}\x{6d6}-\x{6ed}\x{ad}"
    r"\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}\"״\\]*"
)
"""What a word may wear between its letters without being another word."""
_LETTERS: Final = (range(0x41, 0x3000), range(0x3000, 0x3400), range(0x4E00, 0xA000), range(0xF900, 0x10000))
_COMMON: Final = {"event": 0.1, "country": 0.1, "actor": 0.1, "target": 0.1, "place": 0.1, "lang": 0.3}
_BY_LENGTH: Final = (1.0, 0.9, 0.8, 0.3, 0.05)
"""How many reports have these letters somewhere, by how many they are; longer ones are rare."""


class Clause(NamedTuple):
    """Patterns of which every encoded report that can match has at least one, and how common that may be."""

    patterns: tuple[str, ...]
    share: float


class Sieve:
    """Lets through the encoded reports that one of some formulas may match."""

    def __init__(self, by_formula: Sequence[Sequence[Clause]]) -> None:
        self._by_formula = by_formula
        self._found = _search(min(clauses, key=lambda one: one.share) for clauses in by_formula)

    def lets(self, body: bytes) -> bool:
        """Whether this encoded report may match."""
        return self._found(body) is not None

    def settle(self, sample: Sequence[bytes]) -> None:
        """Look for the clause of each formula that lets fewest of these reports through."""
        best = []
        for clauses in self._by_formula:
            searches = [(sum(_search([one])(body) is not None for body in sample), one.share, one) for one in clauses]
            best.append(min(searches)[2])
        self._found = _search(best)


def _search(clauses: Iterable[Clause]) -> Callable[[bytes], object | None]:
    """Finds any of the patterns of these clauses."""
    options = re2.Options()
    options.max_mem = 1 << 26
    alternatives = dict.fromkeys(pattern for clause in clauses for pattern in clause.patterns)
    search: Callable[[bytes], object | None] = re2.compile("|".join(alternatives).encode(), options).search
    return search


def sieve(formulas: Iterable[Formula], names: Names, folding: Folding) -> Sieve | None:
    """A sieve for some formulas; None where one of them must be tried on everything."""
    looking = _Looking(names, folding)
    clauses = [[one for one in looking.clauses(formula) if len(one.patterns) <= _MOST] for formula in formulas]
    return Sieve(clauses) if clauses and all(clauses) else None


class _Looking:
    """Finds the clauses of formulas."""

    def __init__(self, names: Names, folding: Folding) -> None:
        self.names = names
        self.folding = folding

    def clauses(self, formula: Formula) -> Iterator[Clause]:
        """The clauses that ask for something which must be there."""
        match formula:
            case All(parts):
                for part in parts:
                    yield from self.clauses(part)
            case Any(parts):
                yield from self.either([list(self.clauses(part)) for part in parts])
            case Some(part):
                yield from self.clauses(part)
            case Is(field, value, exact):
                yield from self.ids(field, (value,), exact=exact)
            case Among(field, _, values) if not is_text(formula):
                yield from self.ids(field, values, exact=False)
            case _ if is_text(formula):
                yield from self.words(formula)  # type: ignore[arg-type]  # is_text says so

    def either(self, branches: Sequence[Sequence[Clause]]) -> Iterator[Clause]:
        """One clause of each branch, joined; in every combination, if there are few."""
        if not branches or not all(branches):
            return
        few = prod(map(len, branches)) <= _COMBINED
        for chosen in product(*(branch if few else [min(branch, key=lambda one: one.share)] for branch in branches)):
            yield Clause(tuple(pattern for one in chosen for pattern in one.patterns), sum(one.share for one in chosen))

    def words(self, node: Node) -> Iterator[Clause]:
        match node:
            case Words(text, False):
                yield from (self.spelt(keys) for keys in self.folding.term(text))
            case Words(text, True) | Wild(text):
                yield from (self.spelt((token.keys[0],)) for token in self.folding.tokens(text))
            case Near(left, right):
                yield from (*self.words(left), *self.words(right))
            case Or(parts):
                yield from self.either([list(self.words(part)) for part in parts])
            case Among(field, _, values) if len(values) <= _MOST:
                yield from self.either([list(self.words(term)) for term in listed(list_scope(field), values)])
            case Pattern(source):
                yield self.spelt((self.folding.fold(patterns.literal(source)),))

    def spelt(self, keys: Iterable[str]) -> Clause:
        """One of these keys is there: as the letters all words with it have."""
        cores = sorted({key.rstrip("~.").removeprefix(_ARTICLE) for key in keys}, key=len)
        fewest: list[str] = []
        for core in cores:
            if not any(shorter in core for shorter in fewest):
                fewest.append(core)
        spelling = _spelling(self.folding)
        share = sum(_BY_LENGTH[len(core)] if len(core) < len(_BY_LENGTH) else 0.01 for core in fewest)
        return Clause(tuple(spelling.pattern(core) for core in fewest), share)

    def ids(self, field: str, values: Sequence[str], *, exact: bool) -> Iterator[Clause]:
        if field == "lang":
            yield Clause(tuple(f'"lang":"{re2.escape(value)}' for value in values), _COMMON["lang"])
            return
        if field in ("actor", "target", "place", "said_by") and not exact:
            beneath = [one for one in self.names.ids() if not set(values).isdisjoint(self.names.above(one))]
            values = (*values, *beneath)
        elif field not in ("event", "entity", "country", "keyword", "said_by", "actor", "target", "place"):
            return
        if all(value.isascii() for value in values):
            yield Clause(tuple(f'"{re2.escape(value)}"' for value in values), _COMMON.get(field, 0.02))


class _Spelling:
    """All the ways in which letters may be written that fold to the same."""

    def __init__(self, folding: Folding) -> None:
        self._ways: dict[str, set[str]] = {}
        for code in (code for row in _LETTERS for code in row):
            letter = chr(code)
            if letter.isalnum():
                for key in self._keys(letter, folding):
                    self._ways.setdefault(key, {letter}).add(letter)
        self._longest = max(map(len, self._ways))

    @staticmethod
    def _keys(letter: str, folding: Folding) -> set[str]:
        tokens = () if "\u3000" <= letter < "\ua000" else folding.tokens(letter)
        return {folding.fold(letter), *(key.rstrip("~") for token in tokens for key in token.keys)} - {""}

    def pattern(self, core: str) -> str:
        """The pattern of a folded word, found in any longer one too."""
        return _BETWEEN.join(self._pieces(core))

    def _pieces(self, core: str) -> Iterator[str]:
        at = 0
        while at < len(core):
            length = next((n for n in range(self._longest, 1, -1) if core[at : at + n] in self._ways), 1)
            piece = core[at : at + length]
            apart = _BETWEEN.join(self._one(letter) for letter in piece)
            whole = self._class(self._ways.get(piece, ())) if length > 1 else ""
            yield f"(?:{apart}|{whole})" if whole else apart
            at += length

    def _one(self, letter: str) -> str:
        if not letter.isalnum():
            return ".{1,2}"
        ways = {letter, *self._ways.get(letter, ())}
        apart = unicodedata.normalize("NFD", letter)
        spelt = self._class(ways)
        return f"(?:{spelt}|{apart})" if len(apart) > 1 else spelt

    @staticmethod
    def _class(letters: Iterable[str]) -> str:
        found = sorted(letters)
        return "" if not found else f"[{''.join(found)}]" if len(found) > 1 else re.escape(found[0])


_SPELLINGS: WeakKeyDictionary[Folding, _Spelling] = WeakKeyDictionary()


def _spelling(folding: Folding) -> _Spelling:
    """The table of a folding, made once."""
    if folding not in _SPELLINGS:
        _SPELLINGS[folding] = _Spelling(folding)
    return _SPELLINGS[folding]


__all__ = ["Clause", "Sieve", "sieve"]
