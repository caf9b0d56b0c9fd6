"""The report's own words: the title and the passage round what matched, with the hits marked."""

from collections.abc import Iterable, Sequence

from alert.words.clean import clean, cut, direction, host, link
from alert.words.document import Original, Run
from schemas.base import Span
from schemas.phrasing import Table
from schemas.report import Report

TITLE = 300
PASSAGE = {"full": 400, "excerpt": 280, "link": 0}
"""Code points of running text that may be shown, by what the publisher allows to be kept."""
_LEAD = 60
"""Code points shown before the first hit."""


def original(report: Report, spans: Iterable[Span], words: Table, published: str = "") -> Original:
    """The report as an `Original`; spans index `title + "\\n" + text`, wrong ones are ignored."""
    hits = _merge(spans, len(report.body))
    size = len(report.title)
    title = runs(report.title, [hit for hit in hits if hit[1] <= size], TITLE)
    passage = _passage(report, [(a - size - 1, b - size - 1) for a, b in hits if a > size])
    return Original(
        title=title,
        snippet=passage,
        lang=report.lang,
        language=words.language(report.lang) if report.lang else "",
        dir="rtl" if direction(report.title or report.text[:200]) == "rtl" else "ltr",
        url=link(report.url),
        host=host(report.url),
        publisher=clean(report.source or "", 80),
        published=published,
    )


def _merge(spans: Iterable[Span], size: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= size):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _passage(report: Report, hits: Sequence[Span]) -> tuple[Run, ...]:
    room = PASSAGE[report.store]
    if not room or not report.text.strip():
        return ()
    start = _word_start(report.text, max(0, hits[0][0] - _LEAD)) if hits else 0
    window = report.text[start : start + 2 * room]
    inside = [(max(0, a - start), b - start) for a, b in hits if a >= start and b <= start + len(window)]
    found = runs(window, inside, room)
    return (Run("… "), *found) if start and found else found


def _word_start(text: str, index: int) -> int:
    """The first word that begins at or after an index, where one does within reach."""
    if index == 0:
        return 0
    space = text.find(" ", index, index + 30)
    return index if space < 0 else space + 1


def runs(text: str, hits: Sequence[Span], limit: int) -> tuple[Run, ...]:
    """The text cut into runs, each clean, at most `limit` code points in all."""
    found: list[Run] = []
    left = limit
    for start, end, hit in _pieces(len(text), hits):
        piece = text[start:end]
        shown = _edges(piece, clean(piece, limit * 2))
        if not shown:
            continue
        if not found:
            shown = shown.lstrip()
        if len(shown) > left:
            shown = cut(shown, left)
        found.append(Run(shown, hit and bool(shown.strip())))
        left -= len(shown)
        if left <= 0 or shown.endswith("…"):
            break
    return tuple(run for run in found if run.text)


def _edges(raw: str, cleaned: str) -> str:
    """Give back the single spaces that `clean` took from the ends of a piece."""
    if not cleaned:
        return " " if raw and not raw.strip() else ""
    return f"{' ' * raw[:1].isspace()}{cleaned}{' ' * raw[-1:].isspace()}"


def _pieces(size: int, hits: Sequence[Span]) -> Iterable[tuple[int, int, bool]]:
    at = 0
    for start, end in hits:
        if start > at:
            yield at, start, False
        yield start, end, True
        at = end
    if at < size:
        yield at, size, False
