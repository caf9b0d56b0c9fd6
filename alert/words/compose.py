"""From an alert to its document, and from several to a digest. Pure: the same alert says the same words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from alert.words import facts as say
from alert.words.clean import clean, cut
from alert.words.document import Digest, Document, Entry, Labels
from alert.words.facts import Reader
from alert.words.quote import original
from schemas.alert import Alert, Match
from schemas.base import Span
from schemas.materiality import Facts, differences, facts
from schemas.phrasing import Table, headline

MAX_ENTRIES = 25
"""Stories in one digest message; a Slack message takes 50 blocks and about 13,000 characters."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the document needs beside the alert."""

    reader: Reader
    told: Facts | None = None
    """What the destination was last told, when the message continues a thread."""
    notes: tuple[str, ...] = ()
    public_url: str | None = None
    subject: str = ""
    """The thread's subject, when it has one already."""
    extra: tuple[str, ...] = field(default=())
    """Further differences in words, such as a risen severity."""


def compose(alert: Alert, wording: Wording) -> Document:
    """The alert in words."""
    reader, words, story = wording.reader, wording.reader.words, alert.story
    was = wording.told.status if wording.told else None
    head = title(alert, reader)
    published = alert.report.published
    return Document(
        story=story.id,
        revision=story.revision,
        destination=alert.destination,
        severity=alert.severity,
        severity_word=words.word(f"severity.{alert.severity}"),
        headline=head,
        lang=reader.lang,
        dir=words.dir,
        deltas=_deltas(alert, wording),
        chips=say.chips(story, reader, was),
        original=original(
            alert.report, _hits(alert), words, words.word("published", at=reader.time(published)) if published else ""
        ),
        also=say.also(alert.report, reader),
        slots=say.slots(story, reader, was),
        why=why(alert, words),
        notes=wording.notes,
        story_link=story_link(wording.public_url, story.id),
        subject=wording.subject or subject(alert, reader),
        labels=labels(words),
        facts=facts(story, story.sources),
    )


def title(alert: Alert, reader: Reader) -> str:
    """The headline in the reader's language; where the facts name no event, the report's own title."""
    story = alert.story
    said = headline(story, reader.names, reader.lang) or story.headline or alert.report.title
    return clean(said, 200) or reader.words.word("untitled")


def subject(alert: Alert, reader: Reader) -> str:
    """What a mail thread is called: it stays the same, since mail readers part threads by it."""
    return f"[{reader.words.word(f'severity.{alert.severity}')}] {title(alert, reader)}"


def story_link(public_url: str | None, story: str) -> str | None:
    """Where the desk shows a story."""
    return f"{public_url.rstrip('/')}/stories/{story}" if public_url else None


def _deltas(alert: Alert, wording: Wording) -> tuple[str, ...]:
    if wording.told is None:
        return wording.extra
    new = facts(alert.story, alert.story.sources)
    said = say.deltas(differences(wording.told, new), wording.reader)
    if not said and wording.reader.lang == "en":
        said = tuple(clean(text, 200) for text in alert.what[:5])
    return (*wording.extra, *said)


def _hits(alert: Alert) -> tuple[Span, ...]:
    """The words that matched; of a correction, the evidence of the main event."""
    spans = [span for match in alert.matches for span in match.spans]
    if not spans:
        spans = [span for event in alert.report.events if event.main for span in event.evidence]
    return tuple(spans)


def why(alert: Alert, words: Table) -> tuple[str, ...]:
    """Each subscription that wants it, and the clauses that held."""
    if not alert.matches:
        return (words.word("correction"),)
    return tuple(_reason(match) for match in alert.matches[:6])


def _reason(match: Match) -> str:
    name = clean(match.title or match.subscription, 80)
    held = clean("; ".join(match.reasons), 240)
    return f"{name}: {held}" if held else name


def labels(words: Table) -> Labels:
    """Buttons and captions."""
    names = ("ack", "mute", "mute_ask", "yes_mute", "cancel", "not_relevant", "silence", "open_story", "open", "why")
    return Labels(**{name: words.word(name) for name in names})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One story for a digest: its newest alert, what was told of it before, and why it waited."""

    alert: Alert
    told: Facts | None = None
    reason: str = ""


def digest(waiting: Sequence[Waiting], wording: Wording, destination: str, reason: str = "") -> Digest:
    """One message for several stories: loudest first, then newest. Raises ValueError for none."""
    if not waiting:
        raise ValueError("a digest needs a story")
    words = wording.reader.words
    ranked = sorted(waiting, key=lambda entry: (-entry.alert.severity.rank, -entry.alert.created.timestamp()))
    shown = tuple(_entry(one, wording) for one in ranked[:MAX_ENTRIES])
    over = len(ranked) - len(shown)
    return Digest(
        destination=destination,
        title=words.word("digest_one") if len(ranked) == 1 else words.word("digest", n=len(ranked)),
        entries=shown,
        more=words.word("digest_more", n=over) if over else "",
        reason=reason,
        lang=wording.reader.lang,
        dir=words.dir,
        link=wording.public_url,
        notes=wording.notes,
    )


def _entry(one: Waiting, wording: Wording) -> Entry:
    reader, words, story = wording.reader, wording.reader.words, one.alert.story
    changed: Iterable[str] = ()
    if one.told is not None:
        changed = say.deltas(differences(one.told, facts(story, story.sources)), reader)[:2]
    was = one.told.status if one.told else None
    detail = [*changed, *say.chips(story, reader, was)[:3], *((one.reason,) if one.reason else ())]
    return Entry(
        severity=one.alert.severity,
        severity_word=words.word(f"severity.{one.alert.severity}"),
        headline=title(one.alert, reader),
        detail=cut(" · ".join(detail), 300),
        link=story_link(wording.public_url, story.id) or original(one.alert.report, (), words).url,
        story=story.id,
    )
