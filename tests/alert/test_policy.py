"""Policy, rule by rule: the verdict and its reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alert.delivery.state import Condition, Loud, Silence, Thread
from alert.policy import Case, Rules, Verdict, decide, mode
from schemas.alert import Alert, Quiet, Severity
from schemas.materiality import facts
from schemas.report import Status
from tests.alert.build import DAWN, alert, match, soldiers, story

HOUR = timedelta(hours=1)
RULES = Rules("desk", edits=True)
NEW = Thread(destination="desk", story="st1")
"""Nothing was said yet."""


def told(**more: Any) -> Thread:
    """The first revision was told twenty minutes ago."""
    usual = {
        "told": facts(story(), ("Example Arabic",)), "shown": facts(story(), ("Example Arabic",)), "told_revision": 1,
        "told_severity": Severity.HIGH, "roots": {"": "m1"}, "rang": DAWN - timedelta(minutes=20),
        "opened": DAWN - timedelta(minutes=20),
    }  # fmt: skip
    return NEW.model_copy(update={**usual, **more})


def verdict(one: Alert, thread: Thread = NEW, rules: Rules = RULES, **condition: Any) -> Verdict:
    return decide(Case(one, thread, rules, DAWN, Condition(destination="desk", **condition)))


DENIED = {"status": Status.DENIED}
MORE = {"quantities": (soldiers(20000),)}
SOURCES = {"sources": ("Example Arabic", "Another")}


@pytest.mark.parametrize("materiality", ["M0", "M1", "M2", "M3"])
def test_the_first_ring_comes_at_once_whatever_the_materiality(materiality: str) -> None:
    found = verdict(alert(materiality=materiality))
    assert (found.act, found.due, found.held) == ("root", DAWN, False)


@pytest.mark.parametrize(
    ("facts_", "act", "due", "broadcast"),
    [
        (DENIED, "reply", DAWN, True),
        ({"type": "troop_withdrawal"}, "reply", DAWN, True),
        (MORE, "reply", DAWN, False),
        ({"actors": ("KP", "UA")}, "reply", DAWN, False),
        (SOURCES, "edit", DAWN, False),
        ({}, "fold", DAWN, False),
    ],
)
def test_what_is_new_decides_how_it_is_said(facts_: dict[str, Any], act: str, due: Any, *, broadcast: bool) -> None:
    found = verdict(alert(revision=2, materiality="M0", facts=facts_), told())
    assert (found.act, found.due, found.broadcast) == (act, due, broadcast)


def test_what_was_told_of_this_very_revision_is_not_told_again() -> None:
    """The root is mended after a reply: judged again then, the alert of the reply must not ring anew."""
    assert verdict(alert(revision=1, materiality="M3"), told()).act == "fold"
    assert verdict(alert(revision=2, materiality="M3"), told()).act == "reply"


def test_updates_are_gathered_for_ten_minutes() -> None:
    found = verdict(alert(revision=2, facts=MORE), told(rang=DAWN - timedelta(minutes=4)))
    assert (found.act, found.due) == ("reply", DAWN + timedelta(minutes=6))


def test_a_correction_waits_for_nothing() -> None:
    found = verdict(alert(revision=2, facts=DENIED), told(rang=DAWN - timedelta(minutes=4)))
    assert found.due == DAWN


def test_a_correction_reaches_who_was_told_even_when_no_query_matches() -> None:
    one = alert(revision=2, facts=DENIED, matches=(), correction=True)
    assert verdict(one, told()).act == "reply"
    assert verdict(one, NEW).act == "filter"


def test_a_louder_severity_is_a_correction() -> None:
    found = verdict(alert(revision=2, severity=Severity.FLASH), told())
    assert (found.act, found.broadcast) == ("reply", True)


def test_silent_edits_come_at_most_once_a_minute() -> None:
    found = verdict(alert(revision=2, facts=SOURCES), told(edited=DAWN - timedelta(seconds=10)))
    assert (found.act, found.due) == ("edit", DAWN + timedelta(seconds=50))


def test_where_nothing_can_be_edited_more_sources_are_folded() -> None:
    assert verdict(alert(revision=2, facts=SOURCES), told(), Rules("desk")).act == "fold"


def test_a_story_that_resumes_after_a_week_opens_a_new_thread() -> None:
    found = verdict(alert(revision=2, facts=DENIED), told(rang=DAWN - timedelta(days=8)))
    assert found.act == "root"


@pytest.mark.parametrize(
    ("ring", "facts_", "act"),
    [
        ("first", MORE, "edit"),
        ("first", DENIED, "reply"),
        ("material", SOURCES, "edit"),
        ("every", SOURCES, "reply"),
        ("every", {}, "reply"),
        ("digest", MORE, "digest"),
        ("digest", DENIED, "reply"),
    ],
)
def test_the_subscription_says_what_it_wants_to_hear(ring: str, facts_: dict[str, Any], act: str) -> None:
    one = alert(revision=2, materiality="M0", facts=facts_, matches=(match(ring=ring),))
    assert verdict(one, told()).act == act


def test_a_digest_comes_at_its_hour_in_its_zone() -> None:
    wish = match(ring="digest", digest_at="08:00", quiet=Quiet(hours="22:00-06:00", timezone="Asia/Seoul"))
    found = verdict(alert(matches=(wish,)))
    assert (found.act, found.due, found.held) == ("digest", DAWN + timedelta(hours=17), True)


def test_low_severity_never_rings_in_real_time() -> None:
    found = verdict(alert(severity=Severity.LOW))
    assert found.act == "digest"
    assert "low severity" in found.reason


def test_one_loud_subscription_rings_for_all() -> None:
    assert mode((match(ring="digest"), match("b", ring="first"))) == "first"
    assert mode((match(severity=Severity.LOW), match("b", held="unplaced"))) == "digest"


def test_a_held_match_does_not_ring_and_says_why() -> None:
    found = verdict(alert(matches=(match(held="the item names no known place"),)))
    assert (found.act, found.held) == ("digest", True)
    assert "no known place" in found.reason


NIGHT = Quiet(hours="00:00-08:00", timezone="UTC")


def test_quiet_hours_hold_until_they_end() -> None:
    found = verdict(alert(matches=(match(quiet=NIGHT),)))
    assert (found.act, found.held, found.due) == ("root", True, DAWN + 2 * HOUR)


def test_one_subscription_that_is_awake_rings() -> None:
    assert not verdict(alert(matches=(match(quiet=NIGHT), match("awake")))).held


def test_flash_breaks_through_quiet_hours() -> None:
    one = alert(severity=Severity.FLASH, matches=(match(quiet=NIGHT, severity=Severity.FLASH),))
    assert not verdict(one).held
    assert not verdict(one, rules=replace(RULES, quiet="00:00-08:00")).held


def test_a_named_exception_breaks_through() -> None:
    quiet = NIGHT.model_copy(update={"except_": Severity.HIGH})
    assert not verdict(alert(matches=(match(quiet=quiet),))).held
    assert verdict(alert(matches=(match(quiet=quiet, severity=Severity.NORMAL),))).held


def test_a_correction_is_held_by_quiet_hours_too() -> None:
    found = verdict(alert(revision=2, facts=DENIED, matches=(match(quiet=NIGHT),)), told())
    assert (found.act, found.held, found.broadcast) == ("reply", True, True)


def test_the_destinations_own_quiet_hours() -> None:
    found = verdict(alert(), rules=replace(RULES, quiet="23:00-07:00", timezone="UTC"))
    assert (found.held, found.due) == (True, DAWN + HOUR)


def test_a_muted_story_is_held_but_for_corrections() -> None:
    muted = told(muted_until=DAWN + HOUR, muted_by="anna")
    found = verdict(alert(revision=2, facts=MORE), muted)
    assert (found.held, found.due) == (True, DAWN + HOUR)
    assert "anna" in found.reason
    assert not verdict(alert(revision=2, facts=DENIED), muted).held
    assert not verdict(alert(revision=2, facts=MORE), told(muted_until=DAWN - HOUR)).held


def silence(**of: Any) -> Silence:
    return Silence(id="s", until=DAWN + HOUR, by="anna", note="planned exercise", **of)


@pytest.mark.parametrize(
    ("of", "held"),
    [
        ({}, True),
        ({"story": "st1"}, True),
        ({"story": "st2"}, False),
        ({"subscription": "dprk-troops"}, True),
        ({"subscription": "other"}, False),
    ],
)
def test_a_silence_holds_what_it_names(of: dict[str, Any], *, held: bool) -> None:
    found = verdict(alert(), silences=(silence(**of),))
    assert found.held == held
    assert ("silenced by anna: planned exercise" in found.reason) == held


def test_a_silenced_subscription_does_not_silence_another() -> None:
    one = alert(matches=(match(), match("other")))
    assert not verdict(one, silences=(silence(subscription="dprk-troops"),)).held
    both = (silence(subscription="dprk-troops"), silence(subscription="other"))
    assert verdict(one, silences=both).held


def test_a_silence_that_is_over_holds_nothing() -> None:
    over = silence().model_copy(update={"until": DAWN})
    assert not verdict(alert(), silences=(over,)).held


def test_a_cap_folds_what_is_over_it_into_a_digest() -> None:
    rings = (DAWN - timedelta(minutes=50), DAWN - timedelta(minutes=20))
    capped = replace(RULES, max_per_hour=2)
    found = verdict(alert(), rules=capped, rings=rings)
    assert (found.act, found.due) == ("digest", DAWN + timedelta(minutes=10))
    assert verdict(alert(severity=Severity.FLASH), rules=capped, rings=rings).act == "root"
    assert verdict(alert(revision=2, facts=DENIED), told(), capped, rings=rings).act == "reply"
    assert verdict(alert(), rules=capped, rings=rings[:1]).act == "root"


def test_a_big_story_mutes_the_small_ones_round_it() -> None:
    loud = Loud(story="big", type="troop_deployment", where=("RU",), at=DAWN - timedelta(minutes=5))
    small = alert(severity=Severity.NORMAL)
    found = verdict(small, loud=(loud,))
    assert (found.act, found.due) == ("digest", DAWN + timedelta(minutes=55))
    assert verdict(alert(), loud=(loud,)).act == "root"
    assert verdict(small, loud=(loud.model_copy(update={"where": ("UA",)}),)).act == "root"
    assert verdict(small, loud=(loud.model_copy(update={"story": "st1"}),)).act == "root"
    assert verdict(small, loud=(loud.model_copy(update={"at": DAWN - HOUR}),)).act == "root"


def test_every_verdict_has_a_reason() -> None:
    for one in (alert(), alert(revision=2, facts=MORE), alert(revision=2), alert(matches=(), correction=True)):
        for thread in (NEW, told()):
            assert verdict(one, thread).reason
