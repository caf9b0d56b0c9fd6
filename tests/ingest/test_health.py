"""How feeds are, and what the operator hears: once, and together."""

from ingest.health import DAY, bulletin, examine
from ingest.state import Standing, Watch

NOW = 1e9


def feed(number: int = 1, standing: Standing = "healthy", **facts: object) -> Watch:
    watch = Watch(f"https://e.org/{number}", standing, "because", seeded=True, items=5, last_item=NOW - DAY / 24)
    return watch.but(**facts)


def condition(**facts: object) -> str:
    return examine(feed(**facts), NOW).condition  # type: ignore[arg-type]  # facts of a Watch


def test_each_condition_is_told_apart() -> None:
    assert examine(Watch("u"), NOW).condition == "new"
    assert condition() == "healthy"
    assert condition(items=0) == "empty"
    assert condition(moved_to="https://new.example") == "moved"
    assert condition(standing="failing") == "failing"
    assert condition(standing="gone") == "gone"
    assert condition(standing="blocked") == "blocked"
    assert condition(standing="poisoned", fails=1) == "failing"
    assert condition(standing="poisoned", fails=3) == "poisoned"


def test_a_silence_that_is_no_chance_is_stale_and_says_why() -> None:
    health = examine(feed(usual=12 / DAY, last_item=NOW - 3 * DAY), NOW)
    assert (health.condition, health.reason) == ("stale", "usually 12 a day, silent for 3 days")
    assert examine(feed(usual=0.5 / DAY, last_item=NOW - 20 * DAY), NOW).reason.startswith("usually 3.5 a week")


def test_a_weekend_and_a_rare_feed_are_not_stale() -> None:
    assert condition(usual=12 / DAY, last_item=NOW - 2.5 * DAY) == "healthy"
    assert condition(usual=1 / DAY, last_item=NOW - 6 * DAY) == "healthy"
    assert condition(usual=0.0, last_item=NOW - 90 * DAY) == "healthy"


def test_the_operator_hears_of_each_illness_once() -> None:
    ill = feed(usual=12 / DAY, last_item=NOW - 3 * DAY)
    told, changed = bulletin([ill, feed(2)], NOW)
    assert told is not None
    assert told.headline == "A feed is stale: usually 12 a day, silent for 3 days"
    assert "https://e.org/1" in told.detail
    assert bulletin([*changed, feed(2)], NOW) == (None, [])


def test_a_feed_that_was_well_in_between_is_told_again() -> None:
    (noted,) = bulletin([feed(standing="gone")], NOW)[1]
    none, (well,) = bulletin([noted.but(standing="healthy")], NOW)
    assert none is None
    assert bulletin([well.but(standing="gone")], NOW)[0] is not None


def test_what_may_pass_is_told_after_a_day() -> None:
    failing = feed(standing="failing", failing_since=NOW - DAY + 60)
    assert bulletin([failing], NOW)[0] is None
    assert bulletin([failing], NOW + 60)[0] is not None


def test_many_illnesses_are_one_message() -> None:
    told, _ = bulletin([feed(n, "gone") for n in range(30)] + [feed(n) for n in range(40, 100)], NOW)
    assert told is not None
    assert told.headline == "30 feeds need a look: 30 gone"
    assert told.detail.endswith("and 10 more; see: tocsin feeds health")


def test_when_most_feeds_fail_the_network_is_asked_about() -> None:
    told, _ = bulletin([feed(n, "failing", failing_since=NOW - DAY) for n in range(9)] + [feed(50)], NOW)
    assert told is not None
    assert "is the network well?" in told.headline
