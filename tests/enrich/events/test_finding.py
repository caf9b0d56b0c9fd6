"""Terms of every shape, found in texts."""

from collections.abc import Sequence

import pytest

from enrich.events.finding import Finder
from enrich.fold import Fold


def found(terms: Sequence[tuple[str, str]], text: str, lang: str = "en") -> list[tuple[str, str]]:
    finder = Finder(terms, Fold(), lang)
    return [(hit.id, text[hit.start : hit.end]) for hit in finder.find(Fold().tokens(text, lang))]


@pytest.mark.parametrize(
    ("lang", "term", "text", "words"),
    [
        ("en", "deploy*", "Troops deploying today", "deploying"),
        ("de", "*truppen", "Die Bodentruppen rücken vor", "Bodentruppen"),
        ("de", "bringt … heim", "Maschine bringt letzte Soldaten heim", "bringt letzte Soldaten heim"),
        ("ar", "قوات", "وبقواتها", "وبقواتها"),
        ("ko", "병력", "병력을 보냈다", "병력을"),
        ("zh", "停火", "双方停火", "停火"),
        ("en", "cease-fire*", "two cease-fires", "cease-fires"),
        ("en", "opened fire", "He opened fire", "opened fire"),
    ],
)
def test_a_term_is_found_in_its_forms(lang: str, term: str, text: str, words: str) -> None:
    assert found([("c", term)], text, lang) == [("c", words)]


def test_an_exact_form_is_found_as_written_and_not_otherwise() -> None:
    assert found([("c", "=ban")], "a ban") == [("c", "ban")]
    assert found([("c", "=ban")], "he banned it") == []


def test_a_gap_does_not_reach_across_a_sentence_of_words() -> None:
    assert found([("c", "took … hostage")], "took one two three four five six hostage") == []


def test_what_lies_inside_an_idiom_is_not_found() -> None:
    terms = [("attack", "attack"), ("idiom", "heart attack")]
    assert found(terms, "a heart attack and an attack") == [("attack", "attack")]
