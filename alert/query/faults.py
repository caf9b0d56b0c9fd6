"""What is wrong with a query, shown as a line with a caret under the place."""

import unicodedata

from schemas.errors import TocsinError

_EXCERPT = 120


class QueryError(TocsinError):
    """A query that cannot be used: where in it (half-open, code points), what is wrong, how to mend it."""

    def __init__(self, problem: str, start: int, end: int, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.start = start
        self.end = max(end, start + 1)
        self.fix = fix


def width(text: str) -> int:
    """Columns a terminal gives a text: East Asian wide letters take two, marks and format signs none."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def excerpt(line: str, start: int, end: int) -> str:
    """The line, shortened around the place, with carets under `start`…`end`.

    Terminals reorder right-to-left text, so there the caret alone misleads: the words before the place are named too.
    """
    first = max(0, start - _EXCERPT // 2) if len(line) > _EXCERPT else 0
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in line[first : first + _EXCERPT])
    before, marked = shown[: start - first], shown[start - first : end - first]
    text = f"  | {shown}\n  | {' ' * width(before)}{'^' * max(1, width(marked))}"
    if _right_to_left(shown):
        words = before.split()
        text += f'\n  = column {start + 1}, after "{words[-1]}"' if words else f"\n  = column {start + 1}"
    return text
