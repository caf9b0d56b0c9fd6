"""Numbers are read with what they count in every language, and what is no count is left alone."""

import dataclasses
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.document import Amount, Document
from enrich.fold import Fold
from enrich.quantities import Counter
from enrich.quantities.entries import number_words
from enrich.reading import lay_open
from schemas.item import Item

COUNTER = Counter()


def document(text: str, lang: str) -> Document:
    laid = lay_open(Item(id="1", text=text, lang=lang))
    return laid if laid.lang == lang else dataclasses.replace(laid, lang=lang, tokens=Fold().tokens(laid.body, lang))


def amounts(text: str, lang: str) -> list[Amount]:
    return COUNTER.amounts(document(text, lang))


def brief(text: str, lang: str) -> list[str]:
    """`value unit`, a bound as `≥v`, `≤v` or `a–b`."""
    said = []
    for one in amounts(text, lang):
        if one.min is not None and one.max is not None:
            number = f"{one.min:g}" if one.min == one.max else f"{one.min:g}–{one.max:g}"
        else:
            number = f"≥{one.min:g}" if one.min is not None else f"≤{one.max:g}"
        said.append(f"{number} {one.unit}")
    return said


CASES = {
    "ar": [
        ("وصل نحو 2500 عسكري إلى الحدود", "2500 soldiers"),
        ("دخلت خمسة آلاف مقاتل", "5000 soldiers"),
        ("مقتل ثلاثة مدنيين وإصابة ١٧ آخرين", "3 killed, 17 wounded"),
        ("أكثر من ٣٤٬٠٠٠ نازح", "≥34000 people"),
        ("ما بين 200 و300 مسلح", "200–300 soldiers"),
        ("أطلقت 12 صاروخا و40 طائرة مسيرة", "12 missiles, 40 drones"),
        ("مساعدات بقيمة 2.5 مليار دولار", "2.5e+09 usd"),
        ("مئات الجنود", "≥100 soldiers"),
        ("قتل شخصان في الغارة", "2 killed"),
        ("خسائر بلغت 900 بين قتيل وجريح", "900 casualties"),
    ],
    "en": [
        ("Some 2,500 troops crossed the border", "2500 soldiers"),
        ("Twenty-one civilians were killed and 40 others hurt", "21 killed, 40 wounded"),
        ("up to 300 more soldiers and at least six tanks", "≤300 soldiers, ≥6 tanks"),
        ("between 5,000 and 7,000 refugees", "5000–7000 people"),
        ("a $1.4bn package; €20 million in aid", "1.4e+09 usd, 2e+07 eur"),
        ("hundreds of protesters and tens of thousands of people", "≥100 people, ≥10000 people"),
        ("two dozen drones and half a dozen ships", "24 drones, 6 ships"),
        ("10-15 thousand soldiers", "10000–15000 soldiers"),
        ("three hundred and five prisoners", "305 people"),
        ("killing at least 9 and wounding 14", "≥9 killed, 14 wounded"),
    ],
    "ru": [
        ("прибыли около 2,5 тыс. военнослужащих", "2500 soldiers"),
        ("погибли двадцать один человек, ещё 40 ранены", "21 killed, 40 wounded"),
        ("от 5 до 7 тысяч беженцев", "5000–7000 people"),
        ("полторы тысячи бойцов и двое полицейских", "1500 soldiers, 2 police"),
        ("сбиты 34 беспилотника и 3 ракеты", "34 drones, 3 missiles"),
        ("сотни солдат", "≥100 soldiers"),
        ("не менее 12 000 жителей", "≥12000 people"),
        ("пакет на 300 млн долларов", "3e+08 usd"),
    ],
    "uk": [
        ("прибули близько 2,5 тис. військових", "2500 soldiers"),
        ("загинуло п'ятеро людей, ще 12 поранено", "5 killed, 12 wounded"),
        ("збито 34 безпілотники", "34 drones"),
        ("понад 300 бійців", "≥300 soldiers"),
    ],
    "fr": [
        ("environ 2 500 soldats, dont 300 légionnaires", "2500 soldiers, 300 soldiers"),
        ("vingt et un morts et 40 blessés", "21 killed, 40 wounded"),
        ("soixante-quinze otages", "75 people"),
        ("entre 5 000 et 7 000 réfugiés", "5000–7000 people"),
        ("jusqu'à 300 militaires", "≤300 soldiers"),
        ("une aide de 1,4 milliard d'euros", "1.4e+09 eur"),
        ("des milliers de manifestants", "≥1000 people"),
    ],
    "es": [
        ("unos 2.500 soldados", "2500 soldiers"),
        ("veintiún muertos y 40 heridos", "21 killed, 40 wounded"),
        ("treinta y cinco rehenes", "35 people"),
        ("cinco mil militares", "5000 soldiers"),
        ("decenas de miles de desplazados", "≥10000 people"),
    ],
    "pt": [("cerca de 2.500 soldados", "2500 soldiers"), ("vinte e um mortos e 40 feridos", "21 killed, 40 wounded")],
    "de": [
        ("rund 2.500 Soldaten", "2500 soldiers"),
        ("einundzwanzig Tote und 40 Verletzte", "21 killed, 40 wounded"),
        ("fünftausend Elitesoldaten", "5000 soldiers"),
        ("bei dem Angriff wurden neun Menschen getötet", "9 killed"),
        ("Hunderte Demonstranten", "≥100 people"),
        ("zwischen 5.000 und 7.000 Flüchtlinge", "5000–7000 people"),
    ],
    "fa": [
        ("حدود ۲۵۰۰ سرباز", "2500 soldiers"),
        ("پنج هزار نیروی نظامی", "5000 soldiers"),
        ("۲۱ کشته و ۴۰ زخمی", "21 killed, 40 wounded"),
        ("بیش از ۳۰۰ پهپاد", "≥300 drones"),
    ],
    "tr": [
        ("yaklaşık 2 bin 500 asker", "2500 soldiers"),
        ("21 kişi öldü, 40 kişi yaralandı", "21 killed, 40 wounded"),
        ("5 bini aşkın mülteci", "≥5000 people"),
        ("yüzlerce gösterici", "≥100 people"),
        ("en az üç polis", "≥3 police"),
    ],
    "he": [
        ("כ-2,500 חיילים", "2500 soldiers"),
        ("חמשת אלפים חיילים", "5000 soldiers"),
        ("21 הרוגים ו-40 פצועים", "21 killed, 40 wounded"),
        ("מאות מפגינים", "≥100 people"),
        ("לפחות שלושה שוטרים", "≥3 police"),
    ],
    "ko": [
        ("병력 2천500명", "2500 soldiers"),
        ("21명이 숨지고 40명이 다쳤다", "21 killed, 40 wounded"),
        ("군인 1만여 명", "10000 soldiers"),
        ("무인기 30대와 미사일 두 발", "30 drones, 2 missiles"),
        ("수백 명의 시위대", "≥100 people"),
        ("최소 세 명", "≥3 people"),
    ],
    "ja": [
        ("兵士約2500人", "2500 soldiers"),
        ("21人が死亡し、40人が負傷した", "21 killed, 40 wounded"),
        ("ミサイル3発とドローン40機", "3 missiles, 40 drones"),
        ("五千人の兵士", "5000 soldiers"),
        ("少なくとも9人が死亡", "≥9 killed"),
        ("数百人の難民", "≥100 people"),
    ],
    "zh": [
        ("约2500名士兵", "2500 soldiers"),
        ("造成21人死亡、40人受伤", "21 killed, 40 wounded"),
        ("发射3枚导弹和40架无人机", "3 missiles, 40 drones"),
        ("三千多名軍人", "≥3000 soldiers"),
        ("1.5万名难民", "15000 people"),
        ("数百名示威者", "≥100 people"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("lang", CASES)
def test_numbers_are_read_with_what_they_count(lang: str) -> None:
    wrong = [
        (text, wanted, brief(text, lang)) for text, wanted in CASES[lang] if brief(text, lang) != wanted.split(", ")
    ]
    assert wrong == []


NO_COUNTS = {
    "en": ["In 2025 the F-16 and the B2 flew", "won 3-1 at 12:30 on page 47", "call +1 555 123 4567", "a 19-year-old",
           "155 mm shells", "Brigade 47 of Group 7", "up 4.5% in the 21st century", "Resolution 1701 of May 5th"],
    "ar": ["قذائف من عيار 155 ملم", "في عام 2024", "بنسبة 12 بالمئة", "الفرقة 98", "المادة 5", "الساعة 12:30"],
    "ru": ["в 2024 году", "калибра 155 мм", "на 12 процентов", "истребители Су-35", "47-я бригада", "в 14:30"],
    "ko": ["2025년 4월 28일", "155㎜ 자주포", "오전 7시", "제3사단"],
    "ja": ["2025年4月28日", "第3師団", "午後3時", "3対1"],
    "zh": ["2025年4月28日", "第3师", "上午9点", "一些部队", "统一"],
    "de": ["am 28. April 2025", "um 12.30 Uhr", "Kaliber 155 mm", "im Jahr 2024"],
    "tr": ["45'inci Zırhlı Tugay", "203'üncü tank taburu", "saat 12.30'da", "yüzde 12"],
    "pl": ["w 2024 roku", "kalibru 155 mm", "12 procent", "35-letni mężczyzna", "w 94. minucie"],
    "uk": ["у 2024 році", "калібру 155 мм", "на 12 відсотків", "203-й батальйон"],
    "fr": ["le 28 avril 2025", "en 2024", "calibre 155 mm", "article 5"],
}  # fmt: skip


@pytest.mark.parametrize("lang", NO_COUNTS)
def test_years_calibres_scores_models_and_names_are_no_counts(lang: str) -> None:
    assert [(text, found) for text in NO_COUNTS[lang] if (found := brief(text, lang))] == []


def test_a_part_knows_its_total() -> None:
    total, part = amounts("They sent 9,000 soldiers, among them 1,200 conscripts", "en")
    assert (total.part_of, part.part_of) == (None, 9000)
    _, part = amounts("أرسلت 9,000 جندي، من بينهم 1,200 كتعزيزات", "ar")
    assert (part.unit, part.part_of) == ("soldiers", 9000)


@pytest.mark.parametrize(("text", "modifier"), [
    ("about 30 soldiers", "about"), ("more than 30 soldiers", "more_than"), ("fewer than 30 soldiers", "less_than"),
    ("up to 30 soldiers", "up_to"), ("at least 30 soldiers", "at_least"), ("30 more soldiers", "additional"),
    ("another 30 soldiers", "additional"), ("30 soldiers", None),
])  # fmt: skip
def test_modifiers_are_kept(text: str, modifier: str | None) -> None:
    [amount] = amounts(text, "en")
    assert amount.modifier == modifier


def test_the_span_holds_modifier_number_and_noun() -> None:
    laid = document("On Monday at least 30 soldiers left", "en")
    [amount] = COUNTER.amounts(laid)
    assert laid.text(amount.span) == "at least 30 soldiers"
    assert amount.noun is not None
    assert laid.text(amount.noun) == "soldiers"


def test_what_is_taken_is_not_counted() -> None:
    laid = document("30 people", "en")
    assert COUNTER.amounts(laid, [(0, 4)]) == []


def test_a_language_without_number_words_has_no_amounts() -> None:
    assert amounts("30 soldater", "sv") == []


@settings(deadline=None)
@given(text=st.text(max_size=200), lang=st.sampled_from(sorted(number_words())))
def test_amounts_are_well_formed_on_any_text(text: str, lang: str) -> None:
    laid = document(text, lang)
    for amount in COUNTER.amounts(laid):
        assert 0 <= amount.start < amount.end <= len(laid.body)
        assert amount.min is None or amount.max is None or amount.min <= amount.max


DIGITS = st.text("0123456789 ,.-–万千百만천억명人发枚两三一tousand and million hundred", max_size=120)


def test_a_letter_stretcher_alone_is_no_word_and_stops_no_count() -> None:
    """The kashida stands for a dash in Arabic type and folds to nothing."""
    assert brief("الحصيلة ـ بحسب الشرطة ـ 12 قتيلا", "ar") == ["12 killed"]


@settings(deadline=None)
@given(text=DIGITS, lang=st.sampled_from(sorted(number_words())))
def test_any_heap_of_digits_is_read(text: str, lang: str) -> None:
    amounts(text, lang)


@pytest.mark.parametrize(
    "text", ["1," * 30_000, "1 000 " * 10_000, "一" * 60_000, "1만" * 20_000, "million " * 10_000, "killed 3 " * 10_000]
)
@pytest.mark.parametrize("lang", ["en", "ko", "zh"])
def test_no_heap_takes_quadratic_time(text: str, lang: str) -> None:
    laid = dataclasses.replace(document(text, lang), lang=lang)
    started = time.perf_counter()
    COUNTER.amounts(laid)
    assert time.perf_counter() - started < 60
