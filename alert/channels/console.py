"""Console: alerts on a terminal, readable in every script. Colour only on a terminal and without `NO_COLOR`."""

import os
import sys
from typing import Literal, TextIO

from alert.channel import Capabilities, Kind, Limit, NotSent, Parcel, Sent
from alert.channels import Services
from alert.words.document import Document
from alert.words.plain import digest_lines, document_lines
from schemas.alert import Severity
from schemas.base import Strict

_COLOURS = {Severity.FLASH: "1;97;41", Severity.HIGH: "1;31", Severity.NORMAL: "1;33", Severity.LOW: "1;36"}
_RULE = "─" * 72


class Options(Strict):
    """`console: {}`; `stream: stderr` where standard output is for something else."""

    stream: Literal["stdout", "stderr"] = "stdout"
    colour: bool | None = None
    """None: as the terminal and `NO_COLOR` (no-color.org) have it."""


def open_channel(name: str, options: Options, services: Services) -> "Console":
    """The console of this process."""
    return Console(name, sys.stderr if options.stream == "stderr" else sys.stdout, options.colour)


class Console:
    """Writes each message at once; what was written cannot be edited, so silent edits stay silent."""

    can = Capabilities(threads=True)

    def __init__(self, name: str, stream: TextIO, colour: bool | None = None) -> None:
        self._name = name
        self._stream = stream
        self._colour = _wants_colour(stream) if colour is None else colour

    def legs(self) -> tuple[str, ...]:
        """One: the terminal."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """None: a terminal takes what it gets."""
        return ()

    async def send(self, parcel: Parcel) -> Sent:
        """Write the message. Raises `NotSent` when the stream is closed."""
        try:
            self._stream.write(f"{self._text(parcel)}\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise NotSent("the terminal is closed") from error
        return Sent(parcel.delivery)

    async def update(self, parcel: Parcel) -> Sent:
        """Nothing: a terminal is not edited."""
        return Sent(parcel.thread)

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """A terminal does not remember."""
        return None

    async def check(self) -> str:
        """Always there."""
        return "the terminal of this process"

    async def close(self) -> None:
        """Nothing to let go of."""

    def _text(self, parcel: Parcel) -> str:
        content = parcel.content
        if not isinstance(content, Document):
            return "\n".join([_RULE, *digest_lines(content)])
        lines = document_lines(content, self._hit)
        head = f"↳ {lines[0]}" if parcel.kind == "reply" else lines[0]
        return "\n".join([_RULE, self._paint(head, content.severity), self._bold(lines[1]), *lines[2:]])

    def _hit(self, text: str) -> str:
        return f"\x1b[1;4m{text}\x1b[0m" if self._colour else f"«{text}»"

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._colour else text

    def _paint(self, text: str, severity: Severity) -> str:
        return f"\x1b[{_COLOURS[severity]}m{text}\x1b[0m" if self._colour else text


def _wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
