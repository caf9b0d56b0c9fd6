"""Is the Slack emulator on this machine? Installed once from npm, into the user's cache, as the lock file says."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "0.11.2"
OLDEST_NODE = 20
PATIENCE = 180.0
"""Seconds that npm may take; without a network it gives up much earlier."""


class EmulatorUnavailable(Exception):
    """The emulator cannot run here; the message says what is missing."""


def install_emulator() -> Path:
    """Return the directory that holds the emulator, installing it first if need be; raises EmulatorUnavailable.

    Many test runs may ask at once: a file lock lets one install, and the directory appears whole or not at all.
    """
    _require_node()
    target = _cache() / f"emulate-{VERSION}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(target.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "node_modules" / "emulate").is_dir():
            _install_into(target)
    return target


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "tocsin-tests"


def _require_node() -> None:
    if shutil.which("node") is None:
        raise EmulatorUnavailable(f"the Slack emulator needs Node {OLDEST_NODE} or newer: `node` is not on the PATH")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    version = answer.stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        raise EmulatorUnavailable(f"the Slack emulator needs Node {OLDEST_NODE} or newer: this is {version}")


def _install_into(target: Path) -> None:
    """Install beside `target` and rename: a killed run leaves nothing that looks finished."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.") as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, fresh)
        _run_npm(fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)


def _run_npm(directory: Path) -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += ["--fetch-retries=1", "--fetch-retry-mintimeout=500"]
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError as error:
        raise EmulatorUnavailable("the Slack emulator is installed with npm: `npm` is not on the PATH") from error
    except subprocess.TimeoutExpired as error:
        raise EmulatorUnavailable(f"npm did not install emulate {VERSION} within {PATIENCE:.0f} s") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise EmulatorUnavailable(f"npm could not install emulate {VERSION}: {reason}")
