"""A place in a row of lexemes, and the errors that belong to it."""

from collections.abc import Sequence
from typing import NoReturn

from alert.query.faults import QueryError
from alert.query.lexer import Lexeme


class Cursor:
    """Reads lexemes one after another; never past the `end`."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    @property
    def here(self) -> Lexeme:
        """The lexeme to be read next."""
        return self._lexemes[self._at]

    @property
    def next(self) -> Lexeme:
        """The one after that."""
        return self._lexemes[min(self._at + 1, len(self._lexemes) - 1)]

    @property
    def begins_list(self) -> bool:
        """Whether `in(@…` comes next."""
        three = self._lexemes[self._at : self._at + 3]
        return [one.text for one in three[:2]] == ["in", "("] and three[-1].text.startswith("@")

    @property
    def last_end(self) -> int:
        """Where the lexeme read last ends."""
        return self._lexemes[self._at - 1].end if self._at else 0

    def take(self) -> Lexeme:
        """Read a lexeme."""
        lexeme = self.here
        self._at = min(self._at + 1, len(self._lexemes) - 1)
        return lexeme

    def is_mark(self, mark: str) -> bool:
        """Whether this mark comes next."""
        return self.here.kind == "mark" and self.here.text == mark

    def is_keyword(self, word: str) -> bool:
        """Whether this reserved word comes next."""
        return self.here.kind == "keyword" and self.here.text == word

    def close(self, mark: str, opened: Lexeme) -> None:
        """Read a closing bracket; where it lacks, the opening one is shown."""
        if self.is_mark(mark):
            self.take()
            return
        if self.here.kind == "end":
            name = "parenthesis" if mark == ")" else "bracket"
            raise QueryError(f"missing '{mark}'", opened.start, opened.end, f"this {name} is never closed")
        self.fail(f"expected '{mark}', found {self.here.text!r}")

    def fail(self, problem: str, fix: str = "", at: Lexeme | None = None) -> NoReturn:
        """Give up at a lexeme (the next one)."""
        lexeme = at or self.here
        raise QueryError(problem, lexeme.start, lexeme.end, fix)
