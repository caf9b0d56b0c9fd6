"""Who speaks, for whom, and who only speaks of what others do."""

import pytest

from enrich.events import EventReader
from schemas.report import Event, Status
from tests.enrich.events.conftest import Lay


def main(reader: EventReader, lay: Lay, lang: str, title: str, text: str) -> Event:
    return reader.read(lay(title, text, lang))[0]


CHAD = "ministry-of-defense-chad"


@pytest.mark.parametrize(
    ("lang", "title", "text"),
    [
        ("en", "Kenya sends soldiers to Haiti", "Washington estimates Nairobi has dispatched some 900 troops."),
        ("es", "Kenia envía soldados a Haití", "Washington calcula en 900 los soldados enviados."),
        ("ar", "كينيا ترسل جنودا إلى هايتي", "وتقدر واشنطن عدد الجنود الذين أرسلتهم نيروبي بنحو 900 جندي."),
    ],
)
def test_who_estimates_what_others_do_does_not_do_it(
    reader: EventReader, lay: Lay, lang: str, title: str, text: str
) -> None:
    event = main(reader, lay, lang, title, text)
    assert event.actors == ("KE",)
    assert [quantity.value for quantity in event.quantities] == [900]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "According to the data at hand, Nairobi sent 900 soldiers to Haiti."),
        ("ar", "وفقا للمعلومات المتاحة، أرسلت نيروبي ما يقدر بـ 900 جندي إلى هايتي."),
    ],
)
def test_data_and_reports_are_nobodys_word(reader: EventReader, lay: Lay, lang: str, text: str) -> None:
    event = main(reader, lay, lang, "", text)
    assert [quantity.said_by for quantity in event.quantities] == [()]


@pytest.mark.parametrize(
    ("lang", "title", "text", "speaker"),
    [
        ("ja", "", "防衛省は27日、北朝鮮が弾道ミサイル2発を日本海に発射したと発表した。", "ministry-of-defense-japan"),
        (
            "ko",
            "",
            "합동참모본부는 4일 북한이 동해로 탄도미사일을 발사했다고 밝혔다.",
            "joint-chiefs-of-staff-south-korea",
        ),
        (
            "en",
            "",
            "Chad's defence ministry said French troops had left the base in N'Djamena.",
            "ministry-of-defense-chad",
        ),
        (
            "de",
            "",
            "Das tschadische Verteidigungsministerium teilte mit, französische Soldaten seien abgezogen.",
            "ministry-of-defense-chad",
        ),
    ],
)
def test_the_speaker_is_whose_sentence_it_is(
    reader: EventReader, lay: Lay, lang: str, title: str, text: str, speaker: str
) -> None:
    assert main(reader, lay, lang, title, text).said_by == (speaker,)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "en",
            "Kenya decided. The last 900 soldiers left Haiti at dawn, the defence ministry said.",
        ),
        (
            "fr",
            "Le Kenya a tranché. Les 900 derniers soldats ont quitté Haïti, a annoncé le ministère de la Défense.",
        ),
        (
            "ru",
            "Кения приняла решение. Последние 900 солдат покинули Гаити на рассвете, сообщило министерство обороны.",
        ),
    ],
)
def test_an_office_without_a_name_speaks_for_the_country_told_of_first(
    reader: EventReader, lay: Lay, lang: str, text: str
) -> None:
    assert "ministry-of-defense-kenya" in {
        voice for event in reader.read(lay("", text, lang)) for voice in event.said_by
    }


def test_what_is_said_after_that_is_not_what_stood_before(reader: EventReader, lay: Lay) -> None:
    text = "Rwanda sent troops to Mozambique although Paris says that nothing was agreed."
    assert "FR" not in main(reader, lay, "en", "", text).said_by


def test_only_the_actor_confirms_by_word_alone(reader: EventReader, lay: Lay) -> None:
    text = "Kenya confirmed that it had sent 900 soldiers to Haiti, Reuters reported."
    claims = {claim.by: claim.status for claim in main(reader, lay, "en", "", text).claims}
    assert claims["reuters"] is Status.REPORTED


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Kenya not only sent 900 soldiers to Haiti, it pays for them."),
        ("fr", "Le Kenya n'a pas seulement envoyé 900 soldats en Haïti, il les paie."),
        ("ru", "Кения не только отправила на Гаити 900 солдат, но и платит им."),
    ],
)
def test_not_only_denies_nothing(reader: EventReader, lay: Lay, lang: str, text: str) -> None:
    assert main(reader, lay, lang, "", text).status is not Status.DENIED


def test_who_stands_at_a_border_stands_on_their_own_side_of_it(reader: EventReader, lay: Lay) -> None:
    event = main(reader, lay, "ru", "", "Кения стянула войска к сомалийской границе.")
    assert set(event.places) == {"KE", "SO"}


def test_two_who_take_one_town_take_it_together(reader: EventReader, lay: Lay) -> None:
    text = "Rwanda said its forces captured Goma from the Congolese army. M23 captured Goma from the Congolese army."
    found = [event for event in reader.read(lay("", text, "en")) if event.type == "territory_capture"]
    assert [set(event.actors) for event in found] == [{"RW", "m23"}]


@pytest.mark.parametrize(
    ("lang", "title", "claimer", "denier"),
    [
        ("en", "Azerbaijan says Armenia shelled its border villages, Yerevan denies", "AZ", "AM"),
        ("fr", "Bakou accuse l'Arménie d'avoir tiré des obus sur ses villages, Erevan dément", "AZ", "AM"),
        ("ru", "Баку обвинил Армению в обстреле приграничных сёл, Ереван отрицает", "AZ", "AM"),
    ],
)
def test_what_one_claims_and_another_denies_is_claimed(
    reader: EventReader, lay: Lay, lang: str, title: str, claimer: str, denier: str
) -> None:
    event = main(reader, lay, lang, title, "")
    assert event.status is Status.CLAIMED
    assert {claim.by: claim.status for claim in event.claims} == {claimer: Status.CLAIMED, denier: Status.DENIED}


@pytest.mark.parametrize(
    ("lang", "title", "other"),
    [
        ("uk", "Нікарагуа розірвала дипломатичні відносини з Нідерландами", "NL"),
        ("ar", "باماكو تقطع علاقاتها الدبلوماسية مع كوبنهاغن", "DK"),
        ("pl", "Kanada nakłada sankcje na urzędników z Kirgistanu", "KG"),
    ],
)
def test_where_there_are_two_the_one_who_does_not_act_is_the_other(
    reader: EventReader, lay: Lay, lang: str, title: str, other: str
) -> None:
    assert main(reader, lay, lang, title, "").targets == (other,)


@pytest.mark.parametrize(
    ("lang", "title", "speaker"),
    [
        ("ar", "الجيش السوداني يعلن استعادة مدينة الأبيض والدعم السريع ينفي", "SD"),
    ],
)
def test_an_armed_group_that_denies_is_not_the_state_it_fights(
    reader: EventReader, lay: Lay, lang: str, title: str, speaker: str
) -> None:
    event = main(reader, lay, lang, title, "")
    assert event.status is Status.CLAIMED
    assert {claim.by: claim.status for claim in event.claims}[speaker] is Status.CLAIMED
