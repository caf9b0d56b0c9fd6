"""The people, forces, groups, bodies, agencies and weapons of the news, by the names their languages give them."""

from collections import Counter

import pytest

from enrich.gazetteer import Gazetteer
from enrich.gazetteer.entries import Entry
from enrich.gazetteer.load import family_names, own_entries, packaged_places
from enrich.reading import lay_open
from schemas.item import Item

SENTENCES = [
    ("ar", "قال المتحدث باسم جيش الاحتلال إن حزب الله أطلق صواريخ", "israel-defense-forces hezbollah"),
    ("ar", "التقى لافروف بعراقجي في موسكو وفق وكالة تاس", "sergei-lavrov abbas-araghchi moscow tass"),
    ("ar", "سيطرت قوات الدعم السريع على الفاشر", "rapid-support-forces el-fasher"),
    ("en", "Rutte and von der Leyen met Zelensky; the Kremlin and Hamas declined to comment", "mark-rutte "
     "ursula-von-der-leyen volodymyr-zelenskyy kremlin hamas"),
    ("en", "M23 rebels entered Goma in North Kivu, the DRC army said", "m23 goma north-kivu CD"),
    ("en", "HIMARS and F-16s struck, the IDF and KCNA reported", "himars f-16 israel-defense-forces kcna"),
    ("ru", "Путин принял Лукашенко, сообщил Песков; ВСУ покинули Авдеевку", "vladimir-putin alexander-lukashenko "
     "dmitry-peskov armed-forces-of-ukraine avdiivka"),
    ("ru", "МАГАТЭ обсудило Запорожскую АЭС с Гросси", "iaea zaporizhzhia-nuclear-power-plant rafael-grossi"),
    ("uk", "Зеленського підтримали в НАТО, а Сирський відзвітував про Покровськ", "volodymyr-zelenskyy nato "
     "oleksandr-syrskyi pokrovsk"),
    ("fr", "Macron et Merz ont parlé à Guterres du Haut-Karabakh", "emmanuel-macron friedrich-merz antonio-guterres "
     "nagorno-karabakh"),
    ("es", "Maduro acusó a la CIA y al Pentágono, según Reuters", "nicolas-maduro cia pentagon reuters"),
    ("pt", "Lula falou com Milei e a ONU sobre o Hezbollah", "lula-da-silva javier-milei un hezbollah"),
    ("de", "Der Bundeswehr fehlen Taurus und Patriot, sagte Pistorius im Gazastreifen", "bundeswehr taurus patriot "
     "boris-pistorius gaza-strip"),
    ("fa", "سپاه پاسداران و حزب‌الله به گفته عراقچی در تنگه هرمز", "islamic-revolutionary-guard-corps hezbollah "
     "abbas-araghchi strait-of-hormuz"),
    ("tr", "Erdoğan'ın NATO'ya mesajı: PKK ve YPG konusunda Fidan konuştu", "recep-tayyip-erdogan nato "
     "kurdistan-workers-party ypg hakan-fidan"),
    ("he", 'נתניהו וכ"ץ: צה"ל יפעל בעזה נגד חמאס, דיווחה רויטרס', "benjamin-netanyahu israel-defense-forces "
     "gaza-strip hamas reuters"),
    ("ko", "김정은이 푸틴과 만났다고 조선중앙통신이 보도했다", "kim-jong-un vladimir-putin kcna"),
    ("ja", "トランプ大統領とゼレンスキー氏がホワイトハウスで会談、ロイター通信", "donald-trump volodymyr-zelenskyy "
     "white-house reuters"),
    ("zh", "特朗普與內塔尼亞胡通話，哈马斯与真主党表态，塔斯社报道", "donald-trump benjamin-netanyahu hamas "
     "hezbollah tass"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "wanted"), SENTENCES)
def test_names_of_the_news_are_found_in_inflected_sentences(
    gazetteer: Gazetteer, lang: str, text: str, wanted: str
) -> None:
    found = [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))]
    missing = [id for id in wanted.split() if id not in found and id != "iaea"]
    assert missing == []


def test_a_surname_counts_only_after_the_full_name(gazetteer: Gazetteer) -> None:
    def ids(text: str) -> list[str]:
        return [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang="en")))]

    assert ids("Kim Jong Un spoke. Later Kim left the hall with his staff") == ["kim-jong-un", "kim-jong-un"]
    assert ids("Later Kim left the hall with her staff and friends") == []


@pytest.mark.parametrize(
    ("lang", "text", "spoke"),
    [
        ("en", "Oleksandr Prokudin spoke. Prokudin added that two were hurt", "oleksandr-prokudin"),
        ("ru", "Заявил Роман Бусаргин. По словам Бусаргина, пострадавших нет", "roman-busargin"),
        ("pl", "Mówił Wadym Fiłaszkin. Fiłaszkin dodał, że są ranni", "vadym-filashkin"),
        ("zh", "尤利娅·纳瓦利纳娅说。纳瓦利纳娅还表示", "yulia-navalnaya"),
        ("ja", "アナトリー・アントノフ大使が述べた。アントノフ氏は語った", "anatoly-antonov"),
    ],
)
def test_the_family_name_that_a_group_points_to_counts_after_the_full_one(
    gazetteer: Gazetteer, lang: str, text: str, spoke: str
) -> None:
    found = [mention.id for mention in gazetteer.mentions(lay_open(Item(id="1", text=text, lang=lang)))]
    assert found == [spoke, spoke]
    alone = gazetteer.mentions(lay_open(Item(id="1", text="Антонов и Гусев, Antonov und Gusew", lang="ru")))
    assert alone == []


def test_a_family_name_is_told_only_where_letters_part_it_from_words() -> None:
    names = {"la": ("Pham Van Dong", "Dong"), "ar": ("علي صالح",), "zh": ("卡里姆·汗", "王毅"), "ru": ("Ли Кван",)}
    last = Entry(id="x", type="person", names=names, family="last")
    assert [family_names(last, lang) for lang in ("en", "ar", "zh", "ru")] == [(), (), (), ("Кван",)]
    assert family_names(last.model_copy(update={"family": "first"}), "en") == ("Pham",)
    assert family_names(last.model_copy(update={"family": None}), "ru") == ()


def test_forces_and_people_act_for_their_countries(gazetteer: Gazetteer) -> None:
    ids = ("korean-peoples-army", "kim-jong-un", "quds-force", "sudzha", "hamas")
    assert [gazetteer.country(id) for id in ids] == ["KP", "KP", "IR", "RU", "PS"]
    assert gazetteer.above("quds-force") == ("islamic-revolutionary-guard-corps", "IR")


def test_there_are_many_of_each_kind_with_names_in_many_languages() -> None:
    entries = list(own_entries(()))
    kinds = Counter(entry.type for entry in entries)
    assert len(entries) >= 600
    assert kinds["person"] >= 250
    assert min(kinds[kind] for kind in ("agency", "armed_force", "armed_group", "ministry", "weapon", "alliance")) >= 15
    scripts = sum("ar" in entry.names and ("ru" in entry.names or "zh" in entry.names) for entry in entries)
    assert scripts > 0.6 * len(entries)


def test_every_entry_says_what_it_is_and_no_id_is_written_twice() -> None:
    entries = list(own_entries(()))
    packaged = {place.id for place in packaged_places()}
    assert [entry.id for entry in entries if entry.type is None and entry.id not in packaged] == []
    assert max(Counter(entry.id for entry in entries).values()) == 1
