"""Terms of a lexicon, found in a document in one pass.

Two ways, by how a language is written: where words have edges, a table from word keys to the terms that begin with
them; where they have none (Han, kana), an Aho-Corasick automaton over the letters. Each language is prepared when its
first document comes.
"""

import re
import sys
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from enrich.beginnings import Beginnings, Second, beginnings
from enrich.document import Document, Hit
from enrich.fold.letters import flat, fold
from enrich.fold.morphology import languages
from enrich.fold.words import Fold, Grade, script, tongue
from enrich.postings import Notes

_FALLBACK: Mapping[str, str] = {
    "LATIN": "en",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "HANGUL": "ko",
    "HAN": "zh",
}
_SHORTEST_PART = 5
_LONGEST_COMPOUND = 80
"""Letters; the longest German words in print have some 70, and what is longer would be cut up in vain."""
_CACHE = 200_000
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc-\u30fe\uff66-\uff9f]")
_ALNUM = re.compile(r"[a-z0-9\u00c0-\u024f\u0400-\u04ff]")


class Term(NamedTuple):
    """An entry of a lexicon. In `words`, a `*` at the end of a word stands for any ending."""

    id: str
    lang: str | None
    """None: the same in every language (NATO, F-16)."""
    words: str
    grade: Grade = "word"
    compound: bool = False
    """Also inside longer words, in languages that write words together."""


class _Word(NamedTuple):
    """What a token must be: carry one of the keys, or begin with the prefix."""

    keys: frozenset[str]
    prefix: str = ""

    def fits(self, keys: tuple[str, ...]) -> bool:
        if self.prefix:
            return any(key.startswith(self.prefix) for key in keys if key[-1:] != "~")
        return not self.keys.isdisjoint(keys)


class _Pattern(NamedTuple):
    id: str
    rest: tuple[_Word, ...]
    """The words after the first."""

    @property
    def second(self) -> Second | None:
        return Second(self.rest[0].keys, begin=self.rest[0].prefix) if self.rest else None


_Starters = Beginnings[_Pattern]


def _asked(words: str, grade: Grade, lang: str, folding: Fold) -> Iterator[_Word]:
    """What a text must have for a term to be in it, word by word."""
    for piece in words.split():
        stem = piece.removesuffix("*")
        found = folding.term(stem, lang, grade if piece == stem else "strict")
        yield from map(_Word, found if piece == stem else found[:-1])
        if found and piece != stem:
            last = folding.tokens(stem, lang)[-1]
            yield _Word(frozenset(), fold(stem[last.start : last.end]))


class _Spaced:
    """The terms of a language that parts its words.

    Only the keys of first words are laid ready, packed. What must follow them is made when a text first has such a
    beginning: most names never come.
    """

    def __init__(self, terms: Iterable[Term], lang: str) -> None:
        self.lang = lang
        self.folding = Fold()
        self.ids: list[str] = []
        self.several: list[str] = []
        """Of terms of more than one word, their words."""
        self.grades: list[Grade] = []
        whole, begun, inside = Notes(), Notes(), Notes()
        lengths = set()
        compounds = tongue(lang).grammar.compounds
        for id, _, words, grade, compound in terms:
            asked = _asked(words, grade, lang, self.folding)
            first = next(asked, None)
            if first is None:
                continue
            number, alone = len(self.ids), next(asked, None) is None
            self.ids.append(sys.intern(id))
            self.several.append("" if alone else words)
            self.grades.append(grade)
            if first.prefix:
                begun.add(first.prefix, number)
                lengths.add(len(first.prefix))
            for key in first.keys:
                whole.add(key, number)
                if compounds and compound and alone and len(key) >= _SHORTEST_PART:
                    inside.add(key, number)
        self.whole, self.begun, self.inside = whole.packed(), begun.packed(), inside.packed()
        self.lengths = sorted(lengths)
        self.known: dict[tuple[str, ...], _Starters] = {}
        self.made: dict[int, _Pattern] = {}

    def starters(self, keys: tuple[str, ...]) -> _Starters:
        """The terms whose first word a token with these keys is."""
        found = self.known.get(keys)
        if found is None:
            if len(self.known) > _CACHE:
                self.known.clear()
            numbers = dict.fromkeys(self._look_up(keys))
            patterns = dict.fromkeys(map(self._pattern, numbers))
            found = self.known[keys] = beginnings([(one, one.second) for one in patterns])
        return found

    def _pattern(self, number: int) -> _Pattern:
        made = self.made.get(number)
        if made is None:
            words = self.several[number]
            rest = tuple(_asked(words, self.grades[number], self.lang, self.folding))[1:] if words else ()
            made = self.made[number] = _Pattern(self.ids[number], rest)
        return made

    def _look_up(self, keys: tuple[str, ...]) -> Iterable[int]:
        for key in keys:
            yield from self.whole.of(key)
            if key[-1:] != "~":
                for length in self.lengths:
                    if length > len(key):
                        break
                    yield from self.begun.of(key[:length])
        word = keys[0]
        if self.inside.hashes and _SHORTEST_PART + 2 < len(word) <= _LONGEST_COMPOUND:
            for length in range(_SHORTEST_PART, len(word) - 2):
                yield from self.inside.of(word[-length:])
                yield from self.inside.of(word[:length])

    def find(self, document: Document) -> list[Hit]:
        tokens, known = document.tokens, self.known
        hits: list[Hit] = []
        for index, token in enumerate(tokens):
            begun = known.get(token.keys) or self.starters(token.keys)
            for whose, rest in begun.whole if begun.alone else begun.on(tokens, index + 1):
                last = index + 1
                for word in rest:
                    if last == len(tokens) or not word.fits(tokens[last].keys):
                        break
                    last += 1
                else:
                    hits.append(Hit(whose, token.start, tokens[last - 1].end, index, last))
        return hits


