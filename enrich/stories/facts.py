"""Pure rules on the facts of a story: what a report adds to it, takes back, or leaves open."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from enrich.stories.houses import house, label
from enrich.stories.kinds import grows, kinship
from enrich.stories.standing import kept, statements, timeline
from enrich.stories.traits import Rolling, Traits, main_event
from schemas.report import SURE, Context, Event, EventQuantity, Report, Status
from schemas.story import Story

T = TypeVar("T")

MOST_QUANTITIES: Final = 24
MOST_ACTORS: Final = 12
MOST_PLACES: Final = 30
MOST_SOURCES: Final = 200
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
HAPPENED: Final = frozenset({Status.REPORTED, Status.CLAIMED, Status.CONFIRMED})
"""Ways to stand of what has come about."""


def instant(report: Report) -> datetime:
    """When a report was published, as far as anybody knows; 1970 when nobody does."""
    return report.published or report.fetched or EPOCH


def union(old: Iterable[T], new: Iterable[T]) -> tuple[T, ...]:
    """Everything, in order of arrival, once."""
    return tuple(dict.fromkeys((*old, *new)))


def relevant_event(report: Report, kind: str | None) -> Event | None:
    """The report's event that tells of a story of this type: its main one, or one nearer to the type."""
    main = main_event(report)
    if kind is None or main is None or main.type == kind or grows(kind, main.type):
        return main
    current = [event for event in report.events if event.context is Context.CURRENT and event.confidence >= SURE]
    rank = {"same": 0, "family": 1, "near": 2}
    near = [event for event in current if kinship(event.type, kind) in rank]
    return min(near, key=lambda event: (rank[kinship(event.type, kind)], not event.main), default=None)


def opened(key: str, report: Report) -> Story:
    """A new story, before its first report is added."""
    return Story(id=key, revision=0, first_seen=instant(report), last_seen=instant(report))


def added(story: Story, report: Report, rolling: Rolling, *, copy: bool = False) -> Story:
    """The story after a report; the caller composes its headline and lifecycle. A copy is no further source."""
    event = relevant_event(report, story.type)
    at = instant(report)
    return story.model_copy(
        update={
            "revision": story.revision + 1,
            "reports": story.reports + 1,
            "sources": story.sources if copy else with_source(story.sources, label(report)),
            "languages": union(story.languages, [report.lang] if report.lang else []),
            "first_seen": min(story.first_seen, at),
            "last_seen": max(story.last_seen, at),
            **(_told(story, event, report, rolling) if event is not None else {}),
        }
    )


def _told(story: Story, event: Event, report: Report, rolling: Rolling) -> dict[str, object]:
    """The fields an event changes."""
    newest = instant(report) >= story.last_seen
    said = kept((*story.statements, *statements(report, event)))
    return {
        "type": event.type if story.type is None or _overtakes(story, event) else story.type,
        "context": story.context if story.type else event.context,
        **timeline(said, rolling),
        "actors": parties(story.actors, event.actors, rolling)[:MOST_ACTORS],
        "targets": parties(story.targets, event.targets, rolling)[:MOST_ACTORS],
        "places": union(story.places, event.places)[:MOST_PLACES],
        "date": story.date or event.date,
        "quantities": quantities(story.quantities, event.quantities, newest=newest),
        "said_by": union(story.said_by, event.said_by),
    }


def _overtakes(story: Story, event: Event) -> bool:
    """What has come about of talks, threats and sieges is the story from then on."""
    return event.main and event.status in HAPPENED and grows(story.type, event.type)


def parties(old: Sequence[str], new: Iterable[str], rolling: Rolling) -> tuple[str, ...]:
    """Old and new; an army of a country that is there already (or the other way round) is nobody new."""
    found = list(old)
    first = not old
    for key in new:
        lineage = {key, *rolling.above(key)}
        if first or not any(key in rolling.above(known) or known in lineage for known in found):
            found.append(key)
    return tuple(dict.fromkeys(found))


def quantities(
    old: tuple[EventQuantity, ...], new: tuple[EventQuantity, ...], *, newest: bool
) -> tuple[EventQuantity, ...]:
    """What is said of counts, the newest report's first; a count said again gains its speakers."""
    first, second = (new, old) if newest else (old, new)
    found: dict[tuple[object, ...], EventQuantity] = {}
    for quantity in (*first, *second):
        key = (quantity.value, quantity.min, quantity.max, quantity.unit, quantity.part_of)
        known = found.setdefault(key, quantity)
        said_by = union(known.said_by, quantity.said_by)
        if said_by != known.said_by:
            found[key] = known.model_copy(update={"said_by": said_by})
    return tuple(found.values())[:MOST_QUANTITIES]


def with_source(sources: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The sources with one more, unless its house is among them."""
    if not name or name in sources or len(sources) >= MOST_SOURCES or house(name) in map(house, sources):
        return sources
    return (*sources, name)


def without(story: Story, report: str, left: Sequence[Traits], rolling: Rolling) -> Story:
    """The story when a report is taken out of it; `left` are the members that stay (at least one).

    Facts that none of them carries go too, unless the story is so large that not all its members were kept.
    """
    said = tuple(statement for statement in story.statements if statement.report != report)
    whole = story.reports - 1 <= len(left)
    story = story.model_copy(
        update={
            "reports": max(1, story.reports - 1),
            **timeline(said, rolling, story.status),
        }
    )
    return story.model_copy(update=_carried(story, left, rolling)) if whole else story


def _carried(story: Story, left: Sequence[Traits], rolling: Rolling) -> dict[str, object]:
    """The facts that some member carries."""
    actors = frozenset().union(*(member.who for member in left))
    places = frozenset().union(*(member.spots | member.lands for member in left))
    counts = {count for member in left for count in member.counts}
    langs = {member.lang for member in left}
    houses = {member.house for member in left}
    return {
        "actors": tuple(key for key in story.actors if rolling.top(key) in actors),
        "targets": tuple(key for key in story.targets if rolling.top(key) in actors),
        "places": tuple(key for key in story.places if key in places),
        "quantities": tuple(entry for entry in story.quantities if _is_counted(entry, counts)),
        "languages": tuple(lang for lang in story.languages if lang in langs),
        "sources": tuple(name for name in story.sources if house(name) in houses),
    }


def _is_counted(entry: EventQuantity, counts: set[tuple[str, float, float]]) -> bool:
    ends = [end for end in (entry.min, entry.max, entry.value) if end is not None]
    return bool(ends) and (entry.unit, min(ends), max(ends)) in counts


def joined(one: Story, other: Story, rolling: Rolling) -> Story:
    """Two stories found to be one: `one` lives on with everything of both."""
    said = kept((*one.statements, *other.statements))
    sources = one.sources
    for name in other.sources:
        sources = with_source(sources, name)
    return one.model_copy(
        update={
            **timeline(said, rolling, one.status),
            "actors": parties(one.actors, other.actors, rolling)[:MOST_ACTORS],
            "targets": parties(one.targets, other.targets, rolling)[:MOST_ACTORS],
            "places": union(one.places, other.places)[:MOST_PLACES],
            "quantities": quantities(one.quantities, other.quantities, newest=other.last_seen > one.last_seen),
            "said_by": union(one.said_by, other.said_by),
            "sources": sources,
            "languages": union(one.languages, other.languages),
            "reports": one.reports + other.reports,
            "first_seen": min(one.first_seen, other.first_seen),
            "last_seen": max(one.last_seen, other.last_seen),
            "merged": union(one.merged, (other.id, *other.merged)),
        }
    )
