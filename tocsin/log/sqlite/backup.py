"""A copy of the embedded log while it runs: one reading transaction, so it is the log of one instant."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from schemas.errors import LogError


def back_up(path: Path, target: Path) -> int:
    """Copy the log at `path` into a new file, checked and on the disk before it has its name; its size in bytes.

    Raises `LogError` where there is no log, where the target is there already, or when the disk is full.
    """
    if not path.exists():
        raise LogError(f"there is no log at {path}")
    if target.exists():
        raise LogError(f"{target} is there already; name a new file, so that no earlier backup is lost")
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as log:
            log.execute("VACUUM INTO ?", (str(partial),))
        with closing(sqlite3.connect(partial)) as copy:
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
        if verdict != "ok":
            raise LogError(f"the copy is not whole: {verdict}")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise LogError(f"no backup was made: {error}") from error
    return target.stat().st_size
