"""What numbers count: the noun beside them, the killed and the wounded, money; and what makes them no count at all."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enrich.document import Amount, Document, Hit
from enrich.quantities.around import Around, around, terms
from enrich.quantities.digits import is_ordinal
from enrich.quantities.entries import NumberWords, number_words
from enrich.quantities.finding import Number, numbers
from enrich.quantities.spoken import numerals
from enrich.terms import Term, TermIndex
from schemas.base import Span

_PERSONS = frozenset({None, "people", "soldiers", "police", "other"})
_MONEY = {"$": "usd", "€": "eur", "£": "other", "¥": "other", "₽": "other", "₴": "other", "₪": "other", "₩": "other"}
_NOUN_REACH = 5
_LONGEST_NOUN = 16
"""Tokens of a word for what is counted; letters are tokens where words have no edges."""
_THOUSAND = 1000
_CROWD_REACH = 5
"""Tokens between thousands of people and what they do."""
_REACH: Mapping[str, tuple[int, int]] = {
    "de": (5, 9), "tr": (3, 7), "fa": (3, 7), "ko": (2, 6), "ja": (4, 16), "zh": (6, 10), "ar": (5, 5), "he": (4, 3),
}  # fmt: skip
"""Tokens between a number and the word for its state, before and after; letters where words have no edges."""
_DEFAULT_REACH = (5, 4)
_BEFORE_COSTS: Mapping[str, float] = {"ar": -0.5, "he": -0.5, "ko": 3, "ja": 6, "tr": 3, "fa": 3, "zh": 3}
"""How much further a word before the number counts as, by where a language puts its verbs."""
_OTHER_CLAUSE = 3
_JOINED = "وו"
"""The letter for "and": what wears it begins something new, and is not the number's before it."""
_UNSPACED = ("ja", "zh")
_YEARS = range(1900, 2101)
_LONG_DIGITS = 9


class Counter:
    """Finds the amounts of a document. Loaded once; safe between threads."""

    def __init__(self, languages: Mapping[str, NumberWords] | None = None) -> None:
        self._languages = number_words() if languages is None else languages
        self._index = TermIndex(self._terms)

    def _terms(self, lang: str) -> Iterable[Term]:
        words = self._languages.get(lang)
        return terms(words) if words else ()

    def amounts(self, document: Document, taken: Sequence[Span] = ()) -> list[Amount]:
        """The amounts in order. Numbers inside `taken` (dates) are none. Never raises on any text."""
        words = self._languages.get(document.lang or "")
        if words is None:
            return []
        hits = self._index.find(document)
        found = numbers(document, words, numerals(words.lang), hits)
        near = around(hits)
        amounts: list[Amount] = []
        for index, number in enumerate(found):
            named = _is_no_count(document, number, near) or is_ordinal(document.flat, number.end, words.ordinals)
            if not _is_taken(number, taken) and not named:
                amount = _Neighbours(document, found, index, near).amount(amounts)
                if amount:
                    amounts.append(amount)
        return amounts


def _is_taken(number: Number, taken: Sequence[Span]) -> bool:
    """Whether a number lies in one of the spans, which are in order and apart."""
    at = bisect_left(taken, (number.end, 0)) - 1
    return at >= 0 and number.start < taken[at][1]


def _is_no_count(document: Document, number: Number, around: Around) -> bool:
    """A year, a score, a time, a model's name, a telephone number, a part of a name."""
    flat = document.flat
    before, after = flat[max(0, number.start - 2) : number.start], flat[number.end : number.end + 2]
    if number.last in around.refusals or number.first in around.headings:
        return True
    if after[:1] in ("%", "°", "%") or after[:1] == "/" or before[-1:] in ("#", "№", "§", "+", "/", ":"):
        return True
    if after[:1] in (":", ".") and after[1:].isdigit():
        return True
    if before[-1:] == "-" and before[:1].isalnum() and number.low == number.high:  # F-16, 3-1
        return not before[:1].isalpha() or before[:1].isascii() or document.lang in ("ru", "uk")
    if _is_lettered(before, after, number):
        return True
    return number.bare and _is_bare_name(flat[number.start : number.end], number, around)


def _is_lettered(before: str, after: str, number: Number) -> bool:
    """Digits with Latin letters stuck to them are a name's: B2, 5G, 28th."""
    stuck = (before[-1:].isascii() and before[-1:].isalpha()) or (after[:1].isascii() and after[:1].isalpha())
    ordinal = after[:1] == "-" and after[1:].isdigit() and number.low == number.high
    return number.bare and (stuck or ordinal)


