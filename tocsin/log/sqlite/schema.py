"""The file: its tables, its version, and how a connection to it is opened."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

from schemas.errors import LogError

APPLICATION: Final = 0x746F6373  # "tocs"
VERSION: Final = 1
BUSY_SECONDS: Final = 10.0
"""How long another process may hold the write lock before we say so."""

_TABLES: Final = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log(
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, part INTEGER NOT NULL, off INTEGER NOT NULL,
    ts INTEGER NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL, value BLOB);
CREATE UNIQUE INDEX log_place ON log(topic, part, off);
CREATE INDEX log_key ON log(topic, part, key, off);
CREATE TABLE heads(
    topic TEXT NOT NULL, part INTEGER NOT NULL, next INTEGER NOT NULL, ts INTEGER NOT NULL,
    PRIMARY KEY(topic, part)) WITHOUT ROWID;
CREATE TABLE tasks(
    stage TEXT NOT NULL, part INTEGER NOT NULL, epoch INTEGER NOT NULL, units INTEGER NOT NULL,
    PRIMARY KEY(stage, part)) WITHOUT ROWID;
CREATE TABLE positions(
    stage TEXT NOT NULL, part INTEGER NOT NULL, topic TEXT NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY(stage, part, topic)) WITHOUT ROWID;
CREATE TABLE written(
    stage TEXT NOT NULL, part INTEGER NOT NULL, topic TEXT NOT NULL, dest INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY(stage, part, topic, dest)) WITHOUT ROWID;
CREATE TABLE heard(
    stage TEXT NOT NULL, part INTEGER NOT NULL, topic TEXT NOT NULL, writer TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY(stage, part, topic, writer)) WITHOUT ROWID;
CREATE TABLE state(
    stage TEXT NOT NULL, part INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY(stage, part, key)) WITHOUT ROWID;
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode, used by one thread at a time."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def prepare(path: Path, partitions: int) -> int:
    """Create the file if it is not there and check that it is ours; returns its number of partitions.

    The file is readable by its owner alone: it tells what a person watches. Raises `LogError` for a foreign file or
    one of a newer tocsin.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        with closing(connect(path)) as connection:
            return _prepare(connection, path, partitions)
    except sqlite3.DatabaseError as error:
        raise LogError(f"{path} cannot be used as a log: {error}") from error


def _prepare(connection: sqlite3.Connection, path: Path, partitions: int) -> int:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if not application and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL")
        _create(connection, partitions)
    elif application != APPLICATION:
        raise LogError(f"{path} is a database of something else; give another file for the log")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise LogError(f"{path} was written by a newer tocsin (format {version}, this one reads up to {VERSION})")
    return int(connection.execute("SELECT value FROM meta WHERE key='partitions'").fetchone()[0])


def _create(connection: sqlite3.Connection, partitions: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("PRAGMA application_id").fetchone()[0]:  # else another process was quicker
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        known = [("partitions", str(partitions)), ("id", uuid4().hex)]
        connection.executemany("INSERT INTO meta VALUES(?, ?)", known)
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")
