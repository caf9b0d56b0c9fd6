"""The console, as a person reads it."""

import io

import pytest

from alert.channel import NotSent
from alert.channels.console import Console
from tests.alert.build import TITLE
from tests.alert.channels.parcels import digest_parcel, parcel


async def test_an_alert_says_who_where_how_many_who_says_so_and_why() -> None:
    stream = io.StringIO()
    await Console("console", stream).send(parcel())
    text = stream.getvalue()
    for fact in (
        "HIGH · CONFIRMED · troop deployment", "North Korea confirms troop deployment to Russia",
        "Kursk Oblast, Russia",
        "about 14,000 soldiers (Yonhap)", "KCNA: CONFIRMED", "Why you get this: North Korean troops abroad",
        "https://news.example/ar/1", "«",
    ):  # fmt: skip
        assert fact in text
    assert "\x1b" not in text


async def test_the_original_stands_alone_on_its_line_for_its_direction() -> None:
    stream = io.StringIO()
    await Console("console", stream).send(parcel())
    line = next(line for line in stream.getvalue().splitlines() if "كوريا" in line)
    assert line.replace("«", "").replace("»", "") == TITLE


async def test_an_update_says_first_what_is_new() -> None:
    stream = io.StringIO()
    await Console("console", stream).send(parcel(kind="reply", thread="d0"))
    assert "• about 14,000 soldiers" not in stream.getvalue().splitlines()[0]
    assert "• 14,000 soldiers" in stream.getvalue()


async def test_a_digest_is_readable() -> None:
    stream = io.StringIO()
    await Console("console", stream).send(digest_parcel(2))
    assert stream.getvalue().count("North Korea confirms") == 2


async def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    await Console("console", coloured).send(parcel())
    monkeypatch.setenv("NO_COLOR", "1")
    await Console("console", plain).send(parcel())
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()


async def test_a_closed_terminal_is_surely_not_sent() -> None:
    stream = io.StringIO()
    console = Console("console", stream)
    stream.close()
    with pytest.raises(NotSent):
        await console.send(parcel())
