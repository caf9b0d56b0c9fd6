"""A sentence laid out for reading: its words of interest, names, numbers and days, by place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from enrich.document import Amount, Day, Document, Hit, Mention
from enrich.events.checks import kinds
from enrich.events.entries import Role
from schemas.base import Span

CUE = "cue:"
"""What the ids of grammar cues begin with, among the hits of concepts."""
ROLE = "role:"
"""What the ids of role markers begin with."""
NAMED = frozenset({"armed_force", "armed_group", "country", "weapon", "other", "region", "city"})
"""Entity types whose names may count as words too: `Russian forces` are troops."""
STANDING_CUES = frozenset(
    CUE + name
    for name in (
        "retract",
        "deny",
        "negation",
        "refuse",
        "threaten",
        "demand",
        "hypothetical",
        "plan",
        "claim",
        "hearsay",
    )
)
"""Cues no name can be: Teherán does not end like *enviarán*, nor Barrot begin like *barrer*."""
TOWNS = kinds(("spot",))
DATELINE = re.compile(
    r"[(（\[【「]?[^\n.!?。:：؟()（）=-]{2,30}(?:[,،] ?[^\n!?。:：؟()（）=-]{1,25})?"
    r"(?:\s*(?:[(（/][^()（）/\n]{1,40}[)）/]\s*)?(?:--?|[–—])\s|\s*=\s?[^()（）\n]{2,30}[)）]\s|[】」]\s?)"
)
"""A town, perhaps the day and the agency, and a dash; Korean and Japanese desks put it in brackets."""


@dataclass(frozen=True)
class Scene:
    """One sentence. Token indexes are the document's, half-open."""

    index: int
    span: Span
    first: int
    last: int
    hits: Mapping[str, Sequence[Hit]]
    """Concept or cue id → where it stands."""
    mentions: Sequence[Mention]
    amounts: Sequence[Amount]
    days: Sequence[Day]
    cues: Mapping[str, Sequence[Hit]]
    """Grammar cue → where it stands."""
    markers: Mapping[str, Sequence[tuple[Role, Sequence[Hit]]]]
    """The role markers that stand alone: side of the name (`<` before, `>` after) → role and where."""
    roles: dict[tuple[object, ...], Role | None] = field(default_factory=dict, compare=False, repr=False)
    """What was found out of its names' markers, for whoever asks again."""

    @property
    def title(self) -> bool:
        """Whether it is the headline."""
        return self.index == 0

    def cue(self, name: str) -> Sequence[Hit]:
        """Where a grammar cue stands."""
        return self.cues.get(name, ())


def scenes(document: Document, hits: Sequence[Hit]) -> list[Scene]:
    """Every sentence of a document that has anything in it."""
    found: list[Scene] = []
    words, names = _sorted(document, hits), _sorted(document, document.mentions)
    amounts, days = _sorted(document, document.amounts), _sorted(document, document.days)
    for index, span in enumerate(document.sentences):
        start, end = span
        if start == end:
            continue
        mine: dict[str, list[Hit]] = {}
        for hit in words.get(index, ()):
            mine.setdefault(hit.id, []).append(hit)
        said = [id for id in mine if ":" in id]
        line = dateline(document, index)
        found.append(
            Scene(
                index, span, *document.token_range(span), mine,
                [mention for mention in names.get(index, ()) if line <= mention.start and mention.end <= end],
                [amount for amount in amounts.get(index, ()) if start <= amount.start < end],
                [day for day in days.get(index, ()) if start <= day.start < end],
                {id[len(CUE) :]: mine[id] for id in said if id.startswith(CUE)},
                _markers(mine, said),
            )
        )  # fmt: skip
    return found


def _markers(hits: Mapping[str, list[Hit]], said: Iterable[str]) -> Mapping[str, list[tuple[Role, list[Hit]]]]:
    found: dict[str, list[tuple[Role, list[Hit]]]] = {}
    for id in said:
        if id.startswith(ROLE):
            role: Role = id[len(ROLE) + 1 :]  # type: ignore[assignment]
            found.setdefault(id[len(ROLE)], []).append((role, hits[id]))
    return found


def dateline(document: Document, index: int) -> int:
    """Where the news begins in the text's first sentence, after `SEOUL, Nov 25 (Agency) -` or `(서울=연합뉴스)`.

    The start of the sentence where there is no such line.
    """
    start, end = document.sentences[index]
    if index != 1:
        return start
    found = DATELINE.match(document.body, start, end)
    if found is None:
        return start
    town = next((mention for mention in document.mentions_in((start, end)) if mention.start < found.end()), None)
    return found.end() if town and town.type in TOWNS and town.start - start <= 2 else start


def outside_names(document: Document, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are not part of a longer name; nor a name, where they would say how it stands or what it is."""
    long = _by_token(one for one in document.mentions if one.type not in NAMED and one.last - one.first > 1)
    named = {at for one in document.mentions if one.form == "name" for at in range(one.first, one.last)}
    return [
        hit for hit in hits
        if not (hit.first in named and hit.last - hit.first == 1 and _tells_kind(hit))
        and not (hit.first in long and _is_part(hit, long[hit.first]))
    ]  # fmt: skip


def _tells_kind(hit: Hit) -> bool:
    """Does a hit say how an event stands, or of what kind the text is?"""
    return hit.id in STANDING_CUES or hit.id.startswith("genre_")


def longest_cues(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without cues that are part of a longer one: *not* in *will not send*, *deny* in *does not deny*."""
    long = _by_token(hit for hit in hits if hit.last - hit.first > 1 and hit.id.startswith(CUE))
    return [
        hit for hit in hits
        if not (hit.first in long and hit.id.startswith(CUE) and _is_part(hit, long[hit.first]))
    ]  # fmt: skip


Found = TypeVar("Found", Hit, Mention)
Placed = TypeVar("Placed", Hit, Mention, Amount, Day)


def _by_token(found: Iterable[Found]) -> Mapping[int, Sequence[Found]]:
    """What lies over each token."""
    over: dict[int, list[Found]] = {}
    for one in found:
        for at in range(one.first, one.last):
            over.setdefault(at, []).append(one)
    return over


def _is_part(hit: Hit, over: Iterable[Hit | Mention]) -> bool:
    """Is a word part of something longer over its first token? *Deployment* in a Rapid Deployment Unit says nothing."""
    return any(
        one.first <= hit.first and hit.last <= one.last and hit.last - hit.first < one.last - one.first for one in over
    )


def _sorted(document: Document, found: Iterable[Placed]) -> Mapping[int, Sequence[Placed]]:
    """By the sentence that each begins in."""
    grouped: dict[int, list[Placed]] = {}
    for one in found:
        grouped.setdefault(document.sentence_at(one.start), []).append(one)
    return grouped
