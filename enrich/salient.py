"""The few words a text is about, folded: for display and for grouping. Names first, then what the title shares."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
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
    weights: Counter[str] = Counter()
    title_end = document.sentences[0][1] if document.sentences else 0
    for word, start in _words(document):
        weights[word] += _IN_TITLE if start < title_end else 1
    named = {key for mention in document.mentions for key in _keys(document, mention.first, mention.last)}
    ranked = sorted(weights, key=lambda word: (-weights[word] - 2 * (word in named), word))
    return tuple(ranked[:MOST])


def _keys(document: Document, first: int, last: int) -> Iterator[str]:
    for token in document.tokens[first:last]:
        yield from token.keys[:1]


def _words(document: Document) -> Iterator[tuple[str, int]]:
    if document.lang in ("ja", "zh"):
        for run in _RUN.finditer(document.flat):
            yield run.group(), run.start()
        return
    ignored = stopwords().get(document.lang or "", frozenset())
    for token in document.tokens:
        word = token.keys[0]
        if len(word) > 2 - (document.lang == "ko") and word[0].isalpha() and ignored.isdisjoint(token.keys):
            yield word, token.start
