"""The history, asked after the fact."""

from datetime import date, timedelta

from alert.backtest import Seen, Trial, back_test, chart, compare, rates
from tests.alert.world import NOW, change, deployment, event, one, report

HISTORY = [
    Seen(NOW + timedelta(days=day), change(of, story_id=story))
    for day, story, of in [
        (0, "a", report("", deployment(), id="r0", title="sent")),
        (0, "a", report("", deployment(), id="r1", title="sent, again")),
        (2, "b", report("", deployment(actors=("UA",)), id="r2", title="others sent")),
        (2, "c", report("a film", id="r3")),
        (3, "d", report("", event("troop_deployment", actors=("KP",)), id="r4", title="sent somewhere")),
        (3, "e", report("", deployment(), id="r5", title="more sent")),
    ]
]


def trial(query: str) -> Trial:
    return back_test(one(query), HISTORY)["x"]


def test_stories_are_counted_on_the_day_they_first_match() -> None:
    tried = trial("event:troop_deployment AND actor:KP AND place:RU")
    assert (tried.matched, tried.reports, len(tried.stories)) == (3, 6, 2)
    assert [hit.report for hit in tried.newest] == ["r5", "r1", "r0"]
    assert chart(tried, NOW.date(), (NOW + timedelta(days=3)).date()) == "█  █"
    assert tried.per_day(4) == 0.5


def test_the_nearest_misses_say_what_stopped_them() -> None:
    tried = trial("event:troop_deployment AND actor:KP AND place:RU")
    assert [(miss.report, miss.reason.split(" [")[0]) for miss in tried.misses] == [
        ("r4", "place:RU"),
        ("r2", "actor:KP (UA)"),
    ]
    assert tried.gated == 1


def test_a_flood_and_a_silence_are_said() -> None:
    tried = Trial("x", reports=1000, matched=300)
    assert tried.warning(1) == "it matches 30% of all reports: narrow it"
    assert trial("event:coup").warning(4) == "nothing matched in all this time"
    assert "1 reports only lacked" in back_test(one("event:troop_deployment AND place:UA"), HISTORY)["x"].warning(4)


def test_two_versions_differ_by_the_stories_gained_and_lost() -> None:
    difference = compare(trial("actor:UA"), trial("actor:KP AND place:RU"))
    assert [hit.story for hit in difference.gained] == ["b"]
    assert [hit.story for hit in difference.lost] == ["a", "e"]


def test_an_empty_chart_is_blank() -> None:
    assert chart(Trial("x"), date(2025, 1, 1), date(2025, 1, 3)) == "   "


def test_rates_are_told_for_each_subscription() -> None:
    (told,) = rates(one("actor:KP"), HISTORY)
    assert told.startswith("x: about 1.0 stories a day; fair: looked at in 8.")
    assert told.endswith("% of reports (a guess: 6 were seen)")
    (told,) = rates(one("actor:KP"), HISTORY * 40)
    assert "; dear: looked at in 67% of reports; warning: " in told
    guessed = "x: no history yet to tell its rate by; fair: looked at in 2.0% of reports (a guess: 0 were seen)"
    assert list(rates(one("actor:KP"), [])) == [guessed]
    (flood,) = rates(one("troop* OR film OR event:troop_deployment"), HISTORY * 40)
    assert flood.endswith("warning: it matches 100% of all reports: narrow it")
