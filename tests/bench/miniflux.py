"""Beside Miniflux, a feed reader in Go on PostgreSQL: looks a CPU second and memory, on the same feeds of one server.

    MINIFLUX=/path/to/miniflux python -m tests.bench.miniflux [FEEDS]

Needs its program (`go install miniflux.app/v2@latest`) and PostgreSQL; without them it says so and ends well. Both
look at the same feeds a second time, when four of five are unchanged and the fifth has one new entry. Freshness at
equal looks is compared in `tests.bench.scheduling`, which has Miniflux's rule for when to look next.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import many_feeds

PORT = "54329"
Round = tuple[float, float, float]
"""Looks, CPU seconds, bytes of memory."""
SETTINGS = {
    "FETCHER_ALLOW_PRIVATE_NETWORKS": "1", "WORKER_POOL_SIZE": "16", "LOG_LEVEL": "error",
}  # fmt: skip


def as_postgres(*command: str) -> list[str]:
    """A command as PostgreSQL's own user, which it insists on where we are root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A fresh server; yields where it is, and ends it."""
    with tempfile.TemporaryDirectory() as name:
        if os.getuid() == 0:
            shutil.chown(name, "postgres")
        cluster, options = f"{name}/cluster", f"-p {PORT} -k {name} -c listen_addresses="
        run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": name}
        subprocess.run(as_postgres(f"{programs}/initdb", "-D", cluster, "-A", "trust"), **run)  # type: ignore[call-overload]
        control = as_postgres(f"{programs}/pg_ctl", "-D", cluster, "-w")
        subprocess.run([*control, "-o", options, "-l", f"{name}/log", "start"], **run)  # type: ignore[call-overload]
        try:
            yield name
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]


class Miniflux:
    """Its program over one database."""

    def __init__(self, program: str, programs: Path, place: str) -> None:
        self._program, self._programs, self._place = program, programs, place
        self._env = {
            **os.environ, **SETTINGS,
            "DATABASE_URL": f"host={place} port={PORT} user=postgres dbname=postgres sslmode=disable",
        }  # fmt: skip

    def tell(self, *arguments: str, **more: str) -> None:
        """Run it once."""
        subprocess.run([self._program, *arguments], env={**self._env, **more}, check=True)

    def sql(self, text: str) -> None:
        """Run a statement in its database."""
        command = [f"{self._programs}/psql", "-q", "-h", self._place, "-p", PORT, "-U", "postgres", "postgres"]
        subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL)

    def feeds(self, number: int, port: int) -> None:
        """Subscribe to feeds."""
        rows = ",".join(
            f"(1, 1, 'F{n}', 'http://{many_feeds.host(n)}:{port}/{n}', 'http://{many_feeds.host(n)}/')"
            for n in range(number)
        )
        self.sql("INSERT INTO users (username, password) VALUES ('reader', 'x');")
        self.sql("INSERT INTO categories (user_id, title) VALUES (1, 'All');")
        self.sql(f"INSERT INTO feeds (user_id, category_id, title, feed_url, site_url) VALUES {rows};")


def backends(place: str) -> list[int]:
    """The processes of the PostgreSQL server of a place: the first one and its children."""
    first = int(Path(place, "cluster", "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def database_cpu(place: str) -> float:
    """CPU seconds of the server, those of backends that have ended included."""
    total = 0
    for at, pid in enumerate(backends(place)):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15] if at == 0 else fields[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def database_memory(place: str) -> float:
    """Bytes of the server, what its processes share counted once."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in backends(place)]
    return sum(int(text.partition("\nPss:")[2].split()[0]) * 1024 for text in texts)


def theirs(program: str, programs: Path, feeds: int, port: int, looks: many_feeds.Looks) -> Round:
    """Looks, CPU seconds, and bytes of memory of Miniflux's second round."""
    with postgres(programs) as place:
        miniflux = Miniflux(program, programs, place)
        miniflux.tell("-migrate")
        miniflux.feeds(feeds, port)
        miniflux.tell("-refresh-feeds", BATCH_SIZE=str(feeds))
        miniflux.sql("UPDATE feeds SET next_check_at = now() - interval '1 hour'; CHECKPOINT;")
        before, cpu, stored = looks(), os.times(), database_cpu(place)
        miniflux.tell("-refresh-feeds", BATCH_SIZE=str(feeds))
        after, stored = os.times(), database_cpu(place) - stored
        own = after.children_user + after.children_system - cpu.children_user - cpu.children_system
        peak = resource_peak() + database_memory(place)
        print(f"Miniflux: {own:.1f} s CPU of its own and {stored:.1f} s of PostgreSQL")
        return looks() - before - 1, own + stored, peak


def resource_peak() -> float:
    """Bytes of the largest child so far: Miniflux."""
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024.0


def ours(feeds: int, port: int, looks: many_feeds.Looks) -> Round:
    """Looks, CPU seconds and bytes of memory of tocsin's second round."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(many_feeds.prepare(Path(name), feeds, port, due=feeds))
        before = looks()
        done = many_feeds.child(Path(name), feeds, many_feeds.SECONDS)
        return looks() - before - 1, done["cpu"], done["whole"]


def main() -> None:
    """Print both, and their ratio."""
    program = os.environ.get("MINIFLUX") or shutil.which("miniflux") or ""
    places = [found.parent for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    if not program or not places:
        print("needs the miniflux program (MINIFLUX=…) and PostgreSQL; not measured")
        return
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    with many_feeds.serving() as (port, looks):
        rows = {"Miniflux": theirs(program, places[-1], feeds, port, looks), "tocsin": ours(feeds, port, looks)}
    print(f"{feeds:,} feeds; load {os.getloadavg()[0]:.1f}")
    for name, (looked, cpu, memory) in rows.items():
        print(f"{name:9} {looked:.0f} looks, {looked / cpu:6.0f} a CPU second, {memory / 1e6:5.0f} MB")


if __name__ == "__main__":
    main()
