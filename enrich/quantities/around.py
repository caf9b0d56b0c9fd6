"""The words around numbers: what is counted, the killed and the wounded, bounds, parts, and what is no count."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from enrich.document import Hit
from enrich.fold.words import Grade
from enrich.quantities.entries import NumberWords
from enrich.terms import Term

_STATES = ("killed", "wounded", "casualties")


@dataclass(frozen=True)
class Row:
    """Hits in the order of the text, asked by token: a long text must not be walked for each of its numbers."""

    hits: Sequence[Hit] = ()

    @cached_property
    def _firsts(self) -> list[int]:
        return [hit.first for hit in self.hits]

    def between(self, low: int, high: int) -> Sequence[Hit]:
        """Those that begin at a token from `low` up to, not at, `high`."""
        return self.hits[bisect_left(self._firsts, low) : bisect_left(self._firsts, high)]


@dataclass(frozen=True)
class Around:
    """The number words found in a document, by what they do, each list in the order of the text."""

    nouns: Row
    states: Row
    refusals: Mapping[int, int]
    """Token → end, of words that make the number before them no count."""
    headings: frozenset[int]
    """Tokens after which a number is a name's: article, brigade."""
    before: Mapping[int, tuple[str, int]]
    """Token where a modifier ends → its kind and where it begins."""
    after: Mapping[int, tuple[str, int]]
    parts: frozenset[int]
    """Tokens where a word for "among them" ends."""
    crowds: Row = Row()
    """Words of what people do in thousands."""


def terms(words: NumberWords) -> Iterable[Term]:
    """The words of a language, by what they do (the term's id)."""
    lang = words.lang

    def made(kind: str, names: Iterable[str], grade: Grade = "strict") -> Iterable[Term]:
        for name in names:
            exact = name.startswith("=")
            yield Term(kind, lang, name.removeprefix("="), "strict" if exact else grade, compound=not exact)

    for unit, names in words.units.items():
        yield from made(f"unit:{unit}", names, "strict" if lang == "ko" else "word")
    for unit, names in words.classifiers.items():
        yield from made(f"class:{unit}", names)
    for kind, names in words.before.items():
        yield from made(f"before:{kind}", names)
    for kind, names in words.after.items():
        yield from made(f"after:{kind}", names)
    for unit, names in words.pairs.items():
        yield from made(f"pair:{unit}", names)
    for name, low in words.vague.items():
        yield Term(f"vague:{low:g}" if low < 1e6 else f"vague:{int(low)}", lang, name, "strict")
    yield from made("not", words.not_counts, "strict" if lang in ("ko", "ar", "he", "fa") else "word")
    yield from made("heading", words.before_not, "strict")
    yield from made("part", words.part_of)
    yield from made("crowd", words.crowd, "word")
    yield from made("between", words.between)
    yield from made("to", words.to)


def around(hits: Sequence[Hit]) -> Around:
    """The hits sorted by what they do."""
    of: dict[str, list[Hit]] = {}
    for hit in hits:
        of.setdefault(hit.id.partition(":")[0], []).append(hit)
    units = _longest([*of.get("unit", ()), *of.get("class", ())])
    states = [hit for hit in units if hit.id[5:] in _STATES]
    return Around(
        nouns=Row([hit for hit in units if hit.id[5:] not in _STATES]),
        states=Row(states),
        refusals={hit.first: hit.last for hit in of.get("not", ())},
        headings=frozenset(hit.last for hit in of.get("heading", ())),
        before={hit.last: (hit.id[7:], hit.first) for hit in _shortest_first(of.get("before", ()))},
        after={hit.first: (hit.id[6:], hit.last) for hit in _shortest_first(of.get("after", ()))},
        parts=frozenset(hit.last for hit in of.get("part", ())),
        crowds=Row(of.get("crowd", ())),
    )


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.id.startswith("class:"))):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _shortest_first(hits: Iterable[Hit]) -> list[Hit]:
    """So that in a mapping the longest at a place comes last and stays."""
    return sorted(hits, key=lambda hit: hit.end - hit.start)
