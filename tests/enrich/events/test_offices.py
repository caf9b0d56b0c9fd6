"""Who speaks for an office: ministries of countries, and people no file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.events import EventReader
from enrich.events.offices import CASED, slug
from tests.enrich.events.conftest import Lay

KENYA = "ministry-of-defense-kenya"


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "Kenya's foreign ministry said 900 soldiers left Haiti on Monday.", "ministry-of-foreign-affairs-kenya"),
        (
            "es",
            "El Ministerio de Defensa peruano dijo que envió 900 soldados a Haití.",
            "ministry-of-defense-peru",
        ),
        ("ar", "أعلنت وزارة الدفاع الكينية إرسال 900 جندي إلى هايتي.", "ministry-of-defense-kenya"),
        ("ko", "케냐 국방부는 병력 600명을 소말리아에 파병했다고 밝혔다.", "ministry-of-defense-kenya"),
        (
            "ru",
            "Кения отправила 900 солдат на Гаити, сообщило министерство обороны.",
            "ministry-of-defense-kenya",
        ),
    ],
)
def test_a_ministry_speaks_as_itself_for_its_country(
    reader: EventReader, lay: Lay, lang: str, text: str, speaker: str
) -> None:
    assert speaker in {voice for event in reader.read(lay("", text, lang)) for voice in event.said_by}


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "Gunmen kidnapped 40 pupils in Nigeria, police spokesman Muhammad Dalijan said.", "muhammad-dalijan"),
        ("ru", "Один человек погиб при обстреле Белгорода, сообщил губернатор Пётр Заречнов.", "petr-zarechnov"),
        ("fr", "Le Tchad a envoyé 900 soldats au Niger, a déclaré le ministre Gassim Mahamat.", "gassim-mahamat"),
        ("es", "Kenia envió 900 soldados a Haití, dijo el ministro Hugo de la Parra.", "hugo-de-la-parra"),
    ],
)
def test_a_person_no_file_names_speaks_where_an_office_stands_beside_the_name(
    reader: EventReader, lay: Lay, lang: str, text: str, speaker: str
) -> None:
    assert speaker in {voice for event in reader.read(lay("", text, lang)) for voice in event.said_by}


def test_words_with_capitals_away_from_an_office_are_nobody(reader: EventReader, lay: Lay) -> None:
    text = "Gunmen kidnapped 40 pupils near Green Valley in Nigeria, the police said."
    assert "green-valley" not in {voice for event in reader.read(lay("", text, "en")) for voice in event.said_by}


@pytest.mark.parametrize(
    ("name", "lang", "id"),
    [
        ("Вячеслав Гладков", "ru", "vyacheslav-gladkov"),
        ("Олег Синєгубов", "uk", "oleh-syniehubov"),
        ("Władysław Kosiniak-Kamysz", "pl", "wladyslaw-kosiniak-kamysz"),
        ("Percy Godoy", "es", "percy-godoy"),
    ],
)
def test_names_in_latin_letters(name: str, lang: str, id: str) -> None:
    assert slug(name, lang) == id


@given(st.text(max_size=40), st.sampled_from(sorted(CASED)))
def test_whatever_the_name_its_id_is_plain(name: str, lang: str) -> None:
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789-" for letter in slug(name, lang))
