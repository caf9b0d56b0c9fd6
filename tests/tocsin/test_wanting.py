"""Articles are fetched for subscriptions that ask for full texts, and for what they match only."""

from pathlib import Path

import pytest

from schemas.item import Item
from tests.log.clocks import SetClock
from tocsin.app import house
from tocsin.config import load_config
from tocsin.wanting import wants_article

SUBSCRIPTION = "subscriptions:\n  - {{id: troops, match: 'event:troop_deployment', notify: [console]{more}}}\n"


@pytest.mark.parametrize(
    ("more", "wanted"), [(", full_text: true", True), ("", False), (", full_text: true, enabled: false", False)]
)
async def test_an_article_is_wanted_by_whoever_asks_for_full_texts(tmp_path: Path, more: str, wanted: bool) -> None:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "tocsin.yaml").touch()
    (tmp_path / "subscriptions" / "one.yaml").write_text(SUBSCRIPTION.format(more=more))
    async with house(load_config(tmp_path), SetClock(), "memory:") as built:
        reader, subscriptions = built.knowledge.understander, built.match.subscriptions
        sent = Item(id="1", title="North Korea sent 14,000 soldiers to Russia", lang="en")
        assert wants_article(sent, reader, subscriptions) is wanted
        assert not wants_article(Item(id="2", title="A museum opens in the spring", lang="en"), reader, subscriptions)
