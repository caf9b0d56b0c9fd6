"""The README is true: its commands run, its subscription is good, what it points at is there."""

import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.demo.wire import Published, load_wire, render

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
SHELL = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOCSIN = Path(sys.executable).with_name("tocsin")


def test_every_file_and_folder_it_points_at_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
    for folder in re.findall(r"`([a-z]+/)`", README):
        assert (ROOT / folder).is_dir(), folder


def test_every_target_and_command_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in SHELL:
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), line
        for command in re.findall(r"tocsin (\w+)", line):
            assert command in main.list_commands(main.make_context("tocsin", ["--help"], resilient_parsing=True)), line


def test_the_three_commands_of_ones_own_news_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("init", "check"):
        line = next(line for line in SHELL if f"tocsin {command}" in line)
        words = shlex.split(line, comments=True)[1:]
        ended = CliRunner().invoke(main, words)
        assert ended.exit_code == 0, ended.output


def test_the_subscription_it_shows_is_good(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(tmp_path)]).exit_code == 0
    for path in (tmp_path / "subscriptions").glob("*.yaml"):
        path.unlink()
    (tmp_path / "subscriptions" / "army.yaml").write_text(next(block for kind, block in BLOCKS if kind == "yaml"))
    ended = runner.invoke(main, ["check", "-c", str(tmp_path)])
    assert ended.exit_code == 0, ended.output


def test_a_wrong_key_is_told_as_it_says(tmp_path: Path) -> None:
    runner = CliRunner()
    runner.invoke(main, ["init", str(tmp_path)])
    written = next(block for kind, block in BLOCKS if kind == "yaml").replace("notify:", "notfy:")
    (tmp_path / "subscriptions" / "army.yaml").write_text(written)
    ended = runner.invoke(main, ["check", "-c", str(tmp_path)])
    assert ended.exit_code == 2
    told = re.search(r'unknown key\s+"notfy"; did you mean "notify"\?', README)
    assert told
    assert 'unknown key "notfy"; did you mean "notify"?' in ended.output


@pytest.mark.parametrize("line", [line for line in SHELL if "feed.xml" in line])
def test_its_filters_run(line: str, tmp_path: Path) -> None:
    CliRunner().invoke(main, ["init", str(tmp_path / "mydir")])
    (tmp_path / "feed.xml").write_bytes(a_feed())
    command = line.partition("#")[0].replace("tocsin ", f"{shlex.quote(str(TOCSIN))} ")
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("{")


def a_feed() -> bytes:
    wire = load_wire()
    name, feed = next((name, feed) for name, feed in wire.feeds.items() if feed.lang == "en")
    items = [item for item in wire.items if item.feed == name]
    published = [Published(item, NOON, f"https://example.org/{at}") for at, item in enumerate(items)]
    return render(feed, "https://example.org/", published).body
