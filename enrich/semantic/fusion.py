"""Two readers, one confidence. Pure.

The numbers are measured: `docs/understanding.md` says how, `python -m enrich.semantic.train` measures again.
"""

from collections.abc import Callable, Collection, Sequence
from math import exp, log
from typing import Final

from enrich.document import Document
from enrich.semantic.model import Guess
from schemas.report import EVENT_TYPES, SURE, Codes, Context, Event, Status

OFFER: Final = 0.9
"""How sure a reading without any pattern must be of an event to be offered."""
OFFER_TYPE: Final = 0.4
"""... and of its type. On languages left out of training nine in ten such offers were right."""
OFFER_BESIDE: Final = 0.85
"""How sure it must be of another type than the patterns' to be told beside it; it is the main event where theirs has
fallen below `SURE`."""
DOUBT: Final = 0.25
"""Below this the wording as a whole speaks against an event."""
MOST_ALONE: Final = SURE - 0.05
"""Confidence of an offered reading, at the most: no query hears of it that does not ask."""
COUNTED_TYPE: Final = 0.6
"""How sure of the type an offered reading must be to count, where it is told of somebody or somewhere: of 390 texts it
was not trained on, 12 of 14 such were right and none of the 134 without an event had one."""
MOST_COUNTED: Final = 0.75
"""Confidence of such a reading, at the most."""
RESTATED: Final = 0.4
"""How likely another status than the patterns' must be to replace it: on 304 main events of texts that neither was made
with, .70 of the statuses are right by the patterns alone, .76 so, .74 where it must be .6."""
RULE: Final = "semantic"

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


def fuse(
    events: tuple[Event, ...], guess: Guess, trust: Sequence[float], document: Document, codes: Callable[[str], Codes]
) -> tuple[Event, ...]:
    """The events with the second reader's word, the main one first; `codes` of an event type, for one it offers."""
    told = tuple(_weighed(event, guess, trust) if event.main else event for event in events)
    main = next((event for event in told if event.main), None)
    if main is not None and (main.type not in EVENT_TYPES or akin(main.type, guess.type)):
        return told
    if guess.event < OFFER or guess.type_probability < (OFFER_BESIDE if told else OFFER_TYPE):
        return told
    chosen = next((event for event in told if event.type == guess.type and event.context is Context.CURRENT), None)
    offered = _offered(guess, document, codes(guess.type)) if chosen is None else _weighed(chosen, guess, trust)
    rest = tuple(event for event in told if event is not chosen)
    if main is None or main.confidence < SURE:
        return (_as_main(offered, main=True), *(_as_main(event, main=False) for event in rest))
    return (*rest, _as_main(offered, main=False))


def counted(event: Event, guess: Guess) -> Event:
    """An offered event with its slots filled: it counts when the reading is sure and tells of somebody or somewhere."""
    if guess.type_probability < COUNTED_TYPE or not (event.actors or event.targets or event.places):
        return event
    return event.model_copy(update={"confidence": round(min(MOST_COUNTED, guess.type_probability), 2)})


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


def _as_main(event: Event, *, main: bool) -> Event:
    return event if event.main is main else event.model_copy(update={"main": main})


def _offered(guess: Guess, document: Document, codes: Codes) -> Event:
    told = next((span for span in document.sentences if span[1] > span[0]), (0, len(document.body)))
    return Event(
        type=guess.type, codes=codes, main=True, status=guess.status, evidence=(told,), rule=RULE,
        confidence=round(min(MOST_ALONE, guess.type_probability), 2),
        doubt="no pattern found it: read from the wording as a whole",
    )  # fmt: skip


def _weighed(event: Event, guess: Guess, trust: Sequence[float]) -> Event:
    if event.type not in EVENT_TYPES:
        return event  # of the user's own lexicon: nothing was learnt of it
    confidence = together(event.type, event.confidence, guess, trust)
    changes: dict[str, object] = {"confidence": round(min(0.99, confidence), 2)}
    if guess.event < DOUBT and event.doubt is None:
        changes["doubt"] = f"the wording as a whole reads like no event ({guess.event:.2f})"
    return event.model_copy(update=changes)


def together(type: str, confidence: float, guess: Guess, trust: Sequence[float]) -> float:
    """How sure both make of an event of this type that a pattern read with this confidence.

    Logistic in the log odds of the pattern, of there being an event at all, and of its being of this family.
    """
    return 1 / (
        1 + exp(-sum(weight * one for weight, one in zip(trust, evidence(type, confidence, guess), strict=True)))
    )


def evidence(type: str, confidence: float, guess: Guess) -> tuple[float, ...]:
    """What `together` weighs."""
    family = sum(chance for name, chance in guess.types.items() if akin(name, type))
    return (1.0, _log_odds(confidence), _log_odds(guess.event), _log_odds(family))


def _log_odds(chance: float) -> float:
    kept = min(max(chance, 0.01), 0.99)
    return log(kept / (1 - kept))
