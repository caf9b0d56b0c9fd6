"""`tocsin check`: what is wrong, in its place; what is good; what to do next."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tocsin.cli import main

SUBSCRIPTION = "subscriptions:\n  - {id: a, match: troops, notify: [console], examples: {fire: [Troops]}}\n"


def check(directory: Path, settings: str, *words: str, subscription: str = SUBSCRIPTION) -> Result:
    (directory / "tocsin.yaml").write_text(settings)
    (directory / "subscriptions").mkdir(exist_ok=True)
    (directory / "subscriptions" / "a.yaml").write_text(subscription)
    return CliRunner().invoke(main, ["check", "-c", str(directory), *words])


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_for_programs_every_line_is_an_object(tmp_path: Path) -> None:
    done = check(tmp_path, "log: sqlite:a.db\n", "--json")
    assert done.exit_code == 0, done.output
    found = lines(done)
    assert {"subscription": "a", "outcome": "ok"}.items() <= dict(found[0]["example"]).items()  # type: ignore[call-overload]
    assert found[-1] == {
        "good": {"feeds": 0, "subscriptions": 1, "destinations": ["console"], "log": "sqlite:a.db"}
    }  # fmt: skip


def test_for_programs_a_fault_has_its_place(tmp_path: Path) -> None:
    done = check(tmp_path, "log: sqlite:a.db\n", "--json", subscription=SUBSCRIPTION.replace("troops", "plce:RU"))
    (fault,) = lines(done)
    assert done.exit_code == 2
    assert fault["fault"] == {
        "file": "subscriptions/a.yaml", "line": 2, "column": 20, "problem": 'unknown field "plce"',
        "fix": 'did you mean "place"?',
    }  # fmt: skip


def test_an_example_that_fails_is_a_fault(tmp_path: Path) -> None:
    done = check(tmp_path, "log: sqlite:a.db\n", "--json", subscription=SUBSCRIPTION.replace("[Troops]", "[Rain]"))
    assert done.exit_code == 2
    assert "Rain" in str(lines(done)[-1]["fault"])


@pytest.mark.parametrize(
    ("settings", "feeds", "said"),
    [
        ("log: sqlite:a.db\n", "feeds: []", "next: tocsin feeds add https://site"),
        ("log: sqlite:a.db\n", "feeds: [{url: 'https://a.example/'}]", "so far alerts are only printed"),
        (
            "destinations: {d: {slack_webhook: {url: 'https://hooks.slack.com/services/T/B/x'}}, console: {console: }}",
            "feeds: [{url: 'https://a.example/'}]",
            "operator: d",
        ),
    ],
)
def test_the_first_thing_to_do_is_said(settings: str, feeds: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(feeds)
    done = check(tmp_path, settings)
    assert done.exit_code == 0, done.output
    advice = [line for line in done.stdout.splitlines() if line.startswith("next: ")]
    assert said in advice[0]
    assert advice[-1] == f"next: tocsin run -c {tmp_path}"
