"""Who fills the slots of a telling: actors, targets, places, numbers, day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from enrich.document import Amount, Document, Mention
from enrich.events.checks import kinds
from enrich.events.entries import EventType, Grammar, Role, Slot
from enrich.events.roles import JOINED, Roles
from enrich.events.scene import Scene
from enrich.events.speaking import Speech
from enrich.events.telling import Telling, gap

ACTS_FOR_COUNTRY = frozenset({"armed_force", "ministry", "person", "city", "region", "place", "agency"})
"""Types that stand for the country they act for, when they act."""
SPOTS = kinds(("spot",))
BESIDE = 2
"""An adjective is an actor only beside the words that tell ("Russian troops"), not in "the Russo-Ukrainian war"."""
SAYING = ("say", "confirm", "deny", "claim", "accuse")
"""Cues whose subject speaks of what somebody does."""
UNTOUCHED: tuple[Role, ...] = ("object", "adjective")
"""Roles in which who speaks is not part of what happens (*South Korean intelligence says …*)."""
ROW = ("·", "-", "–", "/", "和", "与", "と", "及", "や")
COMMAS = (",", "،", "、")
"""What stands between names in a row."""
FAR = 0.03
"""What a word of distance costs."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The slots of one telling; ids, surest first."""

    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    date: str | None = None
    roles: tuple[tuple[str, Role], ...] = ()
    """Entity id → role, for explaining."""


class _Seat(NamedTuple):
    """A mention with its role, and how well it would fill a slot."""

    mention: Mention
    role: Role
    score: float


@dataclass(frozen=True)
class Filler:
    """Fills slots by one language's grammar."""

    grammar: Grammar
    roles: Roles

    def fill(self, telling: Telling, event: EventType, speeches: Sequence[Speech], document: Document) -> Filled:
        """The slots of a telling, from its own sentence."""
        passive = self.roles.passive(telling, document)
        scene = telling.scene
        seats = [(m, self.roles.role(m, telling, document, passive=passive)) for m in scene.mentions]
        speakers = {speech.mention for speech in speeches if speech.mention is not None}
        seats = [(m, "topic" if role in UNTOUCHED and m in speakers else role) for m, role in seats]
        if telling.pattern.swap:
            seats = [(mention, _swapped(role)) for mention, role in seats]
        actors = self._choose(event.slots.actors, seats, telling, speakers, document, event.mutual)
        taken = set(actors)
        targets: list[Mention] = []
        if not event.mutual:
            rest = [(mention, role) for mention, role in seats if mention not in taken]
            targets = self._choose(event.slots.targets, rest, telling, speakers, document, many=False)
        actor_ids = unique(standing_for(mention, event.slots.actors) for mention in actors)
        target_ids = unique(standing_for(mention, event.slots.targets) for mention in targets)
        return Filled(
            actor_ids,
            tuple(who for who in target_ids if who not in actor_ids),
            self._places(event.slots.places, seats, telling, actors, speakers),
            amounts_of(scene, event),
            day_of(telling),
            tuple((mention.id, role) for mention, role in seats),
        )

    def _choose(
        self, slot: Slot, seats: Sequence[tuple[Mention, Role]], telling: Telling, speakers: set[Mention],
        document: Document, many: bool,
    ) -> list[Mention]:  # fmt: skip
        """The best mention for a slot, and those joined to it by `and`."""
        wanted = kinds(slot.of)
        able = [
            _Seat(mention, role, self._score(slot, mention, role, telling, speakers))
            for mention, role in seats
            if role in slot.roles and (
                mention.type in wanted or (mention.government and "government" in wanted)
                or (role == "adjective" and mention.country and "country" in wanted)
            )
        ]  # fmt: skip
        able = [seat for seat in able if seat.score > 0]
        if len(able) < 2:
            return [seat.mention for seat in able]
        if many or slot.many:
            return [seat.mention for seat in sorted(able, key=lambda seat: seat.mention.first)]
        best = max(able, key=lambda seat: seat.score)
        return [best.mention, *self._joined(best, able, document)]

    def _score(self, slot: Slot, mention: Mention, role: Role, telling: Telling, speakers: set[Mention]) -> float:
        """How well a mention in a role that the slot takes would fill it; 0 where it would not."""
        rank = slot.roles.index(role) / len(slot.roles)
        away = gap((mention.first, mention.last), telling.verb) / self.grammar.pace
        near = away
        if len(telling.parts) > 1:
            near = min(gap((mention.first, mention.last), part) for part in telling.parts) / self.grammar.pace
        if role == "adjective" and _from_words(mention, telling) / self.grammar.pace > (
            BESIDE if "subject" in slot.roles else 3 * BESIDE
        ):
            return 0.0
        if role == "subject" and _only_says(mention, telling):
            return 0.0
        score = 1.5 - 0.6 * rank - FAR * min(away, 20) - FAR * min(near, 20)
        if mention in speakers and role == "subject":
            score -= 0.35
        return max(score, 0.05)

    def _joined(self, best: _Seat, able: Sequence[_Seat], document: Document) -> list[Mention]:
        """Names joined to the best one by a comma or `and`."""
        found: list[Mention] = []
        chain = [best.mention]
        for seat in sorted(able, key=lambda seat: abs(seat.mention.first - best.mention.first)):
            if seat.mention not in chain and any(self._and(seat.mention, other, document) for other in chain):
                chain.append(seat.mention)
                found.append(seat.mention)
        return found

    def _and(self, a: Mention, b: Mention, document: Document) -> bool:
        """Do two names stand in one row? In a verb-final language a comma parts the subject from the rest."""
        first, second = (a, b) if a.first < b.first else (b, a)
        between = document.body[first.end : second.start].strip()
        if a.span == b.span:
            return True  # 俄乌: two countries in one word
        if not 0 <= second.start - first.end <= JOINED:
            return False
        if between in ROW or (between in COMMAS and self.grammar.order != "SOV"):
            return True
        return self.roles.joined(first, second, document)

    def _places(
        self, slot: Slot, seats: Sequence[tuple[Mention, Role]], telling: Telling, actors: Sequence[Mention],
        speakers: set[Mention],
    ) -> tuple[str, ...]:  # fmt: skip
        """The places of a telling; who stands at a border stands on their own side of it."""
        found = [
            (mention, role)
            for mention, role in seats
            if (mention.form == "name" or role == "border")
            and _is_place(mention, role, slot)
            and mention not in actors
            and mention not in speakers
        ]
        if not found:
            return ()
        found.sort(key=lambda seat: gap((seat[0].first, seat[0].last), telling.verb))
        own = [mention.country or mention.id for mention in actors if {role for _, role in found} == {"border"}]
        return unique((*own, *(where for mention, role in found for where in _where(mention, role))))


