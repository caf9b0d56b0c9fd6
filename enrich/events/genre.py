"""What kind of text it is: sport, film, weather … talk like war and mean none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from enrich.document import Document, Hit

GENRE = "genre_"
"""What the concept ids of genres begin with."""
ANNIVERSARY = "genre_anniversary"
LEAD = 700
"""Code points that show what kind of text it is."""
TITLE = 2
"""A genre word in the headline counts for this many."""
NEEDED: Mapping[str, int] = {"hard": 2, "soft": 4, "any": 10_000}
"""How far the genre's words must outweigh the hard facts to silence an event."""
HARD_UNITS = frozenset({"killed", "wounded", "casualties", "soldiers", "missiles", "drones", "tanks", "aircraft"})
HARD_TYPES = frozenset({"armed_force", "armed_group"})
HARD_CAP = 3


@dataclass(frozen=True, slots=True)
class Genre:
    """The ordinary genre a text most looks like, and by how much that outweighs its hard facts."""

    id: str | None
    score: int
    words: tuple[str, ...] = ()

    def silences(self, weight: str) -> str | None:
        """Why an event of this weight is silenced, or None."""
        if self.id is None or self.score < NEEDED[weight]:
            return None
        return f"reads like {self.id.removeprefix(GENRE)} ({', '.join(self.words[:5])})"


def genre_of(document: Document, hits: Sequence[Hit]) -> Genre:
    """Weigh the words of each genre against what only hard news has."""
    words: dict[str, dict[str, int]] = {}
    title_end = document.sentences[0][1] if document.sentences else 0
    for hit in hits:
        if hit.start < LEAD and hit.id.startswith(GENRE) and hit.id != ANNIVERSARY:
            key = min(document.tokens[hit.first].keys, key=len)
            weight = TITLE if hit.start < title_end else 1
            mine = words.setdefault(hit.id, {})
            mine[key] = max(mine.get(key, 0), weight)
    if not words:
        return Genre(None, 0)
    likest = max(words, key=lambda genre: sum(words[genre].values()))
    return Genre(likest, sum(words[likest].values()) - hardness(document), tuple(words[likest]))


def hardness(document: Document) -> int:
    """How many facts only hard news has: counts of dead, soldiers, missiles; armies and armed groups by name."""
    facts = sum(1 for amount in document.amounts if amount.unit in HARD_UNITS)
    names = len({mention.id for mention in document.mentions if mention.type in HARD_TYPES})
    return min(HARD_CAP, facts + names)


def is_anniversary(document: Document, hits: Sequence[Hit]) -> bool:
    """Does the headline or the lead mark an anniversary?"""
    end = document.sentences[min(1, len(document.sentences) - 1)][1] if document.sentences else 0
    return any(hit.id == ANNIVERSARY and hit.start < end for hit in hits)
