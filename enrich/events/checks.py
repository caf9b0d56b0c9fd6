"""What a model cannot check: ids that nobody defined, and patterns that are sentences in disguise."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from enrich.events.entries import Concept, EventType, Grammar, LanguageWords, Unless, Words
from schemas.report import UNITS

MAX_WORDS = 4
"""A term of more literal words is a sentence learnt by heart, not a way of speaking."""
MAX_LETTERS = 10
"""The same for scripts without spaces."""

ENTITY_KINDS: Mapping[str, frozenset[str]] = {
    "party": frozenset(
        {"country", "armed_force", "armed_group", "alliance", "organisation", "ministry", "person", "government"}
    ),
    "force": frozenset({"country", "armed_force", "armed_group", "alliance", "government"}),
    "state": frozenset({"country", "armed_force", "alliance", "ministry", "government"}),
    "place": frozenset({"country", "region", "city", "place"}),
    "spot": frozenset({"region", "city", "place"}),
}
"""Names for several entity types at once; `government` is a capital that may stand for one."""

TYPES = frozenset(
    {
        "country", "region", "city", "place", "person", "organisation", "armed_force", "armed_group", "agency",
        "ministry", "alliance", "weapon", "other", "government",
    }
)  # fmt: skip

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class Found(NamedTuple):
    """A fault before it has its place: path in the document, problem, remedy, a word to find a likely id for."""

    path: tuple[str | int, ...]
    problem: str
    fix: str = ""
    word: str = ""
    key: bool = False


@lru_cache(maxsize=1000)
def kinds(names: tuple[str, ...]) -> frozenset[str]:
    """Entity types by their names, group names included."""
    return frozenset(kind for name in names for kind in ENTITY_KINDS.get(name, (name,)))


def faults_of(entry: object, known: Mapping[str, str]) -> Iterator[Found]:
    """Everything wrong with one entry, given all concept ids."""
    if isinstance(entry, EventType):
        yield from _event(entry, known)
    elif isinstance(entry, Concept):
        for lang, words in entry.words.items():
            yield from _words(words, ("words", lang))
    elif isinstance(entry, LanguageWords):
        for concept, words in entry.words.items():
            if concept not in known:
                yield Found(("words", concept), f'unknown concept "{concept}"', word=concept, key=True)
            yield from _words(words, ("words", concept))
    elif isinstance(entry, Grammar):
        for cue, words in entry.cues.items():
            yield from _words(words, ("cues", cue))


def _words(words: Words, path: tuple[str | int, ...]) -> Iterator[Found]:
    for index, word in enumerate(words):
        problem = term_problem(str(word))
        if problem:
            yield Found((*path, index), problem, "say it in fewer words, or as a pattern over concepts")


def term_problem(term: str) -> str:
    """What is wrong with a term, or nothing."""
    bare = term.strip("=* ")
    if not bare:
        return "an empty word"
    literal = [word for word in bare.split() if word != "…"]
    if len(literal) > MAX_WORDS:
        return f'"{term}" strings together {len(literal)} literal words (at most {MAX_WORDS})'
    if _UNSPACED.search(bare) and len(bare.replace("…", "").replace(" ", "")) > MAX_LETTERS:
        return f'"{term}" is longer than {MAX_LETTERS} letters'
    return ""


def _event(entry: EventType, known: Mapping[str, str]) -> Iterator[Found]:
    for index, pattern in enumerate(entry.patterns):
        for at, part in enumerate(pattern.all):
            yield from _part(part, ("patterns", index, "all", at), known)
    for index, silence in enumerate(entry.unless):
        concept = silence.concept if isinstance(silence, Unless) else silence
        if concept not in known:
            yield Found(("unless", index), f'unknown concept "{concept}"', word=concept)
    for unit in entry.slots.quantities:
        if unit not in UNITS:
            yield Found(("slots", "quantities"), f'unknown unit "{unit}"', "known: " + ", ".join(UNITS))


def _part(part: str, path: tuple[str | int, ...], known: Mapping[str, str]) -> Iterator[Found]:
    for option in part.split("|"):
        if option.startswith("@"):
            if option[1:] not in TYPES and option[1:] not in ENTITY_KINDS:
                yield Found(path, f'unknown entity type "{option}"', "known: " + ", ".join(sorted(ENTITY_KINDS)))
        elif option.startswith("#"):
            if option[1:] not in UNITS and option != "#any":
                yield Found(path, f'unknown unit "{option}"', "known: " + ", ".join(UNITS))
        elif option not in known:
            yield Found(path, f'unknown concept "{option}"', word=option)
