"""Which language a text is in: script first, then eldc, then what the feed declares. Unknown is an answer.

Measured on headlines of 13 languages (see `docs/decisions.md`): eldc errs only where the letters cannot tell, such as
Japanese headlines without kana; there the declared language decides.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache

from enrich.fold.words import script

_SAMPLE = 300
_FEW = 12
"""Letters below which a guess is worth less than what the feed declares."""
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u31f0-\u31ff]")
_LETTERS = re.compile(r"[^\W\d_]+")
_PERSIAN = re.compile(r"[پچژگ]")
_URDU = re.compile(r"[ٹڈڑںےۓ]")
_CERTAIN = {"HANGUL": "ko", "HEBREW": "he", "GREEK": "el", "THAI": "th", "GEORGIAN": "ka", "ARMENIAN": "hy"}
_WRITTEN_IN = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ps": "ARABIC", "ckb": "ARABIC", "ru": "CYRILLIC",
    "uk": "CYRILLIC", "bg": "CYRILLIC", "sr": "CYRILLIC", "mk": "CYRILLIC", "be": "CYRILLIC", "ja": "HAN",
    "zh": "HAN", "ko": "HANGUL", "he": "HEBREW", "yi": "HEBREW", "el": "GREEK", "hi": "DEVANAGARI",
}  # fmt: skip


@cache
def _guesser() -> Callable[[str], str]:
    """eldc's detector, its tables loaded once; `und` where it cannot tell."""
    if sys.version_info >= (3, 14):  # no wheel yet: the script and the feed decide
        return lambda text: "und"
    import eldc

    eldc.init()
    return lambda text: str(eldc.detect(text) or "und")


def detect(title: str, text: str, prior: str | None = None) -> str | None:
    """The ISO 639-1 code of the language (simplified and traditional Chinese are both `zh`), or None.

    `prior` is what the feed declares: it decides where the letters cannot, and never against them.
    """
    sample = f"{title}\n{text[:_SAMPLE]}"
    prior = _plain(prior)
    words = _LETTERS.findall(sample)
    letters = sum(map(len, words))
    if not letters:
        return None
    found = _by_script(sample, words, letters, prior)
    if found:
        return found
    main = _main_script(words)
    fitting = prior if prior and _WRITTEN_IN.get(prior, "LATIN") == main else None
    if letters < _FEW:
        return fitting or (_guess(sample, main) if letters > _FEW // 2 and main != "LATIN" else None)
    return _guess(sample, main) or fitting


def _plain(code: str | None) -> str | None:
    """`zh-Hant-TW`, `AR_eg` → `zh`, `ar`; the old `iw` is `he`."""
    plain = re.split(r"[-_]", code.strip().lower())[0] if code else ""
    return {"iw": "he", "in": "id", "": None}.get(plain, plain)


def _main_script(words: list[str]) -> str:
    counts: Counter[str] = Counter()
    for word in words:
        counts[script(word[:1])] += len(word)
    return counts.most_common(1)[0][0]


def _by_script(sample: str, words: list[str], letters: int, prior: str | None) -> str | None:
    """What the letters alone make certain."""
    counts: Counter[str] = Counter()
    for word in words:
        counts[script(word[:1])] += len(word)
    for name, lang in _CERTAIN.items():
        if counts[name] * 3 >= letters:
            return lang
    if counts["HAN"] * 4 >= letters:
        if _KANA.search(sample):
            return "ja"
        return "ja" if prior == "ja" else "zh"
    if counts["ARABIC"] * 2 >= letters and _URDU.search(sample) and prior != "fa":
        return "ur"
    return None


def _guess(sample: str, main: str) -> str | None:
    code = _plain(_guesser()(sample))
    if code in (None, "und") or _WRITTEN_IN.get(code or "", "LATIN") != main:
        return _fallback(sample, main)
    return code


def _fallback(sample: str, main: str) -> str | None:
    """Where the guesser is silent or names a language of another script."""
    if main == "ARABIC":
        return "fa" if _PERSIAN.search(sample) else "ar"
    return None
