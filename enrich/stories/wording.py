"""The words of a text as numbers, cheap enough for a stream: rough stems, and a sketch of its word triples.

No language is known here by name. Stems are cut by length (five letters serve Slavic, Romance and Germanic words well
enough to say that two leads share their words); Han and kana are cut into pairs of letters. Numbers are CRC-32, so
that they are the same in every process.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

LEAD: Final = 900
"""Code points after the headline that are compared: copies are cut at the end, and news says all in its lead."""
SKETCH: Final = 24
"""Numbers kept of a text's word triples (the smallest: a K-minimum-values sketch, Bar-Yossef et al. 2002)."""
MOST_WORDS: Final = 32
MOST_KNOWN: Final = 250_000
"""Words whose stems and roots are remembered."""
TOP: Final = 2**32
LEAST_SHARED: Final = 3
LEAST_SKETCHED: Final = 6

_HAN = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:[\u0300-\u036f\u200c]+[^\W_{_HAN}]+)*")
_IS_HAN = re.compile(f"[{_HAN}]")
_IDEOGRAPHS = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2}\\Z")
"""A pair that Chinese and Japanese may share."""
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u0591-\u05c7\u200b-\u200f]")
_ARTICLE = re.compile("^(?:[وف]?[بك]?ال|[وف]?لل|[וכשבלמה]{1,2}(?=..{3}))")
"""Arabic and Hebrew words carry their articles and prepositions in front."""
_PLAIN: Final = {point: chr(point).lower() if chr(point).isalnum() else " " for point in range(128)}
"""ASCII in small letters, all but letters and digits as spaces: quicker than to look for words."""
_HANGUL = re.compile("[\uac00-\ud7af]")


def words(text: str) -> list[str]:
    """The words of a text in order, case and points dropped; pairs of letters where words have no edges."""
    if text.isascii():
        return text.translate(_PLAIN).split()
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
    runs: list[str] = _WORD.findall(folded)
    if not _IS_HAN.search(folded):
        return runs
    found: list[str] = []
    for run in runs:
        if _IS_HAN.match(run):
            found.extend(run[at : at + 2] for at in range(max(1, len(run) - 1)))
        else:
            found.append(run)
    return found


class _Marks(dict[str, int]):
    """Of each word met so far its stem and its root, the halves of one number; all forgotten when there are too many.

    A plain dictionary: what keeps the order of use costs more than the work it saves, and numbers in pairs more than
    one number, where few of them are in the processor's caches.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= MOST_KNOWN:
            self.clear()
        found = self[word] = stem(word) << 32 | root(word)
        return found

    def of(self, spoken: Sequence[str]) -> tuple[list[int], list[int]]:
        """The stems and the roots of words."""
        marks = np.array(list(map(self.__getitem__, spoken)), np.uint64)
        return (marks >> _HALF).tolist(), (marks & _LOWER).tolist()


_HALF, _LOWER = np.uint64(32), np.uint64(TOP - 1)


def stem(word: str) -> int:
    """A word's rough stem as a number; 0 for what says nothing by itself (short words, digits)."""
    if word.isascii():
        return crc32(word[:5].encode()) if len(word) > 3 and not word.isdigit() else 0
    if word.isdigit():
        return 0
    if _IS_HAN.match(word):
        return crc32(word.encode()) if len(word) == 2 else 0
    if _HANGUL.match(word):
        return crc32(word[:3].encode()) if len(word) > 1 else 0
    bare = _ARTICLE.sub("", word)
    return crc32(bare[:5].encode()) if len(bare) > 3 else 0


_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "z", "з": "z", "и": "i",
        "і": "i", "ї": "i", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
        "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ci", "ч": "ci", "ш": "s", "щ": "s", "ъ": "a", "ы": "i", "ь": "",
        "э": "e", "ю": "u", "я": "a", "ё": "e", "ў": "u", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "w": "v", "q": "k",
        "x": "ks",
    }
)  # fmt: skip
_SOFT_C = re.compile("c(?=[eiyj])")
_DIGRAPHS = re.compile("(?<=[csrd])z|(?<=[cst])h|(?<=c)k")
_VOWELS = str.maketrans("", "", "aeiouyjh")
_DOUBLED = re.compile(r"(.)\1+")
LEAST_ROOT: Final = 3
LONGEST_ROOT: Final = 4


