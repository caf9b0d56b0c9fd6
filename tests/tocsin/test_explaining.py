"""What the desk's explain page says of a text: what was understood, the story it would join, each verdict."""

from pathlib import Path

from tests.log.clocks import SetClock
from tocsin.app import house
from tocsin.config import load_config


async def test_a_text_is_explained_with_its_story_and_each_verdict(tmp_path: Path) -> None:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "tocsin.yaml").write_text("timezone: UTC\n")
    (tmp_path / "subscriptions" / "one.yaml").write_text(
        "subscriptions:\n  - {id: troops, match: 'event:troop_deployment AND actor:KP', notify: [console]}\n"
    )
    async with house(load_config(tmp_path), SetClock(), "memory:") as built:
        said = "\n".join(await built.explain("North Korea sent 14,000 soldiers to Russia"))
        assert "would be in story st_" in said
        assert "no open story is like it" in said
        assert "troops: match" in said
        assert (await built.explain(" ")) != []
