"""What each speaker makes of an event."""

from collections.abc import Iterable, Iterator

from enrich.events.speaking import Speech
from enrich.events.weighing import Candidate
from schemas.report import Claim, Status

UNSAID = ("plan",)
"""Cues whose subject does something rather than tell of it."""


def claims_of(members: Iterable[Candidate]) -> tuple[Claim, ...]:
    """What each speaker says, once; a country is heard through its own organ, person or agency where one is named."""
    claims: dict[tuple[str | None, Status], Claim] = {}
    voices: set[tuple[str | None, Status]] = set()
    for member in members:
        said = list(_said(member)) or [(None, None, member.standing.status)]
        for by, country, status in said:
            if (by, status) not in claims:
                claims[by, status] = Claim(by=by, status=status, evidence=member.evidence)
            voices |= {(country, status)} if by != country else set()
    named = [claim for key, claim in claims.items() if claim.by is not None and key not in voices]
    return tuple(named or claims.values())


def _said(member: Candidate) -> Iterator[tuple[str | None, str | None, Status]]:
    """Who speaks in a telling or beside it, for which country, and what each makes of it.

    Only the actor confirms by word alone; what another says beside it is reported.
    """
    status, own = member.standing.status, member.standing.by
    beside = Status.REPORTED if status is Status.CONFIRMED else status
    begin = member.telling.first
    others = [
        speech for speech in member.speeches
        if speech.cue not in UNSAID and not (speech.opens and begin < speech.hit.first)
    ]  # fmt: skip
    seen = set[str]()
    for speech in (*([own] if own else []), *others, *member.echoes):
        if speech.by and speech.by not in seen:
            seen.add(speech.by)
            acts = speech is own or speech.country in member.filled.actors or speech.by in member.filled.actors
            yield speech.by, speech.country, Status.DENIED if _denies(speech, own) else status if acts else beside


def _denies(speech: Speech, own: Speech | None) -> bool:
    """Does somebody deny beside whoever the event stands by?"""
    return speech.cue == "deny" and own is not None and speech is not own