def _is_bare_name(digits: str, number: Number, around: Around) -> bool:
    if len(digits) >= _LONG_DIGITS or (digits.startswith("0") and len(digits) > 1):
        return True
    if len(digits) == 4 and int(digits) in _YEARS:
        return not around.nouns.between(number.last, number.last + 1)
    return False


@dataclass(frozen=True)
class _Neighbours:
    """A number among the others."""

    document: Document
    found: Sequence[Number]
    index: int
    around: Around

    def amount(self, earlier: Sequence[Amount]) -> Amount | None:
        """The number with its unit; None where nothing shows that it counts anything."""
        number = self.found[self.index]
        modifier, first = self._modifier(number)
        noun = self._noun(number)
        unit = number.unit or (noun.id.partition(":")[2] if noun else None)
        money = self._money(number)
        state = self._state(number, first, noun) if unit in _PERSONS and not money else None
        total = self._total(first, earlier)
        known = money or (state.id[5:] if state else None) or unit or (total.unit if total else None)
        if known is None and modifier == "additional" and earlier:
            known = earlier[-1].unit
        if known is None and self._is_crowd(number):
            known = "people"
        if known is None:
            return None
        return self._bounded(number, modifier, known, noun or state, first, total)

    def _bounded(
        self, number: Number, modifier: str | None, unit: str, noun: Hit | None, first: int, total: Amount | None
    ) -> Amount:
        low, high, value = number.low, number.high, number.value
        if modifier in ("more_than", "at_least"):
            high = None
        elif modifier in ("less_than", "up_to"):
            low = None
        start = min(number.start, self.document.tokens[first].start) if self.document.tokens else number.start
        end = max(number.end, noun.end) if noun and noun.start >= number.start else number.end
        if number.vague and modifier in ("about", None):
            modifier = modifier or "about"
        return Amount(
            value, low, high, unit, start, end, modifier or ("about" if number.about else None),
            part_of=(total.value or total.min) if total else None, noun=noun.span if noun else None,
        )  # fmt: skip

    def _is_crowd(self, number: Number) -> bool:
        """Thousands without a noun, beside what people do: 62,000 fled."""
        if number.bare or (number.low or number.high or 0) < _THOUSAND:
            return False
        low, high = self._bounds()
        clause = self._clause(number.start)
        return any(
            low <= hit.first < high and clause == self._clause(hit.start)
            for hit in self.around.crowds.between(number.last - _CROWD_REACH, number.last + _CROWD_REACH)
        )  # fmt: skip

    def _sentence(self, offset: int) -> int:
        return self.document.sentence_at(offset)

    def _modifier(self, number: Number) -> tuple[str | None, int]:
        """The modifier before or after a number, and the token where it all begins."""
        first, kind = number.first, None
        for _ in range(2):
            if first in self.around.before:
                found, first = self.around.before[first]
                kind = found if kind in (None, "about", "additional") else kind
        for at in range(number.last, number.last + 3):
            if at in self.around.after and kind is None:
                kind = self.around.after[at][0]
        if kind is None:
            kind = self._stuck(number)
        return kind, first

    def _stuck(self, number: Number) -> str | None:
        """Letters written onto a number: 190여, 30多, 20余."""
        letter = self.document.flat[number.end : number.end + 1]
        if self.document.lang == "zh" and letter in ("多", "余"):
            return "more_than"
        return "about" if self.document.lang == "ko" and letter == "여" else None

    def _money(self, number: Number) -> str | None:
        return _MONEY.get(self.document.flat[max(0, number.start - 1) : number.start].strip())

    def _bounds(self) -> tuple[int, int]:
        """The tokens between the number before and the number after."""
        found, index = self.found, self.index
        return (
            found[index - 1].last if index else 0,
            found[index + 1].first if index + 1 < len(found) else len(self.document.tokens),
        )

    def _noun(self, number: Number) -> Hit | None:
        """The word for what is counted: the next one, or the one just before where a classifier follows."""
        after = self._next_noun(number) or self._stuck_classifier(number)
        if self.document.lang not in ("ko", "ja", "zh") or after is None:
            return after
        if after.id not in ("unit:people", "unit:other", "unit:missiles") and not after.id.startswith("class:"):
            return after
        return self._beyond(after) or self._behind(number) or after

    def _next_noun(self, number: Number) -> Hit | None:
        high = self._bounds()[1]
        reach = _NOUN_REACH + (3 if self.document.lang in _UNSPACED else 0)
        end = self._clause(number.start)[1]
        for hit in self.around.nouns.between(number.last - 1, min(high, number.last + reach)):
            if hit.start >= number.start:
                return hit if hit.start < end or hit.first == number.last else None
        return None

    def _stuck_classifier(self, number: Number) -> Hit | None:
        """A classifier written onto Hangul numerals: 3천명."""
        if self.document.lang != "ko":
            return None
        rest = self.document.flat[number.end : number.end + 6]
        skip = len(rest) - len(rest.lstrip("여 "))
        for unit, words in number_words()["ko"].classifiers.items():
            for word in words:
                if rest[skip:].startswith(word):
                    start = number.end + skip
                    return Hit(f"class:{unit}", start, start + len(word), number.last - 1, number.last)
        return None

    def _beyond(self, after: Hit) -> Hit | None:
        """The noun behind a classifier: 14000名士兵, 4000人の兵士."""
        high = self._bounds()[1]
        for hit in self.around.nouns.between(after.last, min(high, after.last + 5)):
            if hit.id.startswith("unit:"):
                same = self._clause(hit.start) == self._clause(after.start)
                of = self.document.flat[after.start : after.end + 1].rstrip().endswith(("の", "의"))
                linked = self.document.lang == "zh" or of
                return hit if same and linked and hit.id != "unit:people" else None
        return None

    def _behind(self, number: Number) -> Hit | None:
        """The noun before a number with a classifier: 弾道ミサイル2発, 병력 3천명."""
        low = self._bounds()[0]
        for hit in reversed(self.around.nouns.between(max(low, number.first - _LONGEST_NOUN), number.first)):
            if self._is_subject(hit, number):
                continue  # 경찰이 12명을, 警察が12人を: who does it, not who is counted
            if number.first - 2 <= hit.last <= number.first and hit.id.startswith("unit:"):
                return hit if self._clause(hit.start) == self._clause(number.start) else None
        return None

    def _is_subject(self, hit: Hit, number: Number) -> bool:
        """Whether a particle makes the noun before a number a subject; a number's own noun is bare."""
        between = self.document.flat[hit.start : number.start].rstrip()
        return between.endswith(("이", "가", "은", "는", "が", "は")) and len(between) > 2

    def _clause(self, offset: int) -> Span:
        return self.document.clauses[self.document.clause_at(offset)] if self.document.clauses else (0, 0)

    def _state(self, number: Number, first: int, noun: Hit | None) -> Hit | None:
        """The nearest word for killed, wounded or both, with no other number between."""
        last = max(number.last, noun.last) if noun and noun.last >= number.last else number.last
        best: tuple[float, Hit] | None = None
        before, after = _REACH.get(self.document.lang or "", _DEFAULT_REACH)
        for hit in self.around.states.between(first - before - _LONGEST_NOUN, last + after + 1):
            distance = self._distance(hit, number, first, last)
            if distance is not None and (best is None or distance < best[0]):
                best = (distance, hit)
        return best[1] if best else None

    def _distance(self, hit: Hit, number: Number, first: int, last: int) -> float | None:
        """How far a word for a state is from a number, in tokens; None where it is another number's."""
        low, high = self._bounds()
        lang = self.document.lang or ""
        before, after = _REACH.get(lang, _DEFAULT_REACH)
        if number.first <= hit.first < high and hit.first - last <= after:
            distance = float(max(0, hit.first - last))
            if hit.first == last and self.document.flat[hit.start] not in _JOINED:
                distance -= 1
            between = self.document.flat[number.end : hit.start]
        elif low <= hit.first and hit.last <= first and first - hit.last <= before:
            distance = first - hit.last + _BEFORE_COSTS.get(lang, 0.5)
            between = self.document.flat[hit.end : number.start]
        else:
            return None
        if any(mark in between for mark in ";:()؛；。.!?\n"):
            return None
        if any(mark in between for mark in ",،，、"):
            distance += _OTHER_CLAUSE
        return distance - (5 if hit.id == "unit:casualties" else 0)

    def _total(self, first: int, earlier: Sequence[Amount]) -> Amount | None:
        """What this number is a part of: the larger one before "among them"."""
        if not any(at in self.around.parts for at in range(max(0, first - 2), first + 1)):
            return None
        number = self.found[self.index]
        sentence = self._sentence(number.start)
        for amount in reversed(earlier):
            size = amount.value or amount.min or 0
            if self._sentence(amount.start) == sentence and size > (number.low or number.high or 0):
                return amount
        return None
