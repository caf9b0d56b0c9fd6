"""The signs that a report tells of a story, and that it does not: each with its name, its words, and how much of it.

What a sign is worth in bits is `weights.py`. Amounts of what two share are bits themselves (`commonness`): little for
the United States, much for Rukla.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from math import fsum, sqrt
from typing import Final, NamedTuple

from enrich.stories.commonness import Commonness
from enrich.stories.kinds import family, grows, kinds, kinship
from enrich.stories.profile import Bag, Profile
from enrich.stories.traits import Traits, towns
from enrich.stories.vetoes import elsewhere
from schemas.phrasing import languages

RANK: Final = {"same": 3, "family": 2, "near": 1, "apart": 0}
DAMPING: Final = (1.0, 1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2)
"""Things shared go together (Moscow with Russia): each further one says less."""
MOST_OF_WORDS: Final = 60.0
"""Bits of shared words that count at the most: a copy is told by other means."""
ALIKE: Final = 0.15
"""Likeness of the words from which nothing speaks against two texts of one language."""
OF_HEADLINE: Final = 0.3
"""Share of a headline's words, by their bits, that another report of the same happening has as a rule."""
LEAST_HEADLINE: Final = 3
FULL: Final = 32
"""Words from which two texts of one happening can be expected to share some: less is expected of two headlines."""
TOLLS: Final = frozenset({"killed", "wounded", "casualties", "people"})
MOST_AGAINST: Final = 3.5
"""Bits that numbers take away at the most: they are what desks differ on."""
HUMAN: Final = {"soldiers": "people", "police": "people"}
"""Desks differ on what to call those who were counted."""
READ: Final = frozenset(languages())
"""Languages in which events are understood."""
DAYS: Final = (0.5, 1.0, 2.0, 3.0, 4.5)
"""Ends of the spans into which the time between a report and a story falls."""


class Sign(NamedTuple):
    """One sign: its name in `weights.py`, an id or words for people, and how much there is of it."""

    name: str
    label: str
    amount: float


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


def signs(sought: Sought, story: Profile, common: Commonness, gap: float | None) -> list[Sign]:
    """All there are, whether they speak for it or against; `gap` is the days between them."""
    report = sought.traits
    found = [
        _time(gap),
        *_things(sought, story, common),
        *_heading(report, story, common),
        *_concepts(report, story, common),
        *_figures(report, story, common),
        *_words(sought, story),
    ]
    if report.kind is None or story.kind is None:
        found.append(_names(sought, story, common))
        found += _half_told(report, story)
    else:
        found += _kind(report, story)
        found += _parties(report, story)
        found += _counts(report, story, gap)
    return found


def _time(gap: float | None) -> Sign:
    """In which span of `DAYS` they lie."""
    if gap is None:
        return Sign("undated", "undated", 1.0)
    span = sum([gap >= end for end in DAYS])
    return Sign(f"days {span}", ("the same day", "hours apart")[span] if span < 2 else f"{gap:.0f} days apart", 1.0)


def _half_told(report: Traits, story: Profile) -> list[Sign]:
    """Only one tells an event: the other one may tell none, or nobody here can read events in its language."""
    if report.kind == story.kind:
        return []
    langs = {report.lang} if report.kind is None else story.langs
    read = not langs.isdisjoint(READ)
    found = [Sign("half told" if read else "half read", "one tells no event" if read else "only one can be read", 1.0)]
    ours, near, theirs = report.spots, report.around, story.grounds
    if report.kind is None:
        ours, near, theirs = towns(report.grounds), story.around, frozenset(story.spots)
    if ours and theirs and (ours | near).isdisjoint(theirs) and near.isdisjoint(ours):
        found.append(Sign("other ground", "names other places", 1.0))
    return found


def _kind(report: Traits, story: Profile) -> list[Sign]:
    kind, other = report.kind or "", story.kind or ""
    best = max((kinship(kind, known) for known in {*story.kinds, other}), key=RANK.__getitem__)
    if best == "same" or grows(story.kind, kind):
        return [Sign("same type", kind, 1.0), *_deed(report, story)]
    found = [Sign(f"{best} type", f"{kind} beside {other}", 1.0)]
    return [*found, Sign("beside", "told beside", 1.0)] if _is_beside(report, story) else found


def _deed(report: Traits, story: Profile) -> list[Sign]:
    """The same is done by or to the same, at the same spot or in the same country."""
    parties, spots, lands = report.who & story.who, report.spots & story.spots.keys(), report.lands & story.lands.keys()
    if not parties or not (spots or lands):
        return []
    where = "same deed" if spots else "like deed"
    found = [Sign(where, f"{_few(parties)} in {_few(spots or lands)}", 1.0)]
    if spots and report.kind not in kinds().moments:
        found.append(Sign("lasting deed", "which goes on", 1.0))
    return found


def _few(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)[:2])


def _is_beside(report: Traits, story: Profile) -> bool:
    """What the one tells first the other may tell beside: the dead of a strike, the strike of the dead."""
    if report.kind in story.also or story.kinds & report.also:
        return True
    return report.kind is not None and family(report.kind) in {family(kind) for kind in story.also}


def _things(sought: Sought, story: Profile, common: Commonness) -> list[Sign]:
    """Shared people, places, bodies: parties of both events, places of both, of one of them, or only named."""
    report, ours, slots = sought.traits, sought.things, story.slots
    found: dict[str, list[tuple[float, str]]] = {}
    for key in (sought.all & slots.keys()) | (sought.all & story.names.keys()):
        in_ours, in_theirs = key in ours, key in slots
        if in_ours and in_theirs:
            name = "who" if key in report.who and key in story.who else "where"
        elif key in report.grounds or key in report.lands or key in report.spots:
            name = "ground"
        else:
            name = "half" if in_ours or in_theirs else "named"
        share = max(slots.get(key, 0.0), story.names.get(key, 0.0))
        found.setdefault(name, []).append((common.names[key] * min(1.0, 2 * share), key))
    return [sign for name, things in found.items() for sign in _damped(name, things)]


