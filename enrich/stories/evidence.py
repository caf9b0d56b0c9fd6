"""What a report and a story share, in bits, each with its words; and what makes it less likely that they are one."""

from collections.abc import Mapping
from itertools import islice
from math import fsum, sqrt
from typing import Final, NamedTuple

from enrich.stories.commonness import Commonness
from enrich.stories.kinds import family, kinds, kinship
from enrich.stories.profile import Bag, Profile
from enrich.stories.traits import Traits
from enrich.stories.vetoes import apart, elsewhere

KINSHIP: Final = {"same": 1.0, "family": 0.65, "near": 0.2, "apart": -1.1}
"""Shares of the bits that the very same type is worth."""
BESIDE: Final = 0.5
ELSEWHERE: Final = -2.5
"""Talks in another town may be the same talks, but less likely."""
OTHER_DAY: Final = 6.0
"""Bits that a day between two dated happenings takes away: two strikes are two."""
DAMPING: Final = (1.0, 1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2)
"""Things shared go together (Moscow with Russia): each further one says less."""
GROUND: Final = 0.35
"""A place that both name, and that is not where both events are, says little of what happened there."""
OF_SHARED: Final = 0.35
"""Two short texts may be alike by one word: never worth more than this of the bits they share."""
OF_HEADLINE: Final = 0.3
"""Share of a headline's words, by their bits, that another report of the same happening has at the least."""
LEAST_HEADLINE: Final = 3
TOLLS: Final = frozenset({"killed", "wounded", "casualties", "people"})
MOST_AGAINST: Final = 3.5
"""Bits that numbers take away at the most: they are what desks differ on."""
HUMAN: Final = {"soldiers": "people", "police": "people"}
"""Desks differ on what to call those who were counted."""

Part = tuple[str, float]
"""What is shared (an id, or words), and its bits."""


class Sought(NamedTuple):
    """A report made ready to be weighed against many stories."""

    traits: Traits
    sketch: frozenset[int]
    words: Mapping[int, float]
    """Bits of its words."""
    head: Mapping[int, float]
    """Those of `words` that stand in its headline."""
    roots: Mapping[int, float]
    things: frozenset[str]
    """Everyone and everywhere in its event."""
    all: frozenset[str]
    """… and all it names."""
    named: float
    """Bits of all its names."""

    @classmethod
    def of(cls, traits: Traits, common: Commonness) -> "Sought":
        """Weigh its words and names once."""
        words, roots = common.words(traits.words, traits.lang), common.roots(traits.roots)
        things = traits.actors.union(traits.targets, traits.lands, traits.spots)
        named = fsum([common.names[key] for key in traits.names])
        head = dict(islice(words.items(), traits.headed))
        return cls(traits, frozenset(traits.sketch), words, head, roots, things, things | traits.names, named)


def of_events(sought: Sought, story: Profile, common: Commonness, gap: float | None) -> list[Part]:
    """All but the wording: type, who and where, how many, when."""
    report = sought.traits
    return [
        *_kind(report, story, common),
        *_things(sought, story, common),
        *_doers(report, story),
        *_counts(report, story, gap),
        *_figures(report, story, common),
        _time(report, story, gap),
    ]


def _kind(report: Traits, story: Profile, common: Commonness) -> list[Part]:
    if report.kind is None or story.kind is None:
        return []
    best = max((kinship(report.kind, kind) for kind in {*story.kinds, story.kind}), key=KINSHIP.__getitem__)
    share = max(KINSHIP[best], _beside(report, story))
    bits = common.kind(report.kind) * share
    told = report.kind if best == "same" else f"{report.kind} beside {story.kind}"
    return [(told, bits * min(1.0, 0.4 + report.sure * 0.6) if bits > 0 else bits)]


def _beside(report: Traits, story: Profile) -> float:
    """What the one tells first the other may tell beside: the dead of a strike, the strike of the dead."""
    if report.kind in story.also or story.kinds & report.also:
        return BESIDE
    if report.kind and family(report.kind) in {family(kind) for kind in story.also}:
        return BESIDE * KINSHIP["family"]
    return -1.0


