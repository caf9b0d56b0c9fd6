"""When a destination is down, slow, broken or silent: what waits, what goes round, and what a person hears of it."""

from collections import deque
from datetime import timedelta
from typing import Any

import pytest

from alert.channel import BadMessage, Broken, Capabilities, Limit, NotSent, Refused, ThreadGone, Uncertain
from alert.words.document import Digest, Document
from schemas.alert import Action, Alert, Outcome, Severity
from schemas.codec import decode_as
from schemas.report import Status
from schemas.settings import Destination, Settings
from schemas.topics import ALERTS
from tests.alert.build import DAWN, alert, match
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tests.alert.delivery.time import VirtualTime, settle

BLIND = Capabilities(threads=True)


def settings(operator: str | None = None, **desk: Any) -> Settings:
    return Settings(destinations={"desk": Destination(kind="console", **desk)}, operator=operator)


def act(kind: str, at: VirtualTime, **more: Any) -> Action:
    fields = {"id": f"{kind}-{at.now()}", "kind": kind, "destination": "desk", "by": "anna", "origin": "desk",
              "at": at.now(), **more}  # fmt: skip
    return Action.model_validate(fields)


async def test_a_broken_destination_alarms_the_operator_and_its_alerts_go_round_by_the_fallback() -> None:
    channel, mail = Scripted(script=deque([Broken("channel_not_found")])), Scripted()
    channel.checks = deque([Broken("channel_not_found")] * 100)
    async with Desk({"desk": channel, "mail": mail}, settings=settings("mail", fallback="mail")).open() as desk:
        await desk.ring(alert())
        await settle(200)
        headlines = [parcel.content.headline for parcel in mail.taken if isinstance(parcel.content, Document)]
        assert "Destination desk is broken: channel_not_found" in headlines
        assert any(head.startswith("North Korea") for head in headlines)
        round_ = next(p.content for p in mail.taken if isinstance(p.content, Document) and p.content.story == "st1")
        assert round_.notes == ("for desk, which cannot be reached",)
        assert channel.taken == []


