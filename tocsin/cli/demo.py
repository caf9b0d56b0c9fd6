"""`tocsin demo`: the sample wire, the embedded log, the console, offline."""

import asyncio
import tempfile
from pathlib import Path

import click


@click.command()
@click.option("--once", is_flag=True, help="Exit 0 after the expected alerts rang, 1 if they did not.")
@click.option(
    "--log", "log_url", metavar="URL", help="Another log than a fresh SQLite file, such as kafka://host:port."
)
@click.option(
    "--patience", default=45.0, show_default=True, metavar="SECONDS", help="How long --once waits at the end."
)
@click.option("--listen", default=None, metavar="HOST:PORT", help="Where the page is; 127.0.0.1:8765 by default.")
def demo(once: bool, log_url: str | None, patience: float, listen: str | None) -> None:
    """The sample wire: loopback feeds in seven languages that gain items while you watch. No internet, no account."""
    address = listen or ("127.0.0.1:0" if once else "127.0.0.1:8765")
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as directory:
        faults = asyncio.run(_demo(Path(directory), patience if once else None, log_url, address))
    for fault in faults:
        click.echo(f"demo: {fault}", err=True)
    if faults:
        raise SystemExit(1)
    if once:
        click.echo("demo: everything rang as it must, and nothing else did")


async def _demo(directory: Path, patience: float | None, log_url: str | None, address: str) -> list[str]:
    from tocsin import logs
    from tocsin.app import INPUTS, house
    from tocsin.clock import SystemClock
    from tocsin.daemon import run_daemon
    from tocsin.demo.run import demo_config, verdict, write_config
    from tocsin.demo.server import wire_server
    from tocsin.demo.wire import load_wire
    from tocsin.runner import stopping

    logs.configure()
    write_config(directory)
    stop, clock, faults = asyncio.Event(), SystemClock(), list[str]()

    async with (
        wire_server(load_wire(), clock) as server,
        stopping(stop),
        house(demo_config(directory, server, address), clock, log_url) as home,
        asyncio.TaskGroup() as group,
    ):

        async def watch() -> None:
            faults.extend(await verdict(server, home.log, patience or 0.0))
            stop.set()

        beside = [group.create_task(server.tell())]
        if patience is not None:
            beside.append(group.create_task(watch()))
        await run_daemon(home, (*INPUTS, "desk"), stop, started=_greet)
        for task in beside:
            task.cancel()
    return faults


def _greet() -> None:
    click.echo("The sample wire is being watched; alerts ring below. Ctrl-C stops.", err=True)


commands: list[click.Command] = [demo]
