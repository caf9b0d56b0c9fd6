"""What moves is well; what should move and does not is stalled, and only that wants a restart."""

import pytest

from schemas.ports import Task
from tocsin.health import Health, State
from tocsin.log.port import Lag
from tocsin.metrics import Metrics
from tocsin.watch import STALLED, Watching

TASK = Task("match", 2)
LATE = Lag(TASK, 7, STALLED + 100)


class Line:
    """A watch over one line that has begun, and the time of day."""

    def __init__(self) -> None:
        self.now, self.health = 0.0, Health()
        self.watch = Watching(self.health, Metrics(), lambda: self.now)
        self.watch.going(TASK)

    def after(self, seconds: float, *lags: Lag) -> State | None:
        self.now += seconds
        self.watch.look(lags)
        return self.health.parts.get(str(TASK), (None, ""))[0]


def test_a_line_that_does_not_move_while_records_wait_is_stalled_until_it_does() -> None:
    line = Line()
    assert line.after(STALLED - 1, LATE) is State.OK
    assert line.after(2, LATE) is State.STALLED
    assert line.health.parts["match/2"][1] == "7 records wait, and nothing has moved for 15 minutes"
    assert not line.health.live
    line.watch.handled(TASK, 7, 0.1)
    assert line.after(0) is State.OK
    assert line.health.live


@pytest.mark.parametrize(
    "lag", [Lag(TASK, 0, 0.0), Lag(TASK, 7, 3.0), Lag(Task("match", 3), 7, STALLED + 100)],
    ids=["nothing waits", "it came just now", "the line of another process"],
)  # fmt: skip
def test_who_has_nothing_to_do_is_well(lag: Lag) -> None:
    line = Line()
    assert line.after(10 * STALLED, lag) is State.OK


def test_a_line_that_works_through_a_backlog_is_well() -> None:
    line = Line()
    for _ in range(5):
        line.watch.handled(TASK, 50, 1.0)
        assert line.after(STALLED / 2, LATE) is State.OK


def test_who_stopped_on_purpose_wants_a_person_and_no_restart() -> None:
    line = Line()
    line.watch.stopped(TASK, "five in a row failed")
    assert line.after(10 * STALLED, LATE) is State.STOPPED
    assert line.health.live


def test_a_line_that_moved_elsewhere_is_not_ours_to_judge() -> None:
    line = Line()
    line.watch.left(TASK)
    assert line.after(10 * STALLED, LATE) is None
    assert line.health.live
