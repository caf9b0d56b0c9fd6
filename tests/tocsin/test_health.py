"""Liveness fails only when a restart would help; readiness when a part does not work."""

from tocsin.health import Health, State


def test_nothing_known_is_alive_and_not_ready() -> None:
    assert (Health().live, Health().ready) == (True, False)


def test_a_stopped_line_is_alive_and_not_ready() -> None:
    health = Health()
    health.set("match", State.OK)
    health.set("deliver", State.STOPPED, "9 of 10 records failed")
    assert (health.live, health.ready) == (True, False)
    assert health.lines() == ["deliver: stopped, 9 of 10 records failed", "match: ok"]


def test_the_worst_part_is_the_trouble() -> None:
    health = Health()
    health.set("match", State.OK)
    assert health.trouble == ""
    health.set("destination mail", State.DEGRADED, "it does not answer")
    assert health.trouble == "destination mail: degraded, it does not answer"


def test_a_stalled_part_wants_a_restart() -> None:
    health = Health()
    health.set("ingest", State.STALLED)
    assert not health.live
