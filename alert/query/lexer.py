"""From the letters of a query to its lexemes.

After `field:` anything up to the next space, bracket, comma or quote is a value, reserved words and colons included:
`actor:TO` is Tonga, `feed:https://…` is an address.
"""

import re
from typing import Final, Literal, NamedTuple

from alert.query.faults import QueryError
from alert.query.fields import SCOPES

Kind = Literal["word", "string", "pattern", "operator", "mark", "keyword", "value", "end"]

MAX_LENGTH: Final = 20_000
"""Letters of one query."""

NEAR: Final = re.compile(r"(NEAR|ONEAR)(?:/(\d{1,4}))?\Z")
_KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "TO"})
_LEXEME: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<string>"(?:[^"\\]|\\.)*"|“(?:[^”\\]|\\.)*”|«(?:[^»\\]|\\.)*»|„(?:[^“”\\]|\\.)*[“”])
    |(?P<pattern>/(?:[^/\\\n]|\\.)+/)
    |(?P<operator>:=|>=|<=|!=|[><:=])
    |(?P<mark>[(){}\[\],])
    |(?P<word>[^\s(){}\[\],"“”„«»:<>=!/][^\s(){}\[\],"“”„«»:<>=!]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_VALUE: Final = re.compile(r'[^\s(){}\[\],"“”„«»]+')
_CLOSING: Final = {'"': '"', "“": "”", "„": "“", "«": "»"}


class Lexeme(NamedTuple):
    """A piece of a query with its half-open place."""

    kind: Kind
    text: str
    start: int
    end: int


def lex(query: str) -> list[Lexeme]:
    """The lexemes of a query, an `end` last. Raises `QueryError` on what can be none."""
    if len(query) > MAX_LENGTH:
        raise QueryError(f"a query of {len(query)} letters; the limit is {MAX_LENGTH}", 0, 1, "use a list file")
    found: list[Lexeme] = []
    at = 0
    while at < len(query):
        lexeme = _value(query, at, found) or _lexeme(query, at)
        if lexeme is None:
            at += 1
            while at < len(query) and query[at].isspace():
                at += 1
            continue
        found.append(lexeme)
        at = lexeme.end
    found.append(Lexeme("end", "", len(query), len(query) + 1))
    return found


def _value(query: str, at: int, found: list[Lexeme]) -> Lexeme | None:
    """A value, where one is due."""
    if len(found) < 2 or found[-1].kind != "operator" or found[-1].text not in (":", ":="):
        return None
    if found[-2].kind != "word" or found[-2].text in SCOPES:
        return None
    match = _VALUE.match(query, at)
    return Lexeme("value", match.group(), at, match.end()) if match else None


def _lexeme(query: str, at: int) -> Lexeme | None:
    """The next lexeme; None for a space."""
    match = _LEXEME.match(query, at)
    if match is None:
        raise _unexpected(query, at)
    kind, text = match.lastgroup, match.group()
    if kind == "space":
        return None
    if kind == "word":
        return Lexeme("keyword" if text in _KEYWORDS or NEAR.match(text) else "word", text, at, match.end())
    if kind == "string":
        return Lexeme("string", text, at, match.end())
    if kind == "pattern":
        return Lexeme("pattern", text, at, match.end())
    return Lexeme("operator" if kind == "operator" else "mark", text, at, match.end())


def _unexpected(query: str, at: int) -> QueryError:
    char = query[at]
    if char in _CLOSING:
        return QueryError("this quote is never closed", at, len(query), f"add the closing {_CLOSING[char]}")
    if char == "/":
        return QueryError("this pattern is never closed", at, at + 1, 'write /pattern/, or quote it: "/"')
    return QueryError(f"unexpected {char!r}", at, at + 1, 'quote it to search for it: "…"')
