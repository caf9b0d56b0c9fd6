"""The canary's lanes: beside the real destinations, never in them."""

import pytest
from pydantic import ValidationError

from alert import canary
from alert.channels import Services, build
from alert.matching import MatchStage
from schemas.alert import Alert, Outcome, Receipt
from schemas.codec import encode
from schemas.ports import Record
from schemas.settings import Settings
from schemas.topics import CHANGES
from tests.alert.build import DAWN, alert
from tests.alert.world import change, deployment, report, subscriptions
from tests.enrich.stories.memory import MemoryUnit
from tocsin.clock import SystemClock

SETTINGS = Settings.model_validate(
    {
        "canary": {"every": "5m"},
        "destinations": {
            "mail": {"email": {"to": ["desk@a.example"]}, "canary": {"to": ["test@a.example"]}, "quiet": "22:00-06:00"},
            "console": {"console": {}},
        },
    }
)  # fmt: skip
FLOWN = change(report("Troops", deployment()).model_copy(update={"canary": True}))


def test_a_lane_for_nobody_and_one_for_each_test_target() -> None:
    lanes = canary.lanes(SETTINGS)
    assert {name: (lane.kind, lane.options) for name, lane in lanes.items()} == {
        "canary:nobody": ("nowhere", {}),
        "canary:mail": ("email", {"to": ["test@a.example"]}),
    }
    assert lanes["canary:mail"].quiet is None
    assert set(canary.with_lanes(SETTINGS).destinations) == {"mail", "console", *lanes}


def test_without_a_canary_there_are_no_lanes() -> None:
    assert canary.lanes(Settings()) == {}


def test_it_must_be_late_before_the_next_one_flies() -> None:
    with pytest.raises(ValidationError, match="late must not be longer than every"):
        Settings.model_validate({"canary": {"every": "1m", "late": "2m"}})


def test_it_goes_down_every_lane_and_asks_no_subscription() -> None:
    wanted = subscriptions("subscriptions: [{id: all, match: 'event:troop_deployment', notify: [mail]}]")
    stage, unit = MatchStage(wanted, tuple(canary.lanes(SETTINGS))), MemoryUnit(DAWN)
    stage.handle([Record(CHANGES.name, 0, 0, FLOWN.story.id, encode(FLOWN))], unit)
    sent = [message for _, _, message in unit.emitted if isinstance(message, Alert)]
    assert [one.destination for one in sent] == ["canary:nobody", "canary:mail"]
    assert len({one.id for one in sent}) == 2
    assert all(one.report.canary for one in sent)
    assert not [key for key, _ in unit.scan("told/")]


def test_what_is_about_a_canary_is_known_by_it() -> None:
    receipt = Receipt(
        id="r", alert="a", destination="canary:mail", story="s", revision=1, report="r", outcome=Outcome.SENT,
        reason="", at=DAWN,
    )  # fmt: skip
    assert canary.is_of(FLOWN)
    assert canary.is_of(receipt)
    assert not canary.is_of(alert())
    assert not canary.is_of(receipt.model_copy(update={"destination": "mail"}))


async def test_nowhere_is_always_there() -> None:
    channel = build("canary:nobody", canary.lanes(SETTINGS)["canary:nobody"], Services(SystemClock()))
    assert await channel.check() == "nobody"
    await channel.close()
