"""How words of certainty are weighed against one another and by where they stand."""

import pytest

from enrich.events import EventReader
from schemas.report import Status
from tests.enrich.events.conftest import Lay


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("ru", "Варшава не отправит солдат на Украину.", Status.REFUSED),
        ("ru", "Москва не отправляла солдат в Ливию.", Status.DENIED),
        ("ru", "Токио не исключает отправку войск в Ирак.", Status.HYPOTHETICAL),
    ],
)
def test_of_cues_that_lie_within_one_another_the_longest_is_heard(
    reader: EventReader, lay: Lay, lang: str, text: str, status: Status
) -> None:
    (event, *_) = reader.read(lay("", text, lang))
    assert (event.type, event.status) == ("troop_deployment", status)


def test_a_negation_of_two_words_may_follow_what_it_denies(reader: EventReader, lay: Lay) -> None:
    (event, *_) = reader.read(lay("", "Ереван: перестрелки не было на границе с Азербайджаном.", "ru"))
    assert (event.type, event.status) == ("armed_clash", Status.DENIED)


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("ar", "الهدنة لم تصمد ساعات في حلب.", Status.REPORTED),
        ("he", "ההפוגה בחלב לא החזיקה מעמד.", Status.REPORTED),
        ("ar", "نفت دمشق خرق الهدنة في حلب.", Status.DENIED),
    ],
)
def test_a_negation_that_is_a_word_of_what_happened_denies_nothing(
    reader: EventReader, lay: Lay, lang: str, text: str, status: Status
) -> None:
    (event, *_) = reader.read(lay("", text, lang))
    assert (event.type, event.status) == ("ceasefire_violation", status)


def test_a_plain_negation_behind_belongs_to_what_comes_next(reader: EventReader, lay: Lay) -> None:
    (event, *_) = reader.read(lay("", "Израиль обстрелял юг Ливана, не дождавшись переговоров.", "ru"))
    assert (event.type, event.status) == ("shelling", Status.REPORTED)


@pytest.mark.parametrize(
    ("lang", "title", "by"),
    [
        ("ru", "Зеленский: солдаты КНДР отправлены в Россию", "volodymyr-zelenskyy"),
        ("en", "Zelensky: North Korea sent troops to Russia", "volodymyr-zelenskyy"),
        ("fr", "La Corée du Nord a envoyé des soldats en Russie – Zelensky", "volodymyr-zelenskyy"),
    ],
)
def test_who_stands_before_a_headlines_colon_or_after_its_dash_speaks(
    reader: EventReader, lay: Lay, lang: str, title: str, by: str
) -> None:
    (event, *_) = reader.read(lay(title, "", lang))
    assert (event.type, event.said_by) == ("troop_deployment", (by,))


def test_a_country_before_a_colon_is_only_the_place(reader: EventReader, lay: Lay) -> None:
    (event, *_) = reader.read(lay("Судан: авиаудар по рынку, 40 погибших", "", "ru"))
    assert (event.type, event.said_by) == ("airstrike", ())


def test_in_a_verb_final_language_who_stands_first_speaks_however_far(reader: EventReader, lay: Lay) -> None:
    text = "Ankara, Kuzey Kore'nin Rusya'nın batısındaki cepheye on bin asker daha gönderdiğini perşembe günü duyurdu."
    (event, *_) = reader.read(lay("", text, "tr"))
    assert (event.type, event.said_by) == ("troop_deployment", ("TR",))


def test_the_first_source_under_a_headline_is_the_headlines_own(reader: EventReader, lay: Lay) -> None:
    lead = "Колонны видели на вокзале во Владивостоке, сообщил президент Украины Зеленский."
    (event, *_) = reader.read(lay("Солдаты КНДР отправлены в Россию", lead, "ru"))
    assert (event.type, event.said_by) == ("troop_deployment", ("volodymyr-zelenskyy",))


@pytest.mark.parametrize(
    ("lang", "title", "kind"),
    [
        ("es", "Teherán dispara misiles contra Tel Aviv", "missile_attack"),
        ("es", "Misiles de Teherán alcanzan Tel Aviv", "missile_attack"),
    ],
)
def test_a_name_is_no_cue_however_it_begins_or_ends(
    reader: EventReader, lay: Lay, lang: str, title: str, kind: str
) -> None:
    (event, *_) = reader.read(lay(title, "", lang))
    assert (event.type, event.status) == (kind, Status.REPORTED)


def test_a_decision_that_is_itself_the_act_is_no_plan(reader: EventReader, lay: Lay) -> None:
    (event, *_) = reader.read(lay("La UE aprueba sanciones contra Rusia", "", "es"))
    assert (event.type, event.status) == ("sanctions", Status.CONFIRMED)


def test_an_event_known_by_other_means_is_filled_from_the_headline(reader: EventReader, lay: Lay) -> None:
    document = lay("Zelensky: 300 French paratroopers are in Odesa", "", "en")
    outline = reader.outline(document, "troop_deployment")
    assert outline is not None
    assert (outline.actors, outline.said_by) == (("FR",), ("volodymyr-zelenskyy",))
    assert [(quantity.value, quantity.unit) for quantity in outline.quantities] == [(300, "soldiers")]
    assert "UA" in outline.places


def test_an_outline_of_an_unknown_type_or_language_or_of_no_words_is_none(reader: EventReader, lay: Lay) -> None:
    assert reader.outline(lay("French paratroopers are in Odesa", "", "en"), "no_such_type") is None
    assert reader.outline(lay("", "!!!", "en"), "troop_deployment") is None
    assert reader.outline(lay("Franska fallskärmsjägare är i Odessa", "", "sv"), "troop_deployment") is None
