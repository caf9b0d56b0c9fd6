"""What two readers make together: one confidence, offers and doubts."""

from hypothesis import given
from hypothesis import strategies as st

from enrich.document import Document
from enrich.semantic.fusion import MOST_ALONE, MOST_COUNTED, RULE, akin, counted, fuse, restated, together
from enrich.semantic.model import Guess
from schemas.report import EVENT_TYPES, SURE, Claim, Codes, Event, Status

DOCUMENT = Document(
    body="He left under escort\nSoldiers hold the palace.", lang="en", published=None, tokens=(),
    sentences=((0, 20), (21, 46)), clauses=(),
)  # fmt: skip
TRUST = (0.0, 1.0, 0.2, 0.4)


def guess(
    type: str = "coup", chance: float = 0.9, event: float = 0.98, status: Status = Status.REPORTED, sure: float = 0.9
) -> Guess:
    rest = max(event - chance, 0.0) / (len(EVENT_TYPES) - 1)
    types = {name: chance if name == type else rest for name in EVENT_TYPES}
    others = [other for other in Status if other is not status]
    return Guess(event=event, types=types, statuses={status: sure, **dict.fromkeys(others, (1 - sure) / len(others))})


def fused(*events: Event, of: Guess) -> tuple[Event, ...]:
    return fuse(events, of, TRUST, DOCUMENT, lambda kind: Codes(plover=kind.upper()))


def told(type: str = "coup", confidence: float = 0.7, main: bool = True) -> Event:
    return Event(type=type, main=main, confidence=confidence)


def test_an_event_that_no_pattern_found_is_offered_without_slots_below_what_queries_hear_of() -> None:
    (offered,) = fused(of=guess(status=Status.PLANNED))
    assert (offered.type, offered.main, offered.status, offered.rule) == ("coup", True, Status.PLANNED, RULE)
    assert offered.confidence == MOST_ALONE < SURE
    assert offered.evidence == ((0, 20),)
    assert offered.codes.plover == "COUP"
    assert offered.doubt
    assert not offered.actors


def test_a_reading_that_is_not_sure_is_not_offered() -> None:
    assert fused(of=guess(event=0.8, chance=0.7)) == ()
    assert fused(of=guess(chance=0.3)) == ()


def test_readers_that_agree_are_surer_than_the_patterns_alone() -> None:
    (event,) = fused(told(), of=guess())
    assert event.confidence > 0.7
    assert event.doubt is None


def test_a_type_of_the_same_family_is_agreement() -> None:
    assert akin("airstrike", "shelling")
    (event,) = fused(told("airstrike"), of=guess("shelling"))
    assert event.confidence > 0.7


def test_a_doubt_lowers_the_confidence_and_says_so_and_silences_nothing() -> None:
    (event,) = fused(told(), of=guess(event=0.05, chance=0.01))
    assert event.confidence < 0.7
    assert event.doubt == "the wording as a whole reads like no event (0.05)"


def test_another_event_the_reader_is_sure_of_is_told_beside_the_main_one() -> None:
    found, offered = fused(told("protest", 0.99), of=guess("coup", 0.9))
    assert (found.type, found.main) == ("protest", True)
    assert (offered.type, offered.main, offered.rule) == ("coup", False, RULE)
    assert [event.type for event in fused(told("protest"), of=guess("coup", 0.7))] == ["protest"]


def test_it_is_the_main_one_where_that_of_the_patterns_is_no_longer_sure() -> None:
    offered, found = fused(told("protest", 0.55), of=guess("coup", 0.9))
    assert (offered.type, offered.main, offered.confidence < SURE) == ("coup", True, True)
    assert (found.type, found.main, found.confidence < SURE) == ("protest", False, True)


def test_an_event_of_the_background_that_the_reader_is_sure_of_becomes_the_main_one() -> None:
    main, rest = fused(told("protest", 0.55), told("coup", main=False), of=guess("coup", 0.9))
    assert (main.type, main.main, main.rule) == ("coup", True, "")
    assert (rest.type, rest.main) == ("protest", False)


def test_an_event_type_of_the_users_own_is_left_alone() -> None:
    own = told("whale_sighting")
    assert fused(own, of=guess(event=0.01, chance=0.01)) == (own,)
    assert fused(own, of=guess()) == (own,)


def test_events_in_the_background_keep_their_confidence() -> None:
    background = told("protest", main=False)
    assert background in fused(told(), background, of=guess())


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_confidence_is_one_whatever_the_readers_say(confidence: float, event: float, chance: float) -> None:
    assert 0 <= together("coup", confidence, guess(event=event, chance=min(chance, event)), TRUST) <= 1


def test_an_offer_counts_when_it_is_sure_and_tells_of_somebody_or_somewhere() -> None:
    (offered,) = fused(of=guess())
    placed = offered.model_copy(update={"places": ("KE",)})
    assert counted(offered, guess()).confidence < SURE
    assert SURE <= counted(placed, guess()).confidence <= MOST_COUNTED
    assert counted(placed, guess(chance=0.5)).confidence < SURE


def test_the_signs_together_restate_how_the_main_event_stands_and_what_was_said_of_it() -> None:
    said = (
        Claim(by="KE", status=Status.CONFIRMED, evidence=(0, 2)),
        Claim(by="ET", status=Status.DENIED, evidence=(3, 5)),
    )
    event = told().model_copy(update={"status": Status.CONFIRMED, "claims": said})
    planned = restated(event, guess(status=Status.PLANNED), never=())
    assert planned.status is Status.PLANNED
    assert [claim.status for claim in planned.claims] == [Status.PLANNED, Status.DENIED]


def test_a_status_is_not_restated_by_weak_signs_nor_to_what_the_type_never_is() -> None:
    event = told().model_copy(update={"status": Status.CONFIRMED})
    assert restated(event, guess(status=Status.PLANNED, sure=0.35), never=()) is event
    assert restated(event, guess(status=Status.PLANNED), never=(Status.PLANNED,)) is event
    retracted = told().model_copy(update={"status": Status.RETRACTED})
    assert restated(retracted, guess(status=Status.PLANNED), never=()) is retracted
