"""What bears on what a report tells and how it stands, as marks that mean the same in every language. Pure.

A rule asks whether one word governs another; often the sum of weaker signs tells better (a plan's word in the lead, a
speaker of the other side, two tellings that differ, a kind of text). `enrich.semantic` learns what each is worth.
"""

from collections.abc import Iterable, Iterator

from enrich.document import Document
from enrich.events.laid import Laid
from enrich.events.merging import Group, main_of, status_of
from enrich.events.scene import CUE, Scene
from enrich.events.standing import asks
from enrich.events.weighing import Candidate

BELOW = 2
"""Sentences from this one on are told apart no more: headline, lead, the rest."""
STEPS = 5
"""Steps of a pattern's confidence that are told apart."""
QUOTES = frozenset('«“"„「『')


def bearing(laid: Laid, candidates: Iterable[Candidate], groups: list[Group]) -> frozenset[str]:
    """The marks: which cues stand where, the kind of text, what the patterns made of it and what they silenced."""
    main = main_of(groups)
    return frozenset(
        (
            *_worded(laid.document, laid.scenes),
            *_kind(laid, candidates),
            *(f"told {group.head.type}" for group in groups),
            *(f"{group.head.context}" for group in groups),
            *(_told(main) if main else ()),
        )
    )


def _worded(document: Document, scenes: Iterable[Scene]) -> Iterator[str]:
    for scene in scenes:
        line = min(scene.index, BELOW)
        yield from (f"{line}:{id.removeprefix(CUE)}" for id in scene.hits if id.startswith(CUE))
        if scene.title and asks(scene, document):
            yield "asks"
        if scene.title and not QUOTES.isdisjoint(document.text(scene.span)):
            yield "quotes"


def _kind(laid: Laid, candidates: Iterable[Candidate]) -> Iterator[str]:
    if laid.genre.id:
        yield from (laid.genre.id, "some genre")
    for candidate in candidates:
        if candidate.silenced is not None:
            yield from (f"silenced {candidate.type}", "silenced")


def _told(main: Group) -> Iterator[str]:
    status, head = status_of(main), main.head.standing
    yield from ("tells", f"mainly {main.head.type}", f"{status}", f"{status} {main.head.type}")
    yield f"{status} {'by a word' if head.explicit else 'by default'}"
    yield f"{head.status}: {head.reason.split(':')[0]}"
    yield f"sure {int(main.head.confidence * STEPS)}"
    yield "in the headline" if main.head.telling.scene.title else "below the headline"
    yield "somebody says so" if head.by and head.by.by else "nobody says so"
    for slot in ("actors", "targets", "places"):
        yield f"{'some' if getattr(main.head.filled, slot) else 'no'} {slot}"
    for again in main.members[1:]:
        line = min(again.telling.scene.index, BELOW)
        yield f"{line} told {again.standing.status} {'by a word' if again.standing.explicit else 'by default'}"
