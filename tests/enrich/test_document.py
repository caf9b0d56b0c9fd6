"""A document answers where things are."""

from enrich.document import Document, Hit, Mention
from schemas.ports import Token

BODY = "One two.\nThree, four."
DOCUMENT = Document(
    body=BODY,
    lang="en",
    published=None,
    tokens=[Token(0, 3, ("one",)), Token(4, 7, ("two",)), Token(9, 14, ("three",)), Token(16, 20, ("four",))],
    sentences=[(0, 8), (9, 21)],
    clauses=[(0, 8), (9, 14), (16, 21)],
    concepts=[Hit("A", 0, 3, 0, 1), Hit("B", 9, 20, 2, 4)],
    mentions=[Mention("KP", "country", 16, 20, 3, 4)],
)


def test_a_span_gives_its_words_and_its_tokens() -> None:
    assert DOCUMENT.text((9, 14)) == "Three"
    assert DOCUMENT.token_range((4, 14)) == (1, 3)


def test_an_offset_lies_in_one_sentence_and_one_clause() -> None:
    assert [DOCUMENT.sentence_at(offset) for offset in (0, 7, 9, 20)] == [0, 0, 1, 1]
    assert [DOCUMENT.clause_at(offset) for offset in (0, 10, 17)] == [0, 1, 2]


def test_hits_and_mentions_are_found_by_span() -> None:
    assert [hit.id for hit in DOCUMENT.concepts_in((0, 20))] == ["A", "B"]
    assert DOCUMENT.concepts_in((0, 2)) == []
    assert [mention.id for mention in DOCUMENT.mentions_in((9, 21))] == ["KP"]


def test_hits_mentions_amounts_and_days_know_their_span() -> None:
    assert DOCUMENT.concepts[0].span == (0, 3)
    assert DOCUMENT.mentions[0].span == (16, 20)
