"""The fresh set is whole, and what counts on it."""

from collections import Counter

import pytest

from schemas.report import EVENT_TYPES, Context, Event
from tests.bench.fresh import LANGUAGES, counted, fresh, row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_type_is_told_once_in_every_language(lang: str) -> None:
    labels = fresh(lang)
    assert {label["type"] for label in labels} == set(EVENT_TYPES)
    assert all(label["title"].strip() and label["text"].strip() for label in labels)
    assert len(labels) == (63 if lang == "en" else 42)
    assert sum(label["oblique"] for label in labels) >= 6


def test_a_type_counts_when_it_is_sure_and_news_and_is_main_when_it_comes_first() -> None:
    label = {"type": "riot", "oblique": False}
    sure, other = Event(type="riot", confidence=0.6), Event(type="arrest", main=True, confidence=0.9)
    assert +counted(label, (other, sure)) == Counter({"plain all": 1, "plain": 1, "offered": 1, "mains": 1})
    faint = sure.model_copy(update={"confidence": 0.4})
    past = sure.model_copy(update={"context": Context.HISTORICAL})
    assert +counted(label, (faint, past)) == Counter({"plain all": 1, "offered": 1})
    assert counted(label, (sure,))["main"] == 1
    assert row("en", counted(label, (sure,))) == "| en | 1.00 | 0.00 | 1.00 | 1.00 | 1.00 |"
