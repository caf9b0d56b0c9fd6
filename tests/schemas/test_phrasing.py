"""Facts in words, in the reader's language."""

import string
from importlib.resources import files
from typing import Any

import pytest

from schemas.phrasing import counted, headline, languages, quantity, table
from schemas.phrasing.tables import fill
from schemas.report import EVENT_TYPES, UNITS, Claim, Event, EventQuantity, Status
from tests.alert.build import Atlas, soldiers, story

ATLAS = Atlas()


def test_a_confirmation_by_the_actors_own_agency() -> None:
    said = headline(story(), ATLAS)
    assert said == "North Korea confirms troop deployment to Russia · about 14,000 soldiers · Kursk Oblast"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": Status.REPORTED}, "North Korea deploys troops to Russia"),
        ({"status": Status.PLANNED}, "North Korea plans troop deployment to Russia"),
        ({"status": Status.DENIED, "said_by": ()}, "North Korea: troop deployment to Russia denied"),
        ({"status": Status.REPORTED, "actors": ()}, "Troop deployment to Russia"),
        ({"status": Status.REPORTED, "actors": ("KP", "UA")}, "North Korea and Ukraine deploy troops to Russia"),
        ({"status": Status.REPORTED, "targets": (), "places": ()}, "North Korea deploys troops"),
        (
            {"status": Status.CLAIMED, "statements": (), "said_by": ("UA",)},
            "Ukraine says North Korea deploys troops to Russia",
        ),
        ({"type": "alien_landing", "actors": (), "status": None}, "Alien landing (Russia)"),
    ],
)  # fmt: skip
def test_each_way_to_stand_has_its_sentence(facts: dict[str, Any], said: str) -> None:
    assert headline(story(**{"quantities": (), "places": ("RU",), **facts}), ATLAS) == said


def test_who_only_reported_a_denial_is_not_made_to_deny() -> None:
    denied = story(status=Status.DENIED, said_by=("yonhap",), statements=(), quantities=(), places=())
    assert "Yonhap" not in headline(denied, ATLAS)


def test_a_denial_names_who_denied() -> None:
    event = Event(
        type="troop_deployment", status=Status.DENIED, actors=("KP",), targets=("RU",), said_by=("UA",),
        claims=(Claim(by="UA", status=Status.DENIED, evidence=(0, 1)),),
    )  # fmt: skip
    assert headline(event, ATLAS) == "Ukraine denies North Korea deploys troops to Russia"


def test_a_part_of_a_total_is_no_headline() -> None:
    facts = (soldiers(14000), soldiers(3000, part_of=14000.0))
    assert "3,000" not in headline(story(quantities=facts), ATLAS)


def test_no_event_has_no_headline() -> None:
    assert headline(story(type=None), ATLAS) == ""


def test_a_language_without_a_table_is_phrased_in_english() -> None:
    assert table("xx") is table("xx")
    assert table("xx").events == table("en").events
    assert table("../en").words == table("en").words


def test_every_language_of_the_lexicon_has_its_table() -> None:
    read = {entry.name.removesuffix(".yaml") for entry in files("enrich.lexicon").joinpath("calendars").iterdir()}
    assert read <= set(languages())
    for lang in languages():
        assert set(table(lang).words) >= set(table("en").words), lang
        assert read <= set(table(lang).languages), lang


@pytest.mark.parametrize("lang", languages())
def test_every_table_says_every_event_status_and_unit(lang: str) -> None:
    words = table(lang)
    assert set(words.events) >= set(EVENT_TYPES)
    assert set(words.status) == set(Status)
    assert set(words.units) >= set(UNITS)
    known: list[dict[str, Any]] = [{}, {"actors": ()}, {"actors": (), "targets": (), "places": (), "said_by": ()}]
    for status in Status:
        for facts in known:
            said = headline(story(status=status, **facts), ATLAS, lang)
            assert said
            assert "{" not in said


@pytest.mark.parametrize("lang", languages())
def test_every_phrase_has_the_slots_of_the_english_one(lang: str) -> None:
    def slots(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english, words = table("en"), table(lang)
    for key, text in words.words.items():
        if key != "aside":
            assert slots(text) == slots(english.words[key]), key


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (EventQuantity(value=None, min=10000, max=12000, unit="soldiers"), "10,000–12,000 soldiers"),
        (EventQuantity(value=None, min=500, max=None, unit="killed", modifier="more_than"), "more than 500 killed"),
        (EventQuantity(value=2.5e9, min=2.5e9, max=2.5e9, unit="usd"), "2.5 billion US dollars"),
        (EventQuantity(value=None, min=None, max=None, unit="tanks"), ""),
    ],
)
def test_counts_are_said_with_their_modifier_and_unit(entry: EventQuantity, said: str) -> None:
    assert quantity(entry, table("en")) == said


def test_the_sides_of_a_difference_are_counts_too() -> None:
    assert counted("10000-12000 soldiers", table("en")) == "10,000–12,000 soldiers"
    assert counted("many soldiers", table("en")) == "many soldiers"


def test_a_name_with_braces_stays_a_name() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"
