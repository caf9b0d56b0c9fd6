"""The blind set is whole: what it says can be scored, whatever the score."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.report import EVENT_TYPES, UNITS, Event, EventQuantity, Status
from tests.bench.blind import SETS, Tally, fits, same, score_negative, score_positive, together, unmatched

HERE = Path(__file__).parent
LANGUAGES = ["ar", "de", "en", "es", "fa", "fr", "he", "ja", "ko", "pl", "pt", "ru", "tr", "uk", "zh"]
SLOTS = ("actors", "targets", "places", "said_by")


def records(lang: str, name: str = "blind") -> list[dict[str, Any]]:
    """The records of one language."""
    return [json.loads(line) for line in (HERE / name / f"{lang}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_twenty_items_of_which_a_third_are_no_news(lang: str) -> None:
    items = records(lang)
    assert [item["id"] for item in items] == [f"blind-{lang}-{number:02}" for number in range(1, 21)]
    assert {item["lang"] for item in items} == {lang}
    assert sum(item["kind"] == "negative" for item in items) == 7
    assert all(item["title"].strip() and item["text"].strip() for item in items)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_use_the_known_words(lang: str, name: str) -> None:
    for item in records(lang, name):
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


LABEL: dict[str, Any] = {
    "id": "x-1",
    "title": "Kenya sends 800",
    "oblique": False,
    "must_not": ["airstrike"],
    "events": [
        {
            "type": "troop_deployment", "main": True, "status": "confirmed", "actors": ["KE"], "targets": [],
            "places": ["KE", "Mandera County"], "quantities": [{"value": 800, "unit": "soldiers"}],
            "said_by": ["Ministry of Defence of Kenya|KE"],
        }
    ],
}  # fmt: skip


def told(kind: str = "troop_deployment", **slots: Any) -> Event:
    """An event as the reader would tell it."""
    return Event(type=kind, main=True, **slots)


def test_names_are_the_same_when_the_words_of_one_are_in_the_other() -> None:
    assert same("Kursk Oblast", "kursk")
    assert same("Ministry of Defence of Kenya|KE", "KE")
    assert not same("KE", "kenya-police")
    assert not same("Kursk Oblast", "RU")
    assert unmatched(["KE", "Mandera County"], ["mandera", "SO"]) == (["KE"], ["SO"])


def test_a_count_fits_its_value_or_its_lower_bound_in_its_unit() -> None:
    assert fits({"value": 800, "unit": "soldiers"}, EventQuantity(value=803, unit="soldiers"))
    assert fits({"min": 40, "unit": "other"}, EventQuantity(min=40, unit="missiles"))
    assert not fits({"value": 800, "unit": "soldiers"}, EventQuantity(value=800, unit="killed"))
    assert not fits({"value": 800, "unit": "soldiers"}, EventQuantity(value=8, unit="soldiers"))


def test_an_event_told_as_labelled_scores_full_marks() -> None:
    tally = Tally()
    counts = (EventQuantity(value=800, unit="soldiers"),)
    event = told(status="confirmed", actors=("KE",), places=("KE", "mandera"), quantities=counts, said_by=("KE",))
    score_positive(LABEL, [event], tally)
    row = tally.row()
    assert not tally.faults
    assert [row[name] for name in ("type", "main", "status", "actors", "places", "said_by", "counts")] == [1.0] * 7


def test_an_unsure_event_is_offered_and_not_found() -> None:
    tally = Tally()
    score_positive(LABEL, [told(confidence=0.2)], tally)
    assert (tally.row()["type"], tally.row()["offered"]) == (0.0, 1.0)
    assert [fault.kind for fault in tally.faults] == ["missed, told plainly, offered unsure"]


def test_a_wrong_type_costs_precision_and_a_hypothesis_on_a_negative_is_forgiven() -> None:
    wrong, quiet, loud = Tally(), Tally(), Tally()
    score_positive(LABEL, [told("airstrike")], wrong)
    score_negative(LABEL, [told("airstrike", status="hypothetical"), told("airstrike", context="historical")], quiet)
    score_negative(LABEL, [told("airstrike")], loud)
    assert not quiet.faults
    whole = together([wrong, quiet, loud]).row()
    assert (whole["main"], whole["alarms"], whole["lure"]) == (0.0, 0.5, 0.5)
