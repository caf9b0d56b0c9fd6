"""Queries are read or refused with a place; nothing else happens, whatever is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert.query import structured
from alert.query.ast import Among, And, Compare, EventBlock, Is, Near, Node, Not, Or, Pattern, Saved, Stem, Wild, Words
from alert.query.faults import QueryError, excerpt
from alert.query.parser import parse
from alert.query.show import show
from schemas.marked import parse as read_yaml


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("troops", Words("troops")),
        ('"north korea"', Words("north korea")),
        ("“north korea”", Words("north korea")),
        ("«северная корея»", Words("северная корея")),
        ("„nordkorea sagt“", Words("nordkorea sagt")),
        ('"-5 degrees"', Words("-5 degrees")),
        (r'"say \"no\""', Words('say "no"')),
        ("=US", Words("US", exact=True)),
        ("~deploy", Stem("deploy")),
        ("troop*", Wild("troop", before=False, after=True)),
        ("*troop*", Wild("troop", before=True, after=True)),
        (r"/14,\d+ men/", Pattern(r"14,\d+ men")),
        ("title:=Kursk", Words("Kursk", exact=True, scope="title")),
        ("actor:TO", Is("actor", "TO")),
        ("place:OR", Is("place", "OR")),
        ("place:=RU", Is("place", "RU", exact=True)),
        ("place!=RU", Not(Is("place", "RU"))),
        ("lang:AR", Is("lang", "ar")),
        ("type:coup", Is("event", "coup")),
        ("feed:https://x.example/a?b=c", Is("feed", "https://x.example/a?b=c")),
        ("soldiers >= 10k", Compare("soldiers", ">=", 10_000)),
        ("usd>2.5M", Compare("usd", ">", 2_500_000)),
        ("killed:3", Compare("killed", "=", 3)),
        ("query:mine", Saved("mine")),
        ("a b", And((Words("a"), Words("b")))),
        ("a AND NOT b", And((Words("a"), Not(Words("b"))))),
        ("place:(RU OR UA)", Or((Is("place", "RU"), Is("place", "UA")))),
        ("place:(RU, UA)", Or((Is("place", "RU"), Is("place", "UA")))),
        ("event{type:coup}", EventBlock(Is("event", "coup"))),
        ("a NEAR b", Near(Words("a"), Words("b"), 10)),
        ("a ONEAR/3 (b OR c)", Near(Words("a"), Or((Words("b"), Words("c"))), 3, ordered=True)),
        ("24/7", Words("24/7")),
        ("in(@ships)", Among("", "ships")),
        ("title:(a OR in(@ships))", Or((Words("a", scope="title"), Among("title", "ships")))),
        ("in (a)", And((Words("in"), Words("a")))),
        ("in (@a)", Among("", "a")),
        ("Al-Qaeda", Words("Al-Qaeda")),
    ],
)
def test_a_query_is_read_as(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "problem", "marked"),
    [
        ("actr:KP AND missile", 'unknown field "actr"', "actr"),
        ("kursk and troops", "'and' looks like an operator", "and"),
        ('"north korea', "this quote is never closed", '"north korea'),
        ("a OR b AND c", "AND and OR mixed without parentheses", "OR"),
        ("a b OR c", "AND and OR mixed without parentheses", "OR"),
        ("(kursk AND (troops OR soldiers)", "missing ')'", "("),
        ("kursk)", "unmatched ')'", ")"),
        ("*ab", "a wildcard needs at least 3 letters, got 2", "*ab"),
        ("bo*er", "* stands at the beginning or the end of a word only", "bo*er"),
        ("a AND", "the query ends where a condition is expected", ""),
        ("AND a", "AND needs a condition on both sides", "AND"),
        ("", "the query is empty", ""),
        ("soldiers>=many", "expected a number", "many"),
        ("soldiers>=1,000", "a number is written without commas", ","),
        ("troops -film", "-film begins with -, which is no sign here", "-film"),
        ("'north korea'", "'north begins with ', which is no sign here", "'north"),
        ("«north korea", "this quote is never closed", "«north korea"),
        ("actor>5", "actor is no number, > cannot be used", ">"),
        ("soldiers:[5 TO 1]", "the first limit is above the second", "soldiers"),
        ("a NEAR/99 b", "words may be 1 to 50 apart", "NEAR/99"),
        ("a NEAR actor:KP", "NEAR joins words, phrases or ORs of them", "NEAR"),
        ("event{event{actor:KP}}", "event{…} cannot stand inside another", "event"),
        ("title:actor:KP", "title: takes words", "title"),
        ("/unclosed", "this pattern is never closed", "/"),
        ("a , b", "unexpected ','", ","),
        ("(" * 30 + "a" + ")" * 30, "nested more than 24 levels deep", "("),
        ("NOT " * 40 + "a", "nested more than 24 levels deep", "NOT"),
        (" OR ".join(f"w{n}" for n in range(300)), "an OR of 300; the limit is 256", "w0"),
        (" ".join(f"w{n}" for n in range(600)), "more than 512 terms", "w512"),
        ("x" * 30_000, "a query of 30000 letters; the limit is 20000", "x"),
    ],
)
def test_a_query_is_refused_with_its_place(query: str, problem: str, marked: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.problem == problem
    assert query[caught.value.start : caught.value.end] == marked


ALPHABET = 'ab*"()[]{}:=<>!/~,@ \n\\ANDORTx1كو北é“”„«»-'
PIECES = ["AND", "OR", "NOT", "(", ")", '"', "event{", "}", "place:", "RU", "soldiers", ">=", "10k", "NEAR/3", "title:",
          "in(@x)", "troop*", "~", "=", "/ab/", "[1 TO 5]", "*", ":=", "كورسك", ","]  # fmt: skip


@given(st.one_of(st.text(ALPHABET, max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)))
def test_any_text_is_a_query_or_refused_inside_itself(query: str) -> None:
    try:
        tree = parse(query)
    except QueryError as error:
        assert 0 <= error.start <= len(query)
        assert error.start < error.end
        assert excerpt(query, error.start, error.end).count("^") >= 1
    else:
        assert parse(show(tree)) == tree


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_pieces_without_spaces_are_a_query_or_refused(query: str) -> None:
    try:
        tree = parse(query)
    except QueryError:
        return
    assert parse(show(tree)) == tree


SCOPES = st.sampled_from(["", "title", "text"])
LETTERS = st.text("abcكوسкур北", min_size=3, max_size=8)
TERMS = st.one_of(
    st.builds(Words, LETTERS, st.booleans(), SCOPES),
    st.builds(Words, st.lists(LETTERS, min_size=2, max_size=3).map(" ".join), st.booleans(), SCOPES),
    st.builds(Stem, LETTERS, SCOPES),
    st.builds(Wild, LETTERS, st.just(True), st.booleans(), SCOPES),
    st.builds(Wild, LETTERS, st.just(False), st.just(True), SCOPES),
    st.builds(Pattern, st.sampled_from(["abc", r"a+b\d", "(x|y)abc"]), SCOPES),
)  # fmt: skip
NEARBY = st.builds(Words, LETTERS) | st.builds(Stem, LETTERS)
CONDITIONS = st.one_of(
    TERMS,
    st.builds(Is, st.sampled_from(["place", "actor"]), st.sampled_from(["RU", "OR", "a-b"]), st.booleans()),
    st.builds(Is, st.sampled_from(["source", "feed"]), st.sampled_from(["Example Wire", "https://x.example/"])),
    st.builds(Compare, st.sampled_from(["soldiers", "sources"]), st.sampled_from(["=", "!=", ">", ">=", "<", "<="]),
              st.sampled_from([0.0, 5.0, 1000.0, 2.5])),
    st.builds(Near, NEARBY, NEARBY | st.lists(NEARBY, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
              st.integers(1, 50), st.booleans()),
    st.builds(Saved, st.just("mine")),
    st.builds(Among, st.sampled_from(["", "title", "text", "actor"]), st.just("mine")),
)  # fmt: skip


def _deeper(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, inner))


TREES = st.recursive(CONDITIONS, _deeper, max_leaves=12)


@given(TREES | st.builds(EventBlock, TREES))
def test_a_tree_is_the_same_written_as_a_query_and_read_again(tree: Node) -> None:
    assert parse(show(tree)) == tree


@given(TREES | st.builds(EventBlock, TREES))
def test_a_tree_is_the_same_written_as_structure_and_read_again(tree: Node) -> None:
    assert structured.read(structured.write(tree)) == tree


def test_the_structured_form_is_the_same_tree() -> None:
    text = """
all:
  - event: {type: troop_deployment, actor: KP, soldiers: ">=1000", not: {status: denied},
            any: [{place: RU}, {text: Kursk}, {text: كورسك}]}
  - not: {lang: ru}
  - near: {of: [troops, [Kursk, border]], within: 5}
"""
    query = """event{type:troop_deployment AND actor:KP AND soldiers>=1000 AND NOT status:denied
        AND (place:RU OR Kursk OR كورسك)} AND NOT lang:ru AND troops NEAR/5 (Kursk OR border)"""
    assert structured.read(read_yaml(text, "x").value) == parse(query)


KEYS = st.sampled_from(["all", "any", "not", "event", "near", "of", "within", "place", "text", "soldiers"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(ANYTHING)
def test_any_structure_is_a_query_or_refused(value: object) -> None:
    try:
        structured.read(value)
    except QueryError as error:
        assert error.problem
