"""The few words a text is about, folded: for display and for grouping. Names first, then what the title shares."""

import re
from collections import Counter
from functools import cache
from heapq import nsmallest
from pathlib import Path

from enrich.document import Document
from enrich.fold.letters import fold
from schemas import marked
from schemas.base import Strict

MOST = 8
_RUN = re.compile(r"[\u4e00-\u9fff\u3005]{2,6}|[\u30a1-\u30fa\u30fc]{3,}")
_STOPWORDS = Path(__file__).parent / "lexicon" / "stopwords.yaml"
_IN_TITLE = 3


class Stopwords(Strict):
    """`enrich/lexicon/stopwords.yaml`: words that say nothing of what a text is about, by language."""

    stopwords: dict[str, tuple[str, ...]]


@cache
def stopwords() -> dict[str, frozenset[str]]:
    """Folded stop words by language."""
    document = marked.parse(_STOPWORDS.read_text(encoding="utf-8"), _STOPWORDS.name)
    lists = marked.validate(document, Stopwords).stopwords
    return {lang: frozenset(map(fold, words)) for lang, words in lists.items()}


def salient(document: Document) -> tuple[str, ...]:
    """At most `MOST` terms, the weightiest first; a word of the title counts three times."""
    named = {token.keys[0] for one in document.mentions for token in document.tokens[one.first : one.last]}
    ranked = ((-weight - 2 * (word in named), word) for word, weight in _weights(document).items())
    return tuple(word for _, word in nsmallest(MOST, ranked))


def _weights(document: Document) -> Counter[str]:
    """How often each word is said, a word of the title as if three times."""
    title_end = document.sentences[0][1] if document.sentences else 0
    weights: Counter[str] = Counter()
    if document.lang in ("ja", "zh"):
        for run in _RUN.finditer(document.flat):
            weights[run.group()] += _IN_TITLE if run.start() < title_end else 1
        return weights
    titled = document.token_range((0, title_end))[1]
    said = Counter(token.keys for token in document.tokens)
    for token in document.tokens[:titled]:
        said[token.keys] += _IN_TITLE - 1
    shortest, ignored = 2 if document.lang == "ko" else 3, stopwords().get(document.lang or "", frozenset())
    for keys, weight in said.items():
        word = keys[0]
        if len(word) >= shortest and word[0].isalpha() and ignored.isdisjoint(keys):
            weights[word] += weight
    return weights
