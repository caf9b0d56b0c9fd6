"""`tocsin feeds` and `tocsin fetch`: feeds in, out, and how they are."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest import memory
from ingest.state import Watch
from schemas.ports import Task
from schemas.settings import Settings
from tests.ingest.feeds import paper
from tests.servers.http import FeedServer
from tocsin.cli import main
from tocsin.clock import SystemClock
from tocsin.config import load_config
from tocsin.feedlist import added
from tocsin.log.open import open_log

FEED = '<outline text="A" xmlUrl="https://a.example/rss"/>'
LIST = f'<opml version="2.0"><body><outline text="W">{FEED}</outline></body></opml>'


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "tocsin.yaml").write_text("network: {allow_private: [127.0.0.1]}\n", encoding="utf-8")
    return tmp_path


def run(directory: Path, *arguments: str, stdin: str = "") -> Result:
    result = CliRunner().invoke(main, [*arguments, "-c", str(directory)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def urls(directory: Path) -> list[str]:
    return [feed.url for feed in load_config(directory).feeds]


def test_a_sites_feed_is_found_and_added_and_comments_stay(directory: Path, feed_server: FeedServer) -> None:
    (directory / "feeds.yaml").write_text("# mine\nfeeds:\n- url: https://b.example/rss # keep\n", encoding="utf-8")
    feed_server.put("/", '<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>')
    feed_server.put("/feed", paper([1]))
    result = run(directory, "feeds", "add", feed_server.url("/"), "--publisher", "Example: the paper")
    assert result.stdout.startswith("added")
    assert urls(directory) == ["https://b.example/rss", feed_server.url("/feed")]
    assert load_config(directory).feeds[1].publisher == "Example: the paper"
    assert "# keep" in (directory / "feeds.yaml").read_text(encoding="utf-8")
    assert run(directory, "feeds", "add", feed_server.url("/feed")).stdout.startswith("have it")
    assert len(urls(directory)) == 2


def test_a_site_without_a_feed_is_an_error_in_a_sentence(directory: Path, feed_server: FeedServer) -> None:
    result = run(directory, "feeds", "add", feed_server.url("/missing"))
    assert result.exit_code == 1
    assert "404" in result.stderr


def test_lists_are_imported_once_and_exported_without_secrets(directory: Path) -> None:
    assert run(directory, "feeds", "import", "-", stdin=LIST).stdout == "1 feeds added, 0 were there already\n"
    assert run(directory, "feeds", "import", "-", stdin=LIST).stdout == "0 feeds added, 1 were there already\n"
    with (directory / "feeds.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {url: https://u:pass@s.example/rss}\n")
        file.write("  - {url: https://t.example/rss, auth: {bearer: hidden}}\n")
    exported = run(directory, "feeds", "export").stdout
    assert 'xmlUrl="https://a.example/rss"' in exported
    assert "hidden" not in exported + run(directory, "feeds", "list", "--json").stdout
    assert "pass@" not in exported + run(directory, "feeds", "list").stdout


def test_feeds_are_listed_for_people_and_for_programs(directory: Path) -> None:
    run(directory, "feeds", "import", "-", stdin=LIST)
    assert run(directory, "feeds", "list").stdout == "https://a.example/rss  (A, W, trust 1)\n"
    assert json.loads(run(directory, "feeds", "list", "--json").stdout)["category"] == "W"


async def _remember(directory: Path, watch: Watch) -> None:
    log = await open_log("sqlite:tocsin.db", Settings(), SystemClock(), directory)
    async with log.unit(Task("ingest", 3)) as unit:
        memory.keep(unit, watch)
    await log.close()


def test_health_is_read_from_what_the_daemon_remembers(directory: Path) -> None:
    listed = "feeds:\n  - url: https://a.example/rss\n  - url: https://b.example/rss\n"
    (directory / "feeds.yaml").write_text(listed, encoding="utf-8")
    asyncio.run(_remember(directory, Watch("https://a.example/rss", "gone", "410: gone for good")))
    result = run(directory, "feeds", "health")
    assert "gone       https://a.example/rss  (410: gone for good)" in result.stdout
    assert "new        https://b.example/rss  (not looked at yet)" in result.stdout
    (bad,) = run(directory, "feeds", "health", "--bad", "--json").stdout.splitlines()
    assert json.loads(bad)["condition"] == "gone"


def test_fetch_looks_once_and_prints_the_items(directory: Path, feed_server: FeedServer) -> None:
    url = feed_server.put("/feed", paper([1, 2]))
    (directory / "feeds.yaml").write_text(f"feeds:\n  - {{url: '{url}', auth: {{bearer: s3}}}}\n", encoding="utf-8")
    result = run(directory, "fetch", url)
    items = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(item["feed"], len(item["id"])) for item in items] == [(url, 32)] * 2
    assert "2 items, rss, read by the strict reader" in result.stderr
    assert feed_server.requests[0].headers["authorization"] == "Bearer s3"


def test_fetch_refuses_private_addresses_that_are_not_opened(feed_server: FeedServer) -> None:
    result = CliRunner().invoke(main, ["fetch", feed_server.url("/feed")])
    assert result.exit_code == 1
    assert "not a public address" in result.stderr


@pytest.mark.parametrize("text", ["", "feeds: []\n", "feeds:\n", "# only a comment\nfeeds: [] # none\n"])
def test_a_feed_can_be_added_to_an_empty_list(text: str) -> None:
    assert added(text, ["- {url: 'https://a.example/'}"]).endswith("feeds:\n  - {url: 'https://a.example/'}\n")


def test_a_password_in_an_address_is_used_and_written_as_auth(directory: Path, feed_server: FeedServer) -> None:
    url = feed_server.put("/feed", paper([1]))
    run(directory, "feeds", "add", url.replace("://", "://anna:pw@"))
    (feed,) = load_config(directory).feeds
    assert (feed.url, feed.auth and feed.auth["basic"].get_secret_value()) == (url, "anna:pw")
    assert "authorization" in feed_server.requests_of("/feed")[0].headers
    shown = run(directory, "feeds", "list").stdout + run(directory, "feeds", "export").stdout
    assert "pw" not in shown


def test_an_address_without_a_scheme_is_tried_with_https_and_then_without(
    directory: Path, feed_server: FeedServer
) -> None:
    url = feed_server.put("/feed", paper([1]))
    run(directory, "feeds", "add", url.removeprefix("http://"))
    assert urls(directory) == [url]
