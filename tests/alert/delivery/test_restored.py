"""A log from a backup knows nothing of what was told since: each message is looked for before it is sent."""

from datetime import timedelta

from alert.channel import Capabilities
from alert.delivery.carrier import Restored
from schemas.alert import Outcome
from schemas.settings import Destination, Settings
from tests.alert.build import DAWN, alert
from tests.alert.delivery.desk import Desk
from tests.alert.delivery.scripted import Scripted
from tocsin.log.memory import Vault

BACKUP = DAWN - timedelta(hours=5)
MINDED = Restored(BACKUP, DAWN + timedelta(days=1))


async def told_and_restored(channel: Scripted, settings: Settings | None = None) -> Desk:
    """A story was told; then the log is an empty one of before."""
    async with Desk({"desk": channel}).open() as desk:
        await desk.ring(alert())
    assert len(channel.taken) == 1
    return Desk({"desk": channel}, restored=MINDED, vault=Vault(partitions=1), settings=settings or Settings())


async def test_what_was_told_after_the_backup_is_found_and_not_told_again() -> None:
    channel = Scripted()
    async with (await told_and_restored(channel)).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        assert len(channel.taken) == 1
        assert [look.started for look in channel.looks] == [BACKUP]
        assert await desk.ends() == {"desk:st1:1": Outcome.SENT}


async def test_what_is_new_is_sent_after_one_look() -> None:
    channel = Scripted()
    async with (await told_and_restored(channel)).open() as desk:
        await desk.ring(alert(key="other"))
        await desk.time.advance(minutes=1)
        assert (len(channel.taken), len(channel.looks)) == (2, 1)


async def test_a_correction_goes_into_the_thread_that_was_found() -> None:
    channel = Scripted()
    async with (await told_and_restored(channel)).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        await desk.ring(alert(revision=2, facts={"status": "denied"}))
        await desk.time.advance(minutes=2)
        assert [(parcel.kind, parcel.thread) for parcel in channel.taken] == [("root", ""), ("reply", "m1")]


async def test_a_channel_that_cannot_be_asked_follows_its_destinations_rule() -> None:
    channel = Scripted(can=Capabilities(threads=True))
    settings = Settings(destinations={"desk": Destination(kind="console", on_uncertain="hold")})
    async with (await told_and_restored(channel, settings)).open() as desk:
        await desk.ring(alert())
        await desk.time.advance(minutes=1)
        assert len(channel.taken) == 1
        assert [receipt.outcome for receipt in await desk.receipts()] == [Outcome.UNCERTAIN]


async def test_after_a_day_all_is_as_ever() -> None:
    channel = Scripted()
    async with (await told_and_restored(channel)).open() as desk:
        await desk.time.advance(days=2)
        await desk.ring(alert(key="other"))
        await desk.time.advance(minutes=1)
        assert (len(channel.taken), len(channel.looks)) == (2, 0)
