"""`tocsin parse`: feed documents in, items out, one JSON object a line."""

import sys
from pathlib import Path
from typing import Any

import click

from ingest.parse import LARGEST, Sandbox, parse
from schemas.errors import Unreadable
from schemas.item import Item
from tocsin.cli.lines import write


def line(source_file: str, item: Item) -> dict[str, Any]:
    """An item as the contract prints it: every key, null where unknown."""
    return {
        "source_file": source_file,
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "published": item.published.isoformat() if item.published else None,
        "updated": item.updated.isoformat() if item.updated else None,
        "authors": list(item.authors),
        "categories": list(item.categories),
        "lang": item.lang,
        "source": item.source,
        "feed": item.feed,
    }


def _body(name: str) -> bytes:
    """The bytes of a file, one more than is ever read at the most. Raises `Unreadable` where it cannot be opened."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from error


@click.command("parse")
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--url", help="The feed's address: relative links are resolved against it, and it names the feed.")
@click.option("--content-type", help="What the server called it, such as 'text/xml; charset=windows-1251'.")
@click.pass_context
def parse_command(ctx: click.Context, files: tuple[str, ...], url: str | None, content_type: str | None) -> None:
    """Turn feed documents into items, one JSON object a line.

    FILE is a feed document (RSS, Atom, RDF, JSON Feed, news sitemap); - or none reads standard input. A document that
    cannot be read gives a line with its source_file and error, and the rest go on; the exit code is 1 if none could
    be read.
    """
    good = 0
    sandbox = Sandbox()
    for name in files or ("-",):
        try:
            found = parse(_body(name), url=url, content_type=content_type, sandbox=sandbox)
        except Unreadable as error:
            write({"source_file": name, "error": str(error)})
            continue
        good += 1
        for item in found.items:
            write(line(name, item))
    sandbox.close()
    ctx.exit(0 if good else 1)


commands: list[click.Command] = [parse_command]
