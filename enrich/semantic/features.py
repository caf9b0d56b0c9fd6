"""What the semantic reader looks at: a sentence vector and language-free marks.

The marks (concepts, kinds of names, units of counts; in the title or below it) mean the same in every language, so what
is learnt of one serves all, those too that the sentence model never saw (Hebrew, Persian).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from enrich.document import Amount, Document, Hit, Mention

Vector = NDArray[np.float32]

WIDTH: Final = 512
SCALE: Final = 4.0
"""Brings a unit vector's entries (around 0.04) nearer to the marks' 0 and 1, so that one penalty suits both."""
LEAD: Final = 160
"""Characters of the text that are read with the title: headlines tell, leads say what they tell of."""


class Encoder(Protocol):
    """Sentences to unit vectors of `WIDTH` numbers."""

    def encode(self, sentences: Sequence[str]) -> Vector:
        """One row a sentence."""


def words(document: Document) -> str:
    """The title and the beginning of the text; the text alone where there is no title."""
    title, _, text = document.body.partition("\n")
    return f"{title}. {text[:LEAD]}".strip(". ") if title else text[: 2 * LEAD]


def marks(document: Document, concepts: Sequence[Hit]) -> frozenset[str]:
    """The language-free marks of a document; `t:` those of its title (of its first sentence, where it has none)."""
    end = next((end for start, end in document.sentences if start < end), 0)
    found = _named({hit.id for hit in concepts}, document.mentions, document.amounts)
    titled = _named(
        {hit.id for hit in concepts if hit.start < end},
        [mention for mention in document.mentions if mention.start < end],
        [amount for amount in document.amounts if amount.start < end],
    )
    return frozenset((*found, *(f"t:{name}" for name in titled)))


def _named(concepts: Iterable[str], mentions: Iterable[Mention], amounts: Iterable[Amount]) -> set[str]:
    return {
        *(f"c:{id}" for id in concepts),
        *(f"e:{type}" for type in {mention.type for mention in mentions}),
        *(f"q:{unit}" for unit in {amount.unit for amount in amounts}),
    }


def present(found: Iterable[str], columns: Mapping[str, int]) -> list[int]:
    """The columns of the marks that have one."""
    return sorted([columns[name] for name in found if name in columns])
