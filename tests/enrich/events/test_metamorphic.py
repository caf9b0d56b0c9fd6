"""What must change, and what must not, when a text is changed in a way whose meaning is known."""

import pytest

from enrich.events import EventReader
from schemas.report import Context, Event, Status
from tests.enrich.events.conftest import Lay

COUNTED = {
    "en": "{a} sent 14,000 soldiers to {b}.",
    "fr": "{a} a envoyé 14 000 soldats en {b}.",
    "es": "{a} envió 14.000 soldados a {b}.",
    "pt": "{a} enviou 14 mil soldados para {b}.",
    "de": "{a} hat 14.000 Soldaten nach {b} geschickt.",
    "ar": "أرسلت {a} 14 ألف جندي إلى {b}.",
    "fa": "{a} ۱۴ هزار سرباز به {b} اعزام کرد.",
    "he": "{a} שלחה 14 אלף חיילים ל{b}.",
    "tr": "{a}, {b}'ya 14 bin asker gönderdi.",
    "ko": "{a}이 {b}에 병력 1만4000명을 파견했다.",
    "ja": "{a}が{b}に兵士1万4000人を派遣した。",
    "zh": "{a}向{b}派遣1.4万名士兵。",
}
NAMES = {
    "en": ("North Korea", "Russia"), "fr": ("Iran", "Syrie"), "es": ("Corea del Norte", "Rusia"),
    "pt": ("Rússia", "Síria"), "de": ("Nordkorea", "Russland"), "ar": ("كوريا الشمالية", "روسيا"),
    "fa": ("کره شمالی", "روسیه"), "he": ("צפון קוריאה", "רוסיה"), "tr": ("Rusya", "Almanya"),
    "ko": ("북한", "러시아"), "ja": ("北朝鮮", "ロシア"), "zh": ("朝鲜", "俄罗斯"),
}  # fmt: skip
DENIED = {
    "en": "North Korea denied that it had sent troops to Russia.",
    "fr": "La Corée du Nord a démenti avoir envoyé des soldats en Russie.",
    "es": "Corea del Norte negó haber enviado soldados a Rusia.",
    "pt": "A Coreia do Norte negou ter enviado soldados para a Rússia.",
    "de": "Nordkorea dementierte, Soldaten nach Russland geschickt zu haben.",
    "ru": "КНДР опровергла, что отправила солдат в Россию.",
    "uk": "КНДР заперечила, що відправила солдатів до Росії.",
    "ar": "نفت كوريا الشمالية إرسال جنود إلى روسيا.",
    "tr": "Kuzey Kore, Rusya'ya asker gönderdiğini yalanladı.",
    "ko": "북한은 러시아에 병력을 파견했다는 보도를 부인했다.",
    "ja": "北朝鮮はロシアに部隊を派遣したことを否定した。",
    "zh": "朝鲜否认向俄罗斯派遣部队。",
}
SILENT = {
    "a film": "In the film, North Korea sends soldiers to Russia; the actor plays a spy and the director won a prize.",
    "a history": "In 1951 China sent soldiers to Korea.",
    "a condition": "If North Korea sent soldiers to Russia, prices would rise.",
    "a quiz": "Quiz question: which country sent soldiers to Korea in 1950?",
    "film (de)": "Im Film schickt Nordkorea Soldaten nach Russland; der Regisseur drehte in Berlin.",
    "condition (ru)": "Если КНДР отправит солдат в Россию, цены вырастут.",
    "condition (es)": "Si Corea del Norte enviara soldados a Rusia, subirían los precios.",
    "condition (ar)": "إذا أرسلت كوريا الشمالية جنودا إلى روسيا فسترتفع الأسعار.",
    "history (fr)": "En 1951, la Chine a envoyé des soldats en Corée.",
}


def deployment(reader: EventReader, lay: Lay, text: str, lang: str) -> Event:
    return next(event for event in reader.read(lay("", text, lang)) if event.type == "troop_deployment")


@pytest.mark.parametrize("lang", COUNTED)
def test_translating_leaves_the_count_and_swapping_names_swaps_slots(reader: EventReader, lay: Lay, lang: str) -> None:
    a, b = NAMES[lang]
    one = deployment(reader, lay, COUNTED[lang].format(a=a, b=b), lang)
    other = deployment(reader, lay, COUNTED[lang].format(a=b, b=a), lang)
    assert one.actors
    assert one.targets
    assert (one.actors, one.targets) == (other.targets, other.actors)
    assert [(count.value, count.unit) for count in one.quantities] == [(14_000, "soldiers")]


@pytest.mark.parametrize("lang", DENIED)
def test_a_denial_turns_the_status_in_every_language(reader: EventReader, lay: Lay, lang: str) -> None:
    event = deployment(reader, lay, DENIED[lang], lang)
    assert (event.status, event.actors) == (Status.DENIED, ("KP",))


@pytest.mark.parametrize("how", SILENT)
def test_what_is_told_in_a_film_a_history_or_a_condition_is_no_news(reader: EventReader, lay: Lay, how: str) -> None:
    lang = how.partition("(")[2].rstrip(")") or "en"
    for event in reader.read(lay("", SILENT[how], lang)):
        assert event.context is not Context.CURRENT or event.status is Status.HYPOTHETICAL