def _from_words(mention: Mention, telling: Telling) -> int:
    """Words between a name and the words that tell, other names aside (*freed Kursk from the Ukrainian invasion*)."""
    names = {(other.first, other.last) for other in telling.scene.mentions if other != mention}
    words = [part for part in telling.parts if part not in names] or telling.parts
    return min(gap((mention.first, mention.last), part) for part in words)


def _only_says(mention: Mention, telling: Telling) -> bool:
    """Does a name before the verb belong to a verb of saying with a clause of its own (*Seoul estimates that …*)?"""
    thats = [that for that in telling.scene.cue("that") if that.last <= telling.verb[0]]
    if not thats:
        return False
    verbs = [
        hit for cue in SAYING for hit in telling.scene.cue(cue)
        if mention.last <= hit.first and hit.last <= telling.verb[0] and hit.first - mention.last <= BESIDE
    ]  # fmt: skip
    return any(0 <= that.first - hit.last <= BESIDE for hit in verbs for that in thats)


def placed(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The ids of places with the countries they lie in."""
    return unique(where for mention in mentions for where in (mention.country, mention.id) if where)


def _where(mention: Mention, role: Role) -> tuple[str, ...]:
    """A place with its country; a capital that something is for or sent to stands for its country alone."""
    if mention.government and mention.country and role != "location":
        return (mention.country,)
    return placed([mention])


def _is_place(mention: Mention, role: Role, slot: Slot) -> bool:
    if mention.type in SPOTS:
        return role in slot.roles or (not mention.government and role != "origin")
    return mention.type == "country" and (role in slot.roles or role == "border")


def _swapped(role: Role) -> Role:
    """`X received … from Y`: Y gave it to X."""
    if role in ("subject", "agent"):
        return "destination"
    return "subject" if role == "origin" else role


def standing_for(mention: Mention, slot: Slot) -> str:
    """The id that fills a slot: the country a force or official acts for, unless the slot keeps them."""
    if mention.form == "adjective" and mention.country:
        return mention.country
    if mention.country and mention.type in ACTS_FOR_COUNTRY and not (slot.keep and mention.type == "person"):
        return mention.country
    return mention.id


def amounts_of(scene: Scene, event: EventType) -> tuple[Amount, ...]:
    """Everything in a sentence that may be counted of an event."""
    return tuple(amount for amount in scene.amounts if amount.unit in event.slots.quantities)


def day_of(telling: Telling) -> str | None:
    """The day written nearest to what happened."""
    start = telling.scene.span[0]
    day = min(telling.scene.days, key=lambda day: abs(day.start - start), default=None)
    return day.value if day else None


def unique(ids: Iterable[str]) -> tuple[str, ...]:
    """Without repeats, in order."""
    return tuple(dict.fromkeys(ids))
