"""A story's stage of life as time passes without a report."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.story import Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "stage"), [(0, "breaking"), (24, "breaking"), (25, "fading"), (73, "closed")])
def test_silence_lets_a_story_fade_and_close(hours: float, stage: str) -> None:
    story = Story(id="st_1", revision=1, first_seen=NOON, last_seen=NOON, lifecycle="breaking")
    assert story.lifecycle_at(NOON + timedelta(hours=hours)) == stage


def test_a_story_dated_in_the_future_is_as_its_last_report_left_it() -> None:
    story = Story(id="st_1", revision=1, first_seen=NOON, last_seen=NOON, lifecycle="developing")
    assert story.lifecycle_at(NOON - timedelta(hours=5)) == "developing"
