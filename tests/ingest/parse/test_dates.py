"""Dates in every shape feeds write."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.dates import parse, plausible


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Mon, 28 Apr 2025 06:10:00 GMT", "2025-04-28T06:10"), ("28 Apr 25 06:10 EST", "2025-04-28T11:10"),
        ("2025-04-28T06:10:00Z", "2025-04-28T06:10"), ("2025-04-28T06:10:00.123456789+02:00", "2025-04-28T04:10"),
        ("2025-04-28 06:10", "2025-04-28T06:10"), ("2025-04-28", "2025-04-28T00:00"), ("20250428", "2025-04-28T00:00"),
        ("20250428T061000Z", "2025-04-28T06:10"), ("2025-04", "2025-04-01T00:00"), ("2025", "2025-01-01T00:00"),
        ("2025-118", "2025-04-28T00:00"), ("2020/1/10 14:33", "2020-01-10T14:33"),
        ("Mon, 6 July 2009 16:15:00 BST", "2009-07-06T15:15"), ("Mon Apr 28 06:10:00 GMT 2025", "2025-04-28T06:10"),
        ("Apr 28, 2025 3:04 PM EDT", "2025-04-28T19:04"), ("12:00 AM", None), ("April 28th, 2025", "2025-04-28T00:00"),
        ("5 января 2024 10:00", "2024-01-05T10:00"), ("Lun, 05 ene 2026 08:00:00 +0100", "2026-01-05T07:00"),
        ("05 de marzo de 2026", "2026-03-05T00:00"), ("5. März 2026, 08:00 MEZ", "2026-03-05T07:00"),
        ("Κυρ, 11 Ιουλ 2004 12:00:00 EST", "2004-07-11T17:00"), ("٢٨ أبريل ٢٠٢٥", "2025-04-28T00:00"),
        ("2025년 4월 28일 오후 3:04", "2025-04-28T15:04"), ("2004-05-25 오후 11:23:17", "2004-05-25T23:23"),
        ("2025年4月28日 15時04分", "2025-04-28T15:04"), ("2025年4月28日 上午9点5分", "2025-04-28T09:05"),
        ("28.04.2025 06:10", "2025-04-28T06:10"), ("28/04/2025", "2025-04-28T00:00"),
        ("04/28/2025", "2025-04-28T00:00"),
        ("Wed, 19 Nov 2025 24:00:00 +0000", "2025-11-20T00:00"), ("1745820600", "2025-04-28T06:10"),
        ("1745820600000", "2025-04-28T06:10"), ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48"),
        ("2003-12-31 10:14:55 GMT+0200", "2003-12-31T08:14"), ("26 Sep 2020 16:00:00 +0530", "2020-09-26T10:30"),
        ("2025-02-30", None), ("Mon, 02 Jan 2006 25:04:05 GMT", None),
        ("yesterday", None), ("", None), ("https://e.org/?p=103", None), ("00/00/0000", None),
    ],
)  # fmt: skip
def test_a_date_is_read_in_any_shape(text: str, iso: str | None) -> None:
    found = parse(text)
    assert (found.strftime("%Y-%m-%dT%H:%M") if found else None) == iso


def test_the_beginning_of_computing_and_the_future_are_not_believed() -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    assert plausible(datetime(1970, 1, 1, tzinfo=UTC), now) is None
    assert plausible(now + timedelta(hours=1), now) is None
    assert plausible(now + timedelta(minutes=5), now) == now + timedelta(minutes=5)
    assert plausible(now + timedelta(hours=1), None) is not None
    assert plausible(None, now) is None


@given(st.text(max_size=120))
def test_any_text_is_a_date_in_utc_or_none(text: str) -> None:
    found = parse(text)
    assert found is None or found.tzinfo is UTC


_shapes = st.sampled_from(
    ["%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y %H:%M:%S GMT", "%Y/%m/%d %H:%M:%S"]
)
_instants = st.integers(631152000, 4070908800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(_instants, _shapes)
def test_what_was_written_is_read(when: datetime, shape: str) -> None:
    assert parse(when.strftime(shape)) == when
