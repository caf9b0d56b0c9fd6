"""Where `prometheus` and `promtool` are on this machine."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PATIENCE = 120.0
"""Seconds a download may take; without a network it gives up much earlier."""


class PrometheusUnavailable(Exception):
    """It cannot run here; the message says what is missing."""


def tool(name: str) -> Path:
    """The path of `prometheus` or `promtool`. Raises `PrometheusUnavailable`.

    Many test runs may ask at once: a file lock lets one download, and the folder appears whole or not at all.
    """
    if found := shutil.which(name):
        return Path(found)
    target = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin-tests" / "prometheus"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name("prometheus.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "usr" / "bin" / name).exists():
            _unpack_into(target)
    return target / "usr" / "bin" / name


def _unpack_into(target: Path) -> None:
    for needed in ("apt-get", "dpkg"):
        if shutil.which(needed) is None:
            raise PrometheusUnavailable(f"neither prometheus nor {needed} is on the PATH")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="prometheus.") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # apt's own user writes there
        _run(["apt-get", "-q", "download", "prometheus"], folder)
        packages = list(folder.glob("*.deb"))
        if not packages:
            raise PrometheusUnavailable("apt-get downloaded no package")
        _run(["dpkg", "-x", str(packages[0]), "unpacked"], folder)
        shutil.rmtree(target, ignore_errors=True)
        (folder / "unpacked").rename(target)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise PrometheusUnavailable(f"{command[0]} took longer than {PATIENCE:.0f} seconds") from error
    if done.returncode:
        raise PrometheusUnavailable(f"{' '.join(command[:3])}: {done.stderr.strip()[-200:]}")
