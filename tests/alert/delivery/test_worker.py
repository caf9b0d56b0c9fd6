"""The deliver worker, whole, on a log in memory and under virtual time."""

import asyncio
from collections import deque

from alert.channel import NotSent, Parcel, Sent, Uncertain
from alert.words.document import Document
from schemas.alert import DeadLetter, Outcome
from schemas.base import Message
from schemas.codec import decode_as
from schemas.ports import Task
from schemas.report import Status
from schemas.topics import ALERTS, DEAD
from tests.alert.build import DAWN, alert
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tests.alert.delivery.time import VirtualTime, settle
from tocsin.log.memory import Vault


class Wrong(Message):
    """No alert at all."""

    x: int


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


async def test_a_record_that_is_no_alert_is_laid_aside_and_the_rest_goes_on() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        async with desk.log.unit(Task("match", 0)) as unit:
            unit.emit(ALERTS, "desk", Wrong(x=1))
            unit.emit(ALERTS, "desk", alert())
        await settle()
        assert len(channel.taken) == 1
        dead = [decode_as(record, DeadLetter) async for record in desk.log.history(DEAD)]
        assert [letter.error for letter in dead] == ["Unreadable"]


async def test_a_destination_that_is_gone_from_the_configuration_refuses() -> None:
    async with Desk({"desk": Scripted()}).open() as desk:
        await desk.ring(alert("old"))
        assert await desk.ends() == {"old:st1:1": Outcome.REFUSED}


async def test_a_restart_goes_on_where_the_ledger_stood() -> None:
    vault, time = Vault(partitions=1), VirtualTime()
    down = Scripted(script=deque([NotSent("down")] * 3))
    async with Desk({"desk": down}, time, vault).open() as desk:
        await desk.ring(alert())
    up = Scripted()
    async with Desk({"desk": up}, time, vault).open() as desk:
        await time.advance(minutes=6)
        assert len(up.taken) == 1
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_after_a_crash_in_the_call_the_channel_is_asked_before_anything_is_sent() -> None:
    vault, time = Vault(partitions=1), VirtualTime()

    class Hangs(Scripted):
        async def send(self, parcel: Parcel) -> Sent:
            await super().send(parcel)
            return await asyncio.Future()  # the process ends before the answer comes

    crashed = Hangs()
    async with Desk({"desk": crashed}, time, vault).open() as desk:
        await desk.ring(alert())
    again = Scripted(taken=crashed.taken)
    async with Desk({"desk": again}, time, vault).open() as desk:
        await time.advance(minutes=1)
        assert len(again.looks) == 1
        assert len(again.taken) == 1
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}
