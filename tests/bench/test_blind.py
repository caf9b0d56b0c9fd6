"""The blind set is whole: what it says can be scored, whatever the score."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.report import EVENT_TYPES, UNITS, Status

HERE = Path(__file__).parent / "blind"
LANGUAGES = ["ar", "de", "en", "es", "fa", "fr", "he", "ja", "ko", "pl", "pt", "ru", "tr", "uk", "zh"]
SLOTS = ("actors", "targets", "places", "said_by")


def records(lang: str) -> list[dict[str, Any]]:
    """The records of one language."""
    return [json.loads(line) for line in (HERE / f"{lang}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_twenty_items_of_which_a_third_are_no_news(lang: str) -> None:
    items = records(lang)
    assert [item["id"] for item in items] == [f"blind-{lang}-{number:02}" for number in range(1, 21)]
    assert {item["lang"] for item in items} == {lang}
    assert sum(item["kind"] == "negative" for item in items) == 7
    assert all(item["title"].strip() and item["text"].strip() for item in items)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_use_the_known_words(lang: str) -> None:
    for item in records(lang):
        assert set(item["must_not"]) <= set(EVENT_TYPES), item["id"]
        assert bool(item["events"]) == (item["kind"] == "positive"), item["id"]
        for event in item["events"]:
            assert event["type"] in EVENT_TYPES, item["id"]
            assert event["status"] in set(Status), item["id"]
            assert all(name.strip() for slot in SLOTS for name in event[slot]), item["id"]
            assert all(count["unit"] in UNITS for count in event["quantities"]), item["id"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_told_event_has_one_main_and_no_type_crowds_a_language(lang: str) -> None:
    mains = [[event["type"] for event in item["events"] if event["main"]] for item in records(lang) if item["events"]]
    assert all(len(types) == 1 for types in mains)
    told = [types[0] for types in mains]
    assert max(told.count(kind) for kind in told) <= 2


def test_every_event_type_and_every_status_is_told_somewhere() -> None:
    events = [event for lang in LANGUAGES for item in records(lang) for event in item["events"]]
    assert {event["type"] for event in events} == set(EVENT_TYPES)
    assert {event["status"] for event in events} == set(Status)
