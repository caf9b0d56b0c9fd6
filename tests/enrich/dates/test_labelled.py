"""Dates in fifteen languages, read on 30 April 2025, a Wednesday: each line with the values to be found."""

import pytest

from enrich.dates import Calendar
from enrich.fold.morphology import languages
from enrich.reading import lay_open
from schemas.item import Item
from tests.enrich.labelled import HERE, PUBLISHED

CALENDAR = Calendar()


def lines() -> list[tuple[str, str, str]]:
    return [
        (lang, *line.rsplit(" = ", 1))  # type: ignore[misc]
        for lang in sorted(languages())
        for line in (HERE / "dated" / f"{lang}.txt").read_text("utf-8").splitlines()
    ]


@pytest.mark.parametrize(("lang", "text", "wanted"), lines())
def test_when_it_was(lang: str, text: str, wanted: str) -> None:
    found = [day.value for day in CALENDAR.days(lay_open(Item(id="1", text=text, lang=lang, published=PUBLISHED)))]
    assert found == ([] if wanted == "-" else wanted.split("; "))


def test_nothing_is_counted_back_without_a_day_of_publication_or_beyond_the_calendar() -> None:
    assert not CALENDAR.days(lay_open(Item(id="1", text="Two days ago the port reopened.", lang="en")))
    assert not CALENDAR.days(lay_open(Item(id="1", text="It sank 9000 years ago.", lang="en", published=PUBLISHED)))
