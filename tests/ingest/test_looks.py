"""What a look makes of a feed's memory."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.fetch import Seen
from ingest.looks import Look, Outcome, Plan, after, ask, kept
from ingest.parse import Hints, ParsedFeed
from ingest.state import Policy, Watch
from schemas.item import Feed, Item

NOW, DAY = 1e9, 86400.0
FEED = Feed(url="https://e.org/rss")
BODY = Seen("body", "200", 200, FEED.url, b"x", "hash", etag='"1"', max_age=60)


def plan(now: float = NOW, feed: Feed = FEED) -> Plan:
    return Plan(feed, Policy(), 400, now, 0.5)


def parsed(*numbers: int, shared: bool = False) -> ParsedFeed:
    items = [Item(id=f"g{n}", title=f"Story number {n} of today", url=f"https://e.org/story-{n}00") for n in numbers]
    return ParsedFeed(tuple(items), hints=Hints(ttl=900), shared_guids=shared)


def look(seen: Seen = BODY, document: ParsedFeed | None = None, trouble: str = "", conditional: bool = False) -> Look:
    return Look(FEED.url, seen, conditional, document, trouble)


def outcome(watch: Watch, a_look: Look, now: float = NOW, feed: Feed = FEED) -> Outcome:
    return after(watch, a_look, plan(now, feed), lambda name: None)


def seeded() -> Watch:
    return outcome(Watch(FEED.url), look(document=parsed(1))).watch


def test_a_first_document_seeds_the_feed() -> None:
    found = outcome(Watch(FEED.url), look(document=parsed(1, 2)))
    watch = found.watch
    assert (watch.standing, watch.seeded, watch.items, watch.etag, watch.ttl) == ("healthy", True, 2, '"1"', 900)
    assert [(item.alertable, item.feed) for item in found.verdict.items] == [(False, FEED.url)] * 2
    assert watch.next >= NOW + 900


def test_hours_to_be_left_out_bind_unless_the_operator_says_how_often() -> None:
    document = replace(parsed(1), hints=Hints(skip_hours=frozenset(range(23))))
    first = outcome(Watch(FEED.url), look(document=document)).watch
    assert datetime.fromtimestamp(first.next, UTC).hour == 23
    assert outcome(first, look(Seen("unchanged", "304", 304), conditional=True), first.next).watch.next > first.next
    eager = outcome(Watch(FEED.url), look(document=document), feed=Feed(url=FEED.url, max_delay=600)).watch
    assert eager.next <= NOW + 660


def test_an_empty_document_seeds_it_too() -> None:
    assert outcome(Watch(FEED.url), look(document=parsed())).watch.seeded


def test_validators_are_sent_for_a_day_and_then_the_whole_document_is_wanted() -> None:
    watch = seeded()
    first, conditional = ask(watch, NOW + 3600)
    assert (first.etag, conditional) == ('"1"', True)
    later, conditional = ask(watch, NOW + DAY + 1)
    assert (later.etag, later.last_modified, conditional) == (None, None, False)


def test_a_304_does_not_prolong_its_own_credit() -> None:
    watch = outcome(seeded(), look(Seen("unchanged", "304", 304), conditional=True), NOW + 3600).watch
    assert (watch.standing, watch.validated) == ("healthy", NOW)


def test_the_same_bytes_are_no_change_but_they_validate() -> None:
    watch = outcome(seeded(), look(), NOW + 3600).watch
    assert (watch.validated, watch.items) == (NOW + 3600, 1)


def test_failures_are_counted_and_forgotten_when_it_is_well_again() -> None:
    watch = seeded()
    for turn in range(3):
        watch = outcome(watch, look(Seen("failed", "500: the server failed", 500)), NOW + turn).watch
    assert (watch.standing, watch.fails, watch.failing_since, watch.etag) == ("failing", 3, NOW, None)
    assert watch.next > NOW + 8 * 900 * 0.9
    watch = outcome(watch, look(document=parsed(1)), NOW + 9).watch
    assert (watch.standing, watch.fails, watch.failing_since) == ("healthy", 0, 0)


def test_a_document_that_is_no_feed_poisons_it() -> None:
    watch = outcome(seeded(), look(trouble="this is a web page, not a feed")).watch
    assert (watch.standing, watch.reason) == ("poisoned", "this is a web page, not a feed")


def test_three_times_gone_is_gone_and_looked_at_once_a_week() -> None:
    watch, gone = seeded(), look(Seen("gone", "410", 410))
    watch = outcome(outcome(watch, gone).watch, gone).watch
    assert watch.standing == "failing"
    watch = outcome(watch, gone).watch
    assert (watch.standing, watch.next >= NOW + 7 * DAY) == ("gone", True)


def test_those_who_do_not_want_us_are_left_alone_for_hours() -> None:
    assert outcome(seeded(), look(Seen("blocked", "403", 403))).watch.next >= NOW + 6 * 3600


def test_a_busy_server_holds_its_whole_host_and_is_no_failure_at_once() -> None:
    found = outcome(seeded(), look(Seen("busy", "429", 429, retry_after=1200)))
    assert found.hold is not None
    assert found.hold >= NOW + 1200
    assert found.watch.next >= NOW + 1200
    assert (found.watch.standing, found.watch.fails) == ("healthy", 1)


def test_a_move_is_believed_after_it_was_said_often_and_long_enough() -> None:
    watch = seeded()
    moved = Seen("unchanged", "304", 304, permanent="https://new.example/rss")
    for hour in range(49):
        watch = outcome(watch, look(moved, conditional=True), NOW + hour * 3600).watch
        assert (watch.adopted is None) == (hour < 48)
    assert (watch.address, watch.url) == ("https://new.example/rss", FEED.url)
    for _ in range(3):
        watch = outcome(watch, look(Seen("failed", "404", 404)), NOW + 3 * DAY).watch
    assert watch.address == FEED.url


def test_a_move_that_is_taken_back_is_forgotten() -> None:
    watch = outcome(seeded(), look(Seen("unchanged", "304", permanent="https://new.example/rss"))).watch
    assert watch.moved_to
    assert outcome(watch, look(Seen("unchanged", "304"))).watch.moved_to is None


def test_a_window_that_ran_over_is_watched_more_closely() -> None:
    watch = outcome(seeded(), look(document=parsed(2, 3, 4, 5, 6, 7)), NOW + 3600).watch
    assert watch.overrun == 10
    assert outcome(watch, look(Seen("unchanged", "304"))).watch.overrun == 9


def test_worthless_guids_are_remembered() -> None:
    assert not outcome(seeded(), look(document=parsed(1, shared=True))).watch.trust_guids


@pytest.mark.parametrize(("store", "length"), [("full", 4000), ("excerpt", 601), ("link", 0)])
def test_no_more_of_a_text_is_kept_than_may_be(store: str, length: int) -> None:
    assert abs(len(kept("words " * 666 + "end.", store)) - length) <= 8
    assert kept("short", "excerpt") == "short"


def test_a_memory_survives_being_written_down() -> None:
    busy = outcome(seeded(), look(Seen("busy", "429", retry_after=60))).watch
    watch = busy.but(skip_hours=(1, 2), skip_days=("friday",))
    assert Watch.from_json({**watch.to_json(), "from_a_newer_version": 1}) == watch
    assert Watch("u").to_json() == {"url": "u"}


def test_a_lively_feed_is_looked_at_again_within_minutes_of_its_first_sight() -> None:
    dated = [
        Item(id=str(n), title=f"Story {n}", published=datetime.fromtimestamp(NOW - n * 3600, UTC)) for n in range(30)
    ]
    lively = after(Watch(FEED.url), look(document=ParsedFeed(tuple(dated))), replace(plan(), c=1.0), lambda name: None)
    assert lively.watch.next - NOW < 660
