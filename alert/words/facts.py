"""The facts of a story as slots, chips and differences in the reader's language. An absent fact is never guessed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alert.words.clean import clean, cut, isolated
from alert.words.document import Slot
from schemas.materiality import Difference
from schemas.phrasing import Table, counted, headline, quantity, table
from schemas.phrasing.headline import precise
from schemas.ports import Names
from schemas.report import Event, EventQuantity, Report
from schemas.story import Story


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is put into words."""

    lang: str
    names: Names
    timezone: str = "UTC"

    @property
    def words(self) -> Table:
        """The phrases of the reader's language."""
        return table(self.lang)

    def name(self, id: str) -> str:
        """How the reader calls an entity."""
        return isolated(clean(self.names.name(id, self.lang), 80), self.words.dir)

    def time(self, at: datetime) -> str:
        """A moment on the reader's clock, to the minute: `2025-04-28 08:10 CEST`."""
        return f"{at.astimezone(ZoneInfo(self.timezone)):%Y-%m-%d %H:%M %Z}"


def slots(story: Story, reader: Reader, was: str | None = None) -> tuple[Slot, ...]:
    """Who, whom, where, when, how many, who says so, status; `was` is the status last told."""
    rows: list[tuple[str, str]] = [
        ("slot.who", "; ".join(map(reader.name, story.actors))),
        ("slot.whom", "; ".join(map(reader.name, story.targets))),
        ("slot.where", "; ".join(_where(story.places, reader))),
        ("slot.when", clean(story.date or "", 40)),
        ("slot.how_many", "; ".join(_how_many(story.quantities, reader))),
        ("slot.who_says", "; ".join(_who_says(story, reader))),
        ("slot.status", status(story, reader, was)),
    ]
    return tuple(Slot(reader.words.word(key), value) for key, value in rows if value)


def status(story: Story, reader: Reader, was: str | None = None) -> str:
    """`reported → CONFIRMED`, the arrow only where this reader was told otherwise; `disputed` where voices differ."""
    if story.status is None:
        return ""
    now = reader.words.word(f"status.{story.status}")
    if was and was != story.status:
        now = reader.words.word("new.status", old=reader.words.word(f"status.{was}"), new=now)
    return f"{now}, {reader.words.word('disputed')}" if story.disputed else now


def _where(places: Sequence[str], reader: Reader) -> Iterable[str]:
    for place in precise(places, reader.names):
        above = [outer for outer in reader.names.above(place) if outer in places]
        yield reader.words.list.comma.join(reader.name(part) for part in (place, *above[-1:]))


def _how_many(quantities: Sequence[EventQuantity], reader: Reader) -> Iterable[str]:
    for entry in quantities[:6]:
        text = quantity(entry, reader.words)
        if not text:
            continue
        if entry.part_of is not None:
            text = reader.words.word("part_of", n=text)
        voices = ", ".join(map(reader.name, entry.said_by))
        yield f"{text} ({voices})" if voices else text


def _who_says(story: Story, reader: Reader) -> Iterable[str]:
    """Each speaker once, with the word of the latest claim; a speaker keeps his claim."""
    latest = {entry.by: entry.status for entry in story.statements if entry.by}
    for speaker in dict.fromkeys((*story.said_by, *latest)):
        word = reader.words.word(f"status.{latest[speaker]}") if speaker in latest else ""
        yield f"{reader.name(speaker)}: {word}" if word else reader.name(speaker)


def chips(story: Story, reader: Reader, was: str | None = None) -> tuple[str, ...]:
    """The line under the headline: status, kind, sources, languages, first seen."""
    words, many = reader.words, len(story.sources)
    kind = words.events[story.type].noun if story.type and story.type in words.events else (story.type or "")
    found = [
        status(story, reader, was),
        kind.replace("_", " "),
        words.word("source" if many == 1 else "sources", n=many) if many else "",
        " ".join(story.languages[:8]),
        words.word("first_seen", at=reader.time(story.first_seen)),
    ]
    return tuple(cut(part, 120) for part in found if part)


def also(report: Report, reader: Reader) -> tuple[str, ...]:
    """The report's other events, each as a headline of its own."""
    others = [event for event in report.events if not event.main]
    said = (headline(event, reader.names, reader.lang) for event in _distinct(others))
    return tuple(clean(text, 200) for text in said if text)[:3]


def _distinct(events: Iterable[Event]) -> Iterable[Event]:
    return {(event.type, event.actors, event.status): event for event in events}.values()


def deltas(differences: Sequence[Difference], reader: Reader) -> tuple[str, ...]:
    """What is new, most material first, in the reader's words."""
    return tuple(_delta(difference, reader) for difference in differences[:5])


def _delta(difference: Difference, reader: Reader) -> str:
    words = reader.words
    say: dict[str, Callable[[str], str]] = {
        "status": lambda value: words.word(f"status.{value}"),
        "type": lambda value: words.events[value].noun if value in words.events else value.replace("_", " "),
        "count": lambda value: counted(value, words),
        "sources": str,
    }
    said = say.get(difference.aspect, reader.name)
    old = said(difference.old) if difference.old else ""
    key = f"new.{difference.aspect}"
    if difference.aspect == "count" and not old:
        key = "new.count_first"
    elif difference.aspect == "status" and not old:
        return said(difference.new)
    return cut(words.word(key, old=old, new=said(difference.new)), 200)
