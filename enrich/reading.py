"""From an item to its document: language, tokens, sentences, and whatever the lexicons find in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from enrich.cutting import clauses, sentences
from enrich.dates import Calendar
from enrich.document import Document, Hit
from enrich.fold import Fold
from enrich.fold.letters import flat
from enrich.gazetteer import Gazetteer
from enrich.language import detect
from enrich.quantities import Counter
from schemas.item import Item

LONGEST = 100_000
"""Code points of an item that are read; what comes after is kept and not understood."""

Finder = Callable[[Document], Sequence[Hit]]


def lay_open(item: Item) -> Document:
    """The item cut into tokens, sentences and clauses; nothing named yet. Never raises on any text."""
    body = item.body[:LONGEST]
    lang = detect(item.title, item.text, item.lang)
    spans = sentences(body, min(len(item.title), len(body)), lang)
    return Document(
        body=body,
        lang=lang,
        published=item.published,
        tokens=Fold().tokens(body, lang),
        sentences=spans,
        clauses=clauses(body, spans),
        source=item.source,
        flat=flat(body),
    )


@dataclass(frozen=True)
class Reader:
    """Reads items with the lexicons it was given."""

    gazetteer: Gazetteer
    counter: Counter = field(default_factory=Counter)
    calendar: Calendar = field(default_factory=Calendar)
    concepts: Finder = lambda document: ()
    """Finds the concepts and keyword lists of the lexicon."""

    def read(self, item: Item) -> Document:
        """The item's document, everything found in it. Never raises on any text."""
        document = lay_open(item)
        days = self.calendar.days(document)
        return replace(
            document,
            mentions=self.gazetteer.mentions(document),
            days=days,
            amounts=self.counter.amounts(document, [day.span for day in days]),
            concepts=self.concepts(document),
        )
