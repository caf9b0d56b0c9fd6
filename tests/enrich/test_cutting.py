"""Sentences end where people stop, not at every dot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.cutting import clauses, sentences


def cut(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, lang)[1:]]


@pytest.mark.parametrize(("lang", "text"), [
    ("en", "Gen. J. Doe of the U.S. army came.| He left at 5 p.m. on Monday!| “Why?”| Nobody knows."),
    ("de", "Am 28. April kamen 1.200 Soldaten.| Dann gingen sie."),
    ("ru", "В 2025 г. прибыло 5 тыс. солдат.| В. Иванов это подтвердил."),
    ("ar", "وصلت القوات.| هل ستبقى؟| نعم"),
    ("ja", "部隊が到着した。|「撤収する」と述べた。"),
    ("zh", "部队抵达。|他说：“会撤离。”|没有细节！"),
    ("fr", "Le gal. Dupont arrive…| M. Durand part."),
    ("ko", "부대가 도착했다.| 3.5톤 트럭도 왔다."),
])  # fmt: skip
def test_a_text_is_cut_into_sentences(lang: str, text: str) -> None:
    assert cut(text.replace("|", ""), lang) == [part.strip() for part in text.split("|")]


def test_the_title_is_sentence_zero_even_when_there_is_none() -> None:
    assert sentences("\nText.", 0, "en") == [(0, 0), (1, 6)]
    assert sentences("A. B\nText.", 4, "en") == [(0, 4), (5, 10)]
    assert sentences("", 0, None) == [(0, 0)]


def test_clauses_are_parts_of_their_sentence_and_numbers_stay_whole() -> None:
    text = "He said 14,000 came, 3,000 of them new; “more – later”."
    spans = clauses(text, [(0, len(text))])
    assert [text[a:b].strip() for a, b in spans] == ["He said 14,000 came", "3,000 of them new", "“more", "later”."]


@given(st.text(), st.sampled_from([None, "en", "de", "ja"]))
def test_sentences_and_clauses_are_in_order_inside_the_text(text: str, lang: str | None) -> None:
    position = 0
    spans = sentences(text, 0, lang)
    for start, end in spans:
        assert position <= start <= end <= len(text)
        position = end
    for start, end in clauses(text, spans):
        assert any(low <= start <= end <= high for low, high in spans)
