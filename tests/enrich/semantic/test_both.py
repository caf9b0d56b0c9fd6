"""Both readers on whole texts: what is told as the main event when one of them is in doubt."""

import pytest

from enrich.understand import Understander
from schemas.item import Item
from schemas.report import SURE


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


@pytest.mark.parametrize("title", ["イスカンデル2発、駅は消えた", "모가디슈서 차량 폭탄 테러"])
def test_an_offer_of_nobody_nowhere_does_not_take_the_place_of_an_event_that_counts(
    understander: Understander, title: str
) -> None:
    text = "4人が死亡し、9人が負傷した。" if title.startswith("イ") else "경찰은 8명이 숨졌다고 밝혔다."
    events = understander.understand(Item(id="a", title=title, text=text)).events
    assert events[0].main
    assert events[0].confidence >= SURE
    assert sum(event.main for event in events) == 1