def _things(sought: Sought, story: Profile, common: Commonness) -> list[Part]:
    """Shared people, places, bodies: in full where they stand in both events, by half where texts only name them."""
    report, ours, slots = sought.traits, sought.things, story.slots
    untold = report.kind is None or story.kind is None
    found: list[Part] = []
    for key in (sought.all & slots.keys()) | (sought.all & story.names.keys()):
        in_ours, in_theirs = key in ours, key in slots
        weight = 1.0 if in_ours and in_theirs else 0.7 if in_ours or in_theirs else 0.5
        if key in report.grounds or key in report.lands or key in report.spots:
            weight = min(weight, 0.5) if untold else weight if in_ours or in_theirs else GROUND
        share = max(slots.get(key, 0.0), story.names.get(key, 0.0))
        found.append((key, common.names[key] * weight * min(1.0, 2 * share)))
    return _damped(found)


def _doers(report: Traits, story: Profile) -> list[Part]:
    """Of sanctions by two powers, each is its own; talks elsewhere are others, maybe."""
    found = [("elsewhere", ELSEWHERE)] if elsewhere(report, story) else []
    if not report.actors or not story.actors or not (report.actors & story.who).isdisjoint(story.who):
        return found
    return [*found, ("other actors", -3.0)] if report.kind in kinds().directed else found


def _damped(parts: list[Part]) -> list[Part]:
    parts.sort(key=lambda part: (-part[1], part[0]))
    last = len(DAMPING) - 1
    return [(key, bits * DAMPING[min(rank, last)]) for rank, (key, bits) in enumerate(parts)]


def _counts(report: Traits, story: Profile, gap: float | None) -> list[Part]:
    """Numbers that agree are strong evidence; those that do not weaken it. Tolls rise; hardly anything falls."""
    later = report.at is not None and story.last is not None and report.at >= story.last
    best: dict[str, float] = {}
    for unit, low, high in report.counts:
        for other, least, most in story.counts:
            if HUMAN.get(unit, unit) == HUMAN.get(other, other):
                found = _agreement((low, high), (least, most), rising=later and unit in TOLLS)
                best[unit] = max(best.get(unit, -9.0), found * (1.5 if found < 0 and (gap or 0) > 1 else 1.0))
    worst = sum(bits for bits in best.values() if bits < 0)
    scale = min(1.0, MOST_AGAINST / -worst) if worst else 1.0
    return [(f"number of {unit}", bits * scale if bits < 0 else bits) for unit, bits in best.items()]


def _agreement(new: tuple[float, float], old: tuple[float, float], *, rising: bool) -> float:
    if new[0] <= old[1] and old[0] <= new[1]:
        exact = new == old and new[0] == new[1]
        return _rarity(new[0]) if exact else 2.0
    small, large = sorted((min(new[1], old[1]), max(new[0], old[0])))
    ratio = large / small if small > 0 else 10.0
    if ratio <= 1.2:
        return 0.5
    if rising and new[0] > old[1]:
        return 0.0 if ratio <= 4 else -1.5
    return -1.5 if ratio <= 2 else -2.5 if ratio <= 5 else -4.0


def _rarity(value: float) -> float:
    """Bits of one number said twice: more for 1,968 than for 2,000, hardly any for 3."""
    if value < 10:
        return 1.0
    digits = f"{value:.0f}".rstrip("0")
    return min(6.0, 1.5 + 1.5 * len(digits))


def _time(report: Traits, story: Profile, gap: float | None) -> Part:
    """Nearness in time is evidence by itself; distance speaks against, more so of what happens in a moment."""
    moment = report.kind in kinds().moments or story.kind in kinds().moments
    other_day = OTHER_DAY * apart(report.when, story.when) if moment else 0.0
    if gap is None:
        return "undated", -2.0 - other_day
    if moment and gap > 0.5:
        return "hours apart", 1.0 - (gap - 0.5) * 4.0 - other_day
    if gap <= 1.0:
        return "the same day", 2.0 * (1.0 - max(0.0, gap - 0.5) * 2) - other_day
    return "days apart", -(gap - 1.0) * (2.5 if moment or not story.kind else 1.2) - other_day


