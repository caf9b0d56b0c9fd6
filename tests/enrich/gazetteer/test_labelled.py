"""Names in inflected sentences, and ordinary news without any: recall, precision, false alarms, in every language.

The texts (`tests/enrich/named`, `tests/enrich/prose`) were written without a look at the lexicon; the numbers before
and after mending are in docs/understanding.md.
"""

import pytest

from enrich.fold.morphology import languages
from enrich.gazetteer import Gazetteer
from enrich.reading import lay_open
from schemas.item import Item
from tests.enrich.labelled import missed, texts, wrong

each_language = pytest.mark.parametrize("lang", sorted(languages()))


@each_language
def test_ordinary_news_has_fewer_than_one_wrong_name_in_a_hundred_words(gazetteer: Gazetteer, lang: str) -> None:
    found = [(text, wrong(text, gazetteer.mentions(lay_open(text.item)))) for text in texts("prose", lang)]
    words = sum(text.words for text, _ in found)
    assert words >= 400
    assert sum(len(mentions) for _, mentions in found) / words < 0.01, [
        one for _, mentions in found for one in mentions
    ]


@each_language
def test_most_names_are_found_in_their_forms_and_mean_what_they_should(gazetteer: Gazetteer, lang: str) -> None:
    found = [(text, gazetteer.mentions(lay_open(text.item))) for text in texts("named", lang)]
    names = sum(len(text.names) for text, _ in found)
    assert sum(len(missed(text, mentions)) for text, mentions in found) / names < 0.2
    assert sum(len(wrong(text, mentions)) for text, mentions in found) / names < 0.05


@each_language
def test_texts_that_nobody_tuned_on_are_read_nearly_as_well(gazetteer: Gazetteer, lang: str) -> None:
    """Names that no file holds (`?`) are not meant to be found."""
    found = [(text, gazetteer.mentions(lay_open(text.item))) for text in texts("unseen", lang)]
    known = [id for text, _ in found for id in text.names.values() if not id.startswith("?")]
    lost = [id for text, mentions in found for id in missed(text, mentions).values() if not id.startswith("?")]
    assert len(lost) / len(known) < 0.25, lost
    assert sum(len(wrong(text, mentions)) for text, mentions in found) <= 1


def ids(gazetteer: Gazetteer, text: str, lang: str) -> list[str]:
    return [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))]


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "The goal by Victor Lima stunned the visitors from Lima", ["lima"]),
        ("en", "The fans of Manchester United sang all night long", []),
        ("en", "There was a flood in Manchester on Friday evening", ["manchester-gb"]),
        ("es", "El trofeo se quedó en Valencia, España", ["valencia-es", "ES"]),
        ("es", "La autora Victoria Cuenca firmará su libro", []),
        ("pt", "O concerto será em Braga no sábado à noite", ["braga"]),
        ("ja", "福井健太が大阪市で勝った。", ["osaka"]),
        ("zh", "主教练陈上海说，比赛在上海举行。", ["shanghai"]),
        ("ko", "그는 대구에서 태어났다고 주장했다.", ["daegu"]),
        ("pl", "Pojechał z Wiednia do Łodzi, a potem do Wrocławia.", ["vienna", "lodz", "wroclaw"]),
        ("uk", "Вони поїхали з Тернополя до Відня.", ["ternopil", "vienna"]),
        ("ru", "Поезд идёт из Владивостока в Самару.", ["vladivostok", "samara"]),
    ],
)
def test_where_a_name_stands_tells_a_town_from_a_person_or_a_word(
    gazetteer: Gazetteer, lang: str, text: str, wanted: list[str]
) -> None:
    assert ids(gazetteer, text, lang) == wanted


def test_the_country_named_right_after_decides_between_towns_of_one_name(gazetteer: Gazetteer) -> None:
    text = "Chicago and Boston applied; so did Valencia in Spain."
    assert ids(gazetteer, text, "en") == ["chicago", "boston", "valencia-es", "ES"]


def test_an_entry_without_a_type_adds_names_to_a_packaged_place(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("frankfurt-am-main")
    assert place is not None
    assert place.type == "city"
    assert ids(gazetteer, "Die Messe in Frankfurt beginnt in Deutschland früher als sonst", "de")[0] == place.id
