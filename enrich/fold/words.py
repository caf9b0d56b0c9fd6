"""Words: where they stand in a text, the keys they answer to, and the keys a term asks for.

A key is a folded word. One that ends in `~` is what is left after a grammatical ending was taken off: a strict term
does not ask for such keys, so that Gaza (غزة) is not found in "she invaded" (غزت).
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Literal

from enrich.fold.letters import bare, fold
from enrich.fold.letters import known as folded
from enrich.fold.morphology import Morphology, Paradigm, languages
from schemas.ports import Token

Grade = Literal["word", "name", "strict"]
"""How far a term is inflected: like any word, like a proper name, or not at all (clitics only)."""

_HAN = (
    "\u3005\u3007\u303b\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "HEBREW", "HANGUL")


def _marks() -> str:
    """Marks and joiners that are written inside words, as ranges for a character class."""
    codes = [code for code in range(0x300, 0x3000) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    codes += [0xAD, 0x200C, 0x200D]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)


_LETTER = rf"[^\W\d_{_HAN}]"
_IN = rf"(?:{_LETTER}|[{_marks()}])"
_WORD = rf"{_LETTER}+(?:[{_marks()}]+{_LETTER}*)*"
_token: Callable[[tuple[int, int, tuple[str, ...]]], Token] = partial(tuple.__new__, Token)
"""`Token._make` without its detour through Python: a text has thousands."""
_TOKEN = re.compile(rf"[{_HAN}]|\d+|(?:{_LETTER}\.){{2,9}}(?:{_LETTER}(?!{_IN}))?|{_WORD}(?:['’ʼ‘`´׳״\"]{_WORD})*")
_QUOTED = re.compile('["״](?![\u05d0-\u05ea])|(?<![\u05d0-\u05ea])["״]')
"""A double quotation mark belongs to a word only between Hebrew letters (צה"ל)."""


class Tongue:
    """One language's way with words. Keys are kept: news repeats itself."""

    def __init__(self, grammar: Morphology) -> None:
        self.grammar = grammar
        self.loose = grammar.accents == "loose"
        self.proclitics = sorted(
            ((fold(head), tuple(fold(left) for left in lefts)) for head, lefts in grammar.proclitics.items()),
            key=lambda entry: -len(entry[0]),
        )
        self.heads = tuple({head[0] for head, _ in self.proclitics})
        self.particles = _by_length(grammar.particles)
        self.endings = _by_length(grammar.endings)
        self.citation = tuple(sorted((fold(ending) for ending in grammar.citation), key=len, reverse=True))
        self.elisions = frozenset(fold(word) for word in grammar.elisions)
        self.names = _folded(grammar.names)
        self.words = _folded(grammar.words)
        self.keys = lru_cache(maxsize=100_000)(self._keys)
        self.cut = lru_cache(maxsize=20_000)(self._cut)

    def _keys(self, surface: str) -> tuple[str, ...]:
        """The keys of a word as written, the exact one first."""
        exact = fold(surface).rstrip(".")
        plain = [exact]
        if self.loose:
            plain.append(bare(exact))
        if self.grammar.apostrophe == "suffix" and "'" in exact:
            plain.append(exact.split("'", 1)[0])
        if exact.startswith(self.heads):
            plain.extend(self._without_proclitics(exact))
        if self.particles:
            plain.extend([rest for word in list(plain) for rest in self._without(word, self.particles, 1)])
        keys = dict.fromkeys(plain)
        if self.endings:
            shortest = self.grammar.shortest
            keys.update(dict.fromkeys(f"{r}~" for word in plain for r in self._without(word, self.endings, shortest)))
        return tuple(sys.intern(key) for key in keys)

    def _without_proclitics(self, word: str) -> Iterable[str]:
        for head, lefts in self.proclitics:
            if len(word) - len(head) >= self.grammar.shortest and word.startswith(head):
                rest = word[len(head) :]
                yield from (left + rest for left in lefts)

    @staticmethod
    def _without(word: str, endings: dict[int, frozenset[str]], shortest: int) -> Iterable[str]:
        for length, known in endings.items():
            if len(word) - length >= shortest and word[-length:] in known:
                yield word[:-length]

    def _cut(self, surface: str) -> int:
        """Where an elided word (l', d') ends inside a written one; 0 when there is none."""
        folded = fold(surface)
        head, apostrophe, rest = folded.partition("'")
        return len(head) + 1 if apostrophe and rest and head in self.elisions and len(folded) == len(surface) else 0

    def term(self, word: str, grade: Grade) -> frozenset[str]:
        """The keys any one of which a token must carry to be a form of this word."""
        exact = fold(word).rstrip(".")
        keys = {exact}
        if grade != "strict":
            keys |= self._inflected(exact, self.names)
        if grade == "word":
            keys |= self._inflected(exact, self.words)
            keys |= {form for rest in self._without_article(exact) for form in (rest, f"{rest}~")}
        if self.endings and grade != "strict":
            keys |= {f"{exact}~"} | {f"{stem}~" for stem in self._stems(exact)}
        if self.loose:
            keys |= {bare(key) for key in keys}
        return frozenset(keys)

    def _without_article(self, word: str) -> Iterable[str]:
        """Who looks for الرئاسة is content with رئاسة, and with للرئاسة whose article is hidden."""
        for article in self.grammar.articles:
            if word.startswith(article) and len(word) - len(article) > self.grammar.shortest:
                yield word[len(article) :]

    def _inflected(self, word: str, paradigms: dict[str, tuple[str, ...]]) -> set[str]:
        """The forms of the paradigms with the longest dictionary ending that fits."""
        if not paradigms:
            return set()
        for length in range(min(5, len(word) - 1), -1, -1):
            forms = paradigms.get(word[len(word) - length :])
            if forms is not None and len(word) - length >= (1 if length > 2 else 2):
                stem = word[: len(word) - length]
                return {stem + form for form in forms}
        return set()

    def _stems(self, word: str) -> Iterable[str]:
        for ending in self.citation:
            if word.endswith(ending) and len(word) - len(ending) >= self.grammar.shortest:
                yield word[: -len(ending)]
        if word[-1:] in self.grammar.softening:
            yield word[:-1] + fold(self.grammar.softening[word[-1]])


def _by_length(endings: Iterable[str]) -> dict[int, frozenset[str]]:
    """Endings by their length, longest first."""
    found: dict[int, set[str]] = {}
    for ending in map(fold, endings):
        found.setdefault(len(ending), set()).add(ending)
    return {length: frozenset(found[length]) for length in sorted(found, reverse=True) if length}


def _folded(paradigms: Iterable[Paradigm]) -> dict[str, tuple[str, ...]]:
    """Dictionary ending → endings of the forms; paradigms with the same ending are joined."""
    found: dict[str, list[str]] = {}
    for paradigm in paradigms:
        found.setdefault(fold(paradigm.base), []).extend(map(fold, paradigm.forms))
    return {base: tuple(dict.fromkeys(forms)) for base, forms in found.items()}


_UNKNOWN = Morphology(lang="und", scripts=_SCRIPTS)


@cache
def tongue(lang: str | None) -> Tongue:
    """The tongue of a language; one without a file is read with no grammar at all."""
    return Tongue(languages().get(lang or "", _UNKNOWN))


@lru_cache(maxsize=4096)
def script(word: str) -> str:
    """The script of a word's first letter: LATIN, CYRILLIC, ARABIC, HEBREW, HANGUL, HAN or ""."""
    for letter in word:
        if letter.isalpha():
            name = unicodedata.name(letter, "").split(" ")[0]
            return {"CJK": "HAN", "HIRAGANA": "HAN", "KATAKANA": "HAN", "KATAKANA-HIRAGANA": "HAN"}.get(name, name)
    return ""


@cache
def of_script(name: str) -> tuple[str, ...]:
    """The languages written in a script."""
    return tuple(lang for lang, grammar in languages().items() if name in grammar.scripts)


class Fold:
    """Implements `schemas.ports.Folding`. Stateless but for caches; safe to share between threads."""

    def fold(self, text: str, lang: str | None = None) -> str:
        """NFKC, case, letter variants; the same in every language, so that texts may be mixed. Idempotent."""
        return fold(text)

    def tokens(self, text: str, lang: str | None = None) -> Sequence[Token]:
        """The words of a text in order; a hyphen parts words, an apostrophe does not, Han and kana stand alone."""
        if lang not in languages():
            return [_token(_read(start, word, speaker)) for start, word, speaker in _surfaces(text, lang)]
        keys, matches = tongue(lang).keys, list(_TOKEN.finditer(text))
        words = list(map(re.Match.group, matches))
        spans = zip(map(re.Match.start, matches), map(re.Match.end, matches), map(keys, words), strict=True)
        found = list(map(_token, spans))
        for at in reversed(_parted(words, tongue(lang))):  # from the end, as places before stay where they are
            parts, offset = _surfaces(words[at], lang), found[at].start
            found[at : at + 1] = [_token(_read(offset + start, word, speaker)) for start, word, speaker in parts]
        return found

    def term(self, words: str, lang: str | None = None, grade: Grade = "word") -> Sequence[frozenset[str]]:
        """A term, word by word: the keys any one of which a token must carry. Without a language: of any it may be."""
        return [self._term(word, lang, grade) for _, word, _ in _surfaces(words, lang)]

    def _term(self, word: str, lang: str | None, grade: Grade) -> frozenset[str]:
        word = word.rstrip("'’ʼ")  # an elided word is its letters
        if lang is not None:
            return tongue(lang).term(word, grade)
        tongues = [tongue(code) for code in of_script(script(word))] or [tongue(None)]
        return frozenset().union(*(each.term(word, grade) for each in tongues))


def _read(start: int, word: str, speaker: Tongue | None) -> tuple[int, int, tuple[str, ...]]:
    """What a token holds: an elided word (l', d') has one key."""
    return start, start + len(word), speaker.keys(word) if speaker else (folded(word[:-1]),)


def _parted(words: Sequence[str], speaker: Tongue) -> list[int]:
    """Which words are to be parted further: a quotation mark, or what is elided, holds them together."""
    return [
        at for at, word in enumerate(words)
        if not word.isalpha()
        and ((len(word) > 2 and ('"' in word or "״" in word)) or (speaker.elisions and speaker.cut(word)))
    ]  # fmt: skip


def _speaker(word: str) -> Tongue:
    """For a text of unknown language: the one tongue of a script that has only one, else none in particular."""
    codes = of_script(script(word))
    return tongue(codes[0] if len(codes) == 1 else None)


def _surfaces(text: str, lang: str | None) -> Iterator[tuple[int, str, Tongue | None]]:
    """Each word of a text: where it starts, how it is written, and whose it is; an elided one (l', d') is nobody's."""
    known = tongue(lang)
    chosen = known if lang in languages() else None
    quotes = '"' in text or "״" in text
    for match in _TOKEN.finditer(text):
        start, word = match.start(), match.group()
        if quotes and len(word) > 2 and ('"' in word or "״" in word) and _QUOTED.search(word):
            yield from _unquoted(chosen or known, word, start)
            continue
        speaker = chosen or _speaker(word)
        cut = speaker.cut(word) if speaker.elisions and not word.isalpha() else 0
        if cut:
            yield start, word[:cut], None
            start, word = start + cut, word[cut:]
        yield start, word, speaker


def _unquoted(speaker: Tongue, word: str, start: int) -> Iterator[tuple[int, str, Tongue]]:
    """The parts of a run of letters that a quotation mark holds together though it is none of theirs."""
    for part in re.split('["״]', word):
        if part:
            yield start, part, speaker
        start += len(part) + 1
