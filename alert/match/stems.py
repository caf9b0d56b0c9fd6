"""Snowball stems, for `~word`: what a language calls the same word; where Snowball has none, the folded word itself."""

from functools import lru_cache
from typing import Final, Protocol, cast

import snowballstemmer

_ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the library's name)


@lru_cache(64)
def _stemmer(lang: str) -> _Stemmer | None:
    name = _ALGORITHMS.get(lang.partition("-")[0])
    return cast(_Stemmer, snowballstemmer.stemmer(name)) if name in snowballstemmer.algorithms() else None


@lru_cache(200_000)
def stem(word: str, lang: str | None) -> str:
    """The stem of a folded word in a language."""
    stemmer = _stemmer(lang) if lang else None
    return stemmer.stemWord(word) if stemmer else word
