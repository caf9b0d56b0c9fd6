"""Everything the gazetteer knows, read from its files: places from packages, our own entities, the user's."""

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from enrich.fold.morphology import languages
from enrich.fold.words import Grade
from enrich.gazetteer.entries import CASED, LATIN, Certainty, Demonyms, EntityFile, Entry, Place, Sense, Words, case_of
from enrich.terms import Term
from schemas import marked
from schemas.errors import ConfigError

LEXICON = Path(__file__).parent.parent / "lexicon"
_CASELESS = ("ar", "fa", "he")
_WELL_KNOWN = 700_000
"""People of a city that needs no country named beside it, where letters have no case to tell names from words."""
_CAPITAL_TELLS = 150_000
"""The same where a capital letter tells a name."""
_SMALL = 150_000
"""People below which a packaged city's name is as likely a word, where letters have no case."""
_FAMILY_PARTS = {lang: re.compile("[ ]") for lang in CASED} | dict.fromkeys(("ja", "zh"), re.compile("[・·＝]"))
"""What parts a given name from a family name; Arabic, Persian and Hebrew have no case to tell صالح from a word."""
_SHORT_NAME = {"ar": 3, "fa": 3, "he": 3, "ko": 1, "ja": 1, "zh": 1}


def packaged_places() -> Iterator[Place]:
    """Countries, regions and cities as `make gazetteer` wrote them."""
    shared: dict[Words, Words] = {}
    with gzip.open(LEXICON / "places.json.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _place(json.loads(line), shared)


def _place(row: Mapping[str, Any], shared: dict[Words, Words]) -> Place:
    """`shared` keeps one copy of each set of names: most places are called the same in many languages."""
    names = {lang: tuple(map(sys.intern, words)) for lang, words in row["names"].items()}
    return Place(
        row["id"], row["type"], row.get("name", row["id"]), row.get("within"), row.get("size", 0),
        row.get("seat", False), names={lang: shared.setdefault(words, words) for lang, words in names.items()},
    )  # fmt: skip


def entries(folder: Path) -> Iterator[tuple[Entry, marked.Marked]]:
    """The entities of a folder's YAML files, groups' defaults filled in. Raises `ConfigError` with every fault."""
    for path in sorted(folder.rglob("*.yaml")):
        document = marked.parse(path.read_text(encoding="utf-8"), str(path))
        if not isinstance(document.value, dict) or next(iter(document.value), "") not in ("entities", "groups"):
            continue  # a lexicon file of another kind
        file = marked.validate(document, EntityFile)
        for entry in file.entities:
            yield entry, document
        for group in file.groups:
            for entry in group.entities:
                filled = {
                    "type": entry.type or group.type, "within": entry.within or group.within,
                    "family": entry.family or group.family,
                }  # fmt: skip
                yield entry.model_copy(update=filled), document


def within(entry: Entry, places: Mapping[str, Place]) -> str | None:
    """What an entry lies in: what it says, or the packaged region of a city where it says no more than the country."""
    known = places.get(entry.id)
    if known and known.within and known.type == entry.type == "city" and _top(known.within, places) == entry.within:
        return known.within
    return entry.within


def _top(id: str, places: Mapping[str, Place]) -> str:
    """The last of what a place lies in; users' entries may lie in each other."""
    seen = {id}
    while (place := places.get(id)) and place.within and place.within not in seen:
        id = place.within
        seen.add(id)
    return id


def own_place(entry: Entry, places: Mapping[str, Place]) -> Place:
    """An entry as the gazetteer keeps it, beside the places known so far."""
    names = {lang: words for lang, words in entry.names.items() if words}
    first = next((names[lang][0] for lang in ("en", "la", "any", *names) if lang in names), entry.id)
    return Place(
        entry.id,
        entry.type or "other",
        entry.name or first,
        within(entry, places),
        0,
        entry.seat,
        own=True,
        names=names,
    )


def entry_terms(entry: Entry, lang: str, *, known: bool = False) -> Iterator[Term]:
    """The terms of an entry in a language."""
    grade: Grade = "strict" if entry.strict or lang in _CASELESS else "name"
    certainty: Certainty = "context" if entry.context and not (known and lang in CASED) else "sure"
    for name in in_language(entry.names, lang):
        yield from (_term(entry.id, lang, way, certainty, grade) for way in _ways(name, lang))
    for name in in_language(entry.short, lang):
        yield _term(entry.id, lang, name, "short", grade)
    for name in family_names(entry, lang):
        yield _term(entry.id, lang, name, "short", grade)
    for name in in_language(entry.adjectives, lang):
        yield _adjective(entry.id, lang, name)


def family_names(entry: Entry, lang: str) -> Words:
    """The family names in a person's full names, where case or a middle dot tells them from words."""
    if entry.family is None or lang not in _FAMILY_PARTS:
        return ()
    names = in_language(entry.names, lang)
    parted = (_FAMILY_PARTS[lang].split(name) for name in names)
    found = (parts[-1 if entry.family == "last" else 0] for parts in parted if len(parts) > 1)
    return tuple(dict.fromkeys(name for name in found if len(name) > 2 and name not in names))


def more_names(place: Place, entry: Entry) -> Place:
    """A packaged place with the names that an entry without a type adds to it, within what that says it lies in."""
    added = {lang: in_language(entry.names, lang) for lang in languages()}
    names = {
        lang: tuple(dict.fromkeys((*place.names.get(lang, ()), *added.get(lang, ()))))
        for lang in (*place.names, *(lang for lang in added if added[lang] and lang not in place.names))
    }
    return replace(place, names=names, within=entry.within or place.within)


def _ways(name: str, lang: str) -> Words:
    """A Persian name of two words is also written as one, with a half-space, and the other way round."""
    if lang != "fa":
        return (name,)
    return tuple(dict.fromkeys((name, name.replace(" ", ""), name.replace("\u200c", " "))))


def in_language(names: Mapping[str, Words], lang: str) -> Words:
    """Names in a language: its own, those of all languages, and for Latin letters those shared or English."""
    own = (*names.get(lang, ()), *names.get("any", ()))
    if lang in LATIN:
        return (*own, *(names.get("la", ()) or (names.get("en", ()) if lang not in names else ())))
    return own


def _term(id: str, lang: str | None, name: str, certainty: Certainty, grade: Grade, form: str = "name") -> Term:
    case = case_of(name)
    if case == "acronym":
        grade = "strict"
    return Term(Sense(id, form, certainty, case).key, lang, name, grade)  # type: ignore[arg-type]  # a `Form`


def _adjective(id: str, lang: str | None, word: str, certainty: Certainty = "sure", form: str = "adjective") -> Term:
    return _term(id, lang, word, certainty, "word", form)


def demonyms() -> dict[str, Demonyms]:
    """The packaged words for countries and peoples, by language."""
    paths = sorted((LEXICON / "demonyms").glob("*.yaml"))
    tables = [marked.validate(marked.parse(path.read_text(encoding="utf-8"), path.name), Demonyms) for path in paths]
    return {table.lang: table for table in tables}


def demonym_terms(table: Demonyms) -> Iterator[Term]:
    """Adjectives, peoples and further names of countries."""
    lang = table.lang
    for id, words in table.adjectives.items():
        yield from (_adjective(id, lang, word) for word in words)
    for id, words in table.people.items():
        for word in words:
            plain = _adjective(id, lang, word, form="people")
            yield plain._replace(grade="strict") if lang in _CASELESS else plain
    for id, words in table.names.items():
        strict = id in table.strict or lang in _CASELESS
        yield from (_term(id, lang, word, "sure", "strict" if strict else "name") for word in words)
    for id, words in table.ambiguous.items():
        yield from (_adjective(id, lang, word, "ambiguous") for word in words)


def place_terms(
    place: Place, names: Words, lang: str, *, strict: bool, known: bool, home: bool = False
) -> Iterator[Term]:
    """The terms of a packaged place in a language, by what that needs to be sure of it."""
    grade: Grade = "strict" if strict or lang in _CASELESS else "name"
    shortest = 1 if place.type == "country" else _SHORT_NAME.get(lang, 3)
    for name in names:
        certainty = _certainty(place, lang, name, known)
        brief = (lang == "ko" and len(name) == 2 and not home) or (lang in _CASELESS and len(name) == 3)
        if brief and place.type == "city" and certainty == "context":
            if place.size >= _WELL_KNOWN:  # as short as many words are (주장, جدة): only after "in"
                yield _term(place.id, lang, name, "placed", grade)
        elif len(name) > shortest and not _is_obscure(place, lang, name):
            yield _term(place.id, lang, name, certainty, grade)


def _is_obscure(place: Place, lang: str, name: str) -> bool:
    """A small town's name of one word, where letters have no case to tell it from one."""
    return lang in _CASELESS and 0 < place.size < _SMALL and not place.seat and " " not in name


def _certainty(place: Place, lang: str, name: str, known: bool) -> Certainty:
    """Countries are sure; of regions and cities, those that nobody takes for something else."""
    if place.type == "country" or place.seat or (known and lang in CASED):
        return "sure"
    if place.type == "region":
        return "sure" if len(name.split()) > 1 and lang not in _CASELESS else "context"
    if lang in _CASELESS:
        wanted = _WELL_KNOWN if len(name) < 6 else _WELL_KNOWN // 2
        return "sure" if place.size >= wanted and len(name) > 4 else "context"
    if lang in ("ja", "zh", "ko"):
        return "sure" if len(name) > 2 and place.size >= _WELL_KNOWN // 3 else "context"
    wanted = _WELL_KNOWN // 2 if languages()[lang].nouns_capital else _CAPITAL_TELLS
    return "sure" if place.size >= wanted and len(name) > 4 else "context"


def word_terms(place: Place, names: Iterable[str], lang: str) -> Iterator[Term]:
    """The names of a packaged place that are ordinary words too: they count with a capital, after "in", and nowhere
    where nouns have capitals."""
    if not languages()[lang].nouns_capital:
        yield from (
            _term(place.id, lang, name, "placed", "name") for name in names if len(name) > _SHORT_NAME.get(lang, 3)
        )


def own_entries(folders: Sequence[Path]) -> Iterable[Entry]:
    """Our entities, then the user's, who may write an id of ours again; without a type only to add names."""
    found: dict[str, Entry] = {}
    more: list[Entry] = []
    for folder in (LEXICON / "entities", *folders):
        for entry, _ in entries(folder):
            if entry.type is None:
                more.append(entry)
            else:
                found[entry.id] = entry
    for entry in more:
        known = found.get(entry.id)
        found[entry.id] = known.model_copy(update={"names": _joined(known.names, entry.names)}) if known else entry
    return list(found.values())


def _joined(names: Mapping[str, Words], more: Mapping[str, Words]) -> dict[str, Words]:
    return {lang: tuple(dict.fromkeys((*names.get(lang, ()), *more.get(lang, ())))) for lang in (*names, *more)}


def check_within(places: Mapping[str, Place], written: Iterable[Entry]) -> None:
    """Whatever an entity lies in or acts for must be known."""
    faults = []
    for entry in written:
        if entry.within and entry.within not in places:
            hint = marked.suggest(entry.within, places)
            faults.append(marked.Marked(None, f"entity {entry.id}").fault((), f'unknown within "{entry.within}"', hint))
    if faults:
        raise ConfigError(faults)
