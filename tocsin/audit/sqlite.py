"""The facts of an embedded log, read from its tables in one snapshot."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tocsin.audit.facts import Entry, Facts


def read(path: Path) -> Facts:
    """Every fact of the file; a running daemon is not disturbed. Raises OSError or sqlite3.Error."""
    if not path.exists():
        raise FileNotFoundError(f"there is no log at {path}")
    facts = Facts()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        _records(connection, facts)
        _positions(connection, facts)
        connection.execute("COMMIT")
    return facts


def _records(connection: sqlite3.Connection, facts: Facts) -> None:
    rows = connection.execute("SELECT topic, part, off, key, headers, value FROM log ORDER BY topic, part, off")
    for topic, part, off, key, headers, value in rows:
        facts.records.setdefault((topic, part), []).append(Entry(topic, part, off, key, json.loads(headers), value))
    for topic, part, end in connection.execute("SELECT topic, part, next FROM heads"):
        facts.ends[topic, part] = end


def _positions(connection: sqlite3.Connection, facts: Facts) -> None:
    for stage, part, topic, at in connection.execute("SELECT stage, part, topic, next FROM positions"):
        facts.positions.setdefault((stage, part), {})[topic] = at
    for stage, part, topic, dest, seq in connection.execute("SELECT stage, part, topic, dest, seq FROM written"):
        facts.written[(stage, part), (topic, dest)] = seq
    for stage, part, topic, writer, seq in connection.execute("SELECT stage, part, topic, writer, seq FROM heard"):
        facts.heard[(stage, part), topic, writer] = seq
    for stage, part, key, value in connection.execute("SELECT stage, part, key, value FROM state"):
        facts.state.setdefault((stage, part), {})[key] = json.loads(value)