class _Unspaced:
    """The terms of a language that does not part its words."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_letters: dict[str, list[str]] = defaultdict(list)
        for term in terms:
            words = flat(unicodedata.normalize("NFKC", term.words).strip())
            if words.strip("*"):
                by_letters[words.strip("*") + "*" * words.endswith("*")].append(term.id)
        self.open = [letters.endswith("*") for letters in by_letters]
        self.ids = [tuple(dict.fromkeys(ids)) for ids in by_letters.values()]
        patterns = [letters.rstrip("*") for letters in by_letters]
        self.automaton = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA) if patterns else None

    def find(self, document: Document) -> list[Hit]:
        if self.automaton is None:
            return []
        text, starts = document.flat, document.starts
        hits: list[Hit] = []
        for index, start, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            if _has_edges(text, start, end, self.open[index]):
                first, last = bisect_left(starts, start), bisect_left(starts, end)
                hits.extend(Hit(whose, start, end, first, last) for whose in self.ids[index])
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _has_edges(text: str, start: int, end: int, open_end: bool) -> bool:
    """A run of katakana, or of Latin letters and digits, is a word: no term begins or ends inside one."""
    for kind in (_KATAKANA, _ALNUM):
        if start and kind.match(text[start]) and kind.match(text[start - 1]):
            return False
        if not open_end and end < len(text) and kind.match(text[end - 1]) and kind.match(text[end]):
            return False
    return True


class TermIndex:
    """All terms of a lexicon. `find` gives every hit, overlapping ones too, in the order of the text."""

    def __init__(self, terms: Callable[[str], Iterable[Term]]) -> None:
        """`terms` gives those of a language, and those of none; it is asked once for each language that comes."""
        self._terms = terms
        self._ready: dict[str, _Spaced | _Unspaced] = {}
        self._lock = Lock()

    @classmethod
    def build(cls, terms: Iterable[Term]) -> "TermIndex":
        """Sort terms by language; the work for a language is done when it is first needed."""
        by_lang: dict[str | None, list[Term]] = defaultdict(list)
        for term in terms:
            by_lang[term.lang].append(term)
        return cls(lambda lang: (*by_lang.get(lang, ()), *by_lang.get(None, ())))

    def find(self, document: Document) -> list[Hit]:
        """Every term of the document's language, and of those that are the same in all."""
        return self._of(_language(document)).find(document)

    def _of(self, lang: str) -> _Spaced | _Unspaced:
        ready = self._ready.get(lang)
        if ready is None:
            with self._lock:
                terms = self._terms(lang)
                ready = _Unspaced(terms) if lang in ("ja", "zh") else _Spaced(terms, lang)
                self._ready[lang] = ready
        return ready


def _language(document: Document) -> str:
    """The document's language where it has a grammar, else the likeliest of the script it begins in."""
    if document.lang in languages():
        return document.lang or ""
    for token in document.tokens[:5]:
        if token.keys[0][0].isalpha():
            return _FALLBACK.get(script(token.keys[0]), "en")
    return "en"
