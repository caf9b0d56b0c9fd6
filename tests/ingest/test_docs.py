"""docs/feeds.md is true: its commands run, its YAML loads, its words and numbers are the ones that hold."""

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from ingest import articles, fetch, looks, schedule
from ingest.health import Condition
from ingest.parse import LARGEST, SMALL, sandbox, worker
from ingest.state import Policy
from schemas.settings import Network
from tests.ingest.feeds import paper
from tests.servers.http import FeedServer
from tocsin.cli import main
from tocsin.config import load_config

PAGE = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
ITEM = '{"id": "%s", "title": "A headline of the wire"}\n'


def test_the_commands_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feed_server: FeedServer
) -> None:
    monkeypatch.chdir(tmp_path)
    feed_server.put("/", '<html><link rel="alternate" type="application/rss+xml" href="/rss.xml"></html>')
    feed_server.put("/rss.xml", paper([1, 2]))
    (tmp_path / "readers.opml").write_text(
        '<opml><body><outline text="W"><outline xmlUrl="https://b.example/rss"/></outline></body></opml>'
    )
    (tmp_path / "archive.jsonl").write_text(ITEM % "old")
    (tmp_path / "wire.jsonl").write_text(ITEM % "new")
    told = ""
    for line in COMMANDS:
        line = line.replace("https://www.example.org", feed_server.url("").rstrip("/"))
        ended = CliRunner().invoke(main, shlex.split(line, comments=True)[1:])
        assert ended.exit_code == 0, f"{line}: {ended.output}"
        told += ended.stdout
        if "init" in line:
            (tmp_path / "mydir" / "feeds.yaml").write_text("feeds: []\n")
            (tmp_path / "mydir" / "tocsin.yaml").write_text("network: {allow_private: [127.0.0.1]}\n")
    assert "added" in told
    assert "1 feeds added" in told
    assert '<outline text="world"' in told


def test_the_yaml_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTRANET_PASSWORD", "hush")
    (tmp_path / "tocsin.yaml").touch()
    (tmp_path / "feeds.yaml").write_text(next(block for kind, block in BLOCKS if kind == "yaml"))
    first, second = load_config(tmp_path).feeds
    assert (first.max_delay, first.store, second.auth is not None) == (300, "excerpt", True)


def test_every_word_of_health_is_told() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) - {"max_delay"} == set(get_args(Condition))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (r"every (\d+) minutes, or", Policy().floor / 60), (r"than every (\d+) hours", Policy().ceiling / 3600),
        (r"(\d+) seconds between two", Policy().gap), (r"`network.budget` \((\d+) a second\)", Network().budget),
        (r"At most (\d+) MB", fetch.LARGEST / 1e6), (r"At most (\d+) MB", LARGEST / 1e6),
        (r"in (\d+) seconds\. The User", fetch.SECONDS), (r"excerpt \((\d+) char", looks.EXCERPT),
        (r"up to (\d+) kB", SMALL / 1000), (r"with (\d+) MB, 5", worker.MEMORY / 1e6),
        (r"MB, (\d+) seconds of CPU", worker.CPU_SECONDS), (r"\n([\d.]+) of the clock", sandbox.SECONDS),
        (r"over up to (\d+) minutes", schedule.spread(10**9, 1) / 60),
    ],
)  # fmt: skip
def test_every_number_is_the_one_that_holds(words: str, number: float) -> None:
    match = re.search(words, PAGE)
    assert match is not None
    assert float(match[1]) == number


def test_articles_are_only_fetched_where_texts_may_be_kept() -> None:
    assert "needs store: full" in PAGE
    assert articles.is_wanted.__doc__ is not None
    assert "allowed to be kept" in articles.is_wanted.__doc__