def _figures(report: Traits, story: Profile, common: Commonness) -> list[Part]:
    """Numbers written in both texts, whatever they count: 391 votes, 50.9 %."""
    both = report.figures & story.figures.keys()
    shared = sorted(((common.figure(key) * min(1.0, 2 * story.figures[key]), key) for key in both), reverse=True)
    return [(f"the figure {figure}", bits / (1 + rank)) for rank, (bits, figure) in enumerate(shared[:4])]


def of_words(sought: Sought, story: Profile) -> list[Part]:
    """Texts in one language that tell one happening share its words; those in two, the roots of names and loans."""
    told = sought.traits.kind is not None and story.kind is not None
    theirs = story.vocabulary.words(sought.traits.lang) if sought.words else None
    if theirs:
        slope, usual, least, most = _IN_ONE_LANGUAGE[told]
        alike, shared = cosine(sought.words, theirs)
        bits = max(least, min(most, slope * (alike - usual), OF_SHARED * shared))
        return [("words", bits), *_headline(sought, theirs, told=told)]
    roots = story.vocabulary.roots() if sought.roots else None
    if roots:
        alike, shared = cosine(sought.roots, roots)
        return [("words alike", max(-0.5, min(9.0, 20 * (alike - 0.08), OF_SHARED * shared)))]
    return []


def _headline(sought: Sought, theirs: Bag, *, told: bool) -> list[Part]:
    """A headline of whose words hardly any stand in the story tells something else, and only quotes this."""
    if len(sought.head) < LEAST_HEADLINE:
        return []
    shared = sum([bits * theirs.shares.get(word, 0.0) for word, bits in sought.head.items()])
    lacking = shared / sum(sought.head.values()) - OF_HEADLINE
    return [("another headline", (4 if told else 16) * lacking)] if lacking < 0 else []


_IN_ONE_LANGUAGE: Final = {True: (30, 0.18, -3.0, 9.0), False: (45, 0.24, -7.0, 13.0)}
"""By whether both tell an event: bits for likeness, the likeness of two texts about the same people, least, most.

Where nothing else tells one happening from another of the same people, words must.
"""


def cosine(bits: Mapping[int, float], theirs: Bag) -> tuple[float, float]:
    """About the cosine of two bags of words weighed by their bits, and the bits they share.

    The length of the other bag is taken as if its words weighed what ours do: that saves weighing them all.
    """
    both = [(bits[word], theirs.shares[word]) for word in bits.keys() & theirs.shares.keys()]
    if not both:
        return 0.0, 0.0
    norm = sum([weight * weight for weight in bits.values()])
    length = norm / len(bits) * theirs.length
    alike = sum([weight * weight * share for weight, share in both]) / sqrt(norm * length)
    return min(1.0, alike), sum([weight * share for weight, share in both])


def of_names(sought: Sought, story: Profile, common: Commonness) -> list[Part]:
    """Without two events to compare, most of what is named must be the same, and more of it than places."""
    report, bits = sought.traits, common.names
    shared = report.names & story.names.keys()
    told = fsum([bits[key] for key in shared if key not in report.grounds])
    both = fsum([bits[key] * story.names[key] for key in shared])
    theirs = fsum([bits[key] * share for key, share in story.names.items()]) if both else 1.0
    names = both / sqrt(sought.named * theirs) if both else 0.0
    concepts = [
        (key, common.concept(key) * 0.4 * story.concepts[key]) for key in report.concepts & story.concepts.keys()
    ]
    return [("of the names", 10 * (names - 0.5) * min(1.0, told / 8)), *_damped(concepts)]
