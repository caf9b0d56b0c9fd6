"""Two readers of events as one: patterns word by word, and the wording as a whole."""

from collections.abc import Sequence

from enrich.document import Document, Hit
from enrich.events import EventReader
from enrich.semantic.fusion import fuse
from enrich.semantic.model import SemanticReader
from schemas.report import Event


class TwoReaders:
    """`enrich.understand.Events`: what the patterns read, weighed (never silenced) by what the whole reads like."""

    def __init__(self, patterns: EventReader, whole: SemanticReader) -> None:
        self._patterns = patterns
        self._whole = whole
        self.event_types = patterns.event_types
        self.keyword_ids = patterns.keyword_ids

    def read(self, document: Document) -> tuple[Event, ...]:
        """The events of a document, the main one first."""
        events = self._patterns.read(document)
        guess = self._whole.read(document, self.keywords(document), events)
        return events if guess is None else fuse(events, guess, self._whole.trust, document, self._patterns.codes)

    def keywords(self, document: Document) -> Sequence[Hit]:
        """Where the text touches the lexicon's concepts."""
        return self._patterns.keywords(document)

    def explain(self, document: Document) -> Sequence[str]:
        """Telling by telling, then what the second reader thinks of it."""
        events = self._patterns.read(document)
        guess = self._whole.read(document, self.keywords(document), events)
        return (*self._patterns.explain(document), f"the wording as a whole: {guess or 'nothing to go by'}")
