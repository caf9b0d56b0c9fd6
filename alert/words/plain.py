"""The document as plain text: for a terminal, for the text part of a mail, for channels that take nothing better."""

from collections.abc import Callable, Iterable

from alert.words.clean import isolated
from alert.words.document import Digest, Document, Entry, Original, Run

Mark = Callable[[str], str]


def stars(text: str) -> str:
    """How plain text marks a hit."""
    return f"**{text}**"


def marked(runs: Iterable[Run], mark: Mark = stars) -> str:
    """Runs as one string, hits marked; the spaces at a hit's ends stay outside the mark."""
    return "".join(_mark(run, mark) for run in runs).strip()


def _mark(run: Run, mark: Mark) -> str:
    bare = run.text.strip()
    if not run.hit or not bare:
        return run.text
    start = run.text.index(bare)
    return f"{run.text[:start]}{mark(bare)}{run.text[start + len(bare) :]}"


def document_lines(document: Document, mark: Mark = stars) -> list[str]:
    """The whole document in reading order, a fact a line; original text stands alone on its line, so that its own
    first letter decides its direction.
    """
    lines = [f"{document.severity_word} · {' · '.join(document.chips)}".rstrip(" ·"), document.headline]
    lines += [f"• {delta}" for delta in document.deltas]
    if document.original:
        lines += ["", *_original(document.original, mark), ""]
    lines += [f"+ {other}" for other in document.also]
    width = max((len(slot.label) for slot in document.slots), default=0)
    lines += [f"{slot.label:<{width}}  {slot.value}" for slot in document.slots]
    lines += [f"{document.labels.why}: {reason}" for reason in document.why]
    if document.story_link:
        lines.append(f"{document.labels.open_story}: {document.story_link}")
    return [*lines, *document.notes]


def _original(original: Original, mark: Mark) -> list[str]:
    caption = " · ".join(isolated(part) for part in (original.publisher, original.language, original.published) if part)
    lines = [marked(original.title, mark), marked(original.snippet, mark), caption, original.url or ""]
    return [line for line in lines if line]


def digest_lines(digest: Digest) -> list[str]:
    """A digest, three lines a story."""
    head = f"{digest.title} · {digest.reason}" if digest.reason else digest.title
    lines = [head, ""]
    for entry in digest.entries:
        lines += [*_entry(entry), ""]
    lines += [digest.more] if digest.more else []
    return [*lines, *([digest.link] if digest.link else []), *digest.notes]


def _entry(entry: Entry) -> list[str]:
    lines = [f"{entry.severity_word} · {isolated(entry.headline)}", f"  {entry.detail}", f"  {entry.link or ''}"]
    return [line for line in lines if line.strip()]
