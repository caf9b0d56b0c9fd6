"""Which codes `lang:` may have, and which one is meant by a name or by a country's code."""

import re
from typing import Final

_CODES: Final = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi
    yo za zh zu
"""
CODES: Final = frozenset(_CODES.split())
"""ISO 639-1. Of three letters any code is taken: there are thousands."""
_SHAPE: Final = re.compile(r"([a-z]{2,3})(-[a-z0-9]{2,8})*\Z")
_MEANT: Final = {
    "ar": "arabic", "de": "german", "el": "greek gr", "en": "english gb us", "es": "spanish", "fa": "persian farsi ir",
    "fr": "french", "he": "hebrew il iw", "hi": "hindi", "it": "italian", "ja": "japanese jp", "ko": "korean",
    "pl": "polish", "pt": "portuguese", "ru": "russian", "sv": "swedish", "tr": "turkish", "uk": "ukrainian ua",
    "vi": "vietnamese vn", "zh": "chinese cn", "da": "danish dk", "cs": "czech cz", "sr": "serbian rs", "nl": "dutch",
}  # fmt: skip


def is_language(code: str) -> bool:
    """Whether this may be the code of a language, with a region or script behind it or not."""
    shape = _SHAPE.match(code)
    return shape is not None and (len(shape[1]) == 3 or shape[1] in CODES)


def language_meant(word: str) -> str:
    """A suggestion for what is none."""
    meant = next((code for code, words in _MEANT.items() if word in words.split()), "")
    return f'did you mean "{meant}"?' if meant else "write a code such as ar, en or zh"
