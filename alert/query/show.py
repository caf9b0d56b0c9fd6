"""The tree as a query again: `parse(show(tree)) == tree`."""

import re

from alert.query.ast import (
    Among,
    And,
    Between,
    Compare,
    EventBlock,
    Has,
    Is,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Saved,
    Stem,
    Wild,
    Words,
)  # fmt: skip
from alert.query.lexer import NEAR

_PLAIN = re.compile(r'[^\s(){}\[\],"“”„«»:<>=!/~*@\'-][^\s(){}\[\],"“”„«»:<>=!*]*\Z')
_VALUE = re.compile(r'[^\s(){}\[\],"“”„«»=][^\s(){}\[\],"“”„«»]*\Z')


def show(node: Node) -> str:
    """The query a tree stands for, parentheses only where the grammar wants them."""
    match node:
        case And(parts):
            return " AND ".join(_operand(part) for part in parts)
        case Or(parts):
            return " OR ".join(_operand(part) for part in parts)
        case Not(part):
            return f"NOT {_operand(part)}"
        case Near(left, right, distance, ordered):
            return f"{_beside(left, left=True)} {'ONEAR' if ordered else 'NEAR'}/{distance} {_beside(right)}"
        case EventBlock(part):
            return f"event{{{show(part)}}}"
    return _condition(node)


def _operand(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


def _beside(node: Node, *, left: bool = False) -> str:
    bare = isinstance(node, Words | Stem | Wild) or (left and isinstance(node, Near))
    return show(node) if bare else f"({show(node)})"


def _condition(node: Node) -> str:
    match node:
        case Is(field, value, exact):
            return f"{field}{':=' if exact else ':'}{_value(value)}"
        case Has(field):
            return f"{field}:*"
        case Among(field, name):
            return f"{field}:in(@{name})" if field else f"in(@{name})"
        case Compare(field, operator, limit):
            return f"{field}{operator}{number(limit)}"
        case Between(field, low, high):
            return f"{field}:[{number(low)} TO {number(high)}]"
        case Saved(name):
            return f"query:{_value(name)}"
    return _scope(node) + term(node)


def _scope(node: Node) -> str:
    scope = node.scope if isinstance(node, Words | Stem | Wild | Pattern) else ""
    return f"{scope}:" if scope else ""


def term(node: Node) -> str:
    """A term without its scope: `word`, `"a phrase"`, `=Exact`, `~stem`, `pre*`, `/pattern/`."""
    match node:
        case Words(text, exact):
            return f"={_word(text)}" if exact else _word(text)
        case Stem(text):
            return f"~{text}"
        case Wild(text, before, after):
            return f"{'*' if before else ''}{text}{'*' if after else ''}"
        case Pattern(source):
            return f"/{source}/"
    return show(node)


def _word(text: str) -> str:
    plain = _PLAIN.match(text) and text.upper() not in ("AND", "OR", "NOT", "TO") and not NEAR.match(text.upper())
    return text if plain else quote(text)


def _value(text: str) -> str:
    return text if _VALUE.match(text) and text not in ("*", "in") else quote(text)


def quote(text: str) -> str:
    """The text in quotes, as the grammar reads them."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def number(value: float) -> str:
    """A number as short as it can be written."""
    return str(int(value)) if value == int(value) else repr(value)
