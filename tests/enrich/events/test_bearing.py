"""Marks of how a main event stands: cues by sentence, and the patterns' own word."""

import pytest

from enrich.document import Document
from enrich.events import EventReader
from enrich.fold import Fold
from enrich.gazetteer import Gazetteer
from enrich.understand import Understander
from schemas.item import Item


@pytest.fixture(scope="module")
def reader() -> EventReader:
    return EventReader.load(Fold(), (), Gazetteer.load())


@pytest.fixture(scope="module")
def understander(reader: EventReader) -> Understander:
    return Understander(Gazetteer.load(), reader)


def borne(understander: Understander, reader: EventReader, title: str, text: str = "") -> frozenset[str]:
    document: Document = understander.read(Item(id="a", title=title, text=text))
    return reader.bearing(document, reader.candidates(document))


def test_cues_are_told_apart_by_headline_lead_and_rest(understander: Understander, reader: EventReader) -> None:
    marks = borne(
        understander, reader, "Kenya denies sending troops to Haiti", "Haiti said so. It rained. Nairobi refused."
    )
    assert "0:deny" in marks
    assert "1:say" in marks
    assert "2:refuse" in marks


def test_what_the_patterns_made_of_the_main_event_is_among_them(
    understander: Understander, reader: EventReader
) -> None:
    marks = borne(understander, reader, "Kenya denies sending troops to Haiti")
    assert {"told troop_deployment", "mainly troop_deployment", "denied troop_deployment", "denied by a word"} <= marks
    assert {"tells", "in the headline", "some actors", "current"} <= marks


def test_a_headline_that_asks_and_one_that_quotes_are_marked(understander: Understander, reader: EventReader) -> None:
    assert "asks" in borne(understander, reader, "Will Kenya send troops to Haiti?")
    assert "quotes" in borne(understander, reader, "Kenya: \u201cour troops left\u201d")


def test_the_marks_mean_the_same_in_another_language(understander: Understander, reader: EventReader) -> None:
    english = borne(understander, reader, "Kenya denies sending troops to Haiti")
    spanish = borne(understander, reader, "Kenia niega el envío de tropas a Haití")
    assert {"0:deny", "mainly troop_deployment", "denied"} <= english & spanish


def test_of_nothing_and_of_an_unknown_language_there_are_none(understander: Understander, reader: EventReader) -> None:
    assert borne(understander, reader, "") == frozenset()
    assert borne(understander, reader, "Bara bara") == frozenset()


def test_what_the_kind_of_text_silenced_is_marked(understander: Understander, reader: EventReader) -> None:
    title = "El delantero coreano lanza dos misiles y lidera el ataque del Sur en Moscú"
    text = "El equipo visitante desplegó a sus mejores hombres y ganó por dos goles a cero en un partido sin tregua."
    marks = borne(understander, reader, title, text)
    assert {"silenced", "some genre", "genre_sport"} <= marks
    assert "tells" not in marks
