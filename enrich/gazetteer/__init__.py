"""The gazetteer: canonical names of countries, places, people and organisations, in every language."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from enrich.document import Document, Mention
from enrich.fold.letters import bare, fold
from enrich.fold.morphology import languages
from enrich.gazetteer import load
from enrich.gazetteer.entries import CASED, LATIN, Entry, Place
from enrich.gazetteer.located import is_located, is_written_so
from enrich.gazetteer.resolve import LARGE, candidates, choose, context
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
        self._index = TermIndex(self.terms)
        self._countries: dict[str, str | None] = {}

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> "Gazetteer":
        """Read the packaged files and the user's entity folders. Raises `ConfigError` with every fault's place."""
        written = list(load.own_entries(folders))
        places = {place.id: place for place in load.packaged_places()}
        for entry in written:
            known = places.get(entry.id)
            places[entry.id] = (
                load.more_names(known, entry) if known and not entry.type else load.own_place(entry, places)
            )
        load.check_within(places, written)
        return cls(places, [entry for entry in written if places[entry.id].own])

    def terms(self, lang: str) -> Iterable[Term]:
        """Every name in a language, ready to be sought."""
        table = self._demonyms.get(lang)
        homes = languages()[lang].homes if lang in languages() else ()
        for place in self._places.values():
            if not place.own:
                names = place.names.get(lang) or (place.names.get("en", ()) if lang in LATIN else ())
                home = self.country(place.id) in homes
                strict, known = bool(table and place.id in table.strict), place.id in self._traps.known
                kept = tuple(name for name in names if not self._traps.drops(lang, name))
                yield from load.place_terms(place, kept, lang, strict=strict, known=known, home=home)
                if len(kept) < len(names) and (lang in CASED or (lang == "ko" and home and place.size >= LARGE)):
                    yield from load.word_terms(place, (name for name in names if name not in kept), lang)
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
        """How a reader of a language calls it; the English name where we do not know; else what the id says."""
        place = self._places.get(id)
        if place is None:
            return id.replace("-", " ").title() if id.islower() else id
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
        grammar = languages().get(document.lang or "")
        around = context(found, self.country, grammar.homes if grammar else ())
        chosen = choose(found, around, self.country)
        return [self._as_place(document, mention) if mention.government else mention for mention in chosen]

    def _as_place(self, document: Document, mention: Mention) -> Mention:
        """A capital after "in" is a place; elsewhere it may speak for its government."""
        own = is_written_so(document, mention.span, self._places[mention.id])
        located = is_located(document, mention.first, mention.span, own=own)
        return mention._replace(government=False) if located else mention

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
