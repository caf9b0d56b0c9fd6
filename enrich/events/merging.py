"""From candidates to events: what is told twice is one event; the headline's is the main one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enrich.document import Document, Mention
from enrich.events.checks import kinds
from enrich.events.claims import claims_of
from enrich.events.counting import quantities_of
from enrich.events.entries import EventType, Slot
from enrich.events.slots import placed, standing_for, unique
from enrich.events.weighing import Candidate, alike
from schemas.report import Context, Event, Status

UNREAL = frozenset({Status.PLANNED, Status.DEMANDED, Status.THREATENED, Status.REFUSED, Status.HYPOTHETICAL})
"""What has not happened."""
STRENGTH = (
    Status.RETRACTED, Status.CONFIRMED, Status.DENIED, Status.CLAIMED, Status.REPORTED, Status.REFUSED,
    Status.THREATENED, Status.PLANNED, Status.DEMANDED, Status.HYPOTHETICAL,
)  # fmt: skip
"""Strongest word first, where the headline does not decide."""
CONSEQUENCES = frozenset({"casualties", "displacement"})
"""What follows from another event: never the main one while a headline tells its cause."""


@dataclass(frozen=True)
class Group:
    """Tellings of one event, in the order of the text."""

    members: tuple[Candidate, ...]

    @property
    def head(self) -> Candidate:
        """The first telling."""
        return self.members[0]

    def takes(self, other: Candidate) -> bool:
        """Is another telling one of the same event?"""
        head = self.head
        if head.type != other.type or head.context != other.context:
            return False
        if not all(
            alike(member.filled.actors, other.filled.actors) or _side_by_side(member, other) for member in self.members
        ):
            return False
        return not self._another(other)

    def _another(self, other: Candidate) -> bool:
        """A plan for more beside what was done is a second event, when it has its own numbers."""
        unreal = other.standing.status in UNREAL
        mine = {amount.value for member in self.members for amount in member.filled.amounts}
        theirs = {amount.value for amount in other.filled.amounts}
        same_side = (self.head.standing.status in UNREAL) == unreal
        return not same_side and bool(mine) and bool(theirs) and not mine & theirs


def _side_by_side(a: Candidate, b: Candidate) -> bool:
    """Do two do one thing together: to the same other side, in the same town or region?"""
    return bool(set(a.filled.targets) & set(b.filled.targets)) and any(
        not _is_country(where) for where in set(a.filled.places) & set(b.filled.places)
    )


def grouped(candidates: Iterable[Candidate]) -> list[Group]:
    """Tellings gathered into events, in the order of the text."""
    groups: list[Group] = []
    kin: dict[tuple[str, Context], list[int]] = {}
    for candidate in candidates:
        same = kin.setdefault((candidate.type, candidate.context), [])
        for index in same:
            if groups[index].takes(candidate):
                groups[index] = Group((*groups[index].members, candidate))
                break
        else:
            same.append(len(groups))
            groups.append(Group((candidate,)))
    return groups


def main_of(groups: Sequence[Group]) -> Group | None:
    """The main event: the headline's first, else the surest of the earliest sentence."""
    current = [group for group in groups if group.head.context is Context.CURRENT]
    if not current:
        return None
    titled = [group for group in current if group.head.telling.scene.title]
    causes = [group for group in titled if group.head.type not in CONSEQUENCES]
    if causes or titled:
        return min(
            causes or titled,
            key=lambda group: (
                group.head.standing.status in UNREAL
                and len(causes) > 1
                and group.head.standing.status is Status.HYPOTHETICAL,
                group.head.telling.first,
            ),
        )
    return min(
        current,
        key=lambda group: (
            group.head.telling.scene.index,
            group.head.type in CONSEQUENCES,
            -group.head.confidence,
        ),
    )


def status_of(group: Group) -> Status:
    """The status that sums a group up.

    The headline's own word decides; the actor's confirmation lifts what was only reported, claimed or planned.
    """
    members = group.members
    told = [member for member in members if member.standing.explicit]
    confirmed = any(member.standing.status is Status.CONFIRMED for member in told)
    first = members[0]
    if first.standing.explicit:
        if confirmed and first.standing.status in (Status.REPORTED, Status.CLAIMED):
            return Status.CONFIRMED
        return first.standing.status
    lead = [member for member in told if member.telling.scene.index <= first.telling.scene.index + 1]
    if lead and first.telling.scene.title:
        return lead[0].standing.status
    if confirmed:
        return Status.CONFIRMED
    return min((member.standing.status for member in members), key=STRENGTH.index)


