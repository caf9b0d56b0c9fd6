"""The grammar of a language as far as matching needs it: one YAML file each, in `enrich/lexicon/morphology/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from schemas import marked
from schemas.base import Strict

FOLDER = Path(__file__).parent.parent / "lexicon" / "morphology"


class Paradigm(Strict):
    """Words whose dictionary form ends in `base` have forms in `forms` instead ("" is nothing)."""

    base: str
    forms: tuple[str, ...]


class Locatives(Strict):
    """What makes a capital a place and not its government: words before it, letters written onto it, what follows."""

    before: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Morphology(Strict):
    """What a word of a language may wear, and where its sentences end."""

    lang: str
    scripts: tuple[str, ...]
    """Of the Unicode names of its letters: LATIN, CYRILLIC, ARABIC, HEBREW, HANGUL, HAN."""
    accents: Literal["loose", "kept"] = "loose"
    """`loose`: a word without its accents is the same word. `kept`: it is another (Turkish öldü, oldu)."""
    apostrophe: Literal["suffix", "letter"] = "suffix"
    """What an apostrophe inside a word does: part off an ending (Rusya'da, Kyiv's), or nothing."""
    elisions: tuple[str, ...] = ()
    """Words that lean on the next one before an apostrophe: l', d', qu'."""
    proclitics: Mapping[str, tuple[str, ...]] = {}
    """What may be written onto the front of any word, and what stands in its place once it is taken off."""
    articles: tuple[str, ...] = ()
    """Of the proclitics, those a term is as well without."""
    particles: tuple[str, ...] = ()
    """What may be written onto the end of any word, names too."""
    endings: tuple[str, ...] = ()
    """Endings of words that are not `strict`."""
    citation: tuple[str, ...] = ()
    """Endings of the dictionary form that give way to others."""
    softening: Mapping[str, str] = {}
    """Last letters that change before an ending: k → ğ."""
    shortest: int = 2
    """Letters that must be left when something is taken off."""
    names: tuple[Paradigm, ...] = ()
    """How proper names are inflected."""
    words: tuple[Paradigm, ...] = ()
    """How all other words are inflected, besides."""
    nouns_capital: bool = False
    """Every noun has a capital letter, so that it tells no name (German)."""
    homes: tuple[str, ...] = ()
    """Countries whose own news is in it and seldom names them: their towns need no country named beside them."""
    compounds: bool = False
    """Words are written together (German): terms marked `compound` are sought inside longer words."""
    ordinal_stop: bool = False
    """A full stop after a number makes an ordinal (28. April)."""
    locatives: Locatives = Locatives()
    abbreviations: tuple[str, ...] = ()
    """Words whose full stop does not end a sentence."""


@cache
def languages() -> Mapping[str, Morphology]:
    """Every language that has a file, by code. Raises `ConfigError` with places on a faulty file."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        grammar = marked.validate(marked.parse(path.read_text(encoding="utf-8"), path.name), Morphology)
        found[grammar.lang] = grammar
    return found
