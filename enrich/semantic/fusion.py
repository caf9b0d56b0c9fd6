"""Two readers, one confidence. Pure.

The numbers are measured: `docs/understanding.md` says how, `python -m enrich.semantic.train` measures again.
"""

from collections.abc import Callable, Collection
from math import exp, log
from typing import Final

from enrich.document import Document
from enrich.events.merging import CONSEQUENCES
from enrich.semantic.model import Guess, Trust
from schemas.report import EVENT_TYPES, SURE, Codes, Context, Event, Status

OFFER: Final = 0.25
"""How sure a reading without any pattern must be to be offered."""
KEPT: Final = 0.2
"""By how much another type must be surer than the one that the patterns told: what they tell has words and slots."""
DOUBT: Final = 0.25
"""Below this the signs together speak against any event."""
MOST_ALONE: Final = SURE - 0.05
"""Confidence of an offered event of nobody nowhere, at the most: no query hears of it that does not ask."""
RESTATED: Final = 0.5
"""How likely another status than the patterns' must be to replace it: likelier than all others together. Of 345 main
events found in texts that neither reader was made with, .69 of the statuses are right by the patterns alone, .75 so."""
RULE: Final = "semantic"
LEAST: Final = 1e-5
"""Chances are kept this far from 0 and 1."""

FAMILIES: Final = (
    frozenset({"airstrike", "drone_attack", "missile_attack", "shelling", "bombing"}),
    frozenset({"armed_clash", "offensive"}),
    frozenset({"arms_transfer", "military_aid"}),
    frozenset({"ceasefire", "peace_talks", "treaty", "diplomatic_meeting"}),
    frozenset({"troop_deployment", "peacekeeping", "mobilisation"}),
    frozenset({"protest", "riot"}),
    frozenset({"mass_killing", "casualties"}),
)
"""Types two careful readers may give the same event."""


def akin(one: str, other: str) -> bool:
    """The same type, or two of one family."""
    return one == other or any(one in family and other in family for family in FAMILIES)


def event_chance(guess: Guess, trust: Trust) -> float:
    """How likely there is an event at all."""
    return _logistic(trust.event, guess.event)


def sureness(types: Collection[str], guess: Guess, trust: Trust) -> float:
    """How sure both readers make that there is an event, and that it is of one of these types.

    Where the patterns tell two (*fighting displaces thousands*), either may be what the report is about: its chance
    is shared between them, and neither is less sure for it.
    """
    chance = sum(guess.types.get(type, 0.0) for type in set(types))
    return event_chance(guess, trust) * _logistic(trust.type, chance / max(guess.event, LEAST))


def _logistic(curve: tuple[float, float], chance: float) -> float:
    kept = min(max(chance, LEAST), 1 - LEAST)
    return 1 / (1 + exp(-(curve[0] + curve[1] * log(kept / (1 - kept)))))


def fuse(
    events: tuple[Event, ...], guess: Guess, trust: Trust, document: Document, codes: Callable[[str], Codes]
) -> tuple[Event, ...]:
    """The events with the second reader's word, the main one first; `codes` of an event type, for one it offers."""
    main = next((event for event in events if event.main), None)
    if main is not None and main.type not in EVENT_TYPES:
        return events  # of the user's own lexicon: nothing was learnt of it
    current = {event.type for event in events if event.context is Context.CURRENT}
    told = tuple(_weighed(event, current, guess, trust) for event in events)
    sure = sureness(current if guess.type in current else {guess.type}, guess, trust)
    if main is None and sure <= OFFER:
        return told
    if main is not None and guess.types[guess.type] - guess.types[main.type] <= KEPT * guess.event:
        return told
    same = (event for event in told if event.type == guess.type and event.context is Context.CURRENT)
    taken = next(same, next((event for event in told if event.main and _one_deed(event.type, guess.type)), None))
    first = (taken or _offered(guess, document)).model_copy(
        update={"type": guess.type, "codes": codes(guess.type), "main": True, "confidence": round(min(0.99, sure), 2)}
    )
    if taken is not None and taken.type != guess.type:
        first = first.model_copy(update={"doubt": f"the patterns read {taken.type}"})
    rest = (event for event in told if event is not taken)
    return (first, *(event.model_copy(update={"main": False}) if event.main else event for event in rest))


def settled(event: Event) -> Event:
    """An offered event with its slots filled: of nobody and nowhere it does not count."""
    if event.actors or event.targets or event.places:
        return event
    return event.model_copy(update={"confidence": min(MOST_ALONE, event.confidence)})


def restated(event: Event, guess: Guess, never: Collection[Status]) -> Event:
    """The main event with the likeliest status, where the signs together speak for another than the rules chose.

    What a speaker said who stands for the old status is restated with it. A retraction stands by its own word.
    """
    status = guess.status
    if status in (event.status, *never) or guess.statuses[status] < RESTATED or event.status is Status.RETRACTED:
        return event
    claims = tuple(
        claim.model_copy(update={"status": status}) if claim.status is event.status else claim for claim in event.claims
    )
    return event.model_copy(update={"status": status, "claims": claims})


def _one_deed(one: str, other: str) -> bool:
    """Is it one deed under two names (shells or bombs), so that who and whom are the same?"""
    return akin(one, other) and "casualties" not in (one, other)


def _offered(guess: Guess, document: Document) -> Event:
    told = next((span for span in document.sentences if span[1] > span[0]), (0, len(document.body)))
    return Event(
        type=guess.type, status=guess.status, evidence=(told,), rule=RULE,
        doubt="no pattern found it: read from the wording as a whole",
    )  # fmt: skip


def _weighed(event: Event, told: Collection[str], guess: Guess, trust: Trust) -> Event:
    """An event of the patterns: the main one is as sure as both make it, another at most as sure as there is any.

    So are the dead and the displaced: they are true whatever the report is mainly about.
    """
    if event.type not in EVENT_TYPES:
        return event
    chance = event_chance(guess, trust)
    alone = event.main and event.type not in CONSEQUENCES
    confidence = sureness((event.type, *told), guess, trust) if alone else min(event.confidence, chance)
    changes: dict[str, object] = {"confidence": round(min(0.99, confidence), 2)}
    if chance < DOUBT and event.doubt is None:
        changes["doubt"] = f"the wording as a whole reads like no event ({chance:.2f})"
    return event.model_copy(update=changes)