def event_of(group: Group, document: Document, *, main: bool) -> Event:
    """A group as an event of a report."""
    head, status = group.head, status_of(group)
    claims = claims_of(group.members)
    together = any(_side_by_side(head, member) for member in group.members[1:])
    actors = _slot(group, "actors", head.event.mutual or together)
    targets = tuple(who for who in _slot(group, "targets", everyone=False) if who not in actors)
    places = unique(where for member in group.members for where in member.filled.places)
    if main:
        actors = actors or _document_fallback(head.event.slots.actors, document, targets)
        targets = targets or tuple(
            who for who in _document_fallback(head.event.slots.targets, document, actors) if who not in actors
        )
        places = places or _document_places(head.event, document, actors)
    if not head.event.mutual:
        places = _abroad(places, actors, document)
    if head.event.slots.targets.fallback == "other":
        targets = targets or _the_other(head, actors)
    if head.event.slots.targets.fallback in ("places", "other"):
        targets = targets or _owners(places, actors)
    if head.event.slots.targets.fallback == "places":
        places = places or tuple(filter(_is_country, targets))
    return Event(
        type=head.type, codes=head.event.codes, main=main, status=status, context=head.context, actors=actors,
        targets=targets, places=places,
        date=next((member.filled.date for member in group.members if member.filled.date), None),
        quantities=quantities_of(group.members),
        said_by=unique(claim.by for claim in claims if claim.by),
        claims=claims,
        evidence=tuple(dict.fromkeys(member.evidence for member in group.members)),
        rule=head.telling.rule,
        confidence=_sure(group),
    )  # fmt: skip


def _abroad(places: tuple[str, ...], actors: Sequence[str], document: Document) -> tuple[str, ...]:
    """Without the actors' own seats of government, where somewhere else is told too: *Pyongyang* acts, in Kursk."""
    countries, seats = document.lands, document.seats
    if all(countries.get(where, where) in actors for where in places):
        return places
    return tuple(where for where in places if countries.get(where, where) not in actors or where not in seats)


def _sure(group: Group) -> float:
    """Told more than once is surer."""
    best = max(member.confidence for member in group.members)
    return min(0.99, round(best + 0.02 * (len(group.members) - 1), 2))


def _slot(group: Group, slot: str, everyone: bool) -> tuple[str, ...]:
    found: list[tuple[str, ...]] = [getattr(member.filled, slot) for member in group.members]
    if everyone:
        return unique(who for ids in found for who in ids)
    return next((ids for ids in found if ids), ())


def _document_fallback(slot: Slot, document: Document, others: Sequence[str]) -> tuple[str, ...]:
    """The first name of the text that could fill a slot."""
    if slot.fallback != "document":
        return ()
    wanted = kinds(slot.of)
    for mention in document.mentions:
        if (mention.type in wanted or ("government" in wanted and mention.government)) and standing_for(
            mention, slot
        ) not in others:
            return (standing_for(mention, slot),)
    return ()


def _owners(places: Sequence[str], actors: Sequence[str]) -> tuple[str, ...]:
    """The country a place lies in, of which it is not the actor's own: who is shelled in Kherson."""
    return tuple(where for where in places if _is_country(where) and where not in actors)[:1]


def _the_other(head: Candidate, actors: Sequence[str]) -> tuple[str, ...]:
    """The one party besides the actors and the speakers that a telling's sentence names: there are two to a break."""
    slot, scene = head.event.slots.targets, head.telling.scene
    wanted = kinds(slot.of)
    voices = {speech.mention for speech in head.speeches}
    named = unique(
        standing_for(one, slot) for one in scene.mentions
        if one not in voices and (one.type in wanted or one.government or (one.form == "adjective" and one.country))
    )  # fmt: skip
    others = tuple(who for who in named if who not in actors)
    return others if len(others) == 1 else ()


def _is_country(id: str) -> bool:
    return len(id) == 2 and id.isupper()


def _document_places(event: EventType, document: Document, actors: Sequence[str]) -> tuple[str, ...]:
    """The places of the first sentence that names any; those who do a thing together are not where they do it."""
    fallback = event.slots.places.fallback
    home = tuple(filter(_is_country, actors)) if fallback == "actors" else ()
    if fallback == "none" or home:
        return home
    wanted, parties = kinds(("place",)), actors if event.mutual else ()
    for span in document.sentences:
        found: list[Mention] = [
            m
            for m in document.mentions_in(span)
            if m.type in wanted and m.form == "name" and not m.government and m.id not in parties
        ]
        if found:
            return placed(found[:2])
    return ()
