"""Which Latin encoding are these bytes? Told by the alphabets of the languages that are written in each.

General guessers take French for Polish and Italian for Vietnamese: the bytes that tell are few. Every language has few
letters beyond ASCII, though, and a text in the wrong encoding soon shows one that its language does not have.
"""

from collections import Counter
from typing import Final

_ALPHABETS: Final = {
    "cp1252": (
        "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "áâãàçéêíóôõúü", "äöüß", "àèéìíîòóùú", "áéëïíóöúü", "åäöé", "æøåéèêóòôü",
        "áéíóúýþæöð", "àçèéíïòóúü", "áéíóúàèìòù", "äöõüšž",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž", "çë"),
    "cp1254": ("çğıiöşüâîû",),
}  # fmt: skip
"""Encoding → the letters beyond ASCII of each language: French, Spanish, Portuguese, German, Italian, Dutch, Swedish,
Danish and Norwegian, Icelandic, Catalan, Gaelic, Estonian; Polish, Czech, Slovak, Hungarian, Romanian, Croatian,
Albanian; Turkish."""

_NO_LETTERS: Final = frozenset("¹²³ª¼½¾¿¶£¥¯")
"""What stands inside a word only where the encoding is wrong."""


def codec_of(body: bytes) -> str:
    """The encoding of bytes in Latin script: the one in which a language knows most of the letters.

    cp1252 where two know as many, for then they hardly differ, and it is the web's own default.
    """
    best, most = "cp1252", -1.0
    for codec, alphabets in _ALPHABETS.items():
        letters = _letters(body.decode(codec, "replace"))
        known = max(_share(letters, alphabet) for alphabet in alphabets)
        if known > most:
            best, most = codec, known
    return best


def _letters(text: str) -> Counter[str]:
    """The letters beyond ASCII, and what takes their place inside words, with how often each stands there."""
    found: Counter[str] = Counter()
    before = " "
    for char in text:
        if char >= "\x80" and (char.isalpha() or (char in _NO_LETTERS and before.isalpha())):
            found[char.lower()] += 1
        before = char
    return found


def _share(letters: Counter[str], alphabet: str) -> float:
    return sum(letters[char] for char in alphabet) / max(letters.total(), 1)
