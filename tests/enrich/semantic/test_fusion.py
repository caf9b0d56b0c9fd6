"""What two readers make together: one confidence, offers, doubts, and how the main event stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.document import Document
from enrich.semantic.fusion import MOST_ALONE, RULE, akin, event_chance, fuse, restated, settled, sureness
from enrich.semantic.model import Guess, Trust
from schemas.report import EVENT_TYPES, SURE, Claim, Codes, Context, Event, Status

DOCUMENT = Document(
    body="He left under escort\nSoldiers hold the palace.", lang="en", published=None, tokens=(),
    sentences=((0, 20), (21, 46)), clauses=(),
)  # fmt: skip
TRUST = Trust(event=(0.0, 1.0), type=(0.0, 1.0))


def guess(
    type: str = "coup", chance: float = 0.9, event: float = 0.98, status: Status = Status.REPORTED, sure: float = 0.9,
    **others: float,
) -> Guess:  # fmt: skip
    """`chance` of the type, `others` of other types, the rest of `event` spread over the rest."""
    known = {type: chance, **others}
    rest = max(event - sum(known.values()), 0.0) / (len(EVENT_TYPES) - len(known))
    statuses = [other for other in Status if other is not status]
    return Guess(
        event=event, types={name: known.get(name, rest) for name in EVENT_TYPES},
        statuses={status: sure, **dict.fromkeys(statuses, (1 - sure) / len(statuses))},
    )  # fmt: skip


def fused(*events: Event, of: Guess) -> tuple[Event, ...]:
    return fuse(events, of, TRUST, DOCUMENT, lambda kind: Codes(plover=kind.upper()))


def told(type: str = "coup", confidence: float = 0.7, main: bool = True) -> Event:
    return Event(type=type, main=main, confidence=confidence, rule=f"{type}/plain")


def test_an_event_is_as_sure_as_that_there_is_one_and_that_it_is_this_one() -> None:
    assert sureness({"coup"}, guess(chance=0.49, event=0.98), TRUST) == pytest.approx(0.98 * 0.5)
    (event,) = fused(told(confidence=0.3), of=guess(chance=0.9, event=0.95))
    assert event.confidence == 0.9


def test_where_the_patterns_tell_two_either_may_be_what_the_report_is_about() -> None:
    shared = guess("riot", chance=0.45, protest=0.45)
    riot, *_ = fused(told("riot"), told("protest", main=False), of=shared)
    assert (riot.type, riot.confidence) == ("riot", 0.9)
    assert fused(told("riot"), of=shared)[0].confidence < 0.5


def test_the_displaced_are_true_whatever_the_report_is_mainly_about() -> None:
    (event,) = fused(told("displacement"), of=guess("armed_clash", chance=0.5, displacement=0.4))
    assert event.confidence == 0.7


def test_chances_are_worth_what_reports_that_were_not_trained_on_say() -> None:
    wary = Trust(event=(-2.0, 1.0), type=(0.0, 1.0))
    assert event_chance(guess(event=0.9), wary) < event_chance(guess(event=0.9), TRUST)


def test_an_event_that_no_pattern_found_is_offered_by_its_rule_with_the_first_line_as_evidence() -> None:
    (offered,) = fused(of=guess(status=Status.PLANNED))
    assert (offered.type, offered.main, offered.status, offered.rule) == ("coup", True, Status.PLANNED, RULE)
    assert offered.evidence == ((0, 20),)
    assert offered.codes.plover == "COUP"
    assert offered.doubt


def test_an_offered_event_of_nobody_nowhere_stays_below_what_queries_hear_of() -> None:
    (offered,) = fused(of=guess())
    assert settled(offered).confidence == MOST_ALONE < SURE
    assert settled(offered.model_copy(update={"places": ("KE",)})).confidence == offered.confidence > SURE


def test_a_reading_that_is_not_sure_is_not_offered() -> None:
    assert fused(of=guess(event=0.2, chance=0.19)) == ()
    assert fused(of=guess(chance=0.2)) == ()


def test_a_doubt_lowers_every_confidence_and_says_so_and_silences_nothing() -> None:
    main, behind = fused(told(), told("protest", main=False), of=guess(event=0.05, chance=0.01))
    assert main.confidence < 0.1
    assert main.doubt == "the wording as a whole reads like no event (0.05)"
    assert behind.confidence == 0.05


def test_events_in_the_background_keep_their_confidence_where_there_is_an_event() -> None:
    background = told("protest", main=False)
    assert background in fused(told(), background, of=guess())


def test_what_the_patterns_tell_stays_unless_another_type_is_clearly_surer() -> None:
    near = guess("protest", chance=0.5, coup=0.4)
    assert [(event.type, event.main) for event in fused(told("coup"), of=near)] == [("coup", True)]
    clear = guess("protest", chance=0.8, coup=0.1)
    assert [(event.type, event.main) for event in fused(told("coup"), of=clear)] == [("protest", True), ("coup", False)]


def test_an_event_of_the_background_that_is_clearly_surer_becomes_the_main_one() -> None:
    main, rest = fused(told("protest", 0.55), told("coup", main=False), of=guess("coup", 0.9))
    assert (main.type, main.main, main.rule, main.confidence) == ("coup", True, "coup/plain", 0.9)
    assert (rest.type, rest.main) == ("protest", False)


def test_history_does_not_become_the_main_event() -> None:
    past = told("coup", main=False).model_copy(update={"context": Context.HISTORICAL})
    offered, *_ = fused(told("protest"), past, of=guess("coup", 0.9))
    assert (offered.rule, offered.context) == (RULE, Context.CURRENT)


def test_one_deed_under_another_name_keeps_who_and_whom() -> None:
    shells = told("shelling").model_copy(update={"actors": ("RU",), "targets": ("UA",)})
    (event,) = fused(shells, of=guess("airstrike", 0.9))
    assert (event.type, event.actors, event.targets) == ("airstrike", ("RU",), ("UA",))
    assert event.codes.plover == "AIRSTRIKE"
    assert event.doubt == "the patterns read shelling"


def test_the_dead_are_not_another_name_for_who_killed_them() -> None:
    offered, dead = fused(told("casualties"), of=guess("mass_killing", 0.9))
    assert (offered.type, offered.rule) == ("mass_killing", RULE)
    assert (dead.type, dead.main) == ("casualties", False)


def test_some_types_are_of_one_family() -> None:
    assert akin("airstrike", "shelling")
    assert akin("coup", "coup")
    assert not akin("airstrike", "coup")


def test_an_event_type_of_the_users_own_is_left_alone() -> None:
    own = told("whale_sighting")
    assert fused(own, of=guess(event=0.01, chance=0.01)) == (own,)
    assert fused(own, of=guess()) == (own,)
    assert own.model_copy(update={"main": False}) in fused(told(), own.model_copy(update={"main": False}), of=guess())


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_confidence_is_one_whatever_the_readers_say(event: float, chance: float) -> None:
    assert 0 <= sureness({"coup"}, guess(event=event, chance=min(chance, event)), TRUST) <= 1


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
    assert restated(event, guess(status=Status.PLANNED, sure=0.45), never=()) is event
    assert restated(event, guess(status=Status.PLANNED), never=(Status.PLANNED,)) is event
    retracted = told().model_copy(update={"status": Status.RETRACTED})
    assert restated(retracted, guess(status=Status.PLANNED), never=()) is retracted
