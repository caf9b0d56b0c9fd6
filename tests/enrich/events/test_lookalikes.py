"""Everyday words that begin like words of war tell of none: a stem in the lexicon must not catch them."""

import pytest

from enrich.events import EventReader
from tests.enrich.events.conftest import Lay

PEACEFUL = [
    ("ru", "В Кабуле открылась выставка о судьбе русских поэтов."),
    ("ru", "Последний визитёр посольства Франции оставил отзыв в книге посетителей."),
    ("ru", "Осадки в Москве усилятся, в Подмосковье почти не будет солнца."),
    ("ru", "Взятка в Туле: чиновник взялся за старое."),
    ("ru", "Президент призвал россиян сдавать кровь, в Москве открыты часть пунктов."),
    ("ru", "Суд в Москве арестовал имущество банка."),
    ("uk", "Кабінет міністрів Угорщини погодився збільшити заходи з реєстрації потягів."),
    ("uk", "Народна артистка отримала у Львові попередню програму вистави."),
    ("uk", "Додаткові завдання для школярів оцінили в Одесі."),
    ("pl", "Powód rozwodu w Warszawie: marszałek kocha książki i wieczorem słucha muzyki."),
    ("pl", "Wydarzenia w Krakowie: zabierają się za rzeźby i meczet z klocków."),
    ("pl", "Strategiczny powód działania banku w Łodzi to podatki."),
    ("tr", "Ankara'da on katlı binanın aşırı gürültüsü komşuları uyandırdı."),
    ("tr", "Romanya'da kazanan şirketin denetimi yurtdışında tamamlandı."),
    ("tr", "Yetkililer Ankara'da toplantı sonrası yerleşim planını kamuoyuyla paylaştı."),
    ("tr", "İstanbul'da trafik yoğunluğu meydana geldi, sürücüler yeni yolları denedi."),
    ("pl", "Zajęcia w Warszawie: uczniowie życzą sobie powodzenia, rekrutacja trwa."),
    ("tr", "Veriler Delhi'de konsolosluk sitesinde yayımlanacak."),
]


@pytest.mark.parametrize(("lang", "text"), PEACEFUL, ids=[f"{lang}{n}" for n, (lang, _) in enumerate(PEACEFUL)])
def test_a_word_that_only_begins_like_one_of_war_tells_nothing(
    reader: EventReader, lay: Lay, lang: str, text: str
) -> None:
    assert reader.read(lay("", text, lang)) == ()


def test_hard_news_is_no_genre_for_a_word_they_share(reader: EventReader, lay: Lay) -> None:
    texts = [
        ("ru", "Командование: ракетный удар по центру Запорожья"),
        ("ru", "Государство грозит ответом: авиаудар по рынку в Дамаске"),
        ("uk", "Ракетний удар по лікарні в Харкові, командувач обіцяє відповідь"),
        ("pl", "Atak rakietowy na rynek w Kursku, setki ofiar"),
        ("tr", "Ankara'dan Suriye'de askeri operasyon: Kara harekatı başladı"),
        ("tr", "İzmir'de 6,2 büyüklüğünde deprem meydana geldi"),
        ("tr", "Gaziantep'te hastaneye füze saldırısı, 19 ölü"),
    ]
    assert [text for lang, text in texts if not reader.read(lay(text, "", lang))] == []
