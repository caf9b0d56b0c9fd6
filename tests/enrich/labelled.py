"""Texts with the names in them marked by hand: `Bakers in {Vienna|vienna} queue`.

A `?` for an id is a name that nobody told the tagger of (`{Mia Stone|?person}`). Texts are parted by empty lines; the
first line of each is its title where it has more than one line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from enrich.document import Mention
from schemas.base import Span
from schemas.item import Item

HERE = Path(__file__).parent
_NAME = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
PUBLISHED = datetime(2025, 4, 30, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    """A text as an item, and what is named where."""

    lang: str
    item: Item
    names: dict[Span, str]
    """Spans in `item.body`."""

    @property
    def words(self) -> float:
        """How many, by eye: of Han and kana two letters make one."""
        text = self.item.body
        return len(re.sub(r"\W", "", text)) / 2 if self.lang in ("ja", "zh") else len(text.split())


def texts(folder: str, lang: str) -> list[Labelled]:
    """The texts of a language."""
    blocks = (HERE / folder / f"{lang}.txt").read_text("utf-8").strip().split("\n\n")
    return [_labelled(lang, block) for block in blocks]


def _labelled(lang: str, block: str) -> Labelled:
    title, _, text = block.rpartition("\n")
    marked = f"{title}\n{text}"
    names: dict[Span, str] = {}
    plain, at = "", 0
    for match in _NAME.finditer(marked):
        plain += marked[at : match.start()]
        names[len(plain), len(plain) + len(match[1])] = match[2]
        plain += match[1]
        at = match.end()
    plain += marked[at:]
    title, _, text = plain.partition("\n")
    return Labelled(lang, Item(id="1", title=title, text=text, lang=lang, published=PUBLISHED), names)


def wrong(labelled: Labelled, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that are not of what is named where they stand."""
    return [
        mention
        for mention in mentions
        if not any(id == mention.id and start < mention.end and mention.start < end
                   for (start, end), id in labelled.names.items())
    ]  # fmt: skip


def missed(labelled: Labelled, mentions: Iterable[Mention]) -> dict[Span, str]:
    """The names that no mention of theirs touches."""
    found = list(mentions)
    return {
        (start, end): id
        for (start, end), id in labelled.names.items()
        if not any(id == one.id and start < one.end and one.start < end for one in found)
    }
