"""`tocsin parse`: one JSON object a line, whatever the documents."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.ingest.feeds import rss, story
from tocsin.cli import main

KEYS = ["source_file", "id", "url", "title", "text", "published", "updated", "authors", "categories", "lang", "source",
        "feed"]  # fmt: skip


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["parse", *arguments], input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_has_every_key(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(rss(story(1), "<title>bare</title>"), encoding="utf-8")
    result = run(str(path), "--url", "https://example.org/rss")
    first, second = lines(result)
    assert result.exit_code == 0
    assert list(first) == list(second) == KEYS
    assert first == {
        "source_file": str(path), "id": "https://example.org/2026/story-1", "url": "https://example.org/2026/story-1",
        "title": "Story number 1 of this paper", "text": "Something happened.",
        "published": "2026-01-05T08:00:00+00:00", "updated": None, "authors": [], "categories": [], "lang": None,
        "source": "The Example", "feed": "https://example.org/rss",
    }  # fmt: skip
    assert (second["url"], second["published"], second["id"][:7]) == (None, None, "sha256:")


def test_a_document_that_cannot_be_read_gives_a_line_and_the_rest_go_on(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.html"
    good.write_text(rss(story(1)), encoding="utf-8")
    bad.write_text("<html>", encoding="utf-8")
    result = run(str(bad), str(tmp_path / "missing.xml"), str(good))
    error, missing, item = lines(result)
    assert result.exit_code == 0
    assert set(error) == set(missing) == {"source_file", "error"}
    assert "web page" in error["error"]
    assert "No such file" in missing["error"]
    assert item["source_file"] == str(good)


def test_standard_input_is_read_and_the_servers_word_for_it_counts() -> None:
    body = rss("<title>Войска вошли</title>").encode("koi8-r")
    (item,) = lines(run("--content-type", "text/xml; charset=koi8-r", stdin=body))
    assert (item["source_file"], item["title"]) == ("-", "Войска вошли")


def test_nothing_readable_is_a_failure() -> None:
    assert run("-", stdin=b"").exit_code == 1
