"""Why: each telling with the words that made it, and near misses with what they lack."""

from collections.abc import Iterator, Sequence

from enrich.document import Document
from enrich.events.genre import Genre
from enrich.events.scene import Scene
from enrich.events.telling import PatternBook
from enrich.events.weighing import Candidate

MISSES = 12
"""Most near misses shown."""


def explained(
    document: Document, genre: Genre, scenes: Sequence[Scene], book: PatternBook, candidates: Sequence[Candidate]
) -> tuple[str, ...]:
    """Gate by gate, in words."""
    lines = [f"language {document.lang}"]
    if genre.id:
        lines.append(f"genre {genre.id}: {genre.score} ({', '.join(genre.words[:6])})")
    for candidate in candidates:
        lines += _candidate(candidate, document)
    told = {candidate.telling.rule for candidate in candidates}
    return (*lines, *list(_misses(document, scenes, book, told))[:MISSES])


def _candidate(candidate: Candidate, document: Document) -> Iterator[str]:
    telling, filled = candidate.telling, candidate.filled
    words = " + ".join(
        document.text((document.tokens[start].start, document.tokens[end - 1].end)) for start, end in telling.parts
    )
    where = "headline" if telling.scene.title else f"sentence {telling.scene.index}"
    yield f"{telling.rule}: {words} ({where}, confidence {candidate.confidence:.2f})"
    if candidate.silenced:
        yield f"  silenced: {candidate.silenced}"
    slots = (("actors", filled.actors), ("targets", filled.targets), ("places", filled.places))
    said = "; ".join(f"{name} {', '.join(ids)}" for name, ids in slots if ids)
    if said:
        yield f"  {said}"
    by = candidate.standing.by
    yield f"  {candidate.standing.status} because {candidate.standing.reason}" + (
        f"; said by {by.by} ({document.text(by.hit.span)})" if by and by.by else ""
    )
    for reason in candidate.reasons:
        yield f"  {candidate.context}: {reason}"


def _misses(document: Document, scenes: Sequence[Scene], book: PatternBook, told: set[str]) -> Iterator[str]:
    """Patterns that lack one part, or whose parts stand too far apart."""
    for scene in scenes:
        for kind, pattern in book.candidates(scene):
            if f"{kind}/{pattern.id}" in told or len(pattern.all) < 2:
                continue
            lacking = book.lacking(pattern, scene, document)
            if len(lacking) <= 1:
                why = f"lacks {lacking[0]}" if lacking else f"its words stand more than {pattern.within} words apart"
                yield f"near miss {kind}/{pattern.id} in sentence {scene.index}: {why}"