def _damped(name: str, things: list[tuple[float, str]]) -> list[Sign]:
    things.sort(reverse=True)
    last = len(DAMPING) - 1
    return [Sign(name, key, bits * DAMPING[min(rank, last)]) for rank, (bits, key) in enumerate(things)]


def _heading(report: Traits, story: Profile, common: Commonness) -> list[Sign]:
    """What the headline names and the story names too."""
    shared = sorted([common.names[key] for key in report.heads & story.names.keys()], reverse=True)
    bits = sum([bits * damping for bits, damping in zip(shared, DAMPING, strict=False)])
    return [Sign("heading", "named in the headline", bits)] if bits else []


def _parties(report: Traits, story: Profile) -> list[Sign]:
    """Of sanctions by two powers, each is its own; talks elsewhere are others, maybe, and a quake has many towns."""
    found = [Sign("elsewhere", "elsewhere", 1.0)] if elsewhere(report, story) else []
    if report.lands and story.lands and report.lands.isdisjoint(story.lands):
        found.append(Sign("other land", "another country", 1.0))
    if not report.who or not story.who:
        found.append(Sign("nobody", "nobody told", 1.0))
    elif report.who.isdisjoint(story.who):
        found.append(Sign("others", "others", 1.0))
    elif report.actors and story.actors and report.actors.isdisjoint(story.who):
        found.append(Sign("other actors", "other actors", 1.0))
    return found


def _counts(report: Traits, story: Profile, gap: float | None) -> list[Sign]:
    """Numbers that agree are evidence; those that do not weaken it. Tolls rise; hardly anything falls."""
    later = report.at is not None and story.last is not None and report.at >= story.last
    best: dict[str, float] = {}
    for unit, low, high in report.counts:
        for other, least, most in story.counts:
            if HUMAN.get(unit, unit) == HUMAN.get(other, other):
                found = _agreement((low, high), (least, most), rising=later and unit in TOLLS)
                best[unit] = max(best.get(unit, -9.0), found * (1.5 if found < 0 and (gap or 0) > 1 else 1.0))
    worst = sum(bits for bits in best.values() if bits < 0)
    scale = min(1.0, MOST_AGAINST / -worst) if worst else 1.0
    return [
        Sign("count", f"number of {unit}", bits) if bits > 0 else Sign("other count", f"number of {unit}", bits * scale)
        for unit, bits in best.items()
    ]


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


def _figures(report: Traits, story: Profile, common: Commonness) -> list[Sign]:
    """Numbers written in both texts, whatever they count: 391 votes, 50.9 %."""
    both = report.figures & story.figures.keys()
    shared = sorted(((common.figure(key) * min(1.0, 2 * story.figures[key]), key) for key in both), reverse=True)
    return [Sign("figure", f"the figure {figure}", bits / (1 + rank)) for rank, (bits, figure) in enumerate(shared[:4])]


def _words(sought: Sought, story: Profile) -> list[Sign]:
    """Texts in one language that tell one happening share its words; those in two, the roots of names and loans."""
    theirs = story.vocabulary.words(sought.traits.lang) if sought.words else None
    if theirs:
        alike, shared = _cosine(sought.words, theirs)
        full = min(1.0, min(len(sought.words), len(theirs.shares)) / FULL)
        return [
            Sign("one language", "one language", full),
            Sign("other words", "other words", full * max(0.0, 1.0 - alike / ALIKE)),
            Sign("words", "words", min(MOST_OF_WORDS, shared)),
            Sign("likeness", "likeness of the words", 10 * alike),
            *_headline(sought, theirs),
        ]
    roots = story.vocabulary.roots() if sought.roots else None
    if not roots:
        return []
    alike, shared = _cosine(sought.roots, roots)
    return [Sign("roots", "words alike", min(MOST_OF_WORDS, shared)), Sign("root likeness", "likeness", 10 * alike)]


def _headline(sought: Sought, theirs: Bag) -> list[Sign]:
    """A headline of whose words hardly any stand in the story tells something else, and only quotes this."""
    if len(sought.head) < LEAST_HEADLINE:
        return []
    shared = sum([bits * theirs.shares.get(word, 0.0) for word, bits in sought.head.items()])
    lacking = 1.0 - shared / sum(sought.head.values()) / OF_HEADLINE
    return [Sign("other headline", "another headline", lacking)] if lacking > 0 else []


def _cosine(bits: Mapping[int, float], theirs: Bag) -> tuple[float, float]:
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


def _names(sought: Sought, story: Profile, common: Commonness) -> Sign:
    """How much of what the two name is the same, 0…10: a cosine by bits, less where hardly more than places is."""
    report, bits = sought.traits, common.names
    shared = report.names & story.names.keys()
    if not shared:
        return Sign("of the names", "of the names", 0.0)
    told = fsum([bits[key] for key in shared if key not in report.grounds])
    both = fsum([bits[key] * story.names[key] for key in shared])
    theirs = fsum([bits[key] * share for key, share in story.names.items()])
    return Sign("of the names", "of the names", 10 * both / sqrt(sought.named * theirs) * min(1.0, told / 8))


def _concepts(report: Traits, story: Profile, common: Commonness) -> list[Sign]:
    """What both texts are about, by the lexicon's concepts."""
    both = [(common.concept(key) * story.concepts[key], key) for key in report.concepts & story.concepts.keys()]
    return _damped("concept", both)
