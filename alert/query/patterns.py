"""`/pattern/`: RE2 only, whose time is linear in the text, and only with letters that must be there.

Python's own `re` never sees a user's pattern. The letters that must be there (the *literal*) are what the matcher looks
for first; a pattern without any would have to be tried on every text.
"""

from functools import lru_cache
from typing import Final, Protocol, cast

import re2

from alert.query.faults import QueryError
from schemas.base import Span

MIN_LITERAL: Final = 3
_CLASSES: Final = "dDwWsSbBAzpPCQEnrtfvx0123456789"
_MEMORY: Final = 1 << 20


class Found(Protocol):
    """What RE2 found."""

    def span(self) -> Span:
        """Half-open, in code points."""


class Compiled(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> Found | None:
        """The first place it holds."""


@lru_cache(4096)
def compiled(source: str) -> Compiled:
    """The pattern, ready. Raises `re2.error` on what RE2 does not take (backreferences, lookaround)."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return cast(Compiled, re2.compile(source, options))


def literal(source: str) -> str:
    """The longest run of letters and digits every match must contain, case folded; empty when there is none.

    Only what stands outside groups, classes and alternatives is trusted, and nothing a quantifier may take away.
    """
    runs: list[str] = [""]
    depth, at = 0, 0
    while at < len(source):
        char, after = source[at], at + 1
        if char == "\\":
            char, after = _escaped(source, at)
        elif char == "[":
            char, after = "", _end_of_class(source, at)
        elif char == "{":
            char, after = "", max(at, source.find("}", at)) + 1
        elif char in "()":
            depth += 1 if char == "(" else -1
            char = ""
        elif char == "|":
            if depth == 0:
                return ""
            char = ""
        optional = after < len(source) and source[after] in "*?{"
        if depth or optional or not char or not char.isalnum():
            runs.append("")
        else:
            runs[-1] += char
        at = after
    return max(runs, key=len).casefold()


def _escaped(source: str, at: int) -> tuple[str, int]:
    """The letter an escape stands for (empty for a class) and what comes after it."""
    char = source[at + 1 : at + 2]
    if char in "pP" and source[at + 2 : at + 3] == "{":
        end = source.find("}", at)
        return "", end + 1 if end > 0 else len(source)
    if char == "x":
        end = source.find("}", at) if source[at + 2 : at + 3] == "{" else at + 3
        return "", end + 1 if end > 0 else len(source)
    return ("" if char in _CLASSES else char), at + 2


def _end_of_class(source: str, at: int) -> int:
    at += 2 if source[at + 1 : at + 2] == "^" else 1
    at += source[at : at + 1] == "]"
    while at < len(source) and source[at] != "]":
        if source[at : at + 2] == "[:":
            at = max(at, source.find(":]", at)) + 1
        at += 2 if source[at] == "\\" else 1
    return at + 1


def check(source: str, span: Span) -> None:
    """Raises `QueryError` for a pattern RE2 refuses, or one without letters to look for."""
    if "\\Q" in source or "(?" in source.replace("(?:", "").replace("(?i)", ""):
        raise QueryError("groups may be (…) or (?:…), flags (?i) only", *span, "write the pattern plainly")
    try:
        compiled(source)
    except re2.error as error:
        raise QueryError(
            f"not a pattern: {_words(error)}", *span, "RE2 has no lookaround and no backreferences"
        ) from error
    if len(literal(source)) < MIN_LITERAL:
        raise QueryError(
            f"a pattern needs {MIN_LITERAL} letters in a row that must be there",
            *span,
            "write them outside (), [] and |",
        )


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)[:100]
