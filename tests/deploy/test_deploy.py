"""What cannot be run here is at least read by the tools that know it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
BIN = Path(sys.executable).parent


def checked(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_passes_hadolint() -> None:
    checked(BIN / "hadolint", DEPLOY / "Dockerfile")


@pytest.mark.parametrize("name", ["compose.yaml", "compose.kafka.yaml"])
def test_the_compose_files_keep_the_compose_specification(name: str) -> None:
    checked(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / name)


def test_the_systemd_unit_is_sound_and_tight(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    unit = tmp_path / "tocsin.service"
    text = (DEPLOY / "tocsin.service").read_text()
    unit.write_text(text.replace("/opt/tocsin/bin/tocsin", sys.executable))
    checked("systemd-analyze", "verify", unit)
    checked("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)


def pinned() -> set[tuple[str, str]]:
    """Name and version of everything that is shipped."""
    found = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (DEPLOY / "requirements.lock").read_text(), re.MULTILINE)
    return {(name, version) for name, version in found}


def command_of(target: str) -> list[str]:
    """What a target of the Makefile runs, as make itself would."""
    made = subprocess.run(["make", "-n", "-W", "nothing", target], cwd=DEPLOY.parent, capture_output=True, text=True)
    (line,) = [line for line in made.stdout.splitlines() if line.startswith(".venv/bin/")][-1:]
    return [str(BIN / "python"), "-m", *line.removeprefix(".venv/bin/").split()]


def test_the_bill_of_materials_lists_everything_that_is_shipped(tmp_path: Path) -> None:
    words = (
        " ".join(command_of("sbom"))
        .replace("-m cyclonedx-py", "-m cyclonedx_py")
        .replace("sbom.json", str(tmp_path / "s"))
    )
    subprocess.run(words.split(), cwd=DEPLOY.parent, check=True, capture_output=True, timeout=150)
    listed = json.loads((tmp_path / "s").read_text())["components"]
    assert {(part["name"], part["version"]) for part in listed} == pinned()


def test_the_audit_asks_about_everything_that_is_shipped() -> None:
    """Without asking: the advisories are on the internet."""
    words = " ".join(command_of("audit")).replace("-m pip-audit", "-m pip_audit --dry-run").split()
    said = subprocess.run(words, cwd=DEPLOY.parent, check=True, capture_output=True, text=True, timeout=150).stderr
    names = {name for name, _ in pinned()}  # numpy stands there twice, once for each Python
    assert f"audited {len(names)} packages" in said


def test_no_lock_file_names_an_index() -> None:
    for lock in (DEPLOY / "requirements.lock", DEPLOY.parent / "requirements.lock"):
        assert "://" not in lock.read_text()
