"""The headline of a story, composed from its facts: `North Korea confirms troop deployment to Russia · …`."""

from collections.abc import Sequence

from schemas.materiality import DECISIVE, Factual, is_country
from schemas.phrasing.numbers import leading, quantity
from schemas.phrasing.tables import EventWords, Table, fill, needs, table
from schemas.ports import Names
from schemas.report import Event, Status
from schemas.story import Story

SEPARATOR = " · "


def headline(facts: Factual, names: Names, lang: str = "en") -> str:
    """One line for a reader of `lang`: who does what, how it stands, how many, where exactly.

    Empty when the facts name no event: then only the report's own title can be shown. At most about 200 characters.
    """
    said = sentence(facts, names, lang)
    if not said:
        return ""
    words = table(lang)
    counts = [quantity(entry, words) for entry in leading(facts.quantities)]
    exact = [names.name(key, lang) for key in precise(facts.places, names) if not is_country(key)][:2]
    return SEPARATOR.join([said, *(count for count in counts if count), *exact])


def sentence(facts: Factual, names: Names, lang: str = "en") -> str:
    """The headline without counts and places: `North Korea confirms troop deployment to Russia`."""
    if facts.type is None:
        return ""
    words = table(lang)
    event = words.events.get(facts.type, EventWords(noun=facts.type.replace("_", " ")))
    slots = {"noun": event.noun, "to": _to(facts, names, lang, event), **_who(facts, names, lang, event)}
    for template in words.status[facts.status or Status.REPORTED]:
        if needs(template) <= slots.keys():
            text = fill(template, slots)
            return text[:1].upper() + text[1:]
    return event.noun


def _who(facts: Factual, names: Names, lang: str, event: EventWords) -> dict[str, str]:
    """Slots that only facts can fill: the actors; their own words, or else a speaker who is none of them."""
    words = table(lang)
    several = len(facts.actors) > 1
    slots: dict[str, str] = {}
    if facts.actors:
        slots["actors"] = listed([names.name(key, lang) for key in facts.actors], words)
        if event.verb is not None:
            slots["verb"] = event.verb[several]
    voices = speakers(facts)
    others = [key for key in voices if not set(facts.actors) & {key, *names.above(key)}]
    if len(others) < len(voices) or facts.status in _OWN or (facts.status is Status.CONFIRMED and not voices):
        slots |= {name: forms[several] for name, forms in words.verbs.items()}
    elif others:
        slots["speaker"] = names.name(others[0], lang)
    return slots


_OWN = frozenset({Status.PLANNED, Status.THREATENED, Status.REFUSED})
"""Ways to stand that are the actor's own by their meaning."""


def speakers(facts: Factual) -> tuple[str, ...]:
    """Who says that it stands so: those whose claim has the present status, newest first; of denials nobody else."""
    if isinstance(facts, Story):
        claims = [(entry.by, entry.status) for entry in reversed(facts.statements)]
    else:
        claims = [(entry.by, entry.status) for entry in (facts.claims if isinstance(facts, Event) else ())]
    saying = tuple(dict.fromkeys(by for by, status in claims if by and status is facts.status))
    return saying or (() if facts.status in DECISIVE else facts.said_by)


def _to(facts: Factual, names: Names, lang: str, event: EventWords) -> str:
    """` to Russia`: the targets, or else the countries where it happens, that are not actors themselves."""
    targets = [key for key in facts.targets if key not in facts.actors]
    countries = [key for key in facts.places if is_country(key) and key not in facts.actors]
    ids, lead = (targets, event.target) if targets else (countries, event.place)
    if not ids:
        return ""
    words = table(lang)
    said = listed([names.name(key, lang) for key in ids], words)
    return f" {lead} {said}" if lead else fill(words.words.get("aside", " ({names})"), {"names": said})


def listed(names: Sequence[str], words: Table) -> str:
    """`A`, `A and B`, `A, B and C`, `A and 4 more`."""
    unique = list(dict.fromkeys(names))
    if len(unique) > 3:
        return fill(words.list.more, {"first": unique[0], "n": str(len(unique) - 1)})
    if len(unique) < 2:
        return "".join(unique)
    return words.list.comma.join(unique[:-1]) + words.list.and_ + unique[-1]


def precise(places: Sequence[str], names: Names) -> tuple[str, ...]:
    """The places that contain none of the others: of Russia and Kursk Oblast, Kursk Oblast."""
    containers = {above for key in places for above in names.above(key)}
    return tuple(key for key in places if key not in containers)
