"""Loading subscription files: what is refused, where the caret points, what is kept."""

import pytest

from alert.subscriptions import SubscriptionSet
from schemas.errors import ConfigError
from tests.alert.world import deployment, event, one, report, subscriptions


def faults(text: str, **options: object) -> str:
    with pytest.raises(ConfigError) as caught:
        subscriptions({"subscriptions/army.yaml": text}, **options)
    return str(caught.value)


def test_a_misspelt_type_in_a_folded_query_is_shown_where_it_was_written() -> None:
    text = """subscriptions:
  - id: a
    notify: [console]
    match: >-
      actor:KP
      AND event:troop_deploymnet   AND place:RU
"""
    assert faults(text) == (
        'subscriptions/army.yaml:6:17: unknown event "troop_deploymnet"; did you mean "troop_deployment"?\n'
        "  |       AND event:troop_deploymnet   AND place:RU\n"
        "  |                 ^^^^^^^^^^^^^^^^"
    )


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("    match: (kursk AND troops", "3:12"),
        ("    match: '(kursk AND troops'", "3:13"),
        ('    match: "troops AND (\\"north korea\\" OR"', "3:43"),
        ("    match: 'it''s AND (x'", "3:23"),
        ("    match: |\n      troops\n      AND (x", "5:11"),
        ("    match: a OR b AND c", "3:14"),
        ("    match: troops AND", "3:22"),
        ("    match: {actor: XX}", "3:20"),
        ("    match: {actr: KP}", "3:13"),
        ("    match: {all: [{text: a}, {any: []}]}", "3:36"),
    ],
)
def test_a_fault_knows_its_line_and_column(line: str, place: str) -> None:
    text = f"subscriptions:\n  - id: a\n{line}\n    notify: [console]\n"
    assert faults(text).startswith(f"subscriptions/army.yaml:{place}: ")


def test_right_to_left_text_is_told_by_words_and_wide_text_by_columns() -> None:
    assert faults("subscriptions: [{id: a, match: كورسك AND (روسيا}]").endswith('= column 42, after "AND"')
    shown = faults("subscriptions: [{id: a, match: 北朝鮮 AND (部隊}]").splitlines()
    assert shown[2].index("^") - shown[1].index("(") == 3


def test_every_fault_of_every_file_is_reported_at_once() -> None:
    text = """subscriptions:
  - {id: a, match: "actor:XX AND place:YY", notify: [nowhere]}
  - {id: a, match: x, notfy: [console]}
  - {id: b, match: "x AND (", severity: {default: hihg, flash: "sources>=x"}}
"""
    with pytest.raises(ConfigError) as caught:
        subscriptions({"a.yaml": text})
    assert len(caught.value.faults) == 1, "a key that is unknown hides the rest of its file"
    with pytest.raises(ConfigError) as caught:
        subscriptions({"a.yaml": text.replace("notfy", "notify"), "b.yaml": "queries: 3"}, destinations=["console"])
    assert [fault.problem for fault in caught.value.faults] == [
        'unknown actor "XX"',
        'unknown place "YY"',
        'unknown destination "nowhere"',
        'subscription "a" is written twice, also at a.yaml:2',
        "the query ends where a condition is expected",
        '"hihg" is no severity',
        "expected a number",
        "queries: Input should be a valid dictionary",
    ]


@pytest.mark.parametrize(
    ("lang", "meant"),
    [("jp", "ja"), ("ua", "uk"), ("english", "en"), ("cn", "zh"), ("xq", "")],
)
def test_a_country_or_a_name_in_place_of_a_language_is_answered_with_its_code(lang: str, meant: str) -> None:
    fix = f'did you mean "{meant}"?' if meant else "write a code such as ar, en or zh"
    assert f'unknown lang "{lang}"; {fix}' in faults(f"subscriptions: [{{id: a, match: lang:{lang}}}]")
    assert one("lang:zh-hant OR lang:yue").compiled


def test_a_region_asked_for_as_a_country_is_warned_of() -> None:
    said = one("country:kursk-oblast OR country:RU").warnings
    assert [fault.problem for fault in said] == [
        "x: country:kursk-oblast can never be met: it is a region; write entity:kursk-oblast or place:kursk-oblast"
    ]


def test_a_name_is_answered_with_its_id() -> None:
    assert 'did you mean "KP" (North Korea)?' in faults("subscriptions: [{id: a, match: 'actor:\"north korea\"'}]")
    assert 'did you mean "RU"?' in faults("subscriptions: [{id: a, match: 'place:ru'}]")


def test_destinations_are_checked_only_where_they_are_known() -> None:
    text = "subscriptions: [{id: a, match: x, notify: [east-asai]}]"
    assert subscriptions(text).compiled
    assert 'unknown destination "east-asai"; did you mean "east-asia"?' in faults(text, destinations=["east-asia"])


def test_what_nothing_anchors_is_refused_unless_it_is_meant() -> None:
    text = "subscriptions: [{id: a, match: NOT kursk, notify: [x]}]"
    assert "would be tried on every report" in faults(text)
    assert subscriptions(text.replace("notify", "allow_broad: true, notify")).match(report("peace"))


