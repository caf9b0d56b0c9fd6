"""Patterns: what RE2 takes, and the letters every match must contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert.query import patterns
from alert.query.faults import QueryError


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        (r"North\s+Korea", "north"),
        ("(foo|bar)bazaar", "bazaar"),
        ("abcd?ef", "abc"),
        ("[[:alpha:]xyz]abc", "abc"),
        ("[]xyz]abc", "abc"),
        ("[^]xyz]abc", "abc"),
        ("a|bcd", ""),
        ("abc{100}", "ab"),
        (r"(?i)Kursk\d+", "kursk"),
        (r"\p{Greek}abc", "abc"),
        (r"\x{41}bcd", "bcd"),
    ],
)
def test_the_letters_a_pattern_cannot_do_without(source: str, letters: str) -> None:
    assert patterns.literal(source) == letters


@pytest.mark.parametrize("source", ["(?=x)abc", r"(abc)\1", "abc(", "a.b", "(abc)?", "(?P<n>abc)def", r"\Qabc\E"])
def test_a_pattern_is_refused(source: str) -> None:
    with pytest.raises(QueryError):
        patterns.check(source, (0, len(source)))


@given(st.text("abc[](){}|*+?^\\d.1", max_size=12), st.text("abcd1", max_size=12))
def test_every_match_contains_the_letters(source: str, text: str) -> None:
    try:
        patterns.check(source, (0, 1))
    except QueryError:
        return
    if patterns.compiled(source).search(text):
        assert patterns.literal(source) in text.casefold()
