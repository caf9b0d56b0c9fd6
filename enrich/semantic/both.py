"""Two readers of events as one: patterns word by word, and the wording as a whole."""

from collections.abc import Sequence
from typing import Final

from enrich.document import Document, Hit
from enrich.events import EventReader
from enrich.events.weighing import Candidate, main_first
from enrich.semantic.features import marks
from enrich.semantic.fusion import RULE, fuse, restated, settled
from enrich.semantic.model import Guess, SemanticReader
from schemas.report import EVENT_TYPES, Event

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
        """The events of a document, the main one first. What plainly is a match report or a film is offered nothing."""
        candidates = self._patterns.candidates(document)
        events = self._patterns.settle(document, candidates)
        guess = self._guess(document, candidates, events)
        if guess is None:
            return events
        fused = fuse(events, guess, self._whole.trust, document, self._patterns.codes)
        silent = self._patterns.is_plainly_no_news(document) and any(one.silenced is not None for one in candidates)
        return main_first(
            self._settled(event, document, guess) for event in fused if not (silent and event.rule == RULE)
        )

    def _guess(self, document: Document, candidates: Sequence[Candidate], events: Sequence[Event]) -> Guess | None:
        told = events[0].type if events else None
        return self._whole.read(document, self._signs(document, candidates), told)

    def _signs(self, document: Document, candidates: Sequence[Candidate]) -> frozenset[str]:
        return marks(document, self.keywords(document)) | self._patterns.bearing(document, candidates)

    def _settled(self, event: Event, document: Document, guess: Guess) -> Event:
        """An event of the patterns with the likelier status, an offered one with its slots."""
        if event.rule == RULE:
            return settled(self._filled(event, document))
        known = event.main and event.type in EVENT_TYPES
        return restated(event, guess, self._patterns.never(event.type)) if known else event

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
        candidates = self._patterns.candidates(document)
        events = self._patterns.settle(document, candidates)
        guess = self._guess(document, candidates, events)
        lines = [*self._patterns.explain(document), f"the wording as a whole: {guess or 'nothing to go by'}"]
        restated = {event.rule: event.status for event in self.read(document)}
        for event in events if guess else ():
            status = restated.get(event.rule, event.status)
            if status is not event.status:
                grounds = "; ".join(self._whole.grounds(self._signs(document, candidates), status, event.status))
                lines.append(f"{event.type}: {status} rather than {event.status}, by {grounds}")
        return tuple(lines)
