"""From a query to its tree. The grammar, with the limits that stand beside it:

query = or
or    = and { "OR" and }           an AND of several may not stand in an OR without parentheses
and   = not { ["AND"] not }        a space is AND
not   = "NOT" not | near
near  = prim { ("NEAR" | "ONEAR") ["/" n] prim }        1…50 words apart, 10 unless said
prim  = "(" or ")" | "event" "{" or "}" | ("title" | "text") ":" prim | field | term
field = name (":" | ":=") (value | "(" value { ("OR" | ",") value } ")" | "in(@" list ")" | "*")
      | name "!=" value | name ("=" | "!=" | ">" | ">=" | "<" | "<=") number | name ":[" n "TO" n "]"
      | "query:" name
term  = "in(@" list ")" | word | "phrase" | =exact | ="exact phrase" | ~stem | pre* | *suf | *in* | /pattern/
"""

from typing import Final

from alert.query import terms
from alert.query.ast import TEXT, Among, And, EventBlock, Near, Node, Not, Or, Scope, Stem, Wild, Words, walk
from alert.query.cursor import Cursor
from alert.query.fields import ALL_NAMES, NUMBERS, SCOPES
from alert.query.lexer import NEAR, Lexeme, lex
from alert.query.predicates import among, predicate

MAX_NODES: Final = 512
MAX_DEPTH: Final = 24
MAX_OR: Final = 256
MAX_NEAR: Final = 50


def parse(query: str) -> Node:
    """The tree of a query. Raises `QueryError` with the place of the first thing that is wrong, nothing else."""
    return _Parser(query).query()


