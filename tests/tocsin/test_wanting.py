"""Articles are fetched for subscriptions that ask for full texts, and for what they match only."""

from pathlib import Path

from enrich.understand import Understander
from schemas.item import Item
from tocsin.app import compile_subscriptions
from tocsin.config import load_config
from tocsin.wanting import wants_article

SUBSCRIPTION = "subscriptions:\n  - {{id: troops, match: 'event:troop_deployment', notify: [console]{more}}}\n"
SENT = Item(id="1", title="North Korea sent 14,000 soldiers to Russia", lang="en")
MUSEUM = Item(id="2", title="A museum opens in the spring", lang="en")


def test_an_article_is_wanted_by_whoever_asks_for_full_texts(tmp_path: Path) -> None:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "tocsin.yaml").touch()
    reader = Understander.load(())
    cases = {", full_text: true": True, "": False, ", full_text: true, enabled: false": False}
    for more, wanted in cases.items():
        (tmp_path / "subscriptions" / "one.yaml").write_text(SUBSCRIPTION.format(more=more))
        subscriptions = compile_subscriptions(load_config(tmp_path), reader)
        assert wants_article(SENT, reader, subscriptions) is wanted
        assert not wants_article(MUSEUM, reader, subscriptions)
