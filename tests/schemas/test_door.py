"""Items that other programs hand us: forgiving about what is absent, clear about what is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.door import item_of, report_of
from schemas.errors import Unreadable


def test_a_title_is_enough() -> None:
    assert item_of({"title": "x", "text": None, "published": None}).title == "x"


def test_the_same_words_get_the_same_id_and_a_given_id_is_kept() -> None:
    assert item_of({"text": "a"}).id == item_of({"text": "a"}).id
    assert item_of({"id": 7, "text": "a"}).id == "7"


def test_half_a_letter_is_replaced_and_spans_stay() -> None:
    item = item_of(
        json.loads(r'{"title": "a\ud800b", "text": "\ud83d\ude00", "categories": ["\udc00"], "id": "\ud801"}')
    )
    assert (item.title, item.text, item.categories, item.id) == ("a\ufffdb", "😀", ("\ufffd",), "\ufffd")


def test_a_kind_that_is_not_ours_is_somebody_elses_word() -> None:
    assert item_of({"title": "x", "kind": "article"}).kind == "new"
    assert item_of({"title": "x", "kind": "update"}).kind == "update"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "needs a title or a text"),
        ({"title": 3}, "must be text"),
        ({"title": "x", "published": "soon"}, "published: "),
        ({"text": "x" * 2_000_001}, "longer than"),
    ],
)
def test_what_is_wrong_is_named(value: dict[str, Any], words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        item_of(value)


def test_a_report_keeps_what_was_understood() -> None:
    report = report_of({"title": "x", "events": [{"type": "treaty"}], "colour": "red"})
    assert report.events[0].type == "treaty"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "title", "text", "url", "published", "lang", "trust"]), json_values))
def test_any_object_is_an_item_or_unreadable(value: dict[str, Any]) -> None:
    try:
        assert item_of(value).body.strip()
    except Unreadable as error:
        assert str(error)
