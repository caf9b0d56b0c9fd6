"""The page on taggers is true: the package it shows is installed, named, and does what the page says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tocsin.packages import package

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
TOCSIN = Path(sys.executable).with_name("tocsin")
"""The command itself, as an operator runs it."""


def shown(kind: str) -> str:
    """The one block of a kind in the page."""
    [text] = [block for name, block in BLOCKS if name == kind]
    return str(text)


def test_the_page_shows_a_tagger_that_works_as_it_says(tmp_path: Path) -> None:
    package(tmp_path, "floods", shown("python"), shown("toml").splitlines()[1].replace('"', ""))
    (tmp_path / "tocsin.yaml").write_text(shown("yaml"), "utf-8")
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "rivers.yaml").write_text(
        "subscriptions:\n  - {id: rivers, match: 'event:flood_warning', notify: [console]}\n"
    )
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    words = shown("sh").strip().removeprefix("tocsin ")

    def run(command: str) -> str:
        line = ["bash", "-c", f'"{TOCSIN}" {command}']
        return subprocess.run(
            line, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=True
        ).stdout

    told = run(words)
    [promised] = [block.strip() for kind, block in BLOCKS if not kind]
    assert promised in told.splitlines()
    assert "rivers: matches — event:flood_warning" in told.splitlines()
    report = json.loads(run('understand -c . --text "Police arrest 20 protesters with a water pistol in Paris"'))
    assert report["events"]
    assert all(
        event["confidence"] < 0.5 and "water pistols hurt nobody" in event["doubt"] for event in report["events"]
    )
