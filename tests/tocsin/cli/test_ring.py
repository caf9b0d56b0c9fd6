"""`tocsin send-test`, `silence` and `feedback`, as they are typed."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.alert import Action
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.settings import Settings
from schemas.topics import ACTIONS, ALERTS
from tests.alert.build import alert
from tests.servers.slack_proxy import SlackProxy
from tocsin.cli import main
from tocsin.clock import SystemClock
from tocsin.log.open import open_log


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "tocsin.yaml").write_text("destinations:\n  console: {console: {}}\n  other: {console: {}}\n", "utf-8")
    return tmp_path


def run(directory: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [args[0], "-c", str(directory), *args[1:]])


async def actions(directory: Path) -> list[Action]:
    log = await open_log("sqlite:tocsin.db", Settings(), SystemClock(), directory)
    try:
        return [decode_as(record, Action) async for record in log.history(ACTIONS)]
    finally:
        await log.close()


def test_a_test_message_reaches_the_console(directory: Path) -> None:
    done = run(directory, "send-test", "console")
    assert done.exit_code == 0, done.output
    assert "Test: this is how alerts reach console" in done.output
    assert "console: sent" in done.output


def test_for_programs_it_says_whether_it_was_sent(directory: Path) -> None:
    done = run(directory, "send-test", "console", "--json")
    told = {"destination": "console", "sent": True, "who": "the terminal of this process"}
    assert json.loads(done.output.splitlines()[-1]) == told
    (directory / "tocsin.yaml").write_text(
        "destinations: {d: {slack_webhook: {url: 'http://127.0.0.1:9/services/T/B/x'}}}"
    )
    done = run(directory, "send-test", "d", "--json")
    said = json.loads(done.output)
    assert (done.exit_code, said["sent"]) == (1, False)
    assert "/services/" not in said["why"]


def test_an_unknown_destination_is_refused_with_a_suggestion(directory: Path) -> None:
    done = run(directory, "send-test", "consol")
    assert done.exit_code == 2
    assert 'did you mean "console"?' in done.output


def test_a_test_message_to_slack_and_a_bad_token(tmp_path: Path, slack_proxy: SlackProxy) -> None:
    def configure(token: str) -> None:
        (tmp_path / "tocsin.yaml").write_text(
            f"destinations:\n  desk: {{slack: {{channel: {slack_proxy.channel}, token: {token}, "
            f'api_url: "{slack_proxy.api_url}"}}}}\n', "utf-8",
        )  # fmt: skip

    configure(slack_proxy.token)
    assert "sent (" in run(tmp_path, "send-test", "desk").output
    (message,) = asyncio.run(slack_proxy.server.messages())
    assert "Test: this is how alerts reach desk" in message["text"]
    configure("xoxb-wrong")
    done = run(tmp_path, "send-test", "desk")
    assert done.exit_code == 1
    assert "invalid_auth; mend its options" in done.output
    assert "xoxb" not in done.output


def test_a_silence_is_an_action_for_each_destination(directory: Path) -> None:
    done = run(directory, "silence", "--story", "st1", "--for", "2h", "--why", "an exercise", "--by", "anna")
    assert done.exit_code == 0, done.output
    found = sorted(asyncio.run(actions(directory)), key=lambda one: one.destination)
    assert [(one.destination, one.kind, one.story, one.by, one.note) for one in found] == [
        ("console", "silence", "st1", "anna", "an exercise"), ("other", "silence", "st1", "anna", "an exercise"),
    ]  # fmt: skip
    assert all(one.until is not None and (one.until - one.at).total_seconds() == 7200 for one in found)
    assert run(directory, "silence", "--list").output == ""


@pytest.mark.parametrize("span", ["soon", "31d", "0s"])
def test_a_silence_has_an_end_in_sight(directory: Path, span: str) -> None:
    assert run(directory, "silence", "--for", span).exit_code == 2


def test_feedback_names_the_alert_it_is_about(directory: Path) -> None:
    async def ring() -> None:
        log = await open_log("sqlite:tocsin.db", Settings(), SystemClock(), directory)
        async with log.unit(Task("match")) as unit:
            unit.emit(ALERTS, "console", alert("console"))
        await log.close()

    asyncio.run(ring())
    assert run(directory, "feedback", "console:st1:1", "--note", "a parade").exit_code == 0
    (one,) = asyncio.run(actions(directory))
    assert (one.kind, one.alert, one.subscription, one.note) == ("feedback", "console:st1:1", "dprk-troops", "a parade")
    missing = run(directory, "feedback", "nothing")
    assert missing.exit_code == 1
    assert "no alert" in missing.output


def test_silences_are_listed_as_json(directory: Path) -> None:
    assert [json.loads(line) for line in run(directory, "silence", "--list", "--json").output.splitlines()] == []
