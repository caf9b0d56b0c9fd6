"""The alerts of the past, for spreadsheets and programs."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas.ports import Task
from schemas.topics import ALERTS
from tests.alert.build import alert, report
from tocsin.cli import main
from tocsin.clock import SystemClock
from tocsin.config import load_config
from tocsin.log.open import open_log


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A configuration whose log holds two alerts."""
    assert CliRunner().invoke(main, ["init", str(tmp_path)]).exit_code == 0
    asyncio.run(_ring(tmp_path))
    return tmp_path


async def _ring(directory: Path) -> None:
    config, clock = load_config(directory), SystemClock()
    log = await open_log(config.settings.log, config.settings, clock, directory)
    async with log.unit(Task("match", 0)) as unit:
        unit.emit(ALERTS, "desk", alert())
        unit.emit(ALERTS, "desk", alert(key="st2", matches=(), report=report(title="=HYPERLINK(1)")))
    await log.close()


def export(home: Path, *arguments: str) -> str:
    ended = CliRunner().invoke(main, ["export", "-c", str(home), *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_every_alert_is_a_line_of_json(home: Path) -> None:
    lines = [json.loads(line) for line in export(home).splitlines()]
    assert [line["story"]["id"] for line in lines] == ["st1", "st2"]


def test_one_subscriptions_alerts_as_a_table(home: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(export(home, "--sub", "dprk-troops", "--format", "csv")))
    assert (row["actors"], row["quantities"], row["status"]) == ("KP", "14000 soldiers", "confirmed")
    assert row["subscriptions"] == "dprk-troops"


def test_no_cell_is_a_formula(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(export(home, "--format", "csv"))))
    assert rows[1]["title"] == "'=HYPERLINK(1)"


def test_what_is_older_is_left_out(home: Path) -> None:
    assert export(home, "--days", "0") == ""


def test_a_desk_open_to_the_world_needs_a_token(home: Path) -> None:
    settings = home / "tocsin.yaml"
    settings.write_text(settings.read_text("utf-8") + '\ndesk: {listen: "0.0.0.0:8765"}\n', "utf-8")
    ended = CliRunner().invoke(main, ["check", "-c", str(home)])
    assert ended.exit_code == 2
    assert "set desk.token" in ended.output
