"""`field:value`, `field:(a OR b)`, `field:in(@list)`, `field:*`, `field>=1000`, `field:[1 TO 5]`, `query:name`."""

from typing import Final, cast

from alert.query import terms
from alert.query.ast import Among, Between, Compare, Has, Is, Node, Not, Operator, Or, Saved
from alert.query.cursor import Cursor
from alert.query.fields import ALIASES, ALL_NAMES, FIELDS, ITEM_NUMBERS, NUMBERS
from alert.query.lexer import Lexeme
from schemas.marked import suggest

_COMPARING: Final = ("=", "!=", ">", ">=", "<", "<=")
_HIDDEN: Final = (">=", "<=", "!=", ">", "<")
MAX_VALUES: Final = 256


def predicate(cursor: Cursor) -> Node:
    """The condition on a field that begins here with the field's name."""
    named = cursor.take()
    name = ALIASES.get(named.text, named.text)
    if name not in ALL_NAMES:
        known = ", ".join(sorted(ALL_NAMES))
        fix = suggest(named.text, ALL_NAMES) or f"quote it to search for it, or use a field: {known}"
        cursor.fail(f'unknown field "{named.text}"', fix, named)
    if name in NUMBERS:
        return _number(cursor, named, name)
    operator = cursor.take()
    if name == "query":
        return _saved(cursor, named, operator)
    if operator.text not in (":", ":=", "!="):
        cursor.fail(f"{name} is no number, {operator.text} cannot be used", f"write {name}:value", operator)
    return _values(cursor, named, name, operator)


def _values(cursor: Cursor, named: Lexeme, name: str, operator: Lexeme) -> Node:
    exact = operator.text == ":="
    if operator.text != "!=" and cursor.here.text == "in" and cursor.next.text == "(":
        return among(cursor, named, name)
    if cursor.is_mark("("):
        return _denied(operator, named, cursor, _list(cursor, name, exact, named))
    value = _value(cursor, name)
    span = (named.start, cursor.last_end)
    if value.text == "*" and operator.text != "!=":
        return Has(name, span)
    return _denied(operator, named, cursor, _is(name, value, exact, span))


def _denied(operator: Lexeme, named: Lexeme, cursor: Cursor, node: Node) -> Node:
    return Not(node, (named.start, cursor.last_end)) if operator.text == "!=" else node


def _is(name: str, value: Lexeme, exact: bool, span: tuple[int, int]) -> Is:
    text = terms.unquote(value.text) if value.kind == "string" else value.text
    return Is(name, text.lower() if name == "lang" else text, exact and FIELDS[name].rolls_up, span)


def _value(cursor: Cursor, name: str) -> Lexeme:
    if cursor.here.kind not in ("word", "value", "string", "keyword"):
        cursor.fail(f"expected a value for {name}", f'write {name}:value, or {name}:"several words"')
    return cursor.take()


def _list(cursor: Cursor, name: str, exact: bool, named: Lexeme) -> Node:
    """`(a OR b, c)`."""
    opened = cursor.take()
    parts: list[Node] = []
    while True:
        value = _value(cursor, name)
        parts.append(_is(name, value, exact, (value.start, value.end)))
        if not (cursor.is_keyword("OR") or cursor.is_mark(",")):
            break
        cursor.take()
    cursor.close(")", opened)
    if len(parts) > MAX_VALUES:
        cursor.fail(f"{len(parts)} values; the limit is {MAX_VALUES}", f"use a list: {name}:in(@name)", named)
    return parts[0] if len(parts) == 1 else Or(tuple(parts), (named.start, cursor.last_end))


def among(cursor: Cursor, named: Lexeme, name: str) -> Among:
    """`in(@list)`, the field and its colon already read; no name: a list of words, anywhere."""
    cursor.take()
    opened = cursor.take()
    listed = cursor.take()
    if listed.kind != "word" or not listed.text.startswith("@") or len(listed.text) < 2:
        cursor.fail("expected the name of a list", f"write {name and name + ':'}in(@name)", listed)
    cursor.close(")", opened)
    return Among(name, listed.text[1:], (), (named.start, cursor.last_end))


def _saved(cursor: Cursor, named: Lexeme, operator: Lexeme) -> Saved:
    if operator.text != ":":
        cursor.fail("a saved query is named with a colon", "write query:name", operator)
    value = _value(cursor, "query")
    return Saved(value.text, None, (named.start, value.end))


def _number(cursor: Cursor, named: Lexeme, name: str) -> Node:
    operator = cursor.take()
    if operator.text == ":" and cursor.is_mark("["):
        return _between(cursor, named, name)
    if operator.text == ":" and cursor.here.text == "*":
        cursor.take()
        return Has(name, (named.start, cursor.last_end))
    sign, text = ("=" if operator.text in (":", ":=") else operator.text), cursor.here.text
    if operator.text == ":":
        hidden = next((op for op in _HIDDEN if text.startswith(op)), "")
        sign, text = hidden or sign, text[len(hidden) :]
    value = terms.number(text)
    if value is None or sign not in _COMPARING:
        cursor.fail("expected a number", _numbers(name))
    cursor.take()
    if cursor.is_mark(",") and cursor.here.start == cursor.last_end:
        cursor.fail("a number is written without commas", f"write {name}{sign}1000 or {name}{sign}1k")
    return Compare(name, cast(Operator, sign), value, (named.start, cursor.last_end))


def _numbers(name: str) -> str:
    """How a condition on this number may look."""
    if name in ITEM_NUMBERS or name == "confidence":
        return f"write {name}>={'0.5' if name == 'confidence' else '2'}"
    return f"write {name}>=1000, {name}>=10k or {name}:[10 TO 50]"


def _between(cursor: Cursor, named: Lexeme, name: str) -> Between:
    opened = cursor.take()
    low = _limit(cursor, name)
    if not cursor.is_keyword("TO"):
        cursor.fail("expected TO", f"write {name}:[10 TO 50]")
    cursor.take()
    high = _limit(cursor, name)
    cursor.close("]", opened)
    if low > high:
        cursor.fail("the first limit is above the second", f"write {name}:[{high:g} TO {low:g}]", named)
    return Between(name, low, high, (named.start, cursor.last_end))


def _limit(cursor: Cursor, name: str) -> float:
    value = terms.number(cursor.here.text)
    if value is None:
        cursor.fail("expected a number", f"write {name}:[10 TO 50]")
    cursor.take()
    return value
