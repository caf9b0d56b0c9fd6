"""JSON lines in and out: what makes every stage a filter."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import click


def opened(files: tuple[str, ...]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each file by name, `-` (or none at all) being standard input. Exits with 2 on one that cannot be opened."""
    for name in files or ("-",):
        if name == "-":
            yield "-", sys.stdin.buffer
            continue
        try:
            with Path(name).open("rb") as stream:
                yield name, stream
        except OSError as error:
            raise click.UsageError(f"{name}: {error.strerror}") from error


def objects(files: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each line as (`file:line`, object); for one that is no JSON object, (`file:line`, what is wrong)."""
    for name, stream in opened(files):
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            place = f"{name}:{number}"
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield place, f"not JSON: {str(error)[:200]}"
                continue
            yield place, value if isinstance(value, dict) else "not a JSON object"


def write(value: Any) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_all(values: Iterable[Any]) -> None:
    """Each value on its own line, flushed at the end."""
    for value in values:
        write(value)
    sys.stdout.flush()
