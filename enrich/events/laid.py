"""A document laid on the table for reading events, and what in it silences them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from enrich.document import Document, Hit
from enrich.events.entries import EventType, Grammar, Unless
from enrich.events.finding import Finder
from enrich.events.genre import Genre
from enrich.events.scene import Scene
from enrich.events.slots import Filler
from enrich.events.speaking import Listener
from enrich.events.standing import Judge
from enrich.events.telling import PatternBook, Telling, gap


@dataclass(frozen=True)
class Tongue:
    """One language, ready to read."""

    grammar: Grammar
    finder: Finder
    book: PatternBook
    listener: Listener
    judge: Judge
    filler: Filler


@dataclass(frozen=True)
class Laid:
    """A document on the table: its language, what was found in it, its sentences, its genre."""

    document: Document
    tongue: Tongue
    hits: Sequence[Hit]
    scenes: Sequence[Scene]
    genre: Genre
    anniversary: bool

    def of(self, id: str) -> list[Hit]:
        """Where a concept or cue stands in the whole text."""
        return self._by_id.get(id, [])

    @cached_property
    def concepts(self) -> list[Hit]:
        """What is no cue or marker of the grammar."""
        return [hit for hit in self.hits if ":" not in hit.id and hit.id != "passive"]

    @cached_property
    def _by_id(self) -> Mapping[str, list[Hit]]:
        found: dict[str, list[Hit]] = {}
        for hit in self.hits:
            found.setdefault(hit.id, []).append(hit)
        return found

    def passive(self, telling: Telling) -> bool:
        """Does a telling leave out who acts (*soldiers have been sent*)?"""
        return self.tongue.filler.roles.passive(telling, self.document)


def silence_of(telling: Telling, event: EventType, laid: Laid) -> str | None:
    """Why a telling does not count, or None."""
    for silence in event.unless:
        unless = Unless(concept=silence) if isinstance(silence, str) else silence
        hits = _heard(unless, telling, laid)
        if len({hit.start for hit in hits}) >= unless.times:
            return f"unless {unless.concept}: {laid.document.text(hits[0].span)}"
    return laid.genre.silences(event.genre)


def _heard(unless: Unless, telling: Telling, laid: Laid) -> list[Hit]:
    if unless.scope == "document":
        return laid.of(unless.concept)
    if unless.scope == "title":
        end = laid.document.sentences[0][1]
        return [hit for hit in laid.of(unless.concept) if hit.start < end]
    hits = list(telling.scene.hits.get(unless.concept, ()))
    if unless.within is None:
        return hits
    reach = unless.within * laid.tongue.grammar.pace
    return [hit for hit in hits if any(gap((hit.first, hit.last), part) <= reach for part in telling.parts)]
