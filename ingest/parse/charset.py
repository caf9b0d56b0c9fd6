"""Which characters are these bytes? Decided before parsing, so that no parser has to guess.

Order: the operator's override; a byte order mark; valid UTF-8 that has at least one multi-byte sequence (bytes of
other encodings are almost never that); what the document or the server declares, if the bytes obey it; plain ASCII;
UTF-8 with a few bytes of cp1252 in it; a checked guess.
"""

import codecs
import re

from ingest.parse import latin

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{2,40})""")
_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WIDER = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-big5": "big5hkscs", "windows-874": "cp874",
    "x-mac-roman": "mac_roman", "unicode": "utf-16", "utf8mb4": "utf-8", "macintosh": "mac_roman",
    "win-1251": "cp1251", "win1251": "cp1251",
}  # fmt: skip
"""Labels are read as the wider encoding they are used for (WHATWG Encoding standard)."""

_GUESS_BYTES = 32_768
_SCRIPTS = (
    "cp1251", "koi8_r", "koi8_u", "iso8859_5", "mac_cyrillic", "cp866", "cp855", "cp1125", "ptcp154", "kz1048",
    "cp1253", "iso8859_7", "mac_greek", "cp737", "cp869", "cp1255", "iso8859_8", "cp862", "cp1256", "iso8859_6",
    "cp864", "cp720", "cp874", "tis_620", "iso8859_11", "big5", "big5hkscs", "cp950", "gb2312", "gbk", "gb18030",
    "shift_jis", "cp932", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213", "euc_kr",
    "cp949", "johab", "hz", "iso2022_jp", "iso2022_kr", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_7",
)  # fmt: skip
_OTHER_SCRIPTS = frozenset(codecs.lookup(name).name for name in _SCRIPTS)
"""What is guessed as one of these is believed; of Latin encodings `latin.py` knows more."""
_MULTI_BYTE = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")


def _codec(label: str | None) -> str | None:
    """The codec of a label that decodes bytes to text, or None."""
    if not label:
        return None
    name = _WIDER.get(label.strip().lower(), label.strip().lower())
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def _strict(body: bytes, codec: str | None) -> str | None:
    """The text, if every byte obeys the codec and no C1 control comes out of it."""
    if codec is None:
        return None
    try:
        return body.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("tocsin.cp1252", _cp1252)


def _mostly_utf8(body: bytes) -> str | None:
    """UTF-8 with a few stray bytes: those are read as cp1252. None when stray bytes are more than one in ten."""
    strict_count = sum(
        map(len, re.findall(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+", body))
    )
    high = len(body) - len(body.translate(None, bytes(range(128, 256))))
    if strict_count == 0 or (high - strict_count) * 10 > high:
        return None
    return body.decode("utf-8", "tocsin.cp1252")


def _without_mark(body: bytes) -> tuple[str | None, str | None]:
    """The text by a byte order mark or by the zero bytes of UTF-16 without one, and the codec."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            text = _strict(body, codec)
            return (text.lstrip("\ufeff") if text is not None else None), codec
    if body[:4].startswith(b"<\x00"):
        return _strict(body, "utf-16-le"), "utf-16-le"
    if body[:4].startswith(b"\x00<"):
        return _strict(body, "utf-16-be"), "utf-16-be"
    return None, None


def declared(body: bytes, content_type: str | None) -> list[str]:
    """The codecs that the document and the server name, in that order."""
    labels = [match[1].decode("ascii") for match in [_DECLARED.search(body[:1024])] if match]
    labels += [match[1] for match in [_PARAMETER.search(content_type or "")] if match]
    return [codec for label in labels if (codec := _codec(label)) is not None]


def _guess(body: bytes) -> str:
    """A checked guess by the look of the first bytes; cp1252 when nothing fits."""
    from charset_normalizer import from_bytes  # costs 30 ms to load, and hardly any feed needs it

    high = bytes(body.translate(None, bytes(range(128)))[:64])
    start = max(body.find(high[:1]) - 1024, 0) if high else 0
    piece = body[start : start + _GUESS_BYTES]
    best = from_bytes(piece).best()
    found = _codec(best.encoding) if best else None
    for codec in (found if found in _OTHER_SCRIPTS else latin.codec_of(piece), "cp1252"):
        if (text := _strict(body, codec)) is not None:
            return text
    return body.decode("cp1252", "replace")


def decode(body: bytes, content_type: str | None = None, override: str | None = None) -> tuple[str, str]:
    """The text of a document, and how its encoding was decided, for `feeds health` and for people who wonder why.

    Never raises: what fits nothing is read as cp1252 with replacement characters.
    """
    if (codec := _codec(override)) is not None:
        return body.decode(codec, "replace").lstrip("\ufeff"), f"configured {codec}"
    marked, codec = _without_mark(body)
    if marked is not None:
        return marked, f"byte order mark, {codec}"
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8", "tocsin.cp1252").lstrip("\ufeff"), "byte order mark, utf-8 with stray bytes"
    if (text := _strict(body, "utf-8")) is not None and "\x1b$" not in text:
        return text, "valid utf-8"
    names = [name for name in declared(body, content_type) if name != "utf-8"]
    for name in names:
        if (text := _strict(body, name)) is not None:
            return text, f"declared {name}"
    if (text := _mostly_utf8(body)) is not None:
        return text, "utf-8 with stray bytes"
    return _with_strays(body, names) or (_guess(body), "guessed")


def _with_strays(body: bytes, names: list[str]) -> tuple[str, str] | None:
    """The text by a declared encoding that all but a hundredth of the bytes obey."""
    for name in names:
        text = body.decode(name, "replace")
        if text.count("\ufffd") * 100 < len(text):
            return text, f"declared {name}, with stray bytes"
    return None
