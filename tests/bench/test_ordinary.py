"""The ordinary set is whole, and what counts as a false alarm on it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from schemas.item import Item
from schemas.report import Event
from tests.bench.ordinary import LANGUAGES, PER, Alarm, headlines, ordinary, prose, row, sure

HERE = Path(__file__).parent / "ordinary"
TOPICS = {"sport": 48, "culture": 30, "business": 31, "tech": 26, "weather": 18, "local": 29, "science": 18}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_two_hundred_items_of_seven_topics(lang: str) -> None:
    items = ordinary(lang)
    assert [item.id for item in items] == [f"ordinary-{lang}-{number:02}" for number in range(1, 61)] + [
        f"ordinary-{lang}-{number:03}" for number in range(61, 201)
    ]
    assert Counter(item.category for item in items) == TOPICS
    assert all(item.title.strip() and item.text.strip() for item in items)
    assert len({item.title for item in items}) == 200


def test_the_newer_items_are_those_from_the_sixty_first_on() -> None:
    assert [item.id for item in ordinary("en", newer=True)] == [item.id for item in ordinary("en")][60:]


def test_all_languages_of_the_blind_set_are_there() -> None:
    assert tuple(sorted(path.stem for path in (HERE.parent / "blind").glob("*.jsonl"))) == LANGUAGES
    assert json.loads((HERE / "en.jsonl").read_text("utf-8").splitlines()[0]).keys() == {"id", "topic", "title", "text"}


def test_headlines_stand_alone_and_prose_comes_in_pairs_of_sentences() -> None:
    [item] = headlines([Item(id="1", title="A late attack", text="It rained.")])
    assert (item.title, item.text) == ("A late attack", "")
    pieces = list(prose("en"))
    assert len(pieces) > 20
    assert all(piece.title and piece.lang == "en" for piece in pieces)


def test_an_alarm_is_sure_and_is_told_with_its_words() -> None:
    item = Item(id="7", title="A late attack", text="", category="sport")
    loud, faint = (
        Alarm("alarms", item, Event(type="airstrike", main=True, rule="r", confidence=sureness, evidence=((7, 13),)))
        for sureness in (0.5, 0.49)
    )
    assert sure([loud, faint]) == [loud]
    assert str(loud).startswith("7 [sport] alarms: airstrike 0.50 reported by r: attack\n")


def test_a_row_counts_alarms_in_two_hundred_items() -> None:
    items = {"alarms": PER, "headlines": PER, "any": PER, "prose": 50, "spacy": 0}
    told = dict.fromkeys(items, 1)
    assert row("en", told, items) == f"| en | {PER + 50} | 1.0 | 1.0 | 1.0 | 4.0 |  |"
