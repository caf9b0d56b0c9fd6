"""`python -m tests.mutations [NAME…]`: exits 0 when every mutation was noticed."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TREE = HERE.parents[1]
FOLDERS = ("alert", "enrich", "ingest", "schemas", "tests", "tocsin")


@dataclass(frozen=True)
class Mutation:
    """A patch, what it does, and the tests that must fail with it."""

    name: str
    why: str
    kills: str


def mutations(names: list[str]) -> list[Mutation]:
    """Those named, or all."""
    found = []
    for patch in sorted(HERE.glob("*.patch")):
        why, kills, *_ = patch.read_text().splitlines()
        found.append(Mutation(patch.stem, why, kills.removeprefix("killed by: ")))
    return [mutation for mutation in found if not names or mutation.name in names]


def copy_of_the_tree(room: Path) -> None:
    """The packages and the test settings; nothing of the original is touched."""
    for folder in FOLDERS:
        shutil.copytree(TREE / folder, room / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TREE / "pyproject.toml", room)


def tests_in(room: Path, kills: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a mutation in the copy."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not long", *shlex.split(kills)]
    environment = {**os.environ, "PYTHONPATH": str(room), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=room, env=environment, capture_output=True, text=True, check=False)


def is_noticed(mutation: Mutation) -> bool:
    """Apply the patch to a copy, run its tests, say how it went."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        room = Path(folder)
        copy_of_the_tree(room)
        with (HERE / f"{mutation.name}.patch").open() as patch:
            subprocess.run(["patch", "-p1", "--quiet"], cwd=room, stdin=patch, check=True)
        ended = tests_in(room, mutation.kills)
    noticed = ended.returncode == 1
    last = (ended.stdout.strip().splitlines() or [ended.stderr])[-1]
    print(
        f"{'noticed' if noticed else 'NOT NOTICED'}  {mutation.name}: {mutation.why}\n             {last}", flush=True
    )
    return noticed


def main() -> int:
    """Every mutation, one by one."""
    ends = [is_noticed(mutation) for mutation in mutations(sys.argv[1:])]
    print(f"{sum(ends)} of {len(ends)} mutations noticed")
    return 0 if ends and all(ends) else 1


if __name__ == "__main__":
    sys.exit(main())