class _Parser:
    """One reading of one query."""

    def __init__(self, query: str) -> None:
        self.at = Cursor(lex(query))
        self.nodes = 0
        self.depth = 0
        self.in_event = False
        self.scope: Scope = ""

    def query(self) -> Node:
        if self.at.here.kind == "end":
            self.at.fail("the query is empty", "write what should ring, such as event:ceasefire AND place:SD")
        node = self.either()
        here = self.at.here
        if here.kind == "mark" and here.text in ")}]":
            self.at.fail(f"unmatched '{here.text}'", "remove it, or open it before")
        if here.kind != "end":
            self.at.fail(f"unexpected {here.text!r}", "join conditions with AND or OR")
        return node

    def either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.at.fail(f"nested more than {MAX_DEPTH} levels deep", "use saved queries: query:name")
        start = self.at.here
        first, several = self.all_of()
        parts, mixed = [first], several
        while self.at.is_keyword("OR"):
            operator = self.at.take()
            part, several = self.all_of()
            parts.append(part)
            mixed |= several
            if mixed:
                self.at.fail(
                    "AND and OR mixed without parentheses", "write (a AND b) OR c, or a AND (b OR c)", operator
                )
        self.depth -= 1
        if len(parts) > MAX_OR:
            self.at.fail(f"an OR of {len(parts)}; the limit is {MAX_OR}", "use a list: in(@name)", start)
        return parts[0] if len(parts) == 1 else Or(tuple(parts), (start.start, self.at.last_end))

    def all_of(self) -> tuple[Node, bool]:
        """The AND, and whether it has several parts."""
        start = self.at.here
        parts = [self.negation()]
        while True:
            if self.at.is_keyword("AND"):
                self.at.take()
            elif self.ends_here():
                break
            parts.append(self.negation())
        if len(parts) == 1:
            return parts[0], False
        return And(tuple(parts), (start.start, self.at.last_end)), True

    def ends_here(self) -> bool:
        here = self.at.here
        return here.kind == "end" or self.at.is_keyword("OR") or (here.kind == "mark" and here.text in ")}],")

    def negation(self) -> Node:
        if not self.at.is_keyword("NOT"):
            return self.near()
        start = self.at.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.at.fail(f"nested more than {MAX_DEPTH} levels deep", "", start)
        part = self.negation()
        self.depth -= 1
        return Not(part, (start.start, self.at.last_end))

    def near(self) -> Node:
        start = self.at.here
        left = self.primary()
        while self.at.here.kind == "keyword" and (match := NEAR.match(self.at.here.text)):
            operator = self.at.take()
            distance = int(match[2] or 10)
            if not 1 <= distance <= MAX_NEAR:
                self.at.fail(f"words may be 1 to {MAX_NEAR} apart", "write NEAR/10", operator)
            right = self.primary()
            if not (_is_text(left) and _is_text(right)):
                self.at.fail(
                    "NEAR joins words, phrases or ORs of them", "write troops NEAR/5 (Kursk OR border)", operator
                )
            left = Near(left, right, distance, match[1] == "ONEAR", (start.start, self.at.last_end))
        return left

    def primary(self) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.at.fail(f"more than {MAX_NODES} terms", "split it into saved queries, or use a list: in(@name)")
        here = self.at.here
        if self.at.is_mark("("):
            opened = self.at.take()
            node = self.either()
            self.at.close(")", opened)
            return node
        if here.kind == "word":
            return self.word()
        if here.kind in ("string", "pattern", "operator"):
            return self.sign()
        return self.nothing()

    def word(self) -> Node:
        here, after = self.at.here, self.at.next
        if here.text == "event" and after.text == "{" and after.start == here.end:
            return self.event_block()
        if self.at.begins_list:
            return among(self.at, here, self.scope)
        if after.kind == "operator" and (after.start == here.end or self.spaced_number()):
            return self.scoped() if here.text in SCOPES else predicate(self.at)
        if _looks_like_operator(here.text):
            fix = f'operators are upper case: {here.text.upper()}; to search for the word, quote it: "{here.text}"'
            self.at.fail(f"'{here.text}' looks like an operator", fix)
        if fix := _slip(here.text):
            self.at.fail(f"{here.text[:80]} begins with {here.text[0]}, which is no sign here", fix)
        self.at.take()
        return terms.word(here.text, self.scope, (here.start, here.end))

    def spaced_number(self) -> bool:
        """`soldiers >= 1000`, and `actor : KP`, with spaces around the sign."""
        return self.at.here.text in NUMBERS or (
            self.at.next.text in (":", ":=", "!=") and self.at.here.text in ALL_NAMES
        )

    def event_block(self) -> Node:
        start = self.at.take()
        if self.in_event:
            self.at.fail("event{…} cannot stand inside another", "AND the two blocks side by side", start)
        opened = self.at.take()
        self.in_event = True
        part = self.either()
        self.in_event = False
        self.at.close("}", opened)
        return EventBlock(part, (start.start, self.at.last_end))

    def scoped(self) -> Node:
        """`title:…` and `text:…`: the terms behind the colon, looked for there only."""
        named, operator = self.at.take(), self.at.take()
        if operator.text not in (":", ":="):
            self.at.fail(
                f"{named.text} is no number, {operator.text} cannot be used", f"write {named.text}:word", operator
            )
        if self.at.here.text == "in" and self.at.next.text == "(":
            return among(self.at, named, named.text)
        outer, self.scope = self.scope, "title" if named.text == "title" else "text"
        node = self.exact(operator) if operator.text == ":=" else self.primary()
        self.scope = outer
        if not _speaks_of_words(node):
            self.at.fail(f"{named.text}: takes words", f"write {named.text}:word or {named.text}:(this OR that)", named)
        return node

    def sign(self) -> Node:
        """A phrase, a pattern, or `=exact`."""
        here = self.at.take()
        if here.kind == "string":
            return terms.phrase(here.text, self.scope, (here.start, here.end))
        if here.kind == "pattern":
            return terms.pattern(here.text, self.scope, (here.start, here.end))
        return self.exact(here)

    def exact(self, sign: Lexeme) -> Node:
        here = self.at.here
        if sign.text not in ("=", ":=") or here.kind not in ("word", "string", "keyword") or here.start != sign.end:
            self.at.fail(f"unexpected {sign.text!r}", "write field:value, =Exact, or quote it", sign)
        self.at.take()
        text = terms.unquote(here.text) if here.kind == "string" else here.text
        return Words(text, True, self.scope, (sign.start, here.end))

    def nothing(self) -> Node:
        """What stands here cannot begin a condition."""
        here = self.at.here
        if here.kind == "keyword":
            self.at.fail(
                f"{here.text} needs a condition on both sides", f'to search for the word, quote it: "{here.text}"'
            )
        if here.kind == "end":
            self.at.fail("the query ends where a condition is expected", "add a word or a field")
        self.at.fail(f"unexpected '{here.text}'", "a condition is expected here")


def _is_text(node: Node) -> bool:
    if isinstance(node, Or):
        return all(_is_text(part) for part in node.parts)
    return isinstance(node, Words | Stem | Near) or (isinstance(node, Wild) and not (node.before and node.after))


def _looks_like_operator(word: str) -> bool:
    upper = word.upper()
    return upper in ("AND", "OR", "NOT") or ("/" in word and NEAR.match(upper) is not None)


def _slip(word: str) -> str:
    """How to write what other languages write with a sign that this one has not; empty for any other word."""
    bare = word[1:].strip("'")
    if word[0] == "-" and bare:
        return f'write NOT {bare}; to search for the sign too, quote it: "{word}"'
    return f'phrases stand in double quotes: "{bare} …"' if word[0] == "'" and bare else ""


def _speaks_of_words(node: Node) -> bool:
    return all(isinstance(part, (*TEXT, And, Or, Not, Among)) for part in walk(node))
