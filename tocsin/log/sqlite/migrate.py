"""From one format of the file to the next: never unasked, and never without a copy.

A new tocsin works on an older file in the older format, so that it can be rolled back; `tocsin upgrade --finish`
migrates.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from schemas.errors import LogError
from tocsin.log.sqlite.schema import VERSION, connect

Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""Format → how to make the next one of it. Runs inside one transaction with the new number."""


def format_of(path: Path) -> int:
    """The format a file is in."""
    with closing(connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(path: Path, migrations: Mapping[int, Migration] = MIGRATIONS, to: int = VERSION) -> Path | None:
    """Bring a file to a format; returns the copy made before, None when there was nothing to do.

    Raises `LogError` when there is no way, `sqlite3.Error` when the file is in use or the disk is full; the file is
    then as it was.
    """
    found = format_of(path)
    if found == to:
        return None
    if missing := [number for number in range(found, to) if number not in migrations] or found > to:
        raise LogError(f"there is no way from format {found} to {to} (missing: {missing})")
    copy = path.with_name(f"{path.name}.format-{found}")
    with closing(connect(path)) as connection:
        copy.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(copy),))
        connection.execute("BEGIN EXCLUSIVE")
        try:
            for number in range(found, to):
                migrations[number](connection)
            connection.execute(f"PRAGMA user_version={to}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return copy
