"""How a story stands: the last word of each speaker, the strongest of those, disputes, and a bounded timeline."""

from datetime import timedelta

from enrich.stories.standing import MOST_STATEMENTS, kept, last_words, retracted, standing, stands_disputed, statements
from enrich.stories.traits import Rolling
from schemas.report import Status
from schemas.story import Statement
from tests.enrich.stories.world import NOON, FewNames, claim, event, report

ROLLING = Rolling(FewNames())


def said(by: str | None, status: Status, hours: float = 0, source: str = "Paper", key: str = "r") -> Statement:
    return Statement(by=by, status=status, at=NOON + timedelta(hours=hours), report=key, source=source)


def test_the_strongest_word_counts_and_a_denial_outweighs_a_claim() -> None:
    assert standing(last_words([said("KR", Status.CLAIMED), said("KP", Status.DENIED)], ROLLING)) is Status.DENIED
    assert standing(last_words([said("KP", Status.CONFIRMED), said("RU", Status.DENIED)], ROLLING)) is Status.CONFIRMED
    assert standing(last_words([], ROLLING)) is None


def test_a_speakers_last_word_replaces_the_one_before() -> None:
    timeline = kept([said("KP", Status.CONFIRMED, 5), said("kcna", Status.DENIED, 1)])
    assert standing(last_words(timeline, ROLLING)) is Status.CONFIRMED
    later = kept([*timeline, said("KP", Status.DENIED, 9)])
    assert standing(last_words(later, ROLLING)) is Status.DENIED


def test_a_word_that_arrives_late_does_not_overrule_a_newer_one() -> None:
    timeline = kept([said("KP", Status.CONFIRMED, 5), said("KP", Status.DENIED, 1)])
    assert last_words(timeline, ROLLING) == {"KP": Status.CONFIRMED}


def test_an_agency_speaks_for_its_country_and_an_outlet_for_itself() -> None:
    found = last_words([said("kcna", Status.DENIED), said(None, Status.REPORTED, source="BBC News Arabic")], ROLLING)
    assert found == {"KP": Status.DENIED, "~bbc": Status.REPORTED}


def test_what_is_taken_back_leaves_what_others_say() -> None:
    timeline = [said(None, Status.REPORTED, key="a"), said("KR", Status.CLAIMED, key="b")]
    assert standing(last_words(retracted(timeline, "a"), ROLLING)) is Status.CLAIMED
    assert standing(last_words(retracted(timeline[:1], "a"), ROLLING)) is Status.RETRACTED


def test_a_denial_of_what_somebody_asserts_is_a_dispute() -> None:
    assert stands_disputed(last_words([said("KR", Status.CLAIMED), said("KP", Status.DENIED)], ROLLING))
    assert not stands_disputed(last_words([said("KP", Status.CLAIMED), said("KP", Status.DENIED)], ROLLING))
    assert not stands_disputed(last_words([said("KP", Status.DENIED)], ROLLING))


def test_claims_become_statements_with_their_words_and_the_events_own_word_last() -> None:
    told = event(status=Status.DENIED, claims=(claim("kcna", Status.DENIED), claim("yonhap", Status.CLAIMED)))
    found = statements(report("a", told, title="North Korea denies it"), told)
    assert [(one.by, one.status) for one in found] == [("yonhap", Status.CLAIMED), ("kcna", Status.DENIED)]
    assert found[0].words == "North Kore"
    assert found[0].source == "Paper a"


def test_an_event_without_claims_is_said_by_its_speaker_or_the_outlet() -> None:
    told = event(status=Status.CONFIRMED, said_by=("kcna",))
    assert [one.by for one in statements(report("a", told), told)] == ["kcna"]
    bare = event()
    assert [one.by for one in statements(report("a", bare), bare)] == [None]


def test_a_long_timeline_keeps_every_speaker_and_the_newest() -> None:
    many = [said(None, Status.REPORTED, hours, "Paper") for hours in range(200)]
    found = kept([said("KP", Status.DENIED, -1), *many])
    assert len(found) == MOST_STATEMENTS
    assert found[0].by == "KP"
    assert found[-1].at == NOON + timedelta(hours=199)
