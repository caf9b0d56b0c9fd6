"""`tocsin understand`, `group` and `explain`: what does it say, which story is it, and why?"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemas.door import is_report, item_of, item_of_text, report_of
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.report import Report
from tocsin.cli import lines

if TYPE_CHECKING:
    from enrich.understand import Understander


def lexicon_dirs(directory: str | None) -> tuple[Path, ...]:
    """The user's lexicon of a configuration directory, if there is one."""
    path = Path(directory) / "lexicon" if directory else None
    return (path,) if path and path.is_dir() else ()


def reader_of(directory: str | None) -> "Understander":
    """The packaged lexicon, and the lexicon and taggers of a configuration directory. Raises `ConfigError`."""
    from enrich.understand import Understander
    from tocsin.config import load_taggers
    from tocsin.taggers import with_taggers

    reader = Understander.load(lexicon_dirs(directory))
    return with_taggers(reader, *load_taggers(Path(directory))) if directory else reader


def text_item(text: str) -> Item:
    """One text as an item, its first line the title. Exits with 2 on an empty one."""
    words = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if text == "-" else text
    try:
        return item_of_text(words)
    except Unreadable as error:
        raise click.UsageError(str(error)) from error


class Items:
    """Each line as an item, or as a report where it was understood before; faults go to standard error, counted."""

    def __init__(self, files: tuple[str, ...]) -> None:
        self._files = files
        self.bad = 0

    def __iter__(self) -> Iterator[Item | Report]:
        for place, value in lines.objects(self._files):
            try:
                if isinstance(value, str):
                    raise Unreadable(value)
                yield report_of(value) if is_report(value) else item_of(value)
            except Unreadable as error:
                self.bad += 1
                click.echo(f"{place}: {error}", err=True)

    def end(self) -> None:
        """Exit with 1 where a line was bad; the good ones were worked on all the same."""
        if self.bad:
            sys.stdout.flush()
            raise SystemExit(1)


def dump(report: Report) -> dict[str, Any]:
    """A report as contracts.md prints it: every field, empty ones too."""
    return report.model_dump(mode="json")


config_option = click.option(
    "-c", "--config", "directory", metavar="DIR", help="Use this configuration's lexicon and taggers."
)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option("--text", metavar="TEXT|-", help="Read one text instead; - is standard input, its first line the title.")
@config_option
def understand(files: tuple[str, ...], text: str | None, directory: str | None) -> None:
    """Items as JSON lines (title, text; one is enough) to reports."""
    reader = reader_of(directory)
    if text is not None:
        lines.write(dump(reader.understand(text_item(text))))
        return
    given = Items(files)
    lines.write_all(dump(item if isinstance(item, Report) else reader.understand(item)) for item in given)
    given.end()


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@config_option
def group(files: tuple[str, ...], directory: str | None) -> None:
    """Reports as JSON lines to one line each: its story, revision, materiality and what is new."""
    from enrich.stories import Stories

    reader = reader_of(directory)
    stories = Stories(reader)
    given = Items(files)
    for item in given:
        change = stories.add(item if isinstance(item, Report) else reader.understand(item))
        lines.write(
            {
                "id": change.report.id,
                "story": change.story.id,
                "revision": change.story.revision,
                "materiality": change.materiality.value,
                "what": list(change.what),
            }
        )
    given.end()


commands: list[click.Command] = [understand, group]
