"""Traditional to simplified Han, letter for letter, from CLDR's transform (Unicode licence)."""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

_RULE = re.compile(r"^(.)[↔←](.);$", re.MULTILINE)
_OURS = {
    "臺": "台",
    "於": "于",
    "爲": "为",
    "裏": "里",
    "裡": "里",
    "啟": "启",
    "衞": "卫",
    "眾": "众",
    "羣": "群",
    "邨": "村",
}


def table(transform: str) -> dict[str, str]:
    """Traditional letter → simplified letter; never a letter that is itself replaced."""
    pairs = {old: new for new, old in _RULE.findall(transform) if old != new and unicodedata.category(old) == "Lo"}
    pairs |= _OURS
    simple = set(pairs.values())
    return {old: new for old, new in pairs.items() if old not in simple and new not in pairs}


def write(transforms: Path, out: Path) -> None:
    """One line a simplified letter: itself, then every traditional one that is written so."""
    by_simple: dict[str, list[str]] = defaultdict(list)
    for old, new in table((transforms / "Simplified-Traditional.xml").read_text(encoding="utf-8")).items():
        by_simple[new].append(old)
    lines = [
        "# Simplified letter, then its traditional ones. From CLDR's Simplified-Traditional transform; see NOTICE."
    ]
    lines += [new + "".join(sorted(by_simple[new])) for new in sorted(by_simple)]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
