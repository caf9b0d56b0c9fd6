"""Every mutation is small, says what it does, and still applies to the code as it is."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mutations.__main__ import HERE, TREE, mutations

PATCHES = sorted(HERE.glob("*.patch"))
LINES = 40


def test_the_mutations_that_were_asked_for_are_there() -> None:
    names = {mutation.name for mutation in mutations([])}
    assert {
        "no-gather-before-commit", "transactional-id-per-process", "positions-first", "cache-before-commit",
    } <= names  # fmt: skip


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_a_mutation_applies_without_fuzz_and_says_who_notices(patch: Path, tmp_path: Path) -> None:
    why, kills, blank, *diff = patch.read_text().splitlines()
    assert why.endswith(".")
    assert kills.startswith("killed by: tests/")
    assert not blank
    assert len(diff) <= LINES
    for line in diff:
        if line.startswith("+++ b/"):
            changed = line.removeprefix("+++ b/")
            (tmp_path / changed).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TREE / changed, tmp_path / changed)
    with patch.open() as text:
        command = ["patch", "-p1", "--quiet", "--fuzz=0"]
        ended = subprocess.run(command, cwd=tmp_path, stdin=text, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{patch.name} must be made anew: {ended.stdout}"
