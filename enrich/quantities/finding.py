"""Where the numbers of a document are, in digits or in words, ranges joined, before anybody asks what they count."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from enrich.document import Document, Hit
from enrich.quantities.digits import Written, written
from enrich.quantities.entries import NumberWords
from enrich.quantities.spoken import Numerals

_DASHES = frozenset("-~～〜∼—–")
_TO = ("에서", "から", "ないし", "내지", "至", "到")
"""What stands for a dash where it is written onto the number."""


@dataclass(frozen=True)
class Number:
    """A number in a document: bounds, code points, tokens (half-open)."""

    low: float | None
    high: float | None
    start: int
    end: int
    first: int
    last: int
    vague: bool = False
    bare: bool = False
    """In plain digits without separators or multiplier, as years and telephone numbers are."""
    unit: str | None = None
    """Known at once: a dual, a classifier."""
    about: bool = False

    @property
    def value(self) -> float | None:
        """The value, where there is one."""
        return self.low if self.low == self.high and not self.vague else None


def numbers(document: Document, words: NumberWords, numerals: Numerals | None, hits: Sequence[Hit]) -> list[Number]:
    """All numbers in order, none inside another, ranges joined."""
    found = [
        *_digits(document, words, numerals), *_vague(hits), *_pairs(hits),
        *(_spoken(document, words, numerals) if numerals and document.lang not in ("ja", "zh") else ()),
    ]  # fmt: skip
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return _ranges(document, kept, hits)


def _digits(document: Document, words: NumberWords, numerals: Numerals | None) -> Iterator[Number]:
    tokens, starts = document.tokens, document.starts
    for one in written(document.flat, document.lang):
        if one.spelled and not _is_counted(document, one, words):
            continue
        first, last = bisect_left(starts, one.start), bisect_left(starts, one.end)
        if first >= len(starts) or first >= last:
            first, last = max(0, last - 1), max(last, 1)
        value, end = one.value, one.end
        plain = document.flat[one.start : one.end].isdigit()
        if numerals and document.lang not in ("ja", "ko", "zh"):
            factor, after = numerals.multiplied(tokens, last)
            if after > last and _is_joined(document, one.end, tokens[last].start):
                value, last, end, plain = value * factor, after, tokens[after - 1].end, False
        yield Number(value, value, one.start, end, first, last, bare=plain)


def _is_joined(document: Document, end: int, start: int) -> bool:
    return document.flat[end:start].strip(" -") == ""


def _is_counted(document: Document, one: Written, words: NumberWords) -> bool:
    """Letters that are also numerals count only before a classifier; one alone is more often an article."""
    rest = document.flat[one.end : one.end + 3].lstrip("多余餘几数来 여")
    follows = any(rest.startswith(word) for group in words.classifiers.values() for word in group)
    return follows and (one.start == 0 or document.flat[one.start - 1] not in "第唯之统万")


def _vague(hits: Sequence[Hit]) -> Iterator[Number]:
    """Dozens, hundreds: the longest phrase at each place."""
    end = 0
    for hit in sorted((hit for hit in hits if hit.id.startswith("vague:")), key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            end = hit.end
            low = float(hit.id[6:])
            fixed = low in (6, 10, 12, 15, 20, 24, 30, 40, 50, 60) and hit.last - hit.first > 1
            yield Number(
                low, low if fixed else None, hit.start, hit.end, hit.first, hit.last, vague=not fixed, about=fixed
            )


def _pairs(hits: Sequence[Hit]) -> Iterator[Number]:
    for hit in hits:
        if hit.id.startswith("pair:"):
            yield Number(2, 2, hit.start, hit.end, hit.first, hit.last, unit=hit.id[5:])


def _spoken(document: Document, words: NumberWords, numerals: Numerals) -> Iterator[Number]:
    tokens = document.tokens
    index = 0
    begin = numerals.begin
    while index < len(tokens):
        if begin is not None and begin.isdisjoint(tokens[index].keys):
            index += 1
            continue
        spoken = None if tokens[index].keys[0][:1].isdigit() else numerals.read(tokens, index)
        if spoken and _is_meant(document, words, spoken.first, spoken.last):
            start = tokens[index].start
            about = document.lang == "he" and tokens[index].keys[0].startswith("כ") and len(tokens[index].keys[0]) > 3
            yield Number(
                spoken.value, spoken.value, start, tokens[spoken.last - 1].end, index, spoken.last, about=about
            )
        index = spoken.last if spoken else index + 1


def _is_meant(document: Document, words: NumberWords, first: int, last: int) -> bool:
    """Where number words need a classifier (Korean), one must follow."""
    if not words.classifiers:
        return True
    following = document.tokens[last].keys[0] if last < len(document.tokens) else ""
    return any(following.startswith(word) for group in words.classifiers.values() for word in group)


def _ranges(document: Document, found: list[Number], hits: Sequence[Hit]) -> list[Number]:
    joined: list[Number] = []
    links = {hit.first: hit.last for hit in hits if hit.id == "to"}
    openers = {hit.last for hit in hits if hit.id == "between"}
    for number in found:
        last = joined[-1] if joined else None
        if last and _is_range(document, last, number, links, openers):
            joined[-1] = _range(last, number)
        elif last and _is_rest(document, last, number):
            value = (last.low or 0) + (number.low or 0)
            joined[-1] = replace(last, low=value, high=value, end=number.end, last=number.last)
        else:
            joined.append(number)
    return joined


def _is_range(document: Document, one: Number, two: Number, links: dict[int, int], openers: set[int]) -> bool:
    if one.low is None or two.high is None or one.low != one.high or one.low >= two.high * 1.0001 or one.vague:
        return False
    between = document.flat[one.end : two.start].strip()
    if between in _TO or (between and set(between) <= _DASHES and len(between) == 1):
        return True
    opened = one.first in openers or one.first - 1 in openers
    if links.get(one.last) == two.first and (
        opened or between not in ("and", "و", "и", "и", "та", "und", "y", "e", "et")
    ):
        return opened or two.first - one.last == 1
    return False


def _is_rest(document: Document, one: Number, two: Number) -> bool:
    """2 bin 500, 62 ألفا و263: thousands, and what is left of them."""
    link = {"tr": "", "ar": "و", "fa": "و"}.get(document.lang or "")
    return (
        link is not None
        and document.flat[one.end : two.start].strip() == link
        and one.value is not None
        and two.value is not None
        and two.bare
        and not one.bare
        and one.value >= 1000 > two.value
        and one.value % 1000 == 0
    )


def _range(one: Number, two: Number) -> Number:
    """From the lower to the higher; a multiplier of the second belongs to both: 10-12 thousand."""
    low, high = one.low or 0.0, two.high or 0.0
    factor = 1.0
    for step in (1_000.0, 1_000_000.0, 1_000_000_000.0):
        if low < 1000 <= high and high / step >= 1 and low * step <= high and one.bare and not two.bare:
            factor = step
    return replace(two, low=low * factor, high=high, start=one.start, first=one.first, bare=False)