def root(word: str) -> int:
    """What is left of a word when alphabets, vowels and endings are disregarded, as a number; 0 when too little is.

    `Nawrocki` and `Навроцький` agree, as do `sankcije` and `санкции`. A hint across languages, never more.
    """
    if _IDEOGRAPHS.match(word):
        return crc32(word.encode())
    if len(word) < 5:
        return 0
    plain = word.translate(_CYRILLIC)
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    if not plain.isascii() or not plain.isalpha():
        return 0
    if "c" in plain or "z" in plain:
        plain = _SOFT_C.sub("s", _DIGRAPHS.sub("", plain)).replace("c", "k")
    bare = _DOUBLED.sub(r"\1", plain.translate(_VOWELS))[:LONGEST_ROOT]
    return crc32(bare.encode()) if len(bare) >= LEAST_ROOT else 0


_KNOWN: Final = _Marks()


class Worded(NamedTuple):
    """The first stems and roots of a text that differ."""

    stems: "array[int]"
    roots: "array[int]"
    headed: int
    """So many of the stems, the first, stand in the headline."""


def worded(headline: Sequence[str], text: Sequence[str]) -> Worded:
    """What the words of a headline and a text come to; the rest of a long text is not worked on."""
    spoken = [*headline, *text]
    if not spoken:
        return Worded(array("I"), array("I"), 0)
    told, rooted = _KNOWN.of(spoken[: 2 * MOST_WORDS])
    stems, roots = dict.fromkeys(told), dict.fromkeys(rooted)
    rest = spoken[2 * MOST_WORDS :]
    if rest and (len(stems) <= MOST_WORDS or len(roots) <= MOST_WORDS):
        more, more_rooted = _KNOWN.of(rest)
        stems |= dict.fromkeys(more)
        roots |= dict.fromkeys(more_rooted)
    return Worded(_first(stems), _first(roots), len(_first(dict.fromkeys(told[: len(headline)]))))


def _first(numbers: Iterable[int]) -> "array[int]":
    return array("I", islice(filter(None, numbers), MOST_WORDS))


_FIGURE = re.compile(
    r"\d(?<!\w\d)(?:\d{0,2}(?:[.,\u00a0\u202f ]\d{3})+|\d*[.,]\d{1,2}|\d{1,11})(?![\da-z])", re.IGNORECASE
)
"""Begins with its digit, so that a text is searched for digits first."""
_YEAR = re.compile(r"(?:19|20)\d\d\Z")


def figures(text: str) -> frozenset[str]:
    """The numbers written in digits, however their thousands and decimals are parted; years and single digits apart."""
    found = set()
    for written in _FIGURE.findall(unicodedata.normalize("NFKC", text)):
        parts = [_in_ascii(part) for part in re.split("[.,\u00a0\u202f ]", written)]
        joined = ".".join(parts) if len(parts) == 2 and len(parts[1]) < 3 else "".join(parts)
        if len(parts) > 1 or not _YEAR.match(joined):
            found.add(joined)
    return frozenset(found)


def _in_ascii(digits: str) -> str:
    """Digits of any script as ours (١٩٦٨ → 1968)."""
    return digits if digits.isascii() else "".join(str(unicodedata.digit(digit)) for digit in digits)


def sketch(spoken: Sequence[str]) -> "array[int]":
    """The smallest of the numbers of all word triples, sorted; all of them of a short text."""
    if len(spoken) < 3:
        return array("I")
    written = " ".join(spoken).encode().split(b" ")
    numbers = np.fromiter(map(crc32, written), dtype=np.uint64, count=len(written))
    first, second, third = numbers[:-2], numbers[1:-1], numbers[2:]
    mixed = (first * _FIRST) ^ (second * _SECOND) ^ (third * _THIRD) ^ (second >> np.uint64(15))
    told = (mixed * _ALL >> np.uint64(7)).astype(np.uint32)
    told.sort()
    least = dict.fromkeys(told[: 2 * SKETCH].tolist())
    return array("I", islice(least if len(least) >= SKETCH else dict.fromkeys(told.tolist()), SKETCH))


_FIRST, _SECOND, _THIRD, _ALL = map(np.uint64, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F))
"""Odd factors that mix the bits. Products lose what lies beyond 64 bits, which is above the bits that are kept."""


def overlap(one: "array[int]", ours: frozenset[int], other: "array[int]") -> float:
    """How much of the shorter text the longer repeats, 0…1, as far as both sketches reach. `ours` is `one` as a set."""
    shared = ours.intersection(other)
    if len(shared) < LEAST_SHARED:
        return 0.0
    reach = min(_reach(one), _reach(other))
    least = min(bisect_right(one, reach), bisect_right(other, reach))
    both = sum([number <= reach for number in shared])
    return both / least if least >= LEAST_SKETCHED else 0.0


def _reach(numbers: "array[int]") -> int:
    return numbers[-1] if len(numbers) == SKETCH else TOP
