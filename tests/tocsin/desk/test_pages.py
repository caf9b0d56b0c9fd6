"""What a person reads on the desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Span
from schemas.report import Entity, Event, Report
from tests.alert.build import report
from tests.tocsin.desk.face import EVIL, World
from tocsin.desk.telling import marked, title_and_text


async def read(path: str) -> str:
    world = await World().filled()
    async with world.http() as http:
        answer = await http.get(path)
        assert answer.status_code == 200
        return answer.text


async def test_now_lists_the_stories_with_how_loudly_they_rang() -> None:
    page = await read("/")
    assert '<a href="/story/st1">North Korea confirms troop deployment to Russia</a>' in page
    assert '<b class="high">HIGH</b>' in page
    assert "CONFIRMED" in page
    assert 'aria-label="2 reports over time"' in page
    assert "<b>sent</b> to desk" in page


async def test_a_story_shows_claims_alerts_reports_and_why_they_joined() -> None:
    page = await read("/story/st1")
    assert "<b>KCNA (kcna)</b>: CONFIRMED" in page
    assert "14,000" in page
    assert "North Korea (KP)" in page
    assert '<mark class="event"' in page
    assert "something new" in page
    assert "same place" in page
    assert 'dir="auto"' in page


async def test_a_story_that_fell_silent_is_shown_as_fading_and_closed() -> None:
    world = await World().filled()
    for hours, stage in ((30, "fading"), (60, "closed")):
        world.clock.move(hours * 3600)
        async with world.http() as http:
            assert f"{stage} · " in (await http.get("/")).text
            assert f"{stage} · " in (await http.get("/story/st1")).text
            assert (await http.get("/api/stories/st1")).json()["story"]["lifecycle"] == stage


@pytest.mark.parametrize("path", ["/", "/story/st1"])
async def test_hostile_text_is_text(path: str) -> None:
    page = await read(path)
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page


async def test_no_password_of_a_feed_is_shown() -> None:
    page = await read("/feeds")
    assert "news.example/feed" in page
    assert "secret" not in page


async def test_an_unknown_story_is_not_here() -> None:
    world = await World().filled()
    async with world.http() as http:
        assert (await http.get("/story/none")).status_code == 404


async def test_a_text_is_explained() -> None:
    world = await World().filled()
    async with world.http() as http:
        page = (await http.post("/explain", data={"text": "Troops"})).text
    assert "language of Troops" in page
    assert "&lt;b&gt;" in page


async def test_a_story_is_muted_for_a_destination() -> None:
    world = await World().filled()
    async with world.http() as http:
        answer = await http.post("/story/st1/mute/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/story/st1")
    (action,) = world.acted
    assert (action.kind, action.destination, action.story, action.origin) == ("mute", "desk", "st1", "desk")


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))


@given(st.text(max_size=20), st.text(max_size=20), st.lists(SPANS, max_size=4), st.lists(SPANS, max_size=4))
def test_marking_loses_no_letter(title: str, text: str, events: list[Span], names: list[Span]) -> None:
    told = Report(
        id="r", title=title, text=text, events=(Event(type="coup", evidence=tuple(events)),),
        entities=(Entity(id="KP", type="country", spans=tuple(names)),),
    )  # fmt: skip
    above, below = title_and_text(told)
    assert "".join(piece.text for piece in above) == title
    assert "".join(piece.text for piece in below) == text


def test_where_an_event_and_a_name_meet_it_is_the_events() -> None:
    kinds = {piece.kind for piece in marked(report(), 0, len(report().body))}
    assert "event" in kinds
