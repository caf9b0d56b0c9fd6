"""Where a text's sentences and clauses begin and end."""

import re
from collections.abc import Iterator

from enrich.fold.letters import known
from enrich.fold.words import tongue
from schemas.base import Span

_STOP = re.compile(
    r"[.!?؟…。！？\n](?:(?<=[.!?؟…])[.!?؟…]*[\"'”’»)\]]*(?=\s|$)|(?<=[。！？])[。！？]*[」』”）]*|(?<=\n)\n*)"
)
_CLAUSE = re.compile(r"[;؛；—(){}\[\],،，、:：\s](?:(?<=[;؛；—(){}\[\]])|(?<=[,،，、:：])(?!\d)|(?<=\s)[-–]\s)")
"""Both begin with a set of letters, then ask which it was: so the engine leaps from one to the next."""
_LAST_WORD = re.compile(r"[^\s\"'“”«»()\[\]]{1,12}\Z")


def sentences(body: str, title_end: int, lang: str | None) -> list[Span]:
    """The spans of the sentences in order; the title, however it is written, is sentence 0, empty if it is."""
    found: list[Span] = [(0, title_end)]
    start = title_end
    for stop in _STOP.finditer(body, title_end):
        if not _is_within(body, start, stop, lang):
            _add(found, body, start, stop.end())
            start = stop.end()
    _add(found, body, start, len(body))
    return found


def _is_within(body: str, start: int, stop: re.Match[str], lang: str | None) -> bool:
    """Whether this full stop is an abbreviation's, an initial's or a number's, and the sentence goes on."""
    if stop.group()[0] != "." or len(stop.group()) > 1:
        return False
    after = body[stop.end() : stop.end() + 2].lstrip()[:1]
    if after.islower():
        return True
    before = _LAST_WORD.search(body, max(start, stop.start() - 12), stop.start())
    word = known(before.group()) if before else ""
    grammar = tongue(lang).grammar
    if word.isdigit() and len(word) <= 2:
        return grammar.ordinal_stop
    return word in grammar.abbreviations or (len(word) == 1 and word.isalpha() and word != "i")


def _add(found: list[Span], body: str, start: int, end: int) -> None:
    text = body[start:end]
    if text.strip():
        left = start + len(text) - len(text.lstrip())
        found.append((left, start + len(text.rstrip())))


def clauses(body: str, spans: list[Span]) -> list[Span]:
    """The parts of each sentence between commas, semicolons, colons, brackets and dashes."""
    return [clause for span in spans for clause in _clauses(body, *span)]


def _clauses(body: str, start: int, end: int) -> Iterator[Span]:
    position = start
    for mark in _CLAUSE.finditer(body, start, end):
        if mark.start() > position:
            yield (position, mark.start())
        position = mark.end()
    if position < end or start == end:
        yield (position, end)
