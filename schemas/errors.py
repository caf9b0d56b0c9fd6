"""The error tree.

TocsinError
├── ConfigError          what a person wrote cannot be used; carries every Fault with its place (exit code 2)
├── Unreadable           these bytes will never be a message, a feed or a query: dead letter
├── TryLater             not now; carries the delay in seconds
└── LogError             the log cannot do what was asked
    ├── LogBusy          another daemon owns this log
    ├── LogFull          no room left on the disk; nothing was written
    └── Fenced           another worker owns this task now; the unit was not committed
"""

from collections.abc import Iterable
from dataclasses import dataclass


class TocsinError(Exception):
    """The root: everything we raise on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in something a person wrote: where (1-based; 0 is unknown), what, and how to mend it."""

    file: str
    line: int
    column: int
    problem: str
    fix: str = ""
    excerpt: str = ""
    """The written line with a caret under the place, where there is one to show."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = f"{place}: {self.problem}" if place else self.problem
        text = f"{text}; {self.fix}" if self.fix else text
        return f"{text}\n{self.excerpt}" if self.excerpt else text


class ConfigError(TocsinError):
    """What a person wrote cannot be used. All its faults are reported at once, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Unreadable(TocsinError):
    """These bytes never work, however often they are tried."""


class TryLater(TocsinError):
    """The work cannot be done now; try again after `delay` seconds."""

    def __init__(self, reason: str, delay: float) -> None:
        super().__init__(reason)
        self.delay = delay


class LogError(TocsinError):
    """The log cannot do what was asked."""


class LogBusy(LogError):
    """Another daemon owns this log."""


class LogFull(LogError):
    """There is no room left; nothing of the unit was written."""


class Fenced(LogError):
    """Another worker owns this task now; nothing of the unit was committed."""
