"""Alerts of the slow lane: newer ones of their story may have come before them, and still each ends once."""

from schemas.alert import Outcome, Severity
from schemas.report import Status
from tests.alert.build import alert, match
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted

SLOW = match("slow", title="Slow", severity=Severity.HIGH)


async def test_one_for_a_destination_that_was_not_told_rings_like_any_other() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(matches=(SLOW,), late=True))
        assert [parcel.kind for parcel in channel.taken] == ["root"]
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_one_of_a_story_told_meanwhile_is_folded_into_what_was_told() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(), alert(revision=2))
        await desk.ring(alert(id="late", matches=(SLOW,), late=True))
        await desk.time.advance(minutes=30)
        assert [parcel.kind for parcel in channel.taken] == ["root"]
        ends = await desk.ends()
        assert ends["late"] is Outcome.FOLDED
        assert set(ends) == {"desk:st1:1", "desk:st1:2", "late"}


async def test_a_louder_one_rings_with_the_present_state() -> None:
    channel = Scripted()
    loud = match("slow", severity=Severity.FLASH)
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.ring(alert(revision=2, facts={"status": Status.DENIED}))
        await desk.ring(alert(id="late", matches=(loud,), severity=Severity.FLASH, late=True))
        await desk.time.advance(minutes=30)
        assert [parcel.kind for parcel in channel.taken] == ["root", "reply", "reply"]
        assert "DENIED" in str(channel.taken[-1].content)
        assert (await desk.ends())["late"] is Outcome.SENT


async def test_one_that_the_log_hands_out_twice_ends_once() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        late = alert(id="late", matches=(SLOW,), late=True)
        await desk.ring(alert())
        await desk.ring(late, late)
        await desk.time.advance(minutes=30)
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT, "late": Outcome.FOLDED}


async def test_one_that_finds_its_story_waiting_waits_with_it() -> None:
    channel = Scripted()
    quiet = match(ring="digest", digest_at="08:00")
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(matches=(quiet,)))
        assert channel.taken == []
        await desk.ring(alert(id="late", matches=(SLOW,), late=True))
        assert [parcel.kind for parcel in channel.taken] == ["root"]
        assert await desk.ends() == {"desk:st1:1": Outcome.FOLDED, "late": Outcome.SENT}
