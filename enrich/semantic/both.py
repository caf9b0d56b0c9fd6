"""Two readers of events as one: patterns word by word, and the wording as a whole."""

from collections.abc import Sequence
from typing import Final

from enrich.document import Document, Hit
from enrich.events import EventReader
from enrich.semantic.fusion import RULE, akin, counted, fuse
from enrich.semantic.model import SemanticReader
from schemas.report import Event

SLOTS: Final = ("actors", "targets", "places", "quantities", "said_by", "date")
"""What the patterns' grammar fills of an event that the second reader offers."""


class TwoReaders:
    """`enrich.understand.Events`: what the patterns read, weighed (never silenced) by what the whole reads like."""

    def __init__(self, patterns: EventReader, whole: SemanticReader) -> None:
        self._patterns = patterns
        self._whole = whole
        self.event_types = patterns.event_types
        self.keyword_ids = patterns.keyword_ids

    def read(self, document: Document) -> tuple[Event, ...]:
        """The events of a document, the main one first. What a match report or a film silenced is not offered anew."""
        candidates = self._patterns.candidates(document)
        events = self._patterns.settle(document, candidates)
        guess = self._whole.read(document, self.keywords(document), events)
        if guess is None:
            return events
        fused = fuse(events, guess, self._whole.trust, document, self._patterns.codes)
        silent = any(one.silenced is not None and akin(one.type, guess.type) for one in candidates)
        return tuple(
            counted(self._filled(event, document), guess) if event.rule == RULE else event
            for event in fused
            if not (silent and event.rule == RULE)
        )

    def _filled(self, event: Event, document: Document) -> Event:
        """An offered event with the slots that its type would fill from the headline."""
        outline = self._patterns.outline(document, event.type)
        if outline is None:
            return event
        return event.model_copy(update={slot: getattr(outline, slot) for slot in SLOTS})

    def keywords(self, document: Document) -> Sequence[Hit]:
        """Where the text touches the lexicon's concepts."""
        return self._patterns.keywords(document)

    def explain(self, document: Document) -> Sequence[str]:
        """Telling by telling, then what the second reader thinks of it."""
        events = self._patterns.read(document)
        guess = self._whole.read(document, self.keywords(document), events)
        return (*self._patterns.explain(document), f"the wording as a whole: {guess or 'nothing to go by'}")
