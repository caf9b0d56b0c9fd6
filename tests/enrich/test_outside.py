"""What a tagger's word does to a report, by rules that hold for any tagger and any report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.outside import DOUBTED, LONGEST, MOST_EVENTS, Unusable, weighed
from schemas.ports import Tagged, Veto
from schemas.report import SURE, Claim, Context, Event, EventQuantity, Report, Status

TYPES = frozenset({"protest", "riot", "arrest"})
WORDS = ((0, 5),)


def event(kind: str = "protest", confidence: float = 0.8, **more: object) -> Event:
    return Event.model_validate({"type": kind, "confidence": confidence, "evidence": WORDS, **more})


def report(*events: Event) -> Report:
    return Report(id="1", title="Crowds gather", text="Nobody knows why.", events=events)


def after(before: Report, *events: Event, vetoes: tuple[Veto, ...] = ()) -> tuple[Event, ...]:
    return weighed(before, "t", Tagged(events, vetoes), TYPES).report.events


def test_an_added_event_is_the_main_one_only_where_ours_does_not_count() -> None:
    ours = event(main=True, rule="ours")
    assert [one.rule for one in after(report(ours), event("riot", main=True, rule="loud")) if one.main] == ["ours"]
    unsure = event(main=True, confidence=0.4, rule="ours")
    first, second = after(report(unsure), event("riot", rule="loud"))
    assert (first.rule, first.main, second.rule, second.main) == ("tagger:t/loud", True, "ours", False)


def test_a_past_event_never_becomes_the_main_one() -> None:
    [old] = after(report(), event(context=Context.HISTORICAL, main=True))
    assert not old.main


def test_agreement_leaves_ours_as_sure_as_the_surer_and_says_who_agreed() -> None:
    ours = event(confidence=0.4, main=True, rule="ours", actors=("FR",), doubt="reads like no event")
    [told] = after(report(ours), event(confidence=0.7))
    assert (told.confidence, told.rule, told.actors, told.doubt) == (0.7, "ours + tagger:t", ("FR",), None)
    [unsure] = after(report(ours), event(confidence=0.3))
    assert (unsure.confidence, unsure.doubt) == (0.4, "reads like no event")


def test_other_doers_are_another_event() -> None:
    assert len(after(report(event(actors=("FR",), main=True)), event(actors=("DE",)))) == 2


def test_a_veto_keeps_the_event_below_what_counts_and_says_whose_it_is() -> None:
    ours = event(main=True, doubt="far apart"), event("riot")
    first, second = after(report(*ours), vetoes=(Veto(0, "a\nfilm"),))
    assert (first.type, first.main) == ("riot", True)
    assert (second.confidence, second.doubt, second.main) == (DOUBTED, "far apart; tagger t: a film", False)
    [alone] = after(report(ours[0]), vetoes=(Veto(0, "a film"),))
    assert alone.main
    assert alone.confidence < SURE


def test_a_vetoed_event_is_not_lifted_by_who_says_it_again() -> None:
    [doubted] = after(report(event(main=True)), vetoes=(Veto(0, "a film"),))
    both = after(report(doubted), event(confidence=0.9))
    assert {one.confidence for one in both} == {DOUBTED, 0.9}


LONG = Event(type="protest", evidence=WORDS, rule="x" * LONGEST)
BAD = [
    ("no", "answered with str"),
    (Tagged(events=event()), "events is Event, not a tuple"),  # type: ignore[arg-type]
    (Tagged(events=("protest",)), "an event is str"),  # type: ignore[arg-type]
    (Tagged(vetoes=(0,)), "a veto is int"),  # type: ignore[arg-type]
    (Tagged(events=(event(),) * (MOST_EVENTS + 1)), "it added 21 events"),
    (Tagged(events=(event("protests"),)), 'no event type "protests"; did you mean "protest"?'),
    (Tagged(events=(event("flood"),)), "name it in event_types"),
    (Tagged(events=(Event(type="riot"),)), "its riot has no evidence"),
    (Tagged(events=(event(evidence=((5, 5),)),)), "the span 5:5"),
    (Tagged(events=(event(evidence=((0, 500),)),)), "the span 0:500"),
    (Tagged(events=(event(claims=(Claim(by=None, status=Status.DENIED, evidence=(-3, 2)),)),)), "the span -3:2"),
    (Tagged(events=(event(quantities=(EventQuantity(unit="people", span=(9, 99)),)),)), "the span 9:99"),
    (Tagged(events=(LONG,)), "bytes; 20000 are allowed"),
    (Tagged(events=(event(actors=("\ud800",)),)), "cannot be written down"),
    (Tagged(events=(event().model_copy(update={"confidence": 7}),)), "cannot be written down"),
    (Tagged(events=(event().model_copy(update={"status": object()}),)), "cannot be written down"),
    (Tagged(vetoes=(Veto(1, "no such event"),)), "event 1; the report has 1"),
    (Tagged(vetoes=(Veto(-1, "no such event"),)), "event -1"),
    (Tagged(vetoes=(Veto(True, "no such event"),)), "event True"),
    (Tagged(vetoes=(Veto(0, " "),)), "needs its reason"),
    (Tagged(vetoes=(Veto(0, "\ud800"),)), "lone surrogate"),
]


@pytest.mark.parametrize(("said", "why"), BAD, ids=[why for _, why in BAD])
def test_rubbish_is_told_for_what_it_is(said: object, why: str) -> None:
    with pytest.raises(Unusable) as caught:
        weighed(report(event(main=True)), "t", said, TYPES)
    assert why in str(caught.value)


events = st.builds(
    event, st.sampled_from(sorted(TYPES)), st.floats(0, 1), main=st.booleans(), context=st.sampled_from(Context),
    actors=st.sampled_from([(), ("FR",), ("DE", "FR")]),
)  # fmt: skip


@given(st.lists(events, max_size=4), st.lists(events, max_size=4), st.sets(st.integers(0, 3)))
def test_nothing_is_lost_and_there_is_one_main_event_at_most(
    ours: list[Event], theirs: list[Event], doubted: set[int]
) -> None:
    before = report(*(one.model_copy(update={"main": at == 0}) for at, one in enumerate(ours)))
    vetoes = tuple(Veto(at, "no") for at in doubted if at < len(ours))
    said = weighed(before, "t", Tagged(tuple(theirs), vetoes), TYPES)
    told = said.report.events
    assert len(ours) <= len(told) <= len(ours) + len(theirs)
    assert sum(one.main for one in told) <= 1
    assert not any(one.main for one in told[1:])
    assert sum(one.doubt is not None and one.confidence < SURE for one in told) >= len(vetoes)
    assert len(said.changes) == len(theirs) + len(vetoes)
    assert Report.model_validate_json(said.report.model_dump_json()) == said.report
