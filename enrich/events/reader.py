"""The event reader: from a document to its events, every step explainable."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from threading import local

from enrich.document import Document, Hit
from enrich.events.bearing import bearing
from enrich.events.counting import with_amounts
from enrich.events.entries import Cue, Grammar
from enrich.events.explaining import explained
from enrich.events.finding import Finder, terms_of
from enrich.events.genre import genre_of, is_anniversary
from enrich.events.laid import Laid, Tongue, silence_of
from enrich.events.lexicon import SHIPPED, EventLexicon, load
from enrich.events.merging import Group, event_of, grouped, main_of
from enrich.events.offices import ministries
from enrich.events.roles import Roles, cue_terms
from enrich.events.scene import Scene, longest_cues, outside_names, scenes
from enrich.events.slots import Filler
from enrich.events.speaking import Listener, Register, Speech, quoted_by
from enrich.events.standing import Heading, Judge, context_of
from enrich.events.telling import PatternBook, Telling
from enrich.events.voices import echoes, meets, of_itself, only_speak, side_of, with_source
from enrich.events.weighing import Candidate, confidence
from schemas.ports import Folding, Names
from schemas.report import Codes, Event, Status

LEAD = 1
"""Sentences under a headline that may name its source."""
OUTLINE = {"id": "outline", "status": None}
"""What is not a pattern's own of the event that a headline is taken to tell."""


