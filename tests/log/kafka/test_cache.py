"""The cache is only a copy: full, damaged or missing it is waited for or read anew, never a crash."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.errors import LogError, LogFull
from tocsin.log.kafka.cache import Cache


@contextmanager
def cache_at(path: Path) -> Iterator[Cache]:
    cache = Cache(path)
    try:
        yield cache
    finally:
        cache.close()


def filled(path: Path, entries: int = 2_000) -> None:
    with cache_at(path) as cache:
        cache.apply({f"s{n:06}": f'"{n:0100}"' for n in range(entries)}, entries, 1)


def test_what_was_applied_is_there_after_a_restart(tmp_path: Path) -> None:
    filled(tmp_path / "task.db", 700)
    with cache_at(tmp_path / "task.db") as cache:
        assert (cache.offset(), cache.stamp(), len(list(cache.pairs("s")))) == (700, 1, 700)
        assert [key for key, _ in cache.pairs("s", limit=2)] == ["s000000", "s000001"]


def test_a_file_that_is_no_cache_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "task.db").write_bytes(b"no database at all" * 500)
    with cache_at(tmp_path / "task.db") as cache:
        assert cache.offset() == 0
        cache.apply({"sk": "1"}, 1, 1)
        assert cache.text("sk") == "1"


def test_a_damaged_cache_is_an_error_once_and_then_empty(tmp_path: Path) -> None:
    filled(tmp_path / "task.db")
    with (tmp_path / "task.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40 * 4096)
    with cache_at(tmp_path / "task.db") as cache:
        with pytest.raises(LogError, match="damaged"):
            list(cache.pairs("s"))
        assert (cache.offset(), list(cache.pairs("s"))) == (0, [])


def test_a_full_disk_leaves_the_cache_as_it_was(tmp_path: Path) -> None:
    filled(tmp_path / "task.db", 10)
    with cache_at(tmp_path / "task.db") as cache:
        cache._connection.execute("PRAGMA max_page_count=1")  # SQLite takes the size it has: not a page more
        with pytest.raises(LogFull):
            cache.apply({f"t{n}": "1" * 200 for n in range(2_000)}, 99, 2)
        assert (cache.offset(), list(cache.pairs("t"))) == (10, [])
        cache._connection.execute("PRAGMA max_page_count=100000")
        cache.apply({"t": "1"}, 99, 2)
        assert cache.offset() == 99
