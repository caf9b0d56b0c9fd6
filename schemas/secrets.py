"""What a secret looks like in text, so that logs, errors and pages can be cleaned of it whoever wrote them.

Known shapes only: a secret of no known shape is kept out of text by living in `SecretStr` and by never putting a
foreign library's error text (httpx names whole URLs) into ours.
"""

import re
from typing import Final

MASK: Final = "***"

PATTERNS: Final[tuple[re.Pattern[str], ...]] = (
    re.compile(r"(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/)\S+"),
    re.compile(r"(/services/T[A-Z0-9]+/)B?[\w/-]+"),
    re.compile(r"\b()xox[abeoprs](?:\.xox[bp])?-[\w.-]+"),
    re.compile(r"\b()xapp-[\w-]+"),
    re.compile(r"\b()whsec_[\w+/=-]+"),
    re.compile(r"(?i)(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:bearer |basic )?)[^\s'\",]+"),
    re.compile(r"(?i)(\bbearer )[\w.~+/=-]{8,}"),
    re.compile(r"(?i)(\b(?:password|passwd|secret|token|api_?key)['\"]?\s*[:=]\s*['\"]?)[^\s'\",&;]+"),
    re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)"),
)
"""Group 1 is what may stay. Sources: Slack's token types page; Standard Webhooks (`whsec_`); RFC 3986 userinfo."""


def redact(text: str) -> str:
    """The text with every secret of a known shape replaced by `***`. Idempotent."""
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: f"{found[1]}{MASK}", text)
    return text


_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)@")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def apart(url: str) -> tuple[str, str | None]:
    """An address without the user name and password in it, and these as `name:password` (RFC 3986 §3.2.1) or None."""
    match = _USER.match(url)
    if match is None:
        return url, None
    name, _, password = match[2].partition(":")
    return match[1] + url[match.end() :], f"{_decoded(name)}:{_decoded(password)}"


def _decoded(text: str) -> str:
    return _ENCODED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text)
