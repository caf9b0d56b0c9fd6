"""The embedded log under kill -9 at random moments, with a clock that jumps: the audit is clean each time."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tocsin.audit import sqlite
from tocsin.audit.facts import Facts

ROOT = Path(__file__).parents[3]


def killed(path: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill a mill so often; what the driver told."""
    command = [sys.executable, "-m", "tests.log.mill.killing", str(path), str(kills), str(seed)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told: dict[str, int] = json.loads(ended.stdout)
    return told


def audit(path: Path) -> str:
    """What `tocsin audit` says, in its own process; "" when it is clean."""
    command = [sys.executable, "-m", "tocsin.audit", f"sqlite:{path}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def assert_all_there(facts: Facts, items: int) -> None:
    """Every item made its way once, and each stage's state is a fold over its inputs."""
    for topic in ("items", "reports"):
        assert sorted(int(entry.body()["id"]) for entry in facts.topic(topic)) == list(range(1, items + 1))
    assert sorted(int(entry.body()["report"]) for entry in facts.topic("receipts")) == list(range(1, items + 1))
    for stage, topic in (("understand", "items"), ("stories", "reports"), ("match", "changes"), ("deliver", "alerts")):
        counted: Counter[str] = Counter()
        for (name, _), state in facts.state.items():
            if name == stage:
                counted.update(state)
        assert counted == Counter(entry.key for entry in facts.topic(topic)), stage


def test_thirty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    told = killed(tmp_path / "log.db", 30, seed=1)
    assert told["ended before the kill"] == 0
    assert audit(tmp_path / "log.db") == ""
    assert_all_there(sqlite.read(tmp_path / "log.db"), told["items"])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_thousand_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    for seed in range(10):
        path = tmp_path / f"{seed}.db"
        told = killed(path, 110, seed)
        assert audit(path) == "", seed
        assert_all_there(sqlite.read(path), told["items"])
