"""Countries are found in every language, as nouns and as adjectives, in every form."""

import pytest

from enrich.gazetteer import Gazetteer
from enrich.reading import lay_open
from schemas.item import Item


def named(gazetteer: Gazetteer, text: str, lang: str) -> list[str]:
    """The countries meant: an army is its country's."""
    return [str(mention.country) for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))]


SENTENCES = {
    "ar": [
        ("أعلنت مصر أن قطر وتركيا رحبتا بالاقتراح الأمريكي", "EG QA TR US"),
        ("القوات الكورية الشمالية وصلت إلى روسيا بحسب مسؤولين أوكرانيين", "KP RU UA"),
        ("للصين مصالح في السودان وباليمن", "CN SD YE"),
        ("قصف إسرائيلي على جنوب لبنان", "IL LB"),
    ],
    "en": [
        ("North Korean troops met Ukraine's army, U.S. officials said", "KP UA US"),
        ("The DRC accuses Rwanda; Congolese and Rwandan envoys meet in the UAE", "CD RW CD RW AE"),
        ("They told us that Britons left the UK", "GB GB"),
    ],
    "ru": [
        ("Украинские и российские делегации встретились в Турции", "UA RU TR"),
        ("КНДР и Южная Корея обменялись обвинениями, сообщили в США", "KP KR US"),
        ("Президент Сирии прибыл в Саудовскую Аравию", "SY SA"),
        ("Израильтяне и палестинцы", "IL PS"),
    ],
    "uk": [
        ("Північна Корея відправила військових до Росії", "KP RU"),
        ("Українські та польські прикордонники, Білорусі протестують", "UA PL BY"),
    ],
    "fr": [
        ("L’armée française quitte le Tchad et la Côte d'Ivoire", "FR TD CI"),
        ("Des soldats nord-coréens aux États-Unis", "KP US"),
    ],
    "es": [
        ("Tropas norcoreanas en Rusia, según EE.UU. y la prensa surcoreana", "KP RU US KR"),
        ("El ejército colombiano y el venezolano", "CO VE"),
    ],
    "pt": [("As forças moçambicanas e ruandesas, segundo os Estados Unidos e o Irão", "MZ RW US IR")],
    "de": [
        ("Nordkoreanische Soldaten kämpfen für Russland gegen die ukrainische Armee", "KP RU UA"),
        ("In der Türkei und den Vereinigten Staaten", "TR US"),
    ],
    "fa": [("نیروهای روسی در اوکراین و ایالات متحده", "RU UA US"), ("رژیم صهیونیستی به لبنان حمله کرد", "IL LB")],
    "tr": [("Rusya'nın Ukrayna'daki askerleri ve ABD'nin açıklaması", "RU UA US"), ("Kuzey Koreli askerler", "KP")],
    "he": [("צבא ארה\"ב תקף באיראן ובתימן", "US IR YE"), ("הנשיא הרוסי והחיילים הצפון קוריאנים", "RU KP")],
    "ko": [("북한군이 러시아에서 우크라이나군과 싸웠다", "KP RU UA"), ("美 대통령과 中 외교부", "US CN")],
    "ja": [("北朝鮮の兵士がロシアに派遣され、米軍が警戒", "KP RU US"), ("韓国とウクライナの代表", "KR UA")],
    "zh": [("朝鲜士兵抵达俄罗斯，美方表示关切", "KP RU US"), ("北韓軍隊抵達烏克蘭邊境", "KP UA"),
           ("俄军炮击乌军", "RU UA")],
}  # fmt: skip


@pytest.mark.parametrize("lang", SENTENCES)
def test_countries_are_found_in_their_forms(gazetteer: Gazetteer, lang: str) -> None:
    for text, wanted in SENTENCES[lang]:
        assert named(gazetteer, text, lang) == wanted.split(), text


def test_an_adjective_is_told_from_a_name(gazetteer: Gazetteer) -> None:
    mentions = gazetteer.mentions(
        lay_open(Item(id="1", text="Russian troops left Russia; two Finns stayed", lang="en"))
    )
    assert [(mention.id, mention.form) for mention in mentions] == [
        ("RU", "adjective"), ("RU", "name"), ("FI", "people"),
    ]  # fmt: skip
    arabic = gazetteer.mentions(lay_open(Item(id="1", text="القوات الروسية دخلت سوريا", lang="ar")))
    assert [(mention.id, mention.form) for mention in arabic] == [("RU", "adjective"), ("SY", "name")]


@pytest.mark.parametrize(
    ("lang", "text", "government"),
    [
        ("en", "Kyiv says the talks failed this week", True),
        ("en", "Shelling was heard in Kyiv this week", False),
        ("ru", "Москва отвергла предложение о встрече", True),
        ("ru", "Взрыв произошёл в Москве этой ночью", False),
        ("ar", "رفضت طهران المقترح الجديد", True),
        ("ar", "وقع انفجار في طهران مساء أمس", False),
        ("ar", "وقع انفجار بطهران مساء أمس", False),
        ("ko", "서울은 이 제안을 거부했다고 밝혔다", True),
        ("ko", "서울에서 집회가 열렸다고 경찰이 밝혔다", False),
        ("tr", "Ankara anlaşmayı reddetti ve görüşmeler durdu", True),
        ("tr", "Ankara'da patlama oldu ve yollar kapatıldı", False),
    ],
)
def test_a_capital_speaks_for_its_government_unless_something_happens_in_it(
    gazetteer: Gazetteer, lang: str, text: str, government: bool
) -> None:
    [mention] = gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))
    assert mention.government is government


@pytest.mark.parametrize(
    "text",
    [
        "We carved the roast turkey and Turkey stuffing at dinner",
        "Michael Jordan and later Jordan Peterson met with Paris Hilton there",
        "The who and us: a car is a man",
        "She bought china and a pair of jordans in reading week",
    ],
)
def test_what_only_looks_like_a_country_is_none(gazetteer: Gazetteer, text: str) -> None:
    assert named(gazetteer, text, "en") == []


def test_korea_alone_is_the_one_the_text_is_about(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "Korean singers top the charts", "en") == ["KR"]
    assert named(gazetteer, "North Korea said Korean soldiers came home", "en") == ["KP"]
