"""Where a name stands: after "in", before a surname, written onto a preposition. That tells places from people."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from enrich.document import Document
from enrich.fold.letters import fold, known
from enrich.fold.morphology import Locatives, languages
from enrich.gazetteer.entries import Place
from enrich.salient import stopwords
from schemas.base import Span


class _Marks(NamedTuple):
    """`Locatives`, folded."""

    before: frozenset[str]
    prefix: tuple[str, ...]
    after: tuple[str, ...]


@cache
def _marks(lang: str) -> _Marks:
    grammar = languages().get(lang)
    marks = grammar.locatives if grammar else Locatives()
    return _Marks(frozenset(map(fold, marks.before)), tuple(map(fold, marks.prefix)), tuple(map(fold, marks.after)))


def is_written_so(document: Document, span: Span, place: Place) -> bool:
    """Whether the very letters are a name of it: بيونغ يانغ begins like "in", and is a name all the same."""
    return known(document.text(span)) in _folded(place.names.get(document.lang or "", ()))


@lru_cache(maxsize=10_000)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, names))


def is_located(document: Document, first: int, span: Span, *, own: bool = False) -> bool:
    """Whether the words around a name (its first token, its code points) say that something is there.

    `own` where the name as written is one, so that nothing is written onto it.
    """
    marks = _marks(document.lang or "")
    start, end = span
    if first and document.tokens[first - 1].keys[0] in marks.before:
        return True
    keys = document.tokens[first].keys
    if not own and any(keys[0].startswith(one) and keys[0][len(one) :] in keys for one in marks.prefix):
        return True
    return bool(marks.after) and (
        known(document.body[end : end + 4]).startswith(marks.after)
        or known(document.body[start:end]).endswith(marks.after)
    )


_HAN = re.compile("[\u3005\u4e00-\u9fff]")
_JAPANESE_SUFFIX = frozenset("市県府都道州区町村郡駅港湾島発着在内側城空大近周地行支本出")
_CHINESE_SURNAMES = frozenset(
    "陈王李张刘杨赵吴徐孙朱郭何罗郑谢韩唐冯董程曹袁邓许沈曾彭吕苏蒋蔡魏薛叶潘杜戴钟汪姜范姚谭廖邹熊陆郝孔邱崔康毛秦史顾侯邵孟尹黎"
)


def stands_free(document: Document, start: int, end: int) -> bool:
    """Whether letters beside a name leave it a name, in the languages of East Asia; elsewhere case or context tell.

    Japanese: 福井 in 福井健太 is a surname. Chinese: 江苏 in 陈江苏 is a given name. Korean words have edges.
    """
    before, after = document.flat[max(0, start - 1) : start], document.flat[end : end + 1]
    if document.lang == "ja":
        return not _HAN.match(before) and (not _HAN.match(after) or after in _JAPANESE_SUFFIX)
    if document.lang == "zh":
        return before not in _CHINESE_SURNAMES
    return document.lang == "ko"


def has_a_name_before(document: Document, first: int) -> bool:
    """Whether a word with a capital, no word of grammar, stands right before: Victor Lima, Real Madrid.

    Not in a headline whose every word has one, and not where nouns have one (`Morphology.nouns_capital`).
    """
    return first > 0 and _is_name(document, first - 1) and _are_together(document, first - 1)


def has_a_name_after(document: Document, last: int) -> bool:
    """The same of the word after: Manchester United."""
    return last < len(document.tokens) and _is_name(document, last) and _are_together(document, last - 1)


def _are_together(document: Document, at: int) -> bool:
    """Whether nothing but a space parts a token from the next one."""
    one, two = document.tokens[at], document.tokens[at + 1]
    if document.body[one.end : two.start] != " " or not document.body[one.start : one.end].isalpha():
        return False  # Hamburg'dan Nairobi'ye: an ending parts them
    return not is_headline(document, one.start)


def _is_name(document: Document, at: int) -> bool:
    grammar = languages().get(document.lang or "")
    token = document.tokens[at]
    word = document.body[token.start : token.end]
    if grammar is None or grammar.nouns_capital or len(word) < 3 or not word[0].isupper():
        return False
    ignored = stopwords().get(document.lang or "", frozenset())
    return token.keys[0] not in _marks(document.lang or "").before and ignored.isdisjoint(token.keys)


def is_headline(document: Document, offset: int) -> bool:
    """Whether every long word of the sentence has a capital, so that capitals tell nothing."""
    first, last = document.token_range(document.sentences[document.sentence_at(offset)])
    long = [token for token in document.tokens[first:last] if token.end - token.start > 3]
    return len(long) > 3 and sum(document.body[token.start].isupper() for token in long) > 0.8 * len(long)
