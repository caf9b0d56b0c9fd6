"""What bears on what a report tells and how it stands, as marks that mean the same in every language. Pure.

A rule asks whether one word governs another; often the sum of weaker signs tells better (a plan's word in the lead, a
speaker of the other side, two tellings that differ, a kind of text). `enrich.semantic` learns what each is worth.
"""

from collections.abc import Iterable, Iterator, Sequence

from enrich.events.laid import Laid
from enrich.events.merging import Group, main_of, status_of
from enrich.events.scene import CUE, Scene
from enrich.events.standing import asks
from enrich.events.weighing import Candidate

BELOW = 2
"""Sentences from this one on are told apart no more: the headline (or the first), the lead, the rest."""
STEPS = 5
"""Steps of a pattern's confidence that are told apart."""
QUOTES = frozenset('«“"„「『')


def bearing(laid: Laid, candidates: Iterable[Candidate], groups: Sequence[Group]) -> frozenset[str]:
    """The marks: which cues stand where, the kind of text, what the patterns made of it and what they silenced."""
    main = main_of(groups)
    return frozenset(
        (
            *_worded(laid),
            *_kind(laid, candidates),
            *(f"told {group.head.type}" for group in groups),
            *(f"{group.head.context}" for group in groups),
            *(_told(main, laid.scenes[0]) if main else ()),
        )
    )


def _worded(laid: Laid) -> Iterator[str]:
    for line, scene in enumerate(laid.scenes):
        yield from (f"{min(line, BELOW)}:{id.removeprefix(CUE)}" for id in scene.hits if id.startswith(CUE))
    for first in laid.scenes[:1]:
        if asks(first, laid.document):
            yield "asks"
        if not QUOTES.isdisjoint(laid.document.text(first.span)):
            yield "quotes"


def _kind(laid: Laid, candidates: Iterable[Candidate]) -> Iterator[str]:
    if laid.genre.id:
        yield from (laid.genre.id, "some genre")
    for candidate in candidates:
        if candidate.silenced is not None:
            yield from (f"silenced {candidate.type}", "silenced")


def _told(main: Group, first: Scene) -> Iterator[str]:
    status, head = status_of(main), main.head.standing
    yield from ("tells", f"mainly {main.head.type}", f"{status}", f"{status} {main.head.type}")
    yield f"{status} {'by a word' if head.explicit else 'by default'}"
    yield f"{head.status}: {head.reason.split(':')[0]}"
    yield f"sure {int(main.head.confidence * STEPS)}"
    yield "in the headline" if main.head.telling.scene is first else "below the headline"
    yield "somebody says so" if head.by and head.by.by else "nobody says so"
    for slot in ("actors", "targets", "places"):
        yield f"{'some' if getattr(main.head.filled, slot) else 'no'} {slot}"
    for again in main.members[1:]:
        line = min(again.telling.scene.index - first.index, BELOW)
        yield f"{line} told {again.standing.status} {'by a word' if again.standing.explicit else 'by default'}"
