"""What an editor completes by is what tocsin takes: the starter is good by it, mistakes are not."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tocsin.cli import main
from tocsin.completion import FILES, schema_of

STARTER = {"tocsin": "tocsin.yaml", "feeds": "feeds.yaml", "subscriptions": "subscriptions/first.yaml"}
EVERYTHING = """
log: sqlite:tocsin.db
state: /var/lib/tocsin
kafka: {security: sasl_ssl, username: t, password: "${P}"}
retention: {items: 30d, dead: 3600}
network: {allow_private: [10.0.0.0/8], quick: {localhost: 1s}}
canary: {every: 10m}
destinations:
  console: {console: {}}
  east-asia: {slack: {channel: C0123456789, token: "${T}"}, fallback: mail, canary: {channel: C0TEST45678}}
  mail: {email: {from: a@example.org, to: [b@example.org], smtp: "smtps://mail.example.org"}, on_uncertain: hold}
"""


def faults(name: str, text: str) -> list[str]:
    found = Draft202012Validator(schema_of(name)).iter_errors(yaml.safe_load(text))
    return [error.message for error in found]


@pytest.mark.parametrize("name", FILES)
def test_each_is_a_schema_and_takes_the_starter(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))
    starter = Path(__file__).parents[2] / "tocsin" / "starter" / STARTER[name]
    assert faults(name, starter.read_text("utf-8")) == []


def test_everything_that_can_be_written_is_taken() -> None:
    assert faults("tocsin", EVERYTHING) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tocsin", "logg: sqlite:x"),
        ("tocsin", "retention: {items: 30 days}"),
        ("tocsin", "destinations: {a: {slak: {}}}"),
        ("tocsin", "destinations: {a: {}}"),
        ("tocsin", "destinations: {a: {console: {}, nowhere: {}}}"),
        ("tocsin", "destinations: {a: {email: {too: []}}}"),
        ("feeds", "feeds: [{publisher: x}]"),
        ("subscriptions", "subscriptions: [{id: 'A B', match: x}]"),
        ("subscriptions", "subscriptions: [{id: a, match: x, ring: sometimes}]"),
    ],
)
def test_a_mistake_is_seen_while_it_is_typed(name: str, text: str) -> None:
    assert faults(name, text)


def test_a_key_is_explained_where_it_stands() -> None:
    assert "A second" not in json.dumps(schema_of("tocsin"))
    assert "dead-man" in schema_of("tocsin")["properties"]["heartbeat"]["description"]


def test_init_puts_them_where_the_first_lines_point(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path)]).exit_code == 0
    for path in (tmp_path / name for name in STARTER.values()):
        pointed = path.read_text("utf-8").splitlines()[0].partition("$schema=")[2]
        found: dict[str, Any] = json.loads((path.parent / pointed).read_text("utf-8"))
        Draft202012Validator.check_schema(found)


def test_they_can_be_had_by_name() -> None:
    shown = CliRunner().invoke(main, ["schema", "subscriptions"])
    assert json.loads(shown.output)["title"] == "SubscriptionsFile"
    assert "subscriptions" in CliRunner().invoke(main, ["schema"]).output.split()
