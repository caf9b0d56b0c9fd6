"""Features of words: what a token of a text can satisfy, looked up once per distinct token."""

from collections.abc import Callable, Iterable, Sequence

from alert.match.facts import Facts
from alert.match.numbering import Emitters, Ids, Numbering
from alert.match.stems import stem
from alert.match.words import goes_on, surface
from schemas.ports import Token

Keys = frozenset[str]

_RARE = 0.002
"""First guess at how many reports have a given word."""
_CACHED = 500_000


class _Known(dict[tuple[str, ...], Ids]):
    """The features of the keys of tokens, worked out when they are first asked for."""

    def __init__(self, of: Callable[[tuple[str, ...]], Iterable[int]]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, keys: tuple[str, ...]) -> Ids:
        ids = self[keys] = tuple(dict.fromkeys(self._of(keys)))
        return ids


class Words:
    """The words queries ask for in one scope (the whole text, the title, or the rest)."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._features: dict[object, int] = {}
        self._by_key = Emitters()
        self._begins: dict[int, dict[str, int]] = {}
        self._ends: dict[int, dict[str, int]] = {}
        self._inside: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stems_of: dict[str | None, dict[str, Ids]] = {}
        self._pairs: dict[int, int] = {}
        self._known = _Known(self._of)

    def __bool__(self) -> bool:
        return bool(self._features) or len(self._by_key) > 0

    def _new(self, key: object, guess: float) -> int:
        feature = self._features[key] = self._numbering.new(guess)
        self._known.clear()
        return feature

    def word(self, keys: Keys) -> int:
        """The feature of a word in any of its forms."""
        key: object = next(iter(keys)) if len(keys) == 1 else keys
        feature = self._features.get(key)
        if feature is None:
            feature = self._new(key, _RARE)
            for one in keys:
                self._by_key.link(one, feature)
        return feature

    def some(self, words: frozenset[Keys]) -> int:
        """The feature of a list: one of its words is there."""
        feature = self._features.get(words)
        if feature is None:
            feature = self._new(words, min(1.0, _RARE * len(words)))
            for key in frozenset().union(*words):
                self._by_key.link(key, feature)
        return feature

    def exact(self, word: str) -> int:
        """The feature of a word in these very letters."""
        if word not in self._exact:
            self._exact[word] = self._new(("=", word), _RARE)
        return self._exact[word]

    def stem(self, word: str) -> int:
        """The feature of a folded word's stem, whatever the language."""
        if word not in self._stems:
            self._stems[word] = self._new(("~", word), _RARE)
            self._stems_of.clear()
        return self._stems[word]

    def wild(self, word: str, before: bool, after: bool) -> int:
        """The feature of a word with more letters around it."""
        by_length = self._ends if before else self._begins
        table = self._inside if before and after else by_length.setdefault(len(word), {})
        if word not in table:
            table[word] = self._new(("*", word, before, after), 5 * _RARE)
        return table[word]

    def pair(self, first: int, second: int) -> int:
        """The feature of two words in a row."""
        key = first << 32 | second
        feature = self._pairs.get(key)
        if feature is None:
            guess = min(self._numbering.commonness(first), self._numbering.commonness(second))
            feature = self._pairs[key] = self._new(key, guess * 0.1)
        return feature

    def features(self, facts: Facts, tokens: Sequence[Token], found: set[int]) -> None:
        """Add the features of a text's tokens."""
        known = self._known
        if len(known) > _CACHED:
            known.clear()
        rows = [known[keys] for _, _, keys in tokens]
        if self._exact or self._stems:
            rows = [(*ids, *self._asked(facts, token)) for ids, token in zip(rows, tokens, strict=True)]
        found.update(*rows)
        if self._pairs:
            self._add_pairs(rows, found)

    def _of(self, keys: tuple[str, ...]) -> Iterable[int]:
        """The features of a token that its keys decide."""
        for key in keys:
            yield from self._by_key.of(key)
            if key.endswith("~"):
                continue
            for length, table in self._begins.items():
                if (feature := table.get(key[:length])) is not None:
                    yield feature
            for length, table in self._ends.items():
                if (feature := table.get(key[-length:])) is not None:
                    yield feature
            for word, feature in self._inside.items():
                if goes_on(key, word, before=True, after=True):
                    yield feature

    def _asked(self, facts: Facts, token: Token) -> Iterable[int]:
        """The features of a token that its letters or its language decide."""
        if (feature := self._exact.get(surface(facts.body[token.start : token.end]))) is not None:
            yield feature
        if self._stems:
            yield from self._stems_in(facts.lang).get(stem(token.keys[0], facts.lang), ())

    def _stems_in(self, lang: str | None) -> dict[str, Ids]:
        table = self._stems_of.get(lang)
        if table is None:
            table = self._stems_of[lang] = {}
            for word, feature in self._stems.items():
                stemmed = stem(word, lang)
                table[stemmed] = (*table.get(stemmed, ()), feature)
        return table

    def _add_pairs(self, rows: Sequence[Ids], found: set[int]) -> None:
        pairs, add = self._pairs, found.add
        before: Ids = ()
        for ids in rows:
            if before and ids:
                for first in before:
                    high = first << 32
                    for second in ids:
                        feature = pairs.get(high | second)
                        if feature is not None:
                            add(feature)
            before = ids
