"""Single terms: `word`, `pre*`, `*suf`, `=exact`, `~stem`, `"phrase"`, `/pattern/`, and numbers."""

import re
from typing import Final

from alert.query.ast import Node, Pattern, Scope, Stem, Wild, Words
from alert.query.faults import QueryError
from schemas.base import Span

MIN_WILD: Final = 3
"""Letters a wildcard needs: shorter ones match half a dictionary."""
MAX_PATTERN: Final = 200

_NUMBER: Final = re.compile(r"(-?\d[\d_]*(?:\.\d+)?)([kKmM]?)\Z")
_FACTORS: Final = {"": 1.0, "k": 1e3, "m": 1e6}


def word(text: str, scope: Scope, span: Span) -> Node:
    """A bare word with the signs it carries."""
    if text.startswith("~"):
        if len(text) < 2 or "*" in text:
            raise QueryError("~ needs a word to stem", *span, "write ~deploy")
        return Stem(text[1:], scope, span)
    if "*" in text:
        return _wild(text, scope, span)
    return Words(text, False, scope, span)


def _wild(text: str, scope: Scope, span: Span) -> Node:
    core = text.strip("*")
    if "*" in core or "**" in text:
        raise QueryError(
            "* stands at the beginning or the end of a word only", *span, "use /pattern/ for anything else"
        )
    if sum(char.isalnum() for char in core) < MIN_WILD:
        letters = len(core)
        raise QueryError(
            f"a wildcard needs at least {MIN_WILD} letters, got {letters}", *span, "write more of the word"
        )
    return Wild(core, text.startswith("*"), text.endswith("*"), scope, span)


def phrase(text: str, scope: Scope, span: Span, *, exact: bool = False) -> Node:
    """A quoted text, quotes taken off here."""
    return Words(unquote(text), exact, scope, span)


def unquote(text: str) -> str:
    """What stands between the quotes; a backslash gives the next letter as it is."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def pattern(text: str, scope: Scope, span: Span) -> Node:
    """`/…/`; whether RE2 takes it is for `check` to say."""
    source = text[1:-1]
    if len(source) > MAX_PATTERN:
        raise QueryError(f"a pattern of {len(source)} letters; the limit is {MAX_PATTERN}", *span)
    return Pattern(source, scope, span)


def any_term(text: str, scope: Scope, span: Span = (0, 0)) -> Node:
    """A term of a list or of the structured form: like a bare term, but spaces make a phrase."""
    text = text.strip()
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return pattern(text, scope, span)
    if len(text) > 2 and text[0] == '"' and text[-1] == '"':
        return phrase(text, scope, span)
    if text.startswith("="):
        inner = text[1:]
        quoted = len(inner) > 2 and inner[0] == '"' and inner[-1] == '"'
        return Words(unquote(inner) if quoted else inner, True, scope, span)
    if len(text.split()) > 1:
        return Words(text, False, scope, span)
    return word(text, scope, span)


def number(text: str) -> float | None:
    """`1000`, `-2.5`, `10_000`, `10k`, `2M`; None for anything else."""
    match = _NUMBER.match(text)
    if match is None or len(text) > 30:
        return None
    return float(match[1].replace("_", "")) * _FACTORS[match[2].lower()]
