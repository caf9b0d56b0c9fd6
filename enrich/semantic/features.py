"""What the semantic reader looks at: a sentence vector and language-free marks.

The marks (concepts, kinds of names, units of counts; in the title or below it) mean the same in every language, so what
is learnt of one serves all, those too that the sentence model never saw (Hebrew, Persian).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from enrich.document import Document, Hit

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


def marks(document: Document, concepts: Iterable[Hit]) -> frozenset[str]:
    """The language-free marks of a document; `t:` those of its title."""
    end = document.sentences[0][1] if document.sentences else 0
    found: set[str] = set()
    for name, start in _named(document, concepts):
        found.add(name)
        if start < end:
            found.add(f"t:{name}")
    return frozenset(found)


def _named(document: Document, concepts: Iterable[Hit]) -> Iterable[tuple[str, int]]:
    yield from ((f"c:{hit.id}", hit.start) for hit in concepts)
    yield from ((f"e:{mention.type}", mention.start) for mention in document.mentions)
    yield from ((f"q:{amount.unit}", amount.start) for amount in document.amounts)


def present(found: Iterable[str], columns: Mapping[str, int]) -> list[int]:
    """The columns of the marks that have one."""
    return sorted(columns[name] for name in found if name in columns)