class EventReader:
    """Reads events by the lexicon's patterns. Pure; may be used from several threads."""

    def __init__(self, lexicon: EventLexicon, folding: Folding, names: Names | None = None) -> None:
        self.lexicon = lexicon
        self._names = names
        self._called = lru_cache(maxsize=20_000)(self._ids_of)
        self._folding = folding
        self._tongues: dict[str, Tongue] = {}
        self._last = local()

    @classmethod
    def load(cls, folding: Folding, folders: Iterable[Path] = (), names: Names | None = None) -> "EventReader":
        """The shipped lexicon and what the user's folders add. Raises `ConfigError` with every fault.

        `names` tells a name that begins like a preposition (لبنان) from one that follows it (لروسيا).
        """
        return cls(load((SHIPPED, *folders)), folding, names)

    def _ids_of(self, name: str) -> frozenset[str]:
        return frozenset(named.id for named in self._names.lookup(name)) if self._names else frozenset()

    @cached_property
    def _ministries(self) -> dict[tuple[Cue, str], str]:
        """Which ministry of which country → its id."""
        return ministries(self._names) if self._names else {}

    @cached_property
    def event_types(self) -> frozenset[str]:
        """Types an event may have."""
        return self.lexicon.event_types

    def codes(self, type: str) -> Codes:
        """The codes of an event type in other schemes; none for a type we do not have."""
        event = self.lexicon.events.get(type)
        return event.codes if event else Codes()

    def never(self, type: str) -> tuple[Status, ...]:
        """The statuses that an event of a type cannot have."""
        event = self.lexicon.events.get(type)
        return event.never if event else ()

    @cached_property
    def keyword_ids(self) -> frozenset[str]:
        """Concepts that `keyword:` may name."""
        return self.lexicon.keyword_ids

    def _tongue(self, lang: str | None) -> Tongue | None:
        """The tools of a language, made when first needed; None where the lexicon has no words of it."""
        if lang is None or lang not in self.lexicon.words:
            return None
        if lang not in self._tongues:
            self._tongues[lang] = self._made(lang)
        return self._tongues[lang]

    def _made(self, lang: str) -> Tongue:
        grammar = self.lexicon.grammars.get(lang) or Grammar(grammar=lang)
        roles = Roles(grammar, self._folding, self._called)
        terms = [*terms_of(self.lexicon.words[lang]), *cue_terms(grammar), *roles.terms]
        filler = Filler(grammar, roles)
        return Tongue(
            grammar, Finder(terms, self._folding, lang, grammar.pace, grammar.future),
            PatternBook(self.lexicon.events, grammar.pace),
            Listener(grammar, roles, self._ministries), Judge(grammar), filler,
        )  # fmt: skip

    def lay(self, document: Document) -> Laid | None:
        """Find the lexicon's words and lay the sentences out; None in a language we have no words of.

        The document last laid is kept, for those who ask for its keywords and its events in turn.
        """
        kept: tuple[Document, Laid | None] | None = getattr(self._last, "kept", None)
        if kept is None or kept[0] is not document:
            self._last.kept = kept = (document, self._lay(document))
        return kept[1]

    def _lay(self, document: Document) -> Laid | None:
        tongue = self._tongue(document.lang)
        if tongue is None:
            return None
        hits = longest_cues(outside_names(document, tongue.finder.find(document.tokens)))
        return Laid(
            document, tongue, hits, scenes(document, hits), genre_of(document, hits), is_anniversary(document, hits)
        )

    def keywords(self, document: Document) -> list[Hit]:
        """Where the text touches the lexicon's concepts."""
        laid = self.lay(document)
        return laid.concepts if laid else []

    def candidates(self, document: Document) -> tuple[Candidate, ...]:
        """Every telling, understood, in the order of the text; those that do not count say why (`silenced`)."""
        laid = self.lay(document)
        return self._candidates(laid) if laid else ()

    def _candidates(self, laid: Laid) -> tuple[Candidate, ...]:
        register, found = Register(), list[Candidate]()
        heading: Heading | None = None
        spoken = [laid.tongue.listener.listen(scene, laid.document, register) for scene in laid.scenes]
        told = [_distinct(laid.tongue.book.read(scene, laid.document)) for scene in laid.scenes]
        beside = tuple(echoes(zip(laid.scenes, spoken, told, strict=True)))
        doers: dict[str, tuple[str, ...]] = {}
        for scene, own, tellings in zip(laid.scenes, spoken, told, strict=True):
            speeches = with_source(own, spoken[1 : 1 + LEAD]) if scene.title else own
            heading = (scene, speeches) if scene.title else heading
            lead = heading if scene.index == 1 and not found else None
            for telling in tellings:
                candidate = self._candidate(telling, speeches, laid, lead, doers.get(telling.type, ()))
                found.append(candidate)
                if candidate.filled.actors:
                    doers.setdefault(telling.type, candidate.filled.actors)
            if beside and found:
                found, beside = [replace(candidate, echoes=beside) for candidate in found], ()
        return tuple(found)

    def _candidate(
        self, telling: Telling, speeches: list[Speech], laid: Laid, heading: Heading | None, known: tuple[str, ...] = ()
    ) -> Candidate:
        """A telling, understood; `known` is who did it by an earlier telling of the text."""
        event = self.lexicon.events[telling.type]
        filled = laid.tongue.filler.fill(telling, event, speeches, laid.document)
        if known and only_speak(filled, speeches) and not meets(known, filled):
            filled = replace(filled, actors=known)
        unsaid = event.slots.actors.speaker and not filled.actors and not laid.passive(telling)
        if unsaid and (own := of_itself(quoted_by(speeches, telling.verb[0]))):
            filled = replace(filled, actors=(own,))
        standing = laid.tongue.judge.judge(
            telling, event, speeches, laid.document, heading,
            lambda speech: side_of(speech, filled, event, laid.document),
        )  # fmt: skip
        speaker = standing.by.country if standing.by and not standing.by.recalled else None
        if unsaid and not filled.actors and speaker:
            filled = replace(filled, actors=(speaker,))
        context, why = context_of(telling, event, laid.document, anniversary=laid.anniversary)
        return Candidate(
            telling, event, filled, standing, tuple(speeches), context, evidence_of(telling, laid.document),
            confidence(telling, event, filled), silence_of(telling, event, laid), (why,) if why else (),
        )  # fmt: skip

    def read(self, document: Document) -> tuple[Event, ...]:
        """The events of a document, the main one first. Never raises on any text."""
        return self.settle(document, self.candidates(document))

    def settle(self, document: Document, candidates: Sequence[Candidate]) -> tuple[Event, ...]:
        """Candidates (ours, or weighed anew by another reader) as the events of a report."""
        groups = self._grouped(candidates)
        main = main_of(groups)
        groups = sorted(groups, key=lambda group: group is not main)
        events = [event_of(group, document, main=group is main) for group in groups]
        return with_amounts(events, [group.head for group in groups], document)

    def bearing(self, document: Document, candidates: Sequence[Candidate]) -> frozenset[str]:
        """Marks of what these candidates tell and how it stands, for a reader that weighs them."""
        laid = self.lay(document)
        return bearing(laid, candidates, self._grouped(candidates)) if laid else frozenset()

    def is_plainly_no_news(self, document: Document) -> bool:
        """Does a text read strongly like sport, film, weather or the like, so that even soft patterns are silent?"""
        laid = self.lay(document)
        return laid is not None and laid.genre.silences("soft") is not None

    def _grouped(self, candidates: Sequence[Candidate]) -> Sequence[Group]:
        """The candidates that count, gathered into events; kept for who asks of the same ones in turn."""
        kept: tuple[Sequence[Candidate], Sequence[Group]] | None = getattr(self._last, "groups", None)
        if kept is None or kept[0] is not candidates:
            groups = grouped(candidate for candidate in candidates if candidate.silenced is None)
            self._last.groups = kept = (candidates, groups)
        return kept[1]

    def outline(self, document: Document, kind: str) -> Event | None:
        """Who, whom, where and how many, were the headline (or the first sentence) to tell an event of a type.

        For a reader that knows the type by other means than a pattern. None where there is nothing to go by.
        """
        laid, event = self.lay(document), self.lexicon.events.get(kind)
        scene = next((scene for scene in laid.scenes if scene.first < scene.last), None) if laid else None
        if laid is None or event is None or scene is None:
            return None
        telling = Telling(kind, event.patterns[0].model_copy(update=OUTLINE), scene, (_verb_of(scene),))
        speeches = _spoken_over(laid, scene)
        (found,) = self.settle(document, [replace(self._candidate(telling, speeches, laid, None), silenced=None)])
        return found

    def explain(self, document: Document) -> Sequence[str]:
        """In words: each telling with rule, words, slots, status and why; near misses with what they lack."""
        laid = self.lay(document)
        if laid is None:
            return (f"no lexicon for language {document.lang or 'unknown'}",)
        candidates = self._candidates(laid)
        return explained(laid.document, laid.genre, laid.scenes, laid.tongue.book, candidates)


