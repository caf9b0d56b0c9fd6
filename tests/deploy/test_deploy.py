"""What cannot be run here is at least read by the tools that know it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
BIN = Path(sys.executable).parent


def checked(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)
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


def test_no_lock_file_names_an_index() -> None:
    for lock in (DEPLOY / "requirements.lock", DEPLOY.parent / "requirements.lock"):
        assert "://" not in lock.read_text()
