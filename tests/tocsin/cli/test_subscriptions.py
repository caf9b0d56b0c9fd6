"""`tocsin match`, as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.codec import encode
from tests.alert.world import deployment, report
from tocsin.cli import main

WANTED = """
subscriptions:
  - {id: sent, match: "event:troop_deployment AND actor:KP AND soldiers>=1000", notify: [nobody-knows-it]}
  - {id: kursk, match: Kursk OR كورسك}
  - {id: quiet, match: NOT kursk}
"""


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "a.yaml").write_text(WANTED, encoding="utf-8")
    return tmp_path / "subscriptions"


def run(directory: Path, *lines: str, args: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(main, ["match", "-s", str(directory), *args], input="\n".join(lines))


def test_items_and_reports_are_matched_a_line_a_match(wanted: Path) -> None:
    known = encode(report("", deployment(), id="r1")).decode()
    known = json.dumps({**json.loads(known), "title": "Truppen"})
    done = run(wanted, json.dumps({"id": "i1", "title": "القوات في كورسك"}), known)
    assert done.exit_code == 0, done.output
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "i1", "subscription": "kursk", "reason": "كورسك («كورسك»)"},
        {"id": "i1", "subscription": "quiet", "reason": "NOT kursk"},
        {"id": "r1", "subscription": "quiet", "reason": "NOT kursk"},
        {"id": "r1", "subscription": "sent", "reason": "event:troop_deployment; actor:KP; soldiers>=1000 (14000)"},
    ]
    assert "would be tried on every report" in done.stderr


def test_a_line_that_is_no_item_is_named_and_the_rest_goes_on(wanted: Path) -> None:
    done = run(wanted, "{}", "nonsense", json.dumps({"id": "i1", "text": "in Kursk"}))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["id"] == "i1"
    assert "-:1: an item needs a title or a text" in done.stderr
    assert "-:2: not JSON" in done.stderr


def test_a_bad_query_stops_with_its_place_and_exit_code_2(wanted: Path) -> None:
    (wanted / "b.yaml").write_text("subscriptions:\n  - id: x\n    match: (a OR b\n", encoding="utf-8")
    done = run(wanted, "{}")
    assert done.exit_code == 2
    assert f"{wanted}/b.yaml:3:12: missing ')'; this parenthesis is never closed" in done.stderr
    assert done.stdout == ""


def test_a_directory_without_subscriptions_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "{}").exit_code == 2
