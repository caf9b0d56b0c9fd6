"""Facts: all that a query may look at in a report and its story, laid out once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alert.query.binding import PROPOSAL
from alert.query.fields import FIELDS
from schemas.ports import Folding, Names, Token
from schemas.report import SURE, Event, EventQuantity, Report
from schemas.story import Story

Ends = tuple[float, ...]
"""One number, or both ends of a range: a comparison is met when one of them meets it, so of a range the nearer."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as queries see it."""

    values: Mapping[str, frozenset[str]]
    """Field → values, with what lies above them where the field rolls up."""
    own: Mapping[str, frozenset[str]]
    """Field → the values themselves."""
    numbers: Mapping[str, tuple[Ends, ...]]
    real: bool = True
    ghost: frozenset[str] = frozenset()
    """Of the empty event: fields that some sure event of the report knows."""
    spans: tuple[tuple[int, int], ...] = ()

    def knows(self, field: str) -> bool:
        """Whether the field has a value here."""
        return bool(self.own.get(field))


@dataclass(frozen=True, slots=True)
class Facts:
    """A report (and its story) as queries see it."""

    body: str
    title_end: int
    """Code points of the title: words before it are the headline's."""
    tokens: Sequence[Token]
    lang: str | None
    values: Mapping[str, frozenset[str]]
    """Report fields → values; those of kind `name` case folded."""
    numbers: Mapping[str, tuple[Ends, ...]]
    events: tuple[Happening, ...]
    """Real ones: the report's, and the story's present state where there is one."""
    empty: Happening
    """The event nothing is known of."""

    @property
    def title_tokens(self) -> int:
        """How many of the tokens are the headline's."""
        return next((at for at, token in enumerate(self.tokens) if token.start >= self.title_end), len(self.tokens))


GATED: Final = ("place", "said_by")
ROLLED: Final = tuple(field.name for field in FIELDS.values() if field.rolls_up)
"""Fields that hold through what lies beneath."""
"""Event fields whose absence a gate decides."""


class Reader:
    """Lays out facts. Keeps what lies above an id, for it is asked again and again."""

    def __init__(self, names: Names, folding: Folding) -> None:
        self._names = names
        self._folding = folding
        self._above: dict[str, tuple[str, ...]] = {}

    def read(self, report: Report, story: Story | None = None) -> Facts:
        """The facts of a report, and of the story it belongs to where that is known."""
        events = [self._event(event) for event in report.events]
        sure = [event for event in events if not event.knows(PROPOSAL)]
        if story is not None and story.type is not None:
            present = self._event(_of_story(story, story.type))
            events.append(present)
            sure.append(present)
        ghost = frozenset(field for field in GATED if any(event.knows(field) for event in sure))
        return Facts(
            body=report.body,
            title_end=len(report.title),
            tokens=self._folding.tokens(report.body, report.lang),
            lang=report.lang,
            values=_report_values(report),
            numbers={
                "trust": ((float(report.trust),),),
                "sources": ((float(max(1, len(story.sources) if story else 1)),),),
            },
            events=tuple(events),
            empty=Happening({}, {}, {}, real=False, ghost=ghost),
        )

    def _event(self, event: Event) -> Happening:
        own = {
            "event": frozenset((event.type,)),
            "status": frozenset((str(event.status),)),
            "actor": frozenset(event.actors),
            "target": frozenset(event.targets),
            "place": frozenset(event.places),
            "said_by": frozenset(event.said_by),
        }
        if event.confidence < SURE:
            own[PROPOSAL] = frozenset((PROPOSAL,))
        values = {**own, **{field: self._rolled(own[field]) for field in ROLLED}}
        return Happening(values, own, _numbers(event), spans=event.evidence)

    def _rolled(self, ids: frozenset[str]) -> frozenset[str]:
        """The ids and all they lie beneath or act for."""
        found = set(ids)
        for one in ids:
            above = self._above.get(one)
            if above is None:
                above = self._above[one] = self._names.above(one)
            found.update(above)
        return frozenset(found)


def _of_story(story: Story, type: str) -> Event:
    """The story's present facts as an event of their own."""
    event = Event(
        type=type,
        context=story.context,
        actors=story.actors,
        targets=story.targets,
        places=story.places,
        quantities=story.quantities,
        said_by=story.said_by,
    )
    return event if story.status is None else event.model_copy(update={"status": story.status})


def _report_values(report: Report) -> Mapping[str, frozenset[str]]:
    lang = report.lang.lower() if report.lang else ""
    return {
        "entity": frozenset(entity.id for entity in report.entities),
        "country": frozenset(entity.id for entity in report.entities if entity.type == "country"),
        "keyword": frozenset(keyword.id for keyword in report.keywords),
        "lang": frozenset({lang, lang.partition("-")[0]} if lang else ()),
        "source": _folded((report.source,)),
        "feed": _folded((report.feed,)),
        "category": _folded((report.category, *report.categories)),
    }


def _folded(values: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name_key(value) for value in values if value)


def name_key(value: str) -> str:
    """How names of sources, feeds and categories are compared."""
    return value.strip().casefold()


def _numbers(event: Event) -> Mapping[str, tuple[Ends, ...]]:
    found: dict[str, list[Ends]] = {"confidence": [(event.confidence,)]}
    for quantity in event.quantities:
        ends = _ends(quantity)
        if ends:
            found.setdefault(quantity.unit, []).append(ends)
            found.setdefault("quantity", []).append(ends)
    return {unit: tuple(values) for unit, values in found.items()}


def _ends(quantity: EventQuantity) -> Ends:
    low, high = quantity.min, quantity.max
    if low is not None and high is not None and low != high:
        return (low, high)
    one = next((end for end in (quantity.value, low, high) if end is not None), None)
    return () if one is None else (one,)


def meets(ends: Ends, operator: str, limit: float) -> bool:
    """Whether a number (of a range: its nearer end) stands in the relation to a limit."""
    match operator:
        case ">=":
            return max(ends) >= limit
        case ">":
            return max(ends) > limit
        case "<=":
            return min(ends) <= limit
        case "<":
            return min(ends) < limit
        case "=":
            return limit in ends
    return any(end != limit for end in ends)
