"""`tocsin match`: which subscriptions want an item, and why; and what `check` and `explain` say of subscriptions."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import click

from alert.examples import check_examples
from alert.subscriptions import SubscriptionSet, load
from enrich.fold import Fold
from enrich.understand import Understander
from schemas.door import is_report, item_of, report_of
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.marked import suggest
from schemas.report import Report
from schemas.story import Story
from tocsin.cli import lines
from tocsin.config import read_text


class Reading:
    """The understanding of a command, loaded when it is first needed."""

    def __init__(self, lexicon_dirs: tuple[Path, ...] = ()) -> None:
        self._dirs = lexicon_dirs

    @cached_property
    def understander(self) -> Understander:
        """The packaged lexicon and the user's."""
        return Understander.load(self._dirs)

    def report(self, item: Item) -> Report:
        """The item understood, unless it was before."""
        return item if isinstance(item, Report) else self.understander.understand(item)


def texts(directory: Path) -> Mapping[str, str]:
    """The subscription files beneath a directory, by their path as given. Exits with 2 where there are none."""
    paths = sorted({*directory.rglob("*.yaml"), *directory.rglob("*.yml")}) if directory.is_dir() else [directory]
    if not paths or not all(path.is_file() for path in paths):
        raise click.UsageError(f"{directory}: no subscription files (*.yaml) there")
    return {str(path): read_text(path, str(path)) for path in paths}


def list_reader(directory: Path) -> Callable[[str], str]:
    """Reads list files: relative to the subscriptions, or to the configuration directory above them."""
    base = directory if directory.is_dir() else directory.parent

    def read(name: str) -> str:
        path = next((root / name for root in (base, base.parent) if (root / name).is_file()), base / name)
        return read_text(path, name)

    return read


def subscriptions_in(directory: Path, understander: Understander) -> SubscriptionSet:
    """The subscriptions of a directory; destinations are not checked, broad ones are let in with a warning."""
    return load(
        texts(directory), understander, understander, Fold(), read_list=list_reader(directory), admit_broad=True
    )


def given(files: tuple[str, ...]) -> Iterator[Item]:
    """Each line as an item, or as a report where it was understood before.

    Lines that are neither go to standard error; then the exit code is 1, after all others were done.
    """
    bad = 0
    for place, value in lines.objects(files):
        try:
            if isinstance(value, str):
                raise Unreadable(value)
            yield report_of(value) if is_report(value) else item_of(value)
        except Unreadable as error:
            bad += 1
            click.echo(f"{place}: {error}", err=True)
    if bad:
        sys.stdout.flush()
        raise SystemExit(1)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option("-s", "--subscriptions", "directory", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Subscription files, or one of them. Destinations are not checked.")  # fmt: skip
@click.option("-l", "--lexicon", "lexicon", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Folders of your own lexicon.")  # fmt: skip
@click.option("--held", is_flag=True, help="Also what a scope gate holds, with why.")
def match(files: tuple[str, ...], directory: Path, lexicon: tuple[Path, ...], held: bool) -> None:
    """Items or reports as JSON lines to one line per match: {"id","subscription","reason"}."""
    reading = Reading(lexicon)
    wanted = subscriptions_in(directory, reading.understander)
    for warning in wanted.warnings:
        if "every report" in warning.problem:
            click.echo(f"warning: {warning}", err=True)
    for item in given(files):
        for found in wanted.match(reading.report(item)):
            if held or not found.held:
                reason = "; ".join(found.reasons)
                line = {"id": item.id, "subscription": found.subscription, "reason": reason}
                lines.write({**line, "held": found.held} if found.held else line)
    sys.stdout.flush()


def check_lines(wanted: SubscriptionSet, understander: Understander) -> tuple[list[str], bool]:
    """What `tocsin check` says of subscriptions: warnings, then each example; and whether all examples held."""
    tried = list(check_examples(wanted, understander.understand))
    said = [f"warning: {fault}" for fault in wanted.warnings]
    said.extend(str(one) for one in tried)
    return said, all(one.outcome != "failed" for one in tried)


def explain_lines(
    wanted: SubscriptionSet, report: Report, story: Story | None = None, only: str | None = None
) -> list[str]:
    """What `tocsin explain` says of subscriptions: the outcome of each, and the whole tree of the one asked for."""
    if only is not None and only not in wanted.compiled:
        hint = suggest(only, wanted.compiled)
        raise click.UsageError(f'no subscription "{only}"{"; " + hint if hint else ""}')
    said: list[str] = []
    for name in [only] if only is not None else sorted(wanted.compiled):
        told = wanted.explain(report, name, story)
        said.append(f"{name}: {told.outcome}: {told.reason}")
        if only is not None:
            said.extend(f"  {line}" for line in told.tree.lines())
    return said


commands: list[click.Command] = [match]
