"""`tocsin try` over a real embedded log."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas.alert import Alert, Match, Severity
from schemas.ports import Task
from schemas.settings import Settings
from schemas.topics import ALERTS, CHANGES
from tests.alert.world import NOW, change, deployment, event, report
from tocsin.cli import main
from tocsin.clock import SystemClock
from tocsin.log.open import open_log

SUBSCRIPTIONS = """subscriptions:
  - {id: sent, match: "event:troop_deployment AND actor:KP", notify: [console]}
  - {id: film, match: "film", notify: [console]}
"""


async def fill(directory: Path) -> None:
    log = await open_log("sqlite:tocsin.db", Settings(), SystemClock(), directory)
    try:
        async with log.unit(Task("stories")) as unit:
            for number, one in enumerate(
                [report("", deployment(), title="Sent"), report("", deployment(actors=("UA",)), title="Others sent"),
                 report("a film about soldiers", title="A film"), report("", event("protest"), title="A march")]
            ):  # fmt: skip
                unit.emit(CHANGES, f"s{number}", change(one, story_id=f"s{number}"))
    finally:
        await log.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    (tmp_path / "subscriptions" / "a.yaml").write_text(SUBSCRIPTIONS)
    asyncio.run(fill(tmp_path))
    return tmp_path


def tried(directory: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["try", "-c", str(directory), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_hits_and_nearest_misses_are_shown(directory: Path) -> None:
    shown = tried(directory, "--sub", "sent")
    assert "sent: 1 stories (0.1 a day) from 1 of 4 reports" in shown
    assert " Sent" in shown
    assert "Others sent — stopped by actor:KP (UA)" in shown
    assert "of reports (a guess: 4 were seen)" in shown
    assert "film" not in shown


def test_json_carries_the_days(directory: Path) -> None:
    (line,) = tried(directory, "--sub", "film", "--since", "1d", "--json").splitlines()
    told = json.loads(line)
    assert (told["matched"], told["reports"], list(told["days"].values())) == (1, 4, [1])


def test_against_a_file_says_what_is_gained_and_lost(directory: Path) -> None:
    other = directory / "other.yaml"
    other.write_text('subscriptions: [{id: sent, match: "event:troop_deployment AND actor:UA"}]')
    shown = tried(directory, "--sub", "sent", "--against", str(other))
    assert "1 stories gained, 1 lost" in shown
    assert "gained " in shown


def test_against_a_revision(directory: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e", "-C", directory, *words], check=True)

    git("init", "-q")
    git("add", "subscriptions")
    git("commit", "-qm", "first")
    (directory / "subscriptions" / "a.yaml").write_text(SUBSCRIPTIONS.replace("actor:KP", "actor:UA"))
    assert "1 stories gained, 1 lost" in tried(directory, "--sub", "sent", "--against", "HEAD")


def test_check_shows_expected_rates_once_there_is_a_history(directory: Path) -> None:
    done = CliRunner().invoke(main, ["check", "-c", str(directory)], catch_exceptions=False)
    assert "sent: about 1.0 stories a day" in done.stdout
    (directory / "tocsin.yaml").write_text("log: sqlite:other.db\n")
    done = CliRunner().invoke(main, ["check", "-c", str(directory)], catch_exceptions=False)
    assert "no history yet" in done.stdout


def test_an_unknown_subscription_is_wrong_usage(directory: Path) -> None:
    done = CliRunner().invoke(main, ["try", "-c", str(directory), "--sub", "snet"])
    assert done.exit_code == 2
    assert 'did you mean "sent"?' in done.stderr


def test_a_span_that_is_none_is_wrong_usage(directory: Path) -> None:
    done = CliRunner().invoke(main, ["try", "-c", str(directory), "--since", "soon"])
    assert done.exit_code == 2


async def ring(directory: Path) -> None:
    log = await open_log("sqlite:tocsin.db", Settings(), SystemClock(), directory)
    seen = change(report("", deployment(status="planned"), id="r9", title="Will send"), story_id="s9")
    alert = Alert(
        id="a9", destination="console", story=seen.story, report=seen.report, materiality=seen.materiality,
        severity=Severity.NORMAL, matches=(Match(subscription="sent"),), created=NOW,
    )  # fmt: skip
    try:
        async with log.unit(Task("match")) as unit:
            unit.emit(ALERTS, "console", alert)
    finally:
        await log.close()


def test_feedback_answers_with_a_patch_to_merge(directory: Path) -> None:
    written = SUBSCRIPTIONS.replace(
        '{id: sent, match: "event:troop_deployment AND actor:KP", notify: [console]}',
        "id: sent\n    match: event:troop_deployment AND actor:KP\n    notify: [console]",
    )
    (directory / "subscriptions" / "a.yaml").write_text(written)
    asyncio.run(ring(directory))
    done = CliRunner().invoke(main, ["feedback", "a9", "-c", str(directory), "--edit", "1"], catch_exceptions=False)
    assert "a9: noted" in done.stderr
    assert "adds NOT status:planned (keeps all 1 of those that rang)" in done.stderr
    subprocess.run(["git", "init", "-q", str(directory)], check=True)
    subprocess.run(["git", "-C", str(directory), "apply", "-"], input=done.stdout, text=True, check=True)
    changed = (directory / "subscriptions" / "a.yaml").read_text()
    assert "event:troop_deployment AND actor:KP AND NOT status:planned" in changed
    assert '- "Will send"' in changed
