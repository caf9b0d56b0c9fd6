"""Where the words of a query stand in a text.

Places are pairs (first, last) of token numbers, so that phrases and nearness are counted in words; `letters` turns them
into spans.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from alert.match.facts import Facts
from alert.match.stems import stem
from alert.query import patterns, terms
from alert.query.ast import Among, Near, Node, Or, Pattern, Scope, Stem, Wild, Words
from schemas.base import Span
from schemas.ports import Folding, Token

Place = tuple[int, int]


class Terms:
    """What the terms of queries ask of a text; worked out once for each term."""

    def __init__(self, folding: Folding) -> None:
        self.keys = lru_cache(100_000)(folding.term)
        self.tokens = lru_cache(10_000)(folding.tokens)


class Text:
    """One report's words, looked up by what they answer to. What is not asked for is never built."""

    def __init__(self, facts: Facts, terms: Terms) -> None:
        self.facts = facts
        self._terms = terms

    @cached_property
    def _by_key(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, (_, _, keys) in enumerate(self.facts.tokens):
            for key in keys:
                found.setdefault(key, []).append(at)
        return found

    @cached_property
    def _by_surface(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.facts.tokens):
            found.setdefault(surface(self.facts.body[token.start : token.end]), []).append(at)
        return found

    @cached_property
    def _by_stem(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.facts.tokens):
            found.setdefault(stem(token.keys[0], self.facts.lang), []).append(at)
        return found

    @cached_property
    def _title_tokens(self) -> int:
        return self.facts.title_tokens

    def places(self, node: Node) -> Sequence[Place]:
        """Where a text condition holds, in order; patterns are not counted in words and give none."""
        return sorted(set(self._places(node)))

    def _places(self, node: Node) -> Iterable[Place]:
        match node:
            case Words(text, exact, scope):
                return self._within(self._surfaces(text) if exact else self._words(text), scope)
            case Stem(text, scope):
                return self._within(self._stem(text), scope)
            case Wild(text, before, after, scope):
                return self._within(self._wild(text, before, after), scope)
            case Near():
                return self._near(node)
            case Or(parts):
                return [place for part in parts for place in self.places(part)]
            case Among(field, _, values):
                return [place for term in listed(list_scope(field), values) for place in self.places(term)]
        return ()

    def _within(self, places: Iterable[Place], scope: str) -> Iterable[Place]:
        if not scope:
            return places
        edge = self._title_tokens
        if scope == "title":
            return [place for place in places if place[1] < edge]
        return [place for place in places if place[0] >= edge]

    def _words(self, text: str) -> list[Place]:
        by_key, row = self._by_key, self._terms.keys(text)
        if len(row) == 1:
            return [(at, at) for key in row[0] for at in by_key.get(key, ())]
        return _in_a_row([[at for key in keys for at in by_key.get(key, ())] for keys in row])

    def _surfaces(self, text: str) -> list[Place]:
        return _in_a_row([self._by_surface.get(word, ()) for word in surfaces(text, self._terms.tokens(text))])

    def _stem(self, text: str) -> list[Place]:
        lang = self.facts.lang
        words = [stem(token.keys[0], lang) for token in self._terms.tokens(text)]
        return _in_a_row([self._by_stem.get(word, ()) for word in words])

    def _wild(self, text: str, before: bool, after: bool) -> list[Place]:
        words = [token.keys[0] for token in self._terms.tokens(text)]
        last = len(words) - 1
        rows = [self._beginning(word, before and at == 0, after and at == last) for at, word in enumerate(words)]
        return _in_a_row(rows)

    def _beginning(self, word: str, before: bool, after: bool) -> list[int]:
        if not before and not after:
            return list(self._by_key.get(word, ()))
        by_key = self._by_key.items()
        return [at for key, found in by_key if goes_on(key, word, before, after) for at in found]

    def _near(self, node: Near) -> Iterator[Place]:
        left, right = self.places(node.left), self.places(node.right)
        yield from _followed(left, right, node.distance)
        if not node.ordered:
            yield from _followed(right, left, node.distance)

    def pattern(self, node: Pattern) -> Span | None:
        """Where a pattern holds first, in letters of the whole text."""
        start = 0 if node.scope != "text" else self.facts.title_end + 1
        text = self.facts.body[start : self.facts.title_end if node.scope == "title" else None]
        found = patterns.compiled(node.source).search(text)
        return None if found is None else (found.span()[0] + start, found.span()[1] + start)

    def holds(self, node: Node) -> bool:
        """Whether a text condition holds."""
        if isinstance(node, Among):
            return any(self.holds(term) for term in listed(list_scope(node.field), node.values))
        if isinstance(node, Pattern):
            return self.pattern(node) is not None
        if isinstance(node, Near):
            left, right = self._single(node.left), self._single(node.right)
            if left is not None and right is not None:
                return _beside(left, right, node.distance, ordered=node.ordered)
        return next(iter(self._places(node)), None) is not None

    def _single(self, node: Node) -> Sequence[int] | None:
        """Where single words stand, in order, the commonest sort of nearness; None for anything more."""
        if isinstance(node, Or):
            found = [self._single(part) for part in node.parts]
            return None if None in found else sorted({at for places in found for at in places or ()})
        if not isinstance(node, Words) or node.exact or node.scope:
            return None
        row = self._terms.keys(node.text)
        if len(row) != 1:
            return None
        rows = [self._by_key[key] for key in row[0] if key in self._by_key]
        return rows[0] if len(rows) == 1 else sorted({at for places in rows for at in places})

    def letters(self, node: Node) -> list[Span]:
        """The spans a text condition holds at."""
        if isinstance(node, Pattern):
            found = self.pattern(node)
            return [found] if found else []
        if isinstance(node, Among):
            return sorted({span for term in listed(list_scope(node.field), node.values) for span in self.letters(term)})
        tokens = self.facts.tokens
        return [(tokens[first].start, tokens[last].end) for first, last in self.places(node)]


@lru_cache(256)
def listed(scope: Scope, values: tuple[str, ...]) -> tuple[Node, ...]:
    """The terms of a list of words."""
    return tuple(terms.any_term(value, scope) for value in values)


def list_scope(field: str) -> Scope:
    """Where the words of a list are looked for."""
    return "title" if field == "title" else "text" if field == "text" else ""


def surface(word: str) -> str:
    """A word as written, in one Unicode form."""
    return unicodedata.normalize("NFC", word)


def surfaces(text: str, tokens: Iterable[Token]) -> list[str]:
    """The words of a text as written."""
    return [surface(text[token.start : token.end]) for token in tokens]


def goes_on(key: str, word: str, before: bool, after: bool) -> bool:
    """Whether a token's key is the word with letters before it, after it, or both (none are also fine).

    A key that ends in `~` is a stem: what is left of a word is not how anyone writes it, so wildcards pass it by.
    """
    if key.endswith("~"):
        return False
    if before and after:
        return word in key
    return key.endswith(word) if before else key.startswith(word)


def _in_a_row(rows: Sequence[Sequence[int]]) -> list[Place]:
    """Where every row has a place right after the one before it."""
    if not rows or not all(rows):
        return []
    rest = [set(row) for row in rows[1:]]
    steps = len(rest)
    return [(at, at + steps) for at in set(rows[0]) if all(at + step + 1 in row for step, row in enumerate(rest))]


def _beside(left: Sequence[int], right: Sequence[int], distance: int, *, ordered: bool) -> bool:
    """Whether a word of `right` (in order) stands at most so far from one of `left`, after it if `ordered`."""
    for at in left:
        lowest = at + 1 if ordered else at - distance
        for other in range(bisect_left(right, lowest), len(right)):
            if right[other] > at + distance:
                break
            if right[other] != at:
                return True
    return False


def _followed(first: Sequence[Place], second: Sequence[Place], distance: int) -> Iterable[Place]:
    """Pairs of which the second begins at most `distance` words after the first ends; `second` is in order."""
    starts = [place[0] for place in second]
    for begin, end in first:
        for at in range(bisect_right(starts, end), bisect_right(starts, end + distance)):
            yield (begin, max(end, second[at][1]))
