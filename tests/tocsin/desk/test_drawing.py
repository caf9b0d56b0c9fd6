"""Pictures: points that stay inside their frame."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.report import Event, EventQuantity
from schemas.story import Change, Materiality
from tests.alert.build import DAWN, report, soldiers, story
from tocsin.desk.drawing import HEIGHT, TALL, WIDTH, bars, charts, line, sparkline, strip

VALUES = st.floats(0, 1e12, allow_nan=False)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=30))
def test_a_line_stays_in_its_frame(points: list[tuple[float, float]]) -> None:
    for pair in line(points).split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_a_flat_line_is_low_where_little_is_little() -> None:
    assert line([(0, 1), (1, 1)], top=10) == "0.0,24.4 240.0,24.4"


def test_a_line_needs_two_points() -> None:
    assert sparkline([DAWN]) == ""
    assert sparkline([DAWN, DAWN]).startswith("0.0,")


def test_the_fullest_cell_is_darkest_and_one_item_still_shows() -> None:
    assert [cell.shade for cell in strip([0, 1, 100], ["", "", ""])] == [0, 0.2575, 1]


@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_bars_stand_on_the_ground(counts: list[int]) -> None:
    found = bars([(date(2026, 1, 1) + timedelta(days=day), count) for day, count in enumerate(counts)])
    assert all(round(bar.y + bar.height, 6) == TALL and bar.y >= 0 for bar in found)


def changed(number: int, *told: EventQuantity) -> Change:
    at = DAWN + timedelta(hours=number)
    one = report(id=f"r{number}", published=at, events=(Event(type="troop_deployment", quantities=told),))
    held = story(revision=number, quantities=told[:1], last_seen=at)
    return Change(id=str(number), story=held, report=one, materiality=Materiality.M2)


def test_numbers_of_a_story_are_a_line_with_a_dot_a_report() -> None:
    (chart,) = charts([changed(1, soldiers(10_000, said_by=("yonhap",))), changed(2, soldiers(14_000))])
    assert (chart.unit, chart.most, len(chart.dots)) == ("soldiers", 14_000, 2)
    assert "10,000, yonhap, 2025-04-28 07:00 UTC" in chart.dots[0].title
    assert chart.dots[1].y < chart.dots[0].y
    assert chart.line.count(",") == 4
    assert [value for _, value, _ in chart.rows] == [10_000, 14_000]


def test_what_only_one_report_told_is_no_chart() -> None:
    assert charts([changed(1, soldiers(10_000)), changed(2)]) == []


def test_a_bound_is_drawn_as_its_number() -> None:
    bound = EventQuantity(min=5, max=None, unit="killed", modifier="at_least")
    (chart,) = charts([changed(1, bound), changed(2, bound)])
    assert [value for _, value, _ in chart.rows] == [5, 5]
