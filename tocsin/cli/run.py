"""`tocsin run` and `init`: start it, write a configuration."""

import asyncio
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from tocsin.config import load_config

directory_option = click.option(
    "-c", "--config", "directory", default=".", show_default=True, metavar="DIR", help="The configuration directory.",
    type=click.Path(path_type=Path),
)  # fmt: skip


@click.command()
@directory_option
@click.option("--stages", metavar="A,B", help="Only these: ingest,understand,stories,match,deliver,desk.")
@click.option("--log", "log_url", metavar="URL", help="Override the configured log.")
@click.option("--restored", is_flag=True, help="The log came from a backup: look for each message before it is sent.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def run(directory: Path, stages: str | None, log_url: str | None, restored: bool, verbose: bool) -> None:
    """The daemon: watch the feeds, ring, until told to stop (SIGTERM and Ctrl-C drain)."""
    from tocsin import logs
    from tocsin.app import INPUTS, house
    from tocsin.clock import SystemClock
    from tocsin.daemon import minding_a_restore, run_daemon
    from tocsin.operate import remember
    from tocsin.runner import stopping

    known = (*INPUTS, "desk")
    chosen = tuple(stages.split(",")) if stages else known
    for name in chosen:
        if name not in known:
            raise click.UsageError(f'there is no stage "{name}"; the stages are {", ".join(known)}')
    logs.configure(verbose=verbose)
    config = load_config(directory)

    async def main() -> None:
        stop = asyncio.Event()
        async with stopping(stop), house(config, SystemClock(), log_url) as home:
            await asyncio.to_thread(remember.check, config.state, log_url or config.settings.log, home.log.id)
            home_ = await minding_a_restore(home, declared=restored)
            await run_daemon(home_, chosen, stop, started=lambda: None)

    asyncio.run(main())


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Write a commented starter configuration. Nothing that is there is touched."""
    from tocsin import completion

    _copy(resources.files("tocsin.starter"), directory)
    completion.write(directory)
    click.echo(f"Now: tocsin check -c {directory}    and then: tocsin run -c {directory}")


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = target / entry.name
        if entry.is_dir() and not entry.name.startswith("__"):
            _copy(entry, path)
        elif entry.name.endswith((".yaml", ".md")):
            if path.exists():
                click.echo(f"kept   {path}")
                continue
            path.write_bytes(entry.read_bytes())
            click.echo(f"wrote  {path}")


commands: list[click.Command] = [run, init]
