"""What bears on how a report's main event stands, as marks that mean the same in every language. Pure.

A rule asks whether one word governs another; often the sum of weaker signs tells better (a plan's word in the lead, a
speaker of the other side, two tellings that differ). `enrich.semantic` learns what each is worth.
"""

from collections.abc import Iterable, Iterator

from enrich.document import Document
from enrich.events.merging import Group, status_of
from enrich.events.scene import CUE, Scene
from enrich.events.standing import asks

BELOW = 2
"""Sentences from this one on are told apart no more: headline, lead, the rest."""
QUOTES = frozenset('«“"„「『')


def bearing(document: Document, scenes: Iterable[Scene], main: Group | None) -> frozenset[str]:
    """The marks: where which cues stand, how the headline is put, what the patterns made of the main event."""
    return frozenset((*_worded(document, scenes), *(_told(main) if main else ())))


def _worded(document: Document, scenes: Iterable[Scene]) -> Iterator[str]:
    for scene in scenes:
        line = min(scene.index, BELOW)
        yield from (f"{line}:{id.removeprefix(CUE)}" for id in scene.hits if id.startswith(CUE))
        if scene.title and asks(scene, document):
            yield "asks"
        if scene.title and not QUOTES.isdisjoint(document.text(scene.span)):
            yield "quotes"


def _told(main: Group) -> Iterator[str]:
    status, head = status_of(main), main.head.standing
    yield from (f"told {status}", f"{main.head.type}", f"told {status} of {main.head.type}")
    yield f"told {status} {'by a word' if head.explicit else 'by default'}"
    yield f"{head.status}: {head.reason.split(':')[0]}"
    yield f"{'somebody' if head.by and head.by.by else 'nobody'} says so"
    yield f"{'somebody' if main.head.filled.actors else 'nobody'} does it"
    yield f"{'to somebody' if main.head.filled.targets else 'to nobody'}"
    for again in main.members[1:]:
        line = min(again.telling.scene.index, BELOW)
        yield f"{line} told {again.standing.status}{' by a word' if again.standing.explicit else ''}"
