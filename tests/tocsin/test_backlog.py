"""Feeds wait while a stage is far behind, and go on when half of it is done."""

from schemas.ports import Task
from tocsin.backlog import Backlog
from tocsin.log.port import Lag


def lags(*records: int, stage: str = "understand") -> list[Lag]:
    return [Lag(Task(stage, number), count, 1.0) for number, count in enumerate(records)]


def test_nothing_behind_nothing_waits() -> None:
    assert Backlog(10).note([]) == ""
    assert Backlog(10).note(lags(5, 5)) == ""


def test_the_partitions_of_a_stage_count_together_and_the_reason_names_it() -> None:
    assert Backlog(10).note([*lags(6, 5), *lags(1, stage="match")]) == "understand is 11 records behind; feeds wait"


def test_feeds_go_on_only_when_half_is_gone() -> None:
    backlog = Backlog(10)
    assert [bool(backlog.note(lags(count))) for count in (11, 9, 6, 5, 9)] == [True, True, True, False, False]


def test_the_configuration_waiting_for_ingest_is_no_backlog() -> None:
    assert Backlog(10).note(lags(100, stage="ingest")) == ""
