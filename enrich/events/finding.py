"""Finding the lexicon's words in a text: one pass over the tokens, dictionaries only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from enrich.beginnings import Beginnings, Second, beginnings
from enrich.document import Hit
from schemas.ports import Folding, Token

GAP = 5
"""Most words that `…` in a phrase stands for."""

PLANNED = "cue:plan"
LEAST = 2
"""Letters a verb has at least, its future prefix taken off."""
IDIOM = "idiom"
"""The concept of phrases that mean nothing here ("heart attack"): what lies inside one is not found."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a term: the keys any of which a token must carry, or an exact form, a beginning, an ending."""

    keys: frozenset[str] = frozenset()
    exact: str = ""
    begin: str = ""
    end: str = ""
    gap: bool = False

    def fits(self, token: Token) -> bool:
        """Does a token answer to it?"""
        if self.keys:
            return not self.keys.isdisjoint(token.keys)
        form = token.keys[0]
        if self.exact:
            return form == self.exact
        return any(key.startswith(self.begin) for key in token.keys) if self.begin else form.endswith(self.end)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term of several words, after its first one."""

    id: str
    rest: tuple[Part, ...]
    told: bool = False
    """Whether the key of its second word tells all of it."""

    @property
    def second(self) -> Second:
        """By what its second word is told; a gap may stand before it."""
        gap = self.rest[0].gap
        part = self.rest[min(gap, len(self.rest) - 1)]
        return Second(part.keys or ((part.exact,) if part.exact else ()), gap, "" if gap else part.begin)


_NOTHING: Beginnings[str | Phrase] = beginnings(())


class Finder:
    """The words of one language, ready to be found."""

    def __init__(
        self, terms: Iterable[tuple[str, str]], folding: Folding, lang: str, pace: float = 1.0,
        future: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._folding, self._lang, self._gap, self._future = folding, lang, int(GAP * pace), future
        self._keyed: dict[str, list[str | Phrase]] = defaultdict(list)
        self._exact: dict[str, list[str | Phrase]] = defaultdict(list)
        self._begin: dict[str, list[str | Phrase]] = defaultdict(list)
        self._end: dict[str, list[str | Phrase]] = defaultdict(list)
        for concept, term in terms:
            self._learn(concept, term)
        self._begin_lengths = sorted({len(begin) for begin in self._begin})
        self._end_lengths = sorted({len(end) for end in self._end})
        self._heads = lru_cache(100_000)(self._heads_of)

    def _parts(self, term: str) -> list[Part]:
        parts: list[Part] = []
        for word in term.replace("…", " … ").split():
            parts += [Part(gap=True)] if word == "…" else self._word(word)
        return parts

    def _word(self, word: str) -> list[Part]:
        """One written word of a term; a hyphen makes it several."""
        bare = word.strip("*=")
        if word.startswith("="):
            return [Part(exact=token.keys[0]) for token in self._folding.tokens(bare, self._lang)]
        parts = [Part(keys=keys) for keys in self._folding.term(bare, self._lang)]
        pieces = self._folding.tokens(bare, self._lang)
        if parts and word.endswith("*"):
            parts[-1] = Part(begin=pieces[-1].keys[0])
        elif parts and word.startswith("*"):
            parts[0] = Part(end=pieces[0].keys[0])
        return parts

    def _learn(self, id: str, term: str) -> None:
        parts = self._parts(term)
        if not parts:
            return
        rest = tuple(parts[1:])
        head, value = parts[0], Phrase(id, rest, len(rest) == 1 and bool(rest[0].keys)) if rest else id
        if head.exact:
            self._exact[head.exact].append(value)
        elif head.begin:
            self._begin[head.begin].append(value)
        elif head.end:
            self._end[head.end].append(value)
        for key in head.keys:
            self._keyed[key].append(value)

    def _heads_of(self, keys: tuple[str, ...]) -> Beginnings[str | Phrase]:
        """Everything that may begin with a word; and that it is planned, where it is written in the future."""
        found = self._looked_up(keys)
        if self._is_future(keys):
            found = (*found, PLANNED)
        return beginnings([(head, None if isinstance(head, str) else head.second) for head in found])

    def _is_future(self, keys: tuple[str, ...]) -> bool:
        for head in self._future:
            rest = keys[0][len(head) :]
            if keys[0].startswith(head) and len(rest) > LEAST:
                bare = self._folding.tokens(rest, self._lang)
                if len(bare) == 1 and self._looked_up(bare[0].keys):
                    return True
        return False

    def _looked_up(self, keys: tuple[str, ...]) -> tuple[str | Phrase, ...]:
        found: dict[str | Phrase, None] = {}
        for key in keys:
            found.update(dict.fromkeys(self._keyed.get(key, ())))
            for length in self._begin_lengths:
                if length > len(key):
                    break
                found.update(dict.fromkeys(self._begin.get(key[:length], ())))
        form = keys[0]
        found.update(dict.fromkeys(self._exact.get(form, ())))
        for length in self._end_lengths:
            if length > len(form):
                break
            found.update(dict.fromkeys(self._end.get(form[-length:], ())))
        return tuple(found)

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every term in the tokens, by place; what lies inside an idiom is left out."""
        hits: list[Hit] = []
        for index, token in enumerate(tokens):
            begun = self._heads(token.keys) if token.keys else _NOTHING
            for head in begun.whole if begun.alone else begun.on(tokens, index + 1, self._gap):
                if isinstance(head, str):
                    hits.append(Hit(head, token.start, token.end, index, index + 1))
                elif last := index + 2 if head.told else self._follow(head.rest, tokens, index + 1):
                    hits.append(Hit(head.id, token.start, tokens[last - 1].end, index, last))
        return _without_idioms(hits)

    def _follow(self, rest: tuple[Part, ...], tokens: Sequence[Token], at: int) -> int:
        """Where a phrase ends, given that its first word stood before `at`; 0 when it does not go on."""
        count = len(tokens)
        for index, part in enumerate(rest):
            if part.gap:
                return self._after_gap(rest[index + 1 :], tokens, at)
            if at >= count or (part.keys.isdisjoint(tokens[at].keys) if part.keys else not part.fits(tokens[at])):
                return 0
            at += 1
        return at

    def _after_gap(self, rest: tuple[Part, ...], tokens: Sequence[Token], at: int) -> int:
        for begin in range(at, at + self._gap + 1):
            end = self._follow(rest, tokens, begin)
            if end:
                return end
        return 0


def _without_idioms(hits: list[Hit]) -> list[Hit]:
    inside: dict[int, list[Hit]] = {}
    for idiom in hits:
        if idiom.id == IDIOM:
            for at in range(idiom.first, idiom.last):
                inside.setdefault(at, []).append(idiom)
    if not inside:
        return hits
    return [
        hit for hit in hits
        if hit.id != IDIOM and not any(hit.last <= idiom.last for idiom in inside.get(hit.first, ()))
    ]  # fmt: skip


def terms_of(words: Mapping[str, Sequence[str]], prefix: str = "") -> list[tuple[str, str]]:
    """(id, term) pairs of a mapping id → terms."""
    return [(prefix + concept, str(term)) for concept, terms in words.items() for term in terms]
