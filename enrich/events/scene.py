"""A sentence laid out for reading: its words of interest, names, numbers and days, by place."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from enrich.document import Amount, Day, Document, Hit, Mention
from enrich.events.checks import kinds
from schemas.base import Span

CUE = "cue:"
"""What the ids of grammar cues begin with, among the hits of concepts."""
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

    @property
    def title(self) -> bool:
        """Whether it is the headline."""
        return self.index == 0

    def cue(self, name: str) -> Sequence[Hit]:
        """Where a grammar cue stands."""
        return self.hits.get(CUE + name, ())


def scenes(document: Document, hits: Sequence[Hit]) -> list[Scene]:
    """Every sentence of a document that has anything in it."""
    by_sentence = _by_sentence(document, hits)
    found: list[Scene] = []
    for index, span in enumerate(document.sentences):
        if span[0] == span[1]:
            continue
        first, last = document.token_range(span)
        line = dateline(document, index)
        mine: dict[str, list[Hit]] = defaultdict(list)
        for hit in by_sentence.get(index, ()):
            mine[hit.id].append(hit)
        found.append(
            Scene(
                index, span, first, last, mine,
                [mention for mention in document.mentions_in(span) if mention.start >= line],
                [amount for amount in document.amounts if span[0] <= amount.start < span[1]],
                [day for day in document.days if span[0] <= day.start < span[1]],
            )
        )  # fmt: skip
    return found


def dateline(document: Document, index: int) -> int:
    """Where the news begins in the text's first sentence, after `SEOUL, Nov 25 (Agency) -` or `(서울=연합뉴스)`.

    The start of the sentence where there is no such line.
    """
    start, end = document.sentences[index]
    found = DATELINE.match(document.body, start, end) if index == 1 else None
    if found is None:
        return start
    town = next((mention for mention in document.mentions_in((start, end)) if mention.start < found.end()), None)
    return found.end() if town and town.type in TOWNS and town.start - start <= 2 else start


def outside_names(document: Document, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are not part of a longer name; nor a name, where they would say how it stands or what it is."""
    long = [mention for mention in document.mentions if mention.type not in NAMED and mention.last - mention.first > 1]
    named = {at for one in document.mentions if one.form == "name" for at in range(one.first, one.last)}
    return [
        hit for hit in hits
        if not (_tells_kind(hit) and hit.last - hit.first == 1 and hit.first in named)
        and not _inside_name(hit, long)
    ]  # fmt: skip


def _tells_kind(hit: Hit) -> bool:
    """Does a hit say how an event stands, or of what kind the text is?"""
    return hit.id in STANDING_CUES or hit.id.startswith("genre_")


def longest_cues(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without cues that are part of a longer one: *not* in *will not send*, *deny* in *does not deny*."""
    long = [hit for hit in hits if hit.id.startswith(CUE) and hit.last - hit.first > 1]
    return [hit for hit in hits if not (hit.id.startswith(CUE) and any(_within(hit, other) for other in long))]


def _within(hit: Hit, other: Hit) -> bool:
    return other.first <= hit.first and hit.last <= other.last and hit.last - hit.first < other.last - other.first


def _by_sentence(document: Document, hits: Sequence[Hit]) -> Mapping[int, list[Hit]]:
    grouped: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        grouped[document.sentence_at(hit.start)].append(hit)
    return grouped


def _inside_name(hit: Hit, mentions: Sequence[Mention]) -> bool:
    """A word that is part of a longer name (Rapid *Deployment* Unit) says nothing by itself."""
    return any(
        mention.first <= hit.first and hit.last <= mention.last and mention.last - mention.first > hit.last - hit.first
        for mention in mentions
    )
