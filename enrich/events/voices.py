"""Who is heard of an event, and on whose side: sources of a headline, voices beside it, who only speaks of others."""

from collections.abc import Iterable, Sequence

from enrich.document import Document
from enrich.events.entries import EventType
from enrich.events.scene import Scene
from enrich.events.slots import Filled
from enrich.events.speaking import Speech
from enrich.events.telling import Telling

OWN_DEEDS = ("confirm", "deny", "plan", "threaten", "refuse")
"""Cues by which one speaks of one's own deeds, where no other actor is named."""
ECHO = 3
"""Sentences under a headline whose speakers speak of it."""
SOURCES = ("say", "according_to", "confirm", "deny")
"""Ways of speaking of a source that stands for the whole report."""


def voiced(speeches: Iterable[Speech]) -> bool:
    """Does anybody who is named, or an organ of state, speak?"""
    return any(speech.by is not None or speech.organ for speech in speeches)


def with_source(own: list[Speech], lead: Iterable[Sequence[Speech]]) -> list[Speech]:
    """A headline's speeches, with who tells what it states where nobody speaks: the first named under it."""
    if voiced(own):
        return own
    said = (speech for speeches in lead for speech in speeches if speech.cue in SOURCES and not speech.recalled)
    return [*own, *[speech for speech in said if speech.by is not None or speech.organ][:1]]


def echoes(lines: Iterable[tuple[Scene, Sequence[Speech], Sequence[Telling]]]) -> list[Speech]:
    """Who is named as speaking in a lead's sentences that tell no event: of what the text is about."""
    return [
        speech
        for scene, speeches, tellings in lines
        if 0 < scene.index <= ECHO and not tellings
        for speech in speeches
        if speech.by is not None and not speech.recalled and speech.cue in SOURCES
    ]


def only_speak(filled: Filled, speeches: Iterable[Speech]) -> bool:
    """Is who seems to act only who speaks (*Seoul estimates the North has sent …*)?"""
    voices = {id for speech in speeches for id in (speech.by, speech.country)}
    return bool(filled.actors) and voices.issuperset(filled.actors)


def meets(known: Iterable[str], filled: Filled) -> bool:
    """Do those who are known to act act here already, or stand at the other end?"""
    towns = filled.places if any(where.islower() for where in filled.places) else ()
    return not {*filled.actors, *filled.targets, *towns}.isdisjoint(known)


def of_itself(speech: Speech | None) -> str | None:
    """Whom somebody speaks of who confirms, denies, plans, threatens or refuses and names nobody else: themselves."""
    return speech.country if speech and speech.cue in OWN_DEEDS and not speech.recalled else None


def side_of(speech: Speech, filled: Filled, event: EventType, document: Document) -> str | None:
    """Whether a speaker is, or acts for, the actor or the target; an unnamed organ is of the country first named."""
    if speech.organ:
        first = next((mention.country or mention.id for mention in document.mentions), None)
        home = "actor" if first in filled.actors else "target" if first in filled.targets else None
        return "actor" if event.slots.actors.speaker else home
    ids = {speech.by, speech.country} - {None}
    if ids & set(filled.actors):
        return "actor"
    return "target" if ids & set(filled.targets) else None
