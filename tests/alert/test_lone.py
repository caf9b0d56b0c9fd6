"""A query as it is typed: every slip with its place, or a set that holds nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert.lone import LONE, LONGEST, lone, slips, written_out
from tests.alert.world import deployment, report, subscriptions

ORIGIN = subscriptions(
    "subscriptions: [{id: a, match: 'query:koreans AND troops'}]\nqueries: {koreans: 'actor:KP OR actor:KR'}"
).origin  # fmt: skip


@pytest.mark.parametrize(
    ("query", "start", "problem", "carets"),
    [
        ("actor:KP AND plce:RU", 13, "plce", "  |              ^^^^"),
        ("actor:XX", 6, "XX", "  |       ^^"),
        ("actor:KP AND", 12, "", "  |             ^"),
        ("", 0, "empty", "  | ^"),
    ],
)
def test_a_slip_is_shown_where_it_is(query: str, start: int, problem: str, carets: str) -> None:
    (slip,) = slips(query, ORIGIN)
    assert slip.start == start
    assert problem in slip.problem
    assert slip.shown.splitlines()[1].startswith(carets)


def test_all_unknown_names_are_told_at_once() -> None:
    assert [slip.start for slip in slips("actor:XX AND place:YY", ORIGIN)] == [6, 19]


def test_a_good_query_has_no_slips_and_is_written_out() -> None:
    assert slips("troops actor:KP", ORIGIN) == []
    assert written_out("troops actor:KP", ORIGIN) == "troops AND actor:KP"
    assert written_out("troops AND", ORIGIN) == ""


def test_saved_queries_are_known() -> None:
    assert slips("query:koreans", ORIGIN) == []
    assert slips("query:romans", ORIGIN)


def test_a_lone_set_wants_what_the_query_wants() -> None:
    one = lone("query:koreans AND event:troop_deployment", ORIGIN)
    assert set(one.compiled) == {LONE}
    assert one.wanting(report("Troops", deployment())) == {LONE}
    assert one.wanting(report("Weather")) == set()


def test_what_is_too_long_is_not_even_read() -> None:
    (slip,) = slips("a" * (LONGEST + 1), ORIGIN)
    assert "longer than" in slip.problem


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_query_or_has_slips(query: str) -> None:
    found = slips(query, ORIGIN)
    assert all(0 <= slip.start < slip.end for slip in found)
    if not found:
        lone(query, ORIGIN)
