"""From names in a text to the entities they mean: case, context, length, and a reason for every choice."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from enrich.document import Document, Hit, Mention
from enrich.fold.morphology import languages
from enrich.gazetteer.entries import Place, Sense, sense
from enrich.gazetteer.located import has_a_name_after, has_a_name_before, is_located, is_written_so, stands_free
from enrich.gazetteer.traps import Traps
from schemas.base import Span

_CASED = ("LATIN", "CYRILLIC")
LARGE = 300_000
"""People of a town that "in" before it is enough for, wherever it lies."""
_TOWN = 150_000
"""People below which a place yields its name to a larger one, whatever country is named: Bako to Baku."""
_FAMOUS = 2_000_000
"""People of a town that a name after it leaves a town: Chicago Police."""
_RANK = {"country": 3, "city": 1, "region": 0, "place": 1}


class Candidate(NamedTuple):
    """A hit and one thing it may mean."""

    hit: Hit
    sense: Sense
    place: Place
    located: bool = False
    """Stands where places stand, as far as that matters."""
    free: bool = False
    """A large town's name that its neighbours do not make a part of a longer word or a person's name, in a language
    that parts no words or has no capitals to tell: enough at home."""


@dataclass(frozen=True)
class Context:
    """What a document says besides: which countries, and which entities by their full names."""

    countries: Counter[str]
    full: frozenset[str]
    """Ids that are named in full somewhere in the text."""
    homes: frozenset[str] = frozenset()
    """Countries that a text of its language seldom names."""
    at: Mapping[int, str] = field(default_factory=dict)
    """Token → the country that is named there."""

    def beside(self, hit: Hit, home: str | None) -> bool:
        """Whether a country is named right after: Valencia in Spain, Paris, Texas."""
        return home is not None and any(self.at.get(at) == home for at in range(hit.last, hit.last + 3))


def candidates(document: Document, hits: Iterable[Hit], places: Mapping[str, Place], traps: Traps) -> list[Candidate]:
    """What the hits may mean, without what their letters or neighbours rule out."""
    grammar = languages().get(document.lang or "en")
    cased = grammar is None or any(script in _CASED for script in grammar.scripts)
    found = []
    for hit in hits:
        meaning = sense(hit.id)
        place = places.get(meaning.id)
        surface = document.body[hit.start : hit.end]
        if place is None or (cased and meaning.case and not _case_fits(surface, meaning.case)):
            continue
        if traps.catch(document, hit, meaning):
            continue
        word = traps.is_word(document.lang, surface)
        if word and meaning.certainty == "sure":
            meaning = meaning._replace(certainty="context")
        unsure = meaning.certainty in ("context", "placed") and not (word and place.type != "country")
        located = unsure and is_located(document, hit.first, hit.span, own=is_written_so(document, hit.span, place))
        free = meaning.certainty == "context" and place.size >= LARGE and stands_free(document, hit.start, hit.end)
        found.append(Candidate(hit, meaning, place, located, free))
    return _without_surnames(document, found) if cased else found


def _without_surnames(document: Document, found: list[Candidate]) -> list[Candidate]:
    """A town's name beside another name is a part of that: Victor Lima, Real Madrid, Manchester United."""
    towns = [_is_town(one) for one in found]
    named = {
        at for one, town in zip(found, towns, strict=True) if not town for at in range(one.hit.first, one.hit.last)
    }
    return [
        one for one, town in zip(found, towns, strict=True) if not town or not _is_surname(document, one, named)
    ]  # fmt: skip


def _is_town(one: Candidate) -> bool:
    return not one.place.own and one.place.type in ("city", "region") and one.hit.last - one.hit.first == 1


def _is_surname(document: Document, one: Candidate, named: set[int]) -> bool:
    hit = one.hit
    if hit.first - 1 not in named and has_a_name_before(document, hit.first):
        return True
    famous = one.place.seat or one.place.size >= _FAMOUS
    return not famous and hit.last not in named and has_a_name_after(document, hit.last)


