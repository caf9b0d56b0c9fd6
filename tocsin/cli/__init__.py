"""The command line: one file a group of commands, found by the folder; each has a list `commands`."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any, cast

import click

from schemas.errors import ConfigError, TocsinError


class Tocsin(click.Group):
    """The `tocsin` command: finds its sub-commands in this folder, and turns our errors into words and exit codes."""

    def _load(self) -> None:
        if self.commands:
            return
        for module in pkgutil.iter_modules(__path__, f"{__name__}."):
            for command in getattr(importlib.import_module(module.name), "commands", ()):
                self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name; where a file of that name has it, the others are not loaded: a filter starts quickly."""
        if not self.commands and cmd_name in {module.name for module in pkgutil.iter_modules(__path__)}:
            for command in getattr(importlib.import_module(f"{__name__}.{cmd_name}"), "commands", ()):
                if command.name == cmd_name:
                    return cast(click.Command, command)
        self._load()
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; configuration that cannot be used exits with 2, other errors of ours with 1, in a sentence."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
        except TocsinError as error:
            click.echo(f"tocsin: {error}", err=True)
            ctx.exit(1)
        except ExceptionGroup as group:
            ours, others = group.split(TocsinError)
            if others is not None or ours is None:
                raise
            click.echo(f"tocsin: {'; '.join(dict.fromkeys(str(error) for error in _leaves(ours)))}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors of a group, however deep."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


@click.group(cls=Tocsin, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tocsin")
def main() -> None:
    """A news alarm: watches feeds in any language, understands who did what, and rings once per story."""
