"""Where in a file a part of a YAML text was written, so that an error inside a query points at its very letters."""

from collections.abc import Iterator

from alert.query.faults import QueryError, excerpt
from schemas.errors import Fault
from schemas.marked import Marked, Path


class Written:
    """A file as it was written, beside what was read from it."""

    def __init__(self, text: str, marked: Marked) -> None:
        self.marked = marked
        self._lines = text.splitlines() or [""]

    def fault(self, path: Path, problem: str, fix: str = "", *, key: bool = False) -> Fault:
        """A fault at a value, or at its key."""
        return self.marked.fault(path, problem, fix, key=key)

    def query_fault(self, path: Path, error: QueryError) -> Fault:
        """A fault inside the text at a path, with its line and a caret."""
        value = self.marked.value
        for part in path:
            value = value[part]
        line, column = self._place(path, str(value), error.start)
        written = self._lines[line - 1] if line <= len(self._lines) else ""
        shown = excerpt(written, column - 1, column - 1 + error.end - error.start)
        return Fault(self.marked.file, line, column, error.problem, error.fix, shown)

    def _place(self, path: Path, value: str, offset: int) -> tuple[int, int]:
        """Line and column of a letter of a text: folding and quoting change spaces only, so the others are counted."""
        wanted = sum(not char.isspace() for char in value[:offset])
        after_last = offset >= len(value.rstrip())
        place = self.marked.at(path)
        letters = self._letters(place, self.marked.styles.get(path, ""))
        for count, (line, column) in enumerate(letters):
            if count == wanted:
                return line, column
            place = (line, column + 1) if after_last else (line, column)
            if after_last and count == wanted - 1:
                return place
        return place

    def _letters(self, place: tuple[int, int], style: str) -> Iterator[tuple[int, int]]:
        """The places of the letters of a scalar, spaces left out."""
        line, column = place
        if style in (">", "|"):
            line, column = line + 1, 1
        elif style:
            column += 1
        while line <= len(self._lines):
            yield from self._on_line(line, column, style)
            line, column = line + 1, 1

    def _on_line(self, line: int, column: int, style: str) -> Iterator[tuple[int, int]]:
        written = self._lines[line - 1]
        at = column - 1
        while at < len(written):
            step = _escape(written, at, style)
            if not written[at].isspace() and not (step > 1 and written[at + 1] in "nt "):
                yield line, at + 1
            at += step


def _escape(written: str, at: int, style: str) -> int:
    """How many letters of the file stand for one of the text."""
    if style == "'" and written[at : at + 2] == "''":
        return 2
    if style == '"' and written[at] == "\\":
        return {"x": 4, "u": 6, "U": 10}.get(written[at + 1 : at + 2], 2)
    return 1
