"""The gazetteer: canonical names of countries, places, people and organisations, in every language."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from enrich.document import Document, Mention
from enrich.fold.letters import bare, fold
from enrich.fold.morphology import Locatives, languages
from enrich.gazetteer import load
from enrich.gazetteer.entries import LATIN, Entry, Place
from enrich.gazetteer.resolve import candidates, choose, context
from enrich.gazetteer.traps import Traps
from enrich.postings import Notes, Postings
from enrich.terms import Term, TermIndex
from schemas.ports import Named

__all__ = ["Gazetteer"]


class Gazetteer:
    """Implements `schemas.ports.Names`, and finds what a document names. Frozen once loaded; safe between threads."""

    def __init__(self, places: dict[str, Place], written: Sequence[Entry]) -> None:
        self._places = places
        self._own = {entry.id: entry for entry in written}
        self._demonyms = load.demonyms()
        self._traps = Traps.load(load.LEXICON / "traps.yaml")
        self._index = TermIndex(self._terms)
        self._countries: dict[str, str | None] = {}

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> "Gazetteer":
        """Read the packaged files and the user's entity folders. Raises `ConfigError` with every fault's place."""
        written = list(load.own_entries(folders))
        places = {place.id: place for place in load.packaged_places()}
        places.update((entry.id, load.own_place(entry)) for entry in written)
        load.check_within(places, written)
        return cls(places, written)

    def _terms(self, lang: str) -> Iterable[Term]:
        """Every name in a language, ready to be sought."""
        table = self._demonyms.get(lang)
        for place in self._places.values():
            if not place.own:
                names = place.names.get(lang) or (place.names.get("en", ()) if lang in LATIN else ())
                kept = tuple(name for name in names if not self._traps.drops(lang, name))
                strict, known = bool(table and place.id in table.strict), place.id in self._traps.known
                yield from load.place_terms(place, kept, lang, strict=strict, known=known)
        if table:
            yield from load.demonym_terms(table)
        for entry in self._own.values():
            yield from load.entry_terms(entry, lang, known=entry.id in self._traps.known)

    # -- schemas.ports.Names

    def find(self, id: str) -> Named | None:
        """The entity of an id."""
        place = self._places.get(id)
        return Named(place.id, place.type, place.name, place.within) if place else None

    def lookup(self, name: str) -> Sequence[Named]:
        """Who or what may be called so, in any language: countries, then our own entities, then the largest place."""
        ids, postings = self._by_name
        ordered = sorted(
            (self._places[ids[number]] for number in set(postings.of(_plain(name)))),
            key=lambda place: (place.type != "country", not place.own, not place.seat, -place.size, place.id),
        )
        return [Named(place.id, place.type, place.name, place.within) for place in ordered]

    def name(self, id: str, lang: str = "en") -> str:
        """How a reader of a language calls it; the English name where we do not know; the id where nobody does."""
        place = self._places.get(id)
        if place is None:
            return id
        if lang == "en":
            return place.name
        return next((place.names[key][0] for key in (lang, "any") if place.names.get(key)), place.name)

    def above(self, id: str) -> tuple[str, ...]:
        """What it lies beneath or acts for, nearest first."""
        found: list[str] = []
        place = self._places.get(id)
        while place and place.within and place.within not in found and place.within != id:
            found.append(place.within)
            place = self._places.get(place.within)
        return tuple(found)

    def ids(self) -> Iterable[str]:
        """Every known id."""
        return self._places.keys()

    # -- reading

    def country(self, id: str) -> str | None:
        """The country an entity is, lies in or acts for."""
        if id not in self._countries:
            chain = (id, *self.above(id))
            self._countries[id] = next((one for one in chain if len(one) == 2 and one.isupper()), None)
        return self._countries[id]

    def mentions(self, document: Document) -> list[Mention]:
        """What the document names, in order, each stretch of text once, with confidence and reason."""
        found = candidates(document, self._index.find(document), self._places, self._traps)
        chosen = choose(found, context(found, self.country), self.country)
        return [self._as_place(document, mention) if mention.government else mention for mention in chosen]

    def _as_place(self, document: Document, mention: Mention) -> Mention:
        """A capital after "in" is a place; elsewhere it may speak for its government."""
        lang = document.lang or ""
        named = {fold(name) for name in self._places[mention.id].names.get(lang, ())}
        own = fold(document.text(mention.span)) in named  # بيونغ begins like "in", and is a name
        return replace(mention, government=False) if _is_located(document, mention, _marks(lang), own) else mention

    @cached_property
    def _by_name(self) -> tuple[Sequence[str], Postings]:
        """Every id, and which of them each folded name may mean, for `lookup`."""
        ids, notes = list(self._places), Notes()
        at = {id: number for number, id in enumerate(ids)}
        for id, place in self._places.items():
            for words in ((id, place.name), *place.names.values()):
                for word in words:
                    notes.add(_plain(word), at[id])
        for table in self._demonyms.values():
            for id, words in table.names.items():
                for word in words:
                    notes.add(_plain(word), at[id])
        return ids, notes.packed()


def _plain(name: str) -> str:
    return " ".join(bare(fold(name)).replace("-", " ").split())


class _Marks(NamedTuple):
    """`Locatives`, folded."""

    before: frozenset[str]
    prefix: tuple[str, ...]
    after: tuple[str, ...]


@cache
def _marks(lang: str) -> _Marks:
    grammar = languages().get(lang)
    marks = grammar.locatives if grammar else Locatives()
    return _Marks(frozenset(map(fold, marks.before)), tuple(map(fold, marks.prefix)), tuple(map(fold, marks.after)))


def _is_located(document: Document, mention: Mention, marks: _Marks, own: bool) -> bool:
    """Does a word or an ending for "in" stand at a name? `own` when it is written as a name alone."""
    keys = document.tokens[mention.first].keys
    prefixed = not own and any(keys[0].startswith(one) and keys[0][len(one) :] in keys for one in marks.prefix)
    before = mention.first > 0 and document.tokens[mention.first - 1].keys[0] in marks.before
    return before or prefixed or (bool(marks.after) and _has_after(document, mention, marks.after))


def _has_after(document: Document, mention: Mention, after: tuple[str, ...]) -> bool:
    rest = fold(document.body[mention.end : mention.end + 4])
    return rest.startswith(after) or fold(document.body[mention.start : mention.end]).endswith(after)
