"""From names in a text to the entities they mean: case, context, length, and a reason for every choice."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from enrich.document import Document, Hit, Mention
from enrich.fold.morphology import languages
from enrich.gazetteer.entries import Place, Sense, sense
from enrich.gazetteer.traps import Traps
from schemas.base import Span

_CASED = ("LATIN", "CYRILLIC")
_RANK = {"country": 3, "city": 1, "region": 0, "place": 1}


class Candidate(NamedTuple):
    """A hit and one thing it may mean."""

    hit: Hit
    sense: Sense
    place: Place


@dataclass(frozen=True)
class Context:
    """What a document says besides: which countries, and which entities by their full names."""

    countries: Counter[str]
    full: frozenset[str]
    """Ids that are named in full somewhere in the text."""


def candidates(document: Document, hits: Iterable[Hit], places: Mapping[str, Place], traps: Traps) -> list[Candidate]:
    """What the hits may mean, without what their letters or neighbours rule out."""
    grammar = languages().get(document.lang or "en")
    cased = grammar is None or any(script in _CASED for script in grammar.scripts)
    found = []
    for hit in hits:
        meaning = sense(hit.id)
        place = places.get(meaning.id)
        if place is None or (cased and meaning.case and not _case_fits(document.body, hit, meaning.case)):
            continue
        if not traps.catch(document, hit, meaning):
            found.append(Candidate(hit, meaning, place))
    return found


def _case_fits(body: str, hit: Hit, case: str) -> bool:
    word = body[hit.start : hit.end]
    if case == "capital":
        return word[0].isupper() or word[0].isdigit()
    letters = [letter for letter in word.split("'")[0].split("’")[0] if letter.isalpha()]
    return all(letter.isupper() for letter in letters)


def context(found: Sequence[Candidate], country: Callable[[str], str | None]) -> Context:
    """What the sure candidates say; a name of places in two countries speaks for neither."""
    by_span: dict[Span, list[Candidate]] = {}
    for candidate in _longest(found):
        by_span.setdefault(candidate.hit.span, []).append(candidate)
    countries: Counter[str] = Counter()
    full = set()
    for rivals in by_span.values():
        sure = [candidate.sense.id for candidate in rivals if candidate.sense.certainty == "sure"]
        full.update(sure)
        homes = {country(candidate.sense.id) for candidate in rivals}
        if sure and len(homes) == 1:
            countries.update(home for home in homes if home)
    return Context(countries, frozenset(full))


def _longest(found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that lie in no longer one."""
    ordered = sorted(found, key=lambda one: (one.hit.start, -one.hit.end))
    kept: list[Candidate] = []
    end = 0
    for one in ordered:
        if one.hit.end > end or (kept and one.hit.span == kept[-1].hit.span):
            kept.append(one)
            end = max(end, one.hit.end)
    return kept


def choose(found: Sequence[Candidate], around: Context, country: Callable[[str], str | None]) -> list[Mention]:
    """One meaning for each stretch of text: the longest names first, then the likeliest."""
    by_span: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in found:
        if _is_admitted(candidate, around, country):
            by_span.setdefault(candidate.hit.span, []).append(candidate)
    taken: list[Mention] = []
    letters = bytearray(max((end for _, end in by_span), default=0))
    for span in sorted(by_span, key=lambda span: (span[0] - span[1], span[0])):
        if 1 not in letters[slice(*span)]:
            letters[slice(*span)] = b"\1" * (span[1] - span[0])
            taken += [_mention(rivals, around, country) for rivals in _apart(by_span[span])]
    return sorted(taken, key=lambda mention: mention.start)


def _apart(rivals: list[Candidate]) -> list[list[Candidate]]:
    """Two letters of East Asia may name two countries at once (俄乌, 米中, 한미): then both are meant, and as names."""
    ids = {rival.sense.id for rival in rivals}
    start, end = rivals[0].hit.span
    both = len(ids) == 2 == end - start and all(
        rival.place.type == "country" and (rival.sense.form, rival.sense.certainty) == ("adjective", "sure")
        for rival in rivals
    )
    if not both:
        return [rivals]
    names = [rival._replace(sense=rival.sense._replace(form="name")) for rival in rivals]
    return [[name for name in names if name.sense.id == id] for id in sorted(ids)]


def _is_admitted(candidate: Candidate, around: Context, country: Callable[[str], str | None]) -> bool:
    certainty = candidate.sense.certainty
    if certainty == "short":
        return candidate.sense.id in around.full
    home = country(candidate.sense.id)
    if certainty == "ambiguous":
        rivals = {"KP": "KR", "KR": "KP"}
        return rivals.get(home or "") not in around.countries
    return certainty == "sure" or (home is not None and home in around.countries)


def _mention(rivals: list[Candidate], around: Context, country: Callable[[str], str | None]) -> Mention:
    """The likeliest of several meanings of the same words."""

    def likelihood(candidate: Candidate) -> tuple[object, ...]:
        place, home = candidate.place, country(candidate.sense.id)
        return (
            candidate.sense.certainty != "ambiguous",
            place.own and place.type != "other",
            place.type == "country",
            around.countries[home] if home else 0,
            candidate.sense.certainty == "sure",
            place.seat,
            _RANK.get(place.type, 2),
            candidate.sense.form == "name",
            place.size,
        )

    best = max(rivals, key=likelihood)
    others = {candidate.sense.id for candidate in rivals} - {best.sense.id}
    confidence, reason = _judgement(best, others, around, country)
    hit = best.hit
    return Mention(
        best.sense.id, best.place.type, hit.start, hit.end, hit.first, hit.last, best.sense.form,
        country=country(best.sense.id), confidence=confidence, reason=reason, government=best.place.seat,
    )  # fmt: skip


def _judgement(
    best: Candidate, others: set[str], around: Context, country: Callable[[str], str | None]
) -> tuple[float, str]:
    certainty = best.sense.certainty
    home = country(best.sense.id)
    named = home is not None and home in around.countries
    if certainty == "short":
        return 0.85, "short for a name in full elsewhere in the text"
    if certainty == "ambiguous":
        return 0.6, "may mean another country too; the text names none of them"
    if others:
        rivals = ", ".join(sorted(others)[:3])
        return (0.9, f"its country is named too; not {rivals}") if named else (0.7, f"the likeliest; also {rivals}")
    if certainty == "context":
        return 0.85, "its country is named too"
    return 1.0, best.sense.form