async def test_a_broken_destination_is_asked_again_and_resumes_by_itself() -> None:
    channel = Scripted(script=deque([Broken("is_archived")]), checks=deque([Broken("is_archived"), None]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=6)
        assert channel.taken == []
        await desk.time.advance(minutes=6)
        assert len(channel.taken) == 1


async def test_health_hears_that_a_destination_is_broken_and_that_it_is_well_again() -> None:
    channel = Scripted(script=deque([Broken("is_archived")]), checks=deque([Broken("is_archived"), None]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert desk.standings == [("desk", ""), ("desk", "is_archived")]
        await desk.time.advance(minutes=12)
        assert desk.standings[2:] == [("desk", "")]


async def test_a_person_can_resume_a_broken_destination() -> None:
    channel = Scripted(script=deque([Broken("invalid_auth")]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.act(act("resume", desk.time))
        assert len(channel.taken) == 1
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_one_destination_that_hangs_delays_no_other() -> None:
    slow = Scripted(script=deque([NotSent("down")] * 1000))
    quick = Scripted()
    async with Desk({"desk": slow, "quick": quick}).open() as desk:
        await desk.ring(*(alert(name, f"s{n}") for n in range(20) for name in ("desk", "quick")))
        await settle(2000)
        assert len(quick.taken) == 20
        assert slow.taken == []


async def test_after_five_failures_it_is_left_alone_and_probed_without_an_alert() -> None:
    channel = Scripted(script=deque([NotSent("down")] * 1000), checks=deque([NotSent("down")] * 3))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(*(alert(key=f"s{n}") for n in range(8)))
        await desk.time.advance(seconds=20)
        tries = 1000 - len(channel.script)
        assert tries == 5
        channel.script.clear()
        await desk.time.advance(seconds=80)
        assert channel.taken == []
        await desk.time.advance(minutes=6)
        assert len(channel.taken) == 8


async def test_the_loud_go_to_the_fallback_after_ten_minutes_of_silence() -> None:
    channel, mail = Scripted(script=deque([NotSent("down")] * 9999), checks=deque([NotSent("down")] * 999)), Scripted()
    async with Desk({"desk": channel, "mail": mail}, settings=settings(fallback="mail")).open() as desk:
        await desk.ring(*(alert(key=f"s{n}") for n in range(6)), alert(key="small", severity=Severity.NORMAL))
        await desk.time.advance(minutes=9)
        assert mail.taken == []
        await desk.time.advance(minutes=20)
        assert {one.content.story for one in mail.taken if isinstance(one.content, Document)} == {
            f"s{n}" for n in range(6)
        }
        went = [decode_as(record, Alert) async for record in desk.log.history(ALERTS)]
        assert {one.via for one in went if one.destination == "mail"} == {"desk"}


async def test_what_cannot_be_sent_in_time_expires_and_is_listed_in_the_next_digest() -> None:
    channel = Scripted(script=deque([NotSent("down")] * 9999), checks=deque([NotSent("down")] * 400))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(*(alert(key=f"s{n}", severity=Severity.NORMAL) for n in range(3)))
        await desk.time.advance(hours=3)
        assert set((await desk.ends()).values()) == {Outcome.EXPIRED}
        channel.script.clear()
        channel.checks.clear()
        await desk.time.advance(minutes=10)
        (digest,) = channel.taken
        assert isinstance(digest.content, Digest)
        assert len(digest.content.entries) == 3
        assert all("expired before it could be sent" in entry.detail for entry in digest.content.entries)


async def test_a_late_alert_says_that_it_is_late() -> None:
    channel = Scripted(script=deque([NotSent("down", 2400.0)]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=45)
        content = channel.taken[0].content
        assert isinstance(content, Document)
        assert content.notes == ("Delayed by 40 min",)


async def test_being_too_fast_is_no_failed_attempt_and_holds_what_follows() -> None:
    channel = Scripted(script=deque([NotSent("ratelimited", 12.0, "pace")]), limit=(Limit("desk", 10.0),))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(key="a"), alert(key="b"))
        await desk.time.advance(seconds=11)
        assert channel.taken == []
        await desk.time.advance(seconds=3)
        assert len(channel.taken) == 2


async def test_messages_keep_the_destinations_pace() -> None:
    channel = Scripted(limit=(Limit("desk", 1.0),))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(*(alert(key=f"s{n}") for n in range(5)))
        assert len(channel.taken) == 1
        await desk.time.advance(seconds=2.5)
        assert len(channel.taken) == 3


async def test_a_form_that_is_refused_is_tried_plainer_and_then_given_up() -> None:
    channel = Scripted(script=deque([BadMessage("invalid_blocks"), None]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert [parcel.plainer for parcel in channel.taken] == [1]
        channel.script.extend([BadMessage("invalid_blocks")] * 3)
        await desk.ring(alert(key="b"))
        assert (await desk.ends())["desk:b:1"] is Outcome.REFUSED


async def test_a_thread_whose_root_is_gone_goes_on_in_a_new_one() -> None:
    channel = Scripted(script=deque([None, ThreadGone("message_not_found")]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.ring(alert(revision=2, facts={"status": Status.DENIED}))
        first, second = channel.taken
        assert (first.kind, second.kind) == ("root", "root")
        assert isinstance(second.content, Document)
        assert "continued; the earlier thread is gone" in second.content.notes


async def test_each_address_has_its_own_answer_and_a_refused_one_stops_no_other() -> None:
    channel = Scripted(can=BLIND, addresses=("a", "b", "c"), script=deque([None, Refused("SMTP 550"), None]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert [parcel.leg for parcel in channel.taken] == ["a", "c"]
        (receipt,) = await desk.receipts()
        assert receipt.outcome is Outcome.SENT
        assert "refused for 1 of its addresses" in receipt.reason


async def test_an_address_that_must_wait_lets_the_others_go_on() -> None:
    channel = Scripted(can=BLIND, addresses=("a", "b"), script=deque([NotSent("SMTP 451", 60.0, "message"), None]))
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        assert [parcel.leg for parcel in channel.taken] == ["b"]
        await desk.time.advance(seconds=61)
        assert [parcel.leg for parcel in channel.taken] == ["b", "a"]
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


@pytest.mark.parametrize(
    ("wish", "sent", "outcome"),
    [("resend", 2, Outcome.SENT), ("drop", 1, Outcome.UNCERTAIN), ("hold", 1, Outcome.UNCERTAIN)],
)
async def test_where_nobody_can_be_asked_the_configuration_decides(wish: str, sent: int, outcome: Outcome) -> None:
    channel = Scripted(can=BLIND, script=deque([Uncertain("no answer")]), lost=True)
    async with Desk({"desk": channel}, settings=settings(on_uncertain=wish)).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        assert len(channel.taken) == sent
        assert (await desk.receipts())[-1].outcome is outcome
        if wish == "resend":
            content = channel.taken[-1].content
            assert isinstance(content, Document)
            assert content.notes == ("(may repeat)",)


async def test_a_held_message_goes_when_a_person_says_so() -> None:
    channel = Scripted(can=BLIND, script=deque([Uncertain("no answer")]), lost=True)
    async with Desk({"desk": channel}, settings=settings(on_uncertain="hold")).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=5)
        await desk.act(act("retry", desk.time, story="st1"))
        assert len(channel.taken) == 2


async def test_a_mute_ends_with_the_present_state_told_once() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.act(act("mute", desk.time, story="st1", until=desk.time.now() + timedelta(hours=1)))
        for revision in (2, 3, 4):
            await desk.time.advance(minutes=5)
            await desk.ring(alert(revision=revision, at=desk.time.now(), facts={"actors": ("KP", "UA")[:revision]}))
        await desk.time.advance(minutes=30)
        assert len(channel.taken) == 1
        await desk.time.advance(minutes=30)
        assert [parcel.kind for parcel in channel.taken] == ["root", "reply"]
        outcomes = [receipt.outcome for receipt in await desk.receipts() if receipt.revision == 4]
        assert outcomes == [Outcome.HELD, Outcome.SENT]


async def test_unmuting_tells_at_once() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.act(act("mute", desk.time, story="st1"))
        await desk.time.advance(minutes=11)
        await desk.ring(alert(revision=2, facts={"actors": ("KP", "UA")}))
        await desk.act(act("unmute", desk.time, story="st1"))
        assert [parcel.kind for parcel in channel.taken] == ["root", "reply"]


async def test_an_acknowledgement_is_shown_on_the_root() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.act(act("acknowledge", desk.time, story="st1"))
        await desk.act(act("acknowledge", desk.time, story="st1"))
        await desk.time.advance(minutes=2)
        content = channel.edits[0].content
        assert isinstance(content, Document)
        assert content.notes == ("Acknowledged by anna, 2025-04-28 06:00 UTC",)


async def test_a_silence_holds_and_its_end_tells_the_present_state_once() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.act(act("silence", desk.time, until=desk.time.now() + timedelta(hours=2), note="exercise"))
        await desk.ring(alert(), alert(revision=2, facts={"status": Status.DENIED}))
        await desk.time.advance(minutes=119)
        assert channel.taken == []
        await desk.time.advance(minutes=2)
        (only,) = channel.taken
        assert isinstance(only.content, Document)
        assert only.content.facts is not None
        assert only.content.facts.status is Status.DENIED


async def test_ending_a_silence_early_releases_what_it_held() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.act(act("silence", desk.time, story="st1", until=desk.time.now() + timedelta(hours=2)))
        await desk.ring(alert())
        assert channel.taken == []
        await desk.act(act("unsilence", desk.time, story="st1"))
        assert len(channel.taken) == 1


async def test_digests_come_at_their_hour_with_all_that_waited() -> None:
    channel = Scripted()
    wish = (match(ring="digest", digest_at="08:00"),)
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(*(alert(key=f"s{n}", matches=wish) for n in range(30)))
        assert channel.taken == []
        await desk.time.advance(hours=2, minutes=1)
        assert [len(one.content.entries) for one in channel.taken if isinstance(one.content, Digest)] == [25, 5]
        assert set((await desk.ends()).values()) == {Outcome.SENT}
        await desk.time.advance(hours=24)
        assert len(channel.taken) == 2


async def test_a_cap_turns_a_flood_into_a_digest_with_its_count() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}, settings=settings(max_per_hour=3)).open() as desk:
        for number in range(10):
            await desk.ring(alert(key=f"s{number}", at=desk.time.now()))
        assert [one.kind for one in channel.taken] == ["root"] * 3
        await desk.time.advance(hours=1, minutes=1)
        digest = channel.taken[3].content
        assert isinstance(digest, Digest)
        assert digest.title == "7 stories"
        assert "more than 3 stories within the hour" in digest.reason


async def test_a_story_that_swallowed_a_told_one_goes_on_in_its_thread() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert(key="old"))
        await desk.ring(alert(key="new", revision=7, facts={"status": Status.DENIED, "merged": ("old",)}))
        root, reply = channel.taken
        assert (root.kind, reply.kind, reply.thread) == ("root", "reply", "m1")


async def test_threads_that_went_silent_are_forgotten() -> None:
    channel = Scripted()
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(days=15)
        state = desk.vault.state
        assert not [key for task in state.values() for key in task if key.startswith("thread/")]


def test_the_tests_begin_at_dawn() -> None:
    assert VirtualTime().now() == DAWN