def test_saved_queries_are_used_by_name_and_bind_as_if_written_there() -> None:
    text = """
queries:
  dprk: actor:KP AND query:sent
  sent: event:troop_deployment
subscriptions:
  - {id: a, match: "query:dprk AND place:RU", notify: [x]}
"""
    loaded = subscriptions(text)
    assert loaded.match(report("", deployment()))
    assert not loaded.match(report("", event(actors=("KP",), places=("UA",)), event(places=("RU",))))


def test_saved_queries_that_use_each_other_are_refused() -> None:
    text = "queries: {a: query:b, b: query:a}\nsubscriptions: [{id: s, match: query:a}]"
    assert "queries use each other: a → b → a" in faults(text)
    assert 'no saved query "c"' in faults("subscriptions: [{id: s, match: query:c}]")


def test_lists_are_read_from_their_files() -> None:
    text = """
subscriptions:
  - id: a
    match: actor:in(@watch) AND text:in(@words)
    lists: {watch: lists/watch.txt, words: words.txt}
    notify: [x]
"""
    files = {"lists/watch.txt": "# who\nKP\nUA  # neighbour\n", "words.txt": "north border\nKursk\n"}
    loaded = subscriptions(text, read_list=files.__getitem__)
    assert loaded.match(report("in Kursk", deployment()))
    assert loaded.match(report("at the north border", deployment()))
    assert not loaded.match(report("at the border", deployment()))
    files["lists/watch.txt"] = "XX\n"
    assert 'unknown actor "XX"' in faults(text, read_list=files.__getitem__)


def test_a_list_that_cannot_be_read_is_a_fault() -> None:
    text = "subscriptions: [{id: a, match: 'actor:in(@w)', lists: {w: gone.txt}}]"
    assert "cannot be read" in faults(text)


def test_a_disabled_subscription_is_loaded_and_skipped() -> None:
    loaded = one("kursk", enabled=False)
    assert loaded.match(report("kursk")) == []
    assert loaded.explain(report("kursk"), "x").outcome == "disabled"


def test_explain_names_the_first_clause_that_stopped_it_and_the_nearest_event() -> None:
    loaded = one("event:troop_deployment AND actor:UA AND place:RU")
    told = loaded.explain(report("", event("protest"), deployment()), "x")
    assert told.outcome == "no match"
    assert told.reason == ("actor:UA (KP) [0 of 2 events fit; nearest: troop_deployment KP RU+kursk-oblast confirmed]")


def test_explain_says_when_a_gate_alone_kept_it_out() -> None:
    told = one("event:troop_deployment AND place:RU").explain(report("", event()), "x")
    assert told.gate == "its place is not known (unplaced: drop)" or "unplaced" in told.gate


def test_two_types_of_one_event_are_warned_of() -> None:
    (warning, *_) = one("event:airstrike AND event:sanctions").warnings
    assert "write event{type:airstrike} AND event{type:sanctions}" in str(warning)


FILES = {
    "a.yaml": "subscriptions: [{id: a, match: kursk, notify: [x]}, {id: b, match: troops}]",
    "b.yaml": "subscriptions: [{id: c, match: query:q}]",
    "q.yaml": "queries: {q: border}",
}
REPORTS = [report(words) for words in ("kursk", "troops", "border", "kursk troops border", "peace")]


def wanted_by(loaded: SubscriptionSet) -> list[list[str]]:
    return [[match.subscription for match in loaded.match(one)] for one in REPORTS]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"a.yaml": "subscriptions: [{id: a, match: border}]"},
        {"a.yaml": "subscriptions: [{id: a, match: kursk, enabled: false}, {id: b, match: troops}]"},
        {"q.yaml": "queries: {q: peace}"},
        {"d.yaml": "subscriptions: [{id: d, match: peace}]"},
        {"b.yaml": ""},
    ],
)
def test_a_reloaded_set_matches_as_if_loaded_afresh(changed: dict[str, str]) -> None:
    before = subscriptions(FILES)
    after = subscriptions({**FILES, **changed}, before=before)
    assert wanted_by(after) == wanted_by(subscriptions({**FILES, **changed}))
    again = subscriptions(FILES, before=after)
    assert wanted_by(again) == wanted_by(subscriptions(FILES))


def test_what_has_not_changed_is_not_compiled_again() -> None:
    before = subscriptions(FILES)
    after = subscriptions({**FILES, "b.yaml": "subscriptions: [{id: c, match: query:q AND peace}]"}, before=before)
    assert after.compiled["a"] is before.compiled["a"]
    assert after.compiled["c"] is not before.compiled["c"]


def test_a_broken_file_leaves_the_set_in_use_as_it_was() -> None:
    before = subscriptions(FILES)
    with pytest.raises(ConfigError):
        subscriptions({**FILES, "a.yaml": "subscriptions: [{id: a, match: (}]"}, before=before)
    assert wanted_by(before) == wanted_by(subscriptions(FILES))
