"""Feed text made fit to stand in a message."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alert.words.clean import MAX_MARKS, clean, cut, direction, host, isolated, link
from tests.alert.words.hostile import NASTY


@given(NASTY)
@example("A\x1b\u0300")
def test_nothing_that_steers_a_screen_is_left(text: str) -> None:
    found = clean(text)
    for char in found:
        assert unicodedata.category(char) not in {"Cc", "Cs", "Co", "Zl", "Zp"}
        assert unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    assert clean(found) == found


@given(NASTY)
def test_marks_do_not_pile_up(text: str) -> None:
    height = 0
    for char in clean(text):
        height = height + 1 if unicodedata.combining(char) else 0
        assert height <= MAX_MARKS


@given(NASTY, st.integers(0, 300))
def test_a_cut_fits_and_says_that_it_cuts(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert len(found) <= limit
    assert found == text or found.endswith("…") or limit == 0


def test_words_parted_by_strange_spaces_stay_parted() -> None:
    assert clean("a\u2028b\x0bc\u00a0d\r\ne") == "a b c d e"


def test_joiners_that_languages_need_stay() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


def test_a_family_is_not_cut_apart() -> None:
    assert cut("ab👩\u200d👩\u200d👧\u200d👦cd", 5) == "ab…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("NATO كوريا الشمالية تؤكد", "rtl"), ("KCNA says كوريا", "ltr"), ("123", "ltr"), ("שלום", "rtl"), ("", "ltr")],
)
def test_most_letters_decide_the_direction(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_only_right_to_left_words_are_isolated() -> None:
    assert isolated("Kursk") == "Kursk"
    assert isolated("كورسك") == "\u2068كورسك\u2069"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://news.example/<!channel>|x", "https://news.example/%3C!channel%3E%7Cx"),
        ("https://user:pw@news.example/", None),
        ("https://bank.example@evil.example/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://news.example", None),
        ("https://", None),
        ("//news.example", None),
        ("https://[::1]:8080/x", "https://[::1]:8080/x"),
        ("https://news.example:99999/", None),
        (None, None),
    ],
)
def test_a_link_leads_where_it_says(url: str | None, safe: str | None) -> None:
    assert link(url) == safe


@given(st.one_of(NASTY, NASTY.map(lambda text: f"https://{text}"), NASTY.map(lambda text: f"https://a.example/{text}")))
def test_no_link_carries_a_character_a_channel_could_read(url: str) -> None:
    found = link(url)
    if found is not None:
        assert found.isascii()
        assert not set(found) & set('<>|" \\^`\n\r\t')
        assert found.startswith(("http://", "https://"))
        assert host(found)
