"""The two commands of the first five minutes: the demo rings as it must, on both logs, and fails when it should."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.daemon import TOCSIN

ROOT = Path(__file__).parents[2]


def demo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOCSIN, "demo", "--once", *arguments], capture_output=True, text=True, timeout=170, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_the_sample_wire_rings_on_the_embedded_log() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "كوريا الشمالية" in done.stdout
    assert "14,000 soldiers" in done.stdout
    shown = (ROOT / "README.md").read_text("utf-8").split("```")[3].strip().splitlines()
    for line in shown:
        if not any(changing in line for changing in ("2026", "http", "Why you")):
            assert line in done.stdout, f"the README shows what does not ring: {line}"


def test_the_sample_wire_rings_on_kafka(kafka: str) -> None:
    done = demo("--log", f"kafka://{kafka}")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("emptied", "code", "words"), [
    ("concepts/ru.yaml", 1, "volna-2"),
    ("events/*.yaml", 2, "unknown event"),
])  # fmt: skip
def test_without_a_lexicon_the_demo_fails_and_says_so(emptied: str, code: int, words: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "enrich", tmp_path / "enrich", ignore=shutil.ignore_patterns("__pycache__"))
    for file in (tmp_path / "enrich" / "lexicon").glob(emptied):
        file.unlink()
    done = demo("--patience", "3", PYTHONPATH=str(tmp_path))
    assert done.returncode == code, done.stderr
    assert words in done.stderr
