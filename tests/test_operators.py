"""The pages for operators are true: their commands run, in order, beside a real daemon; what they name is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.servers.ports import free_port
from tocsin.cli import main
from tocsin.metrics import Metrics

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("install.md", "operate.md", "threats.md")] + [ROOT / "SECURITY.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(name: str, kind: str) -> list[str]:
    return [text for shape, text in BLOCK.findall((ROOT / "docs" / name).read_text("utf-8")) if shape == kind]


def quietly(port: int) -> str:
    """The starter configuration, without the world's feeds and at a port of our own."""
    return f"""
printf 'feeds: []\\n' > config/feeds.yaml
printf '\\ndesk: {{listen: "127.0.0.1:{port}"}}\\n' >> config/tocsin.yaml
"""


def commands() -> list[str]:
    """Every line of the pages' shell blocks, in order."""
    return [
        line for page in ("install.md", "operate.md") for block in blocks(page, "sh") for line in block.splitlines()
    ]


@pytest.mark.timeout(600)  # some twenty commands
def test_every_command_of_ours_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lines without a daemon beside them, in this process: the quick half of the long test below."""
    monkeypatch.chdir(tmp_path)
    for line in commands():
        words = shlex.split(line.partition(">")[0], comments=True)
        if words[:1] != ["tocsin"] or words[1] == "run":
            continue
        ended = CliRunner().invoke(main, words[1:])
        assert ended.exit_code == 0, f"{line}: {ended.output}"
        if words[1] == "init":
            (tmp_path / "config" / "feeds.yaml").write_text("feeds: []\n")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_command_of_install_and_operate_runs(tmp_path: Path) -> None:
    port = free_port()
    script = "set -euo pipefail\ntrap 'jobs -p | xargs -r kill 2>/dev/null || true' EXIT\n"
    for line in commands():
        script += f"echo '>>>' {line.partition('#')[0]!r}\n{line}\n".replace("127.0.0.1:8765", f"127.0.0.1:{port}")
        if line.startswith("tocsin init"):
            script += quietly(port)
    ended = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert ended.stdout.count("nothing lost, nothing doubled") == 2
    assert "console: sent" in ended.stdout
    assert "monday.db: " in ended.stdout
    assert (tmp_path / "alerts.csv").read_text().startswith("created,destination,severity")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
    for name in re.findall(r"deploy/[\w./-]+\w", text):
        assert (ROOT / name).exists(), name
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:`|\$ )make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_test_that_the_threats_name_is_there() -> None:
    text = (ROOT / "docs" / "threats.md").read_text("utf-8")
    for name in re.findall(r"`(?:[\w/]*/)?(test_\w+\.py)`", text):
        assert list((ROOT / "tests").rglob(name)), name
    for folder in re.findall(r"`(tests/[\w/]+)`", text):
        assert (ROOT / folder).is_dir(), folder


def test_every_alert_has_its_line_and_no_other() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "tocsin.rules.yaml").read_text("utf-8"))
    known = {rule["alert"] for rule in rules["groups"][0]["rules"]}
    told = set(re.findall(r"^\| `(Tocsin\w+)`", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.MULTILINE))
    assert told == known


def test_every_metric_a_page_names_is_one() -> None:
    known = {family.name for family in Metrics().registry.collect()}
    for page in PAGES:
        for name in re.findall(r"`(tocsin_[a-z_]+)", page.read_text("utf-8")):
            assert re.sub(r"_total$", "", name) in known, name


@pytest.mark.parametrize("name", ["install.md", "operate.md"])
def test_the_settings_a_page_shows_are_settings(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tocsin.checking import destination_faults
    from tocsin.config import load_config

    for variable in ("TOCSIN_DESK_TOKEN", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(variable, "xoxb-x")
    for block in blocks(name, "yaml"):
        (tmp_path / "tocsin.yaml").write_text(block, encoding="utf-8")
        assert destination_faults(load_config(tmp_path)) == []