def _verb_of(scene: Scene) -> tuple[int, int]:
    """A likely place of what happened, where no word of it is known: right behind the first name."""
    first = next((mention.last for mention in scene.mentions if mention.last < scene.last), scene.first)
    return (first, first + 1)


def _spoken_over(laid: Laid, scene: Scene) -> list[Speech]:
    """What is said in a sentence; in a headline without a speaker, by whom the lead names."""
    register, listener = Register(), laid.tongue.listener
    own = listener.listen(scene, laid.document, register)
    under = [one for one in laid.scenes if 0 < one.index <= LEAD] if scene.title else []
    return with_source(own, [listener.listen(one, laid.document, register) for one in under])


def _distinct(tellings: Sequence[Telling]) -> list[Telling]:
    """Of tellings of one type that share their words, the surest; in the order of the text."""
    if len(tellings) < 2:
        return list(tellings)
    kept: list[Telling] = []
    plain = [telling for telling in tellings if not telling.pattern.fallback]
    told = [one for one in tellings if not one.pattern.fallback or not any(_share(one, other) for other in plain)]
    for telling in sorted(told, key=lambda telling: (-telling.pattern.confidence, telling.first)):
        if not any(other.type == telling.type and _share(other, telling) for other in kept):
            kept.append(telling)
    return sorted(kept, key=lambda telling: telling.first)


def _share(a: Telling, b: Telling) -> bool:
    return a.first < b.last and b.first < a.last


def evidence_of(telling: Telling, document: Document) -> tuple[int, int]:
    """The words that tell it, widened to the names and numbers of the clause they stand in."""
    tokens = document.tokens
    return (tokens[telling.first].start, tokens[telling.last - 1].end)
