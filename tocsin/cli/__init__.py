"""The command line: one file a group of commands."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tocsin")
def main() -> None:
    """A news alarm: watches feeds in any language, understands who did what, and rings once per story."""
