"""`tocsin explain` as it is typed."""

from pathlib import Path

from click.testing import CliRunner

from tocsin.cli import main


def test_a_text_is_explained_down_to_its_story_and_each_verdict(tmp_path: Path) -> None:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n", "utf-8")
    (tmp_path / "subscriptions" / "a.yaml").write_text(
        'subscriptions:\n  - {id: sent, match: "event:troop_deployment", notify: [console]}\n', "utf-8"
    )
    done = CliRunner().invoke(main, ["explain", "-c", str(tmp_path), "North Korea sent 14,000 soldiers to Russia"])
    assert done.exit_code == 0, done.output
    assert "would be in story st_" in done.output
    assert "no open story is like it" in done.output
    assert "sent: matches" in done.output
    assert not (tmp_path / "tocsin.db").exists()


def test_an_unknown_subscription_is_answered_with_the_one_meant(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path)]).exit_code == 0
    done = CliRunner().invoke(main, ["explain", "a truce", "-c", str(tmp_path), "--sub", "ceasefire"])
    assert done.exit_code == 2
    assert 'there is no subscription "ceasefire"; did you mean "ceasefires"?' in done.stderr