@lru_cache(maxsize=20_000)
def _case_fits(word: str, case: str) -> bool:
    if case == "capital":
        return word[0].isupper() or word[0].isdigit()
    letters = [letter for letter in word.split("'")[0].split("’")[0] if letter.isalpha()]
    return all(letter.isupper() for letter in letters)


def context(found: Sequence[Candidate], country: Callable[[str], str | None], homes: Iterable[str] = ()) -> Context:
    """What the sure candidates say; a name of places in two countries speaks for neither."""
    by_span: dict[Span, list[Candidate]] = {}
    for candidate in _longest(found):
        by_span.setdefault((candidate.hit.start, candidate.hit.end), []).append(candidate)
    countries: Counter[str] = Counter()
    full = set()
    for rivals in by_span.values():
        sure = [candidate.sense.id for candidate in rivals if candidate.sense.certainty == "sure"]
        full.update(sure)
        lands = {country(candidate.sense.id) for candidate in rivals}
        if sure and len(lands) == 1:
            countries.update(land for land in lands if land)
    at = {one.hit.first: home for one in found if one.sense.form == "name" and (home := _land(one, country))}
    return Context(countries, frozenset(full), frozenset(homes), at)


def _land(one: Candidate, country: Callable[[str], str | None]) -> str | None:
    """The country, where a whole one or a region of it is named."""
    return country(one.sense.id) if one.place.type in ("country", "region") and one.sense.certainty == "sure" else None


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
            by_span.setdefault((candidate.hit.start, candidate.hit.end), []).append(candidate)
    taken: list[Mention] = []
    letters = bytearray(max((end for _, end in by_span), default=0))
    for span in sorted(by_span, key=lambda span: (span[0] - span[1], span[0])):
        if 1 not in letters[slice(*span)]:
            letters[slice(*span)] = b"\1" * (span[1] - span[0])
            taken += [_mention(rivals, around, country) for rivals in _apart(by_span[span])]
    return sorted(taken, key=lambda mention: mention.start)


def _apart(rivals: list[Candidate]) -> list[list[Candidate]]:
    """Two letters of East Asia may name two countries at once (俄乌, 米中, 한미): then both are meant, and as names."""
    if len(rivals) == 1:
        return [rivals]
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
    if certainty == "sure":
        return True
    if certainty == "short":
        return candidate.sense.id in around.full
    home = country(candidate.sense.id)
    if certainty == "ambiguous":
        rivals = {"KP": "KR", "KR": "KP"}
        return rivals.get(home or "") not in around.countries
    if certainty == "placed":
        return candidate.located
    return (
        (home is not None and home in around.countries)
        or (
            candidate.located
            and (home in around.homes or candidate.place.size >= LARGE or candidate.place.type == "country")
        )
        or (candidate.free and home in around.homes)
    )


def _mention(rivals: list[Candidate], around: Context, country: Callable[[str], str | None]) -> Mention:
    """The likeliest of several meanings of the same words."""

    def likelihood(candidate: Candidate) -> tuple[object, ...]:
        place, home = candidate.place, country(candidate.sense.id)
        return (
            candidate.sense.certainty != "ambiguous",
            place.own and place.type != "other",
            place.type == "country",
            around.beside(candidate.hit, home),
            place.own or place.type != "city" or place.size >= _TOWN,
            around.countries.get(home, 0) if home else 0,
            home in around.homes and place.size >= LARGE,
            candidate.sense.certainty == "sure",
            place.seat,
            _RANK.get(place.type, 2),
            candidate.sense.form == "name",
            place.size,
        )

    best = max(rivals, key=likelihood) if len(rivals) > 1 else rivals[0]
    others = {candidate.sense.id for candidate in rivals} - {best.sense.id} if len(rivals) > 1 else set()
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
    if certainty == "placed":
        return 0.75, "also a word, but it stands where places do"
    if certainty == "context":
        return (0.85, "its country is named too") if named else (0.8, "it stands where places do")
    return 1.0, best.sense.form
