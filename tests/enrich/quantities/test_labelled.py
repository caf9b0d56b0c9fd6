"""Counts in fifteen languages, each line with what should be read: digits, words, ranges, bounds, parts, and traps.

`~` about, `>` more than, `>=` at least, `<=` up to, `+` additional, `a..b` a range, `a/b` a of b, `?` some number, `-`
nothing but what counts things of no interest.
"""

import pytest

from enrich.dates import Calendar
from enrich.document import Amount
from enrich.fold.morphology import languages
from enrich.quantities import Counter
from enrich.reading import lay_open
from schemas.item import Item
from tests.enrich.labelled import HERE, PUBLISHED

MARKS = {"about": "~", "more_than": ">", "at_least": ">=", "less_than": "<", "up_to": "<=", "additional": "+", None: ""}
COUNTER, CALENDAR = Counter(), Calendar()


def lines() -> list[tuple[str, str, str]]:
    return [
        (lang, *line.rsplit(" = ", 1))  # type: ignore[misc]
        for lang in sorted(languages())
        for line in (HERE / "counted" / f"{lang}.txt").read_text("utf-8").splitlines()
    ]


def told(amount: Amount) -> str:
    if amount.value is None and amount.min is not None and amount.max is not None:
        return f"{amount.min:.0f}..{amount.max:.0f} {amount.unit}"
    ends = (amount.value, amount.min, amount.max)
    number = f"{next(end for end in ends if end is not None):.0f}"
    part = f"/{amount.part_of:.0f}" if amount.part_of else ""
    return f"{MARKS[amount.modifier]}{number}{part} {amount.unit}"


@pytest.mark.parametrize(("lang", "text", "wanted"), lines())
def test_what_is_counted_and_how_surely(lang: str, text: str, wanted: str) -> None:
    document = lay_open(Item(id="1", text=text, lang=lang, published=PUBLISHED))
    days = [day.span for day in CALENDAR.days(document)]
    found = [told(amount) for amount in COUNTER.amounts(document, days) if amount.unit != "other"]
    if wanted.startswith("?"):
        assert [one.split()[-1] for one in found] == [wanted[1:]]
    else:
        assert found == ([] if wanted == "-" else wanted.split("; "))


@pytest.mark.parametrize(
    ("lang", "text"), [("ko", "경찰이 12명을 체포했다."), ("ja", "警察が12人を逮捕した。"), ("zh", "警方逮捕了12人。")]
)
def test_who_arrests_is_not_who_is_counted(lang: str, text: str) -> None:
    document = lay_open(Item(id="1", text=text, lang=lang, published=PUBLISHED))
    assert [told(amount) for amount in COUNTER.amounts(document)] == ["12 people"]
