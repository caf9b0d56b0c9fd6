"""Dates are read in every language, absolute and relative to the day of publication (Tuesday 29 April 2025)."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.dates import Calendar
from enrich.dates.entries import calendars
from enrich.document import Document
from enrich.fold import Fold
from enrich.reading import lay_open
from schemas.item import Item

PUBLISHED = datetime(2025, 4, 29, 12, tzinfo=UTC)
CALENDAR = Calendar()


def document(text: str, lang: str, published: datetime | None = PUBLISHED) -> Document:
    laid = lay_open(Item(id="1", text=text, lang=lang, published=published))
    return laid if laid.lang == lang else dataclasses.replace(laid, lang=lang, tokens=Fold().tokens(laid.body, lang))


def values(text: str, lang: str, published: datetime | None = PUBLISHED) -> list[str]:
    return [day.value for day in CALENDAR.days(document(text, lang, published))]


CASES = {
    "ar": [
        ("وقع الهجوم يوم الخميس", "2025-04-24"),
        ("في 3 مارس 2024", "2024-03-03"),
        ("منذ تشرين الأول الماضي", "2024-10"),
        ("بين 5 و9 يناير", "2025-01-05/2025-01-09"),
        ("مساء أمس", "2025-04-28"),
        ("١ رمضان ١٤٤٦", "2025-03-01"),
        ("في ٥ شباط/فبراير ٢٠٢٥", "2025-02-05"),
        ("العام الماضي", "2024"),
    ],
    "en": [
        ("on Thursday", "2025-04-24"),
        ("on March 3, 2024", "2024-03-03"),
        ("since last October", "2024-10"),
        ("from 5 to 9 January", "2025-01-05/2025-01-09"),
        ("May 1-3", "2025-05-01/2025-05-03"),
        ("yesterday", "2025-04-28"),
        ("next Friday", "2025-05-02"),
        ("in 2019", "2019"),
        ("last year", "2024"),
        ("last week", "2025-04-21/2025-04-27"),
        ("last summer", "2024-06/2024-08"),
        ("2025-02-03", "2025-02-03"),
    ],
    "ru": [
        ("в четверг", "2025-04-24"),
        ("3 марта 2024 года", "2024-03-03"),
        ("с 5 по 9 января", "2025-01-05/2025-01-09"),
        ("вчера", "2025-04-28"),
        ("прошлой осенью", "2024-09/2024-11"),
        ("03.03.2024", "2024-03-03"),
        ("в 2019 году", "2019"),
    ],
    "uk": [("у четвер", "2025-04-24"), ("3 березня 2024 року", "2024-03-03"), ("торік", "2024")],
    "fr": [("jeudi", "2025-04-24"), ("le 3 mars 2024", "2024-03-03"), ("hier", "2025-04-28"), ("en 2019", "2019")],
    "es": [("el jueves", "2025-04-24"), ("3 de marzo de 2024", "2024-03-03"), ("ayer", "2025-04-28")],
    "pt": [("na quinta-feira", "2025-04-24"), ("3 de março de 2024", "2024-03-03"), ("ontem", "2025-04-28")],
    "de": [("am Donnerstag", "2025-04-24"), ("am 3. März 2024", "2024-03-03"), ("gestern", "2025-04-28")],
    "fa": [("پنجشنبه", "2025-04-24"), ("۸ اردیبهشت ۱۴۰۴", "2025-04-28"), ("هشتم ثور", "2025-04-28"),
           ("دیروز", "2025-04-28")],
    "tr": [("perşembe günü", "2025-04-24"), ("3 Mart 2024'te", "2024-03-03"), ("dün", "2025-04-28"),
           ("geçen yıl", "2024")],
    "he": [("ביום חמישי", "2025-04-24"), ("ב-3 במרץ 2024", "2024-03-03"), ("אתמול", "2025-04-28")],
    "ko": [
        ("목요일", "2025-04-24"),
        ("2024년 3월 3일", "2024-03-03"),
        ("28일 오전", "2025-04-28"),
        ("오는 2일", "2025-05-02"),
        ("지난해 10월", "2024-10"),
        ("어제", "2025-04-28"),
    ],
    "ja": [
        ("木曜日", "2025-04-24"),
        ("2024年3月3日", "2024-03-03"),
        ("28日", "2025-04-28"),
        ("昨年10月", "2024-10"),
        ("昨日", "2025-04-28"),
    ],
    "zh": [
        ("周四", "2025-04-24"),
        ("上周三", "2025-04-23"),
        ("下周三", "2025-05-07"),
        ("2024年3月3日", "2024-03-03"),
        ("28日", "2025-04-28"),
        ("去年10月", "2024-10"),
        ("昨天", "2025-04-28"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("lang", CASES)
def test_dates_are_read(lang: str) -> None:
    wrong = [(text, wanted, found) for text, wanted in CASES[lang] if (found := values(text, lang)) != [wanted]]
    assert wrong == []


@pytest.mark.parametrize(("lang", "text"), [
    ("en", "they may march in"), ("en", "31 June 2024"), ("en", "12,300 soldiers"), ("fr", "un été"),
    ("en", "03/04/2024"), ("zh", "第3日报"), ("ko", "3일간"), ("ru", "5 человек"), ("en", "99/99/2024"),
])  # fmt: skip
def test_what_is_no_date_gives_none(lang: str, text: str) -> None:
    assert values(text, lang) == []


def test_without_a_day_of_publication_only_full_dates_are_read() -> None:
    assert values("yesterday, on Monday, 3 March and 4 March 2024, last week", "en", None) == ["2024-03-04"]


def test_the_span_holds_the_whole_date() -> None:
    laid = document("It began on 3 March 2024 there", "en")
    [day] = CALENDAR.days(laid)
    assert laid.text(day.span) == "3 March 2024"
    assert not day.relative


def test_a_year_turns_at_new_year() -> None:
    january = datetime(2026, 1, 5, tzinfo=UTC)
    assert values("on 28 December", "en", january) == ["2025-12-28"]
    assert values("28日", "ja", january) == ["2025-12-28"]
    december = datetime(2025, 12, 28, tzinfo=UTC)
    assert values("on 5 January", "en", december) == ["2026-01-05"]


@settings(deadline=None)
@given(text=st.text(max_size=150), lang=st.sampled_from(sorted(calendars())))
def test_no_text_breaks_it(text: str, lang: str) -> None:
    laid = document(text, lang)
    for day in CALENDAR.days(laid):
        assert 0 <= day.start < day.end <= len(laid.body)


HEAP = [
    "28",
    "31",
    "2024",
    "0",
    "99",
    "April",
    "May",
    "-",
    ",",
    "to",
    "last",
    "next",
    "Monday",
    "of",
    "/",
    ".",
    "in",
    "year",
    "spring",
]
WORDS = st.lists(st.sampled_from(HEAP), max_size=12)


@settings(deadline=None)
@given(words=WORDS, gap=st.sampled_from([" ", "", " , "]))
def test_any_heap_of_date_words_is_read(words: list[str], gap: str) -> None:
    values(gap.join(words), "en")
