"""Where a story is in its life at its last report, and how its return is told."""

from datetime import timedelta

from enrich.stories.lifecycle import came_back, lifecycle
from enrich.stories.traits import Traits
from tests.enrich.stories.world import NOON


def members(*told: tuple[float, str]) -> tuple[Traits, ...]:
    """Members by hours after noon and house."""
    return tuple(Traits(report=f"{hours} {house}", at=hours / 24, house=house) for hours, house in told)


def test_a_new_story_is_breaking() -> None:
    assert lifecycle(NOON, NOON + timedelta(hours=2), members((0, "one"), (2, "one"))) == "breaking"


def test_a_day_later_it_is_developing_unless_houses_gather_again() -> None:
    last = NOON + timedelta(hours=24)
    assert lifecycle(NOON, last, members((0, "one"), (24, "two"))) == "developing"
    assert lifecycle(NOON, last, members((0, "one"), (22, "two"), (23, "three"), (24, "four"))) == "breaking"


def test_editions_of_one_house_do_not_make_a_story_break_again() -> None:
    told = members((0, "one"), (22, "two"), (23, "two"), (24, "two"))
    assert lifecycle(NOON, NOON + timedelta(hours=24), told) == "developing"


def test_reports_without_a_time_do_not_make_it_break() -> None:
    assert lifecycle(NOON, NOON + timedelta(hours=24), (Traits(report="a", house="one"),)) == "developing"


def test_a_story_is_back_only_after_it_had_closed() -> None:
    assert came_back(NOON, NOON + timedelta(hours=72)) == ""
    assert came_back(NOON, NOON + timedelta(hours=97)) == "back after 4 days"
