"""CONTRIBUTING is true: the files it shows make a new event type and a new language; its commands say what it says."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
BLOCKS = [(kind, textwrap.dedent(text)) for kind, text in BLOCK.findall(PAGE)]
FILES = {match[1]: text for kind, text in BLOCKS if kind == "yaml" and (match := re.match(r"# (\S+)\n", text))}
DRIVER = """
import json, sys
from click.testing import CliRunner
import tocsin
from tocsin.cli import main
said = [CliRunner().invoke(main, words) for words in json.loads(sys.argv[1])]
print(json.dumps({"home": tocsin.__file__, "said": [(one.exit_code, one.output) for one in said]}))
"""
"""Runs all commands in one process of its own: what it loads first (names, vectors) it loads once."""


def shown() -> Iterator[tuple[str, list[str]]]:
    """Every block of commands, with the lines the page promises of it."""
    for (kind, text), (next_kind, promised) in pairwise(BLOCKS):
        if kind == "sh":
            assert not next_kind, text
            yield text, promised.splitlines()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Command → what it printed, in a copy of the house with the page's files in their places."""
    house = tmp_path_factory.mktemp("house")
    for room in ("alert", "enrich", "ingest", "schemas", "tocsin"):
        shutil.copytree(ROOT / room, house / room, ignore=shutil.ignore_patterns("__pycache__", "corpus"))
    for name, text in FILES.items():
        path = house / name
        assert name.startswith("mydir/") or not path.exists(), f"{name} is there by now: show another one"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (house / "mydir" / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    commands = [line for text, _ in shown() for line in text.splitlines()]
    words = [shlex.split(line)[1:] for line in commands]
    words = [[*some, "-c", "mydir"] if some[0] == "explain" and "-c" not in some else some for some in words]
    ended = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(words)], cwd=house, env={"PYTHONPATH": str(house), "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    answer = json.loads(ended.stdout)
    assert Path(answer["home"]).is_relative_to(house)
    assert [code for code, _ in answer["said"]] == [0] * len(commands), answer["said"]
    return dict(zip(commands, (output for _, output in answer["said"]), strict=True))


@pytest.mark.timeout(360)  # a copy of the house, and some six commands in it
@pytest.mark.parametrize(("commands", "promised"), list(shown()), ids=[text.split("\n")[0] for text, _ in shown()])
def test_what_it_shows_is_what_the_commands_say(commands: str, promised: list[str], said: dict[str, str]) -> None:
    printed = [line for command in commands.splitlines() for line in said[command].splitlines()]
    assert promised
    for line in promised:
        assert any(one.startswith(line.removesuffix("…")) for one in printed), f"{line!r} is not in {printed}"


def test_it_shows_all_files_of_a_language_and_of_an_event_type() -> None:
    kinds = {Path(name).parent.name for name in FILES if name.endswith("/it.yaml")}
    assert kinds == {path.parent.name for path in (ROOT / "enrich" / "lexicon").glob("*/pl.yaml")}
    heads = {text.splitlines()[1].partition(":")[0] for name, text in FILES.items() if name.startswith("mydir/")}
    assert heads == {"concept", "event"}


def test_what_it_points_at_is_there() -> None:
    for name in re.findall(r"`((?:docs|enrich|schemas|tests|alert|tocsin)/[\w/.]+)`", PAGE):
        assert (ROOT / name).exists() or name == "enrich/corpus/it.jsonl", name
