"""The deliver worker, whole, on a log in memory and under virtual time."""

from collections import deque

from alert.channel import NotSent, Uncertain
from alert.words.document import Document
from schemas.alert import Outcome
from schemas.report import Status
from tests.alert.build import DAWN, alert
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted


async def test_the_first_alert_rings_at_once_and_has_its_receipt() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert [parcel.kind for parcel in channel.taken] == ["root"]
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}
        content = channel.taken[0].content
        assert isinstance(content, Document)
        assert content.headline.startswith("North Korea confirms troop deployment to Russia")


async def test_a_denial_is_a_broadcast_reply_and_mends_the_root() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.ring(alert(revision=2, facts={"status": Status.DENIED}))
        await desk.time.advance(seconds=61)
        _, reply = channel.taken
        assert (reply.kind, reply.thread, reply.broadcast) == ("reply", "m1", True)
        assert isinstance(reply.content, Document)
        assert reply.content.deltas == ("CONFIRMED → DENIED",)
        assert [edit.thread for edit in channel.edits] == ["m1"]


async def test_what_was_surely_not_sent_is_tried_again() -> None:
    channel = Scripted(script=deque([NotSent("down"), NotSent("down")]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert channel.taken == []
        await desk.time.advance(minutes=1)
        assert len(channel.taken) == 1
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_a_message_whose_answer_was_lost_is_looked_for_and_not_sent_again() -> None:
    channel = Scripted(script=deque([Uncertain("no answer")]), lost=True)
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        assert len(channel.taken) == 1
        assert len(channel.looks) == 1
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_a_message_that_never_arrived_is_sent_again_after_two_looks() -> None:
    channel = Scripted(script=deque([Uncertain("no answer")]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        assert len(channel.looks) == 2
        assert [parcel.delivery for parcel in channel.taken] == [channel.looks[0].delivery]
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_reports_that_come_together_are_one_message() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(*(alert(revision=n, facts={"sources": tuple("abcdef"[:n])}) for n in range(1, 6)))
        assert len(channel.taken) == 1
        ends = await desk.ends()
        assert ends.pop("desk:st1:5") is Outcome.SENT
        assert set(ends.values()) == {Outcome.FOLDED}


async def test_the_same_alert_twice_is_one_message() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(), alert())
        await desk.ring(alert())
        await desk.time.advance(hours=1)
        assert len(channel.taken) == 1
        assert len(await desk.receipts()) == 1


def test_builders_are_stable() -> None:
    assert alert(at=DAWN) == alert()
