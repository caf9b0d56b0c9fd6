"""Killed at random points, with answers lost on the wire: nothing is lost, and Slack has nothing twice."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from schemas.alert import Alert, Outcome
from tests.alert.build import alert
from tests.alert.delivery.killing import ordeal
from tests.servers.slack import faults
from tests.servers.slack.faults import Call, Fault
from tests.servers.slack.pace import UNLIMITED
from tests.servers.slack_proxy import SlackProxy
from tests.servers.smtp import MailServer, drop_after_data
from tocsin.clock import SystemClock


class Weather:
    """What the wire does to posts: one in `every` is lost, answered wrongly, or turned away."""

    def __init__(self, seed: int, every: int) -> None:
        self._chance = random.Random(seed)
        self._every = every
        self.struck = 0

    def __call__(self, call: Call) -> Fault | None:
        if call.method != "chat.postMessage" or self._chance.randrange(self._every):
            return None
        self.struck += 1
        kinds = (faults.drop_after(), faults.error_after(), faults.drop_before(), faults.error_before(),
                 faults.rate_limited(1), faults.delay(0.3), faults.says("fatal_error", forward=True))  # fmt: skip
        return self._chance.choice(kinds)


def many(count: int, destinations: tuple[str, ...]) -> list[Alert]:
    now = SystemClock().now()
    return [alert(destinations[n % len(destinations)], f"story-{n:05}", at=now) for n in range(count)]


def slack_destinations(proxy: SlackProxy, **more: Any) -> dict[str, Any]:
    return {
        name: {"slack": {"channel": channel, "token": proxy.token, "api_url": proxy.api_url, "per_second": 40}, **more}
        for name, channel in proxy.server.channels.items()
        if name in proxy.server.CHANNELS
    }


async def posted(proxy: SlackProxy) -> Counter[str]:
    """Delivery id → how often it stands in Slack."""
    found: Counter[str] = Counter()
    for name in proxy.server.CHANNELS:
        for message in await proxy.server.messages(proxy.server.channels[name]):
            found[message["metadata"]["event_payload"]["delivery_id"]] += 1
    return found


async def slack_run(
    proxy: SlackProxy, path: Path, count: int, kills: int, every: int, life: tuple[float, float]
) -> None:
    proxy.limits = UNLIMITED
    proxy.history_lag = 2.0
    proxy.on_call = weather = Weather(count, every)
    destinations = slack_destinations(proxy)
    alerts = many(count, tuple(destinations))
    run = await ordeal(path, alerts, destinations, seed=count, life=life, kills=kills)
    assert run.kills == kills
    assert weather.struck > 0
    assert run.ends == {one.id: [Outcome.SENT] for one in alerts}
    found = await posted(proxy)
    assert len(found) == count
    assert set(found.values()) == {1}


async def test_slack_has_each_message_once_after_kills_and_lost_answers(
    slack_proxy: SlackProxy, tmp_path: Path
) -> None:
    await slack_run(slack_proxy, tmp_path, 40, kills=3, every=5, life=(0.05, 0.7))


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_thousand_deliveries_and_forty_kills(slack_proxy: SlackProxy, tmp_path: Path) -> None:
    await slack_run(slack_proxy, tmp_path, 1000, kills=40, every=10, life=(0.05, 1.5))


async def test_without_reconciliation_the_same_storm_doubles(slack_proxy: SlackProxy, tmp_path: Path) -> None:
    """The proof that the test can fail: a webhook cannot be asked, so what was lost is sent again."""
    slack_proxy.limits = UNLIMITED
    slack_proxy.script([faults.drop_after(), None, faults.error_after()], "webhook")
    destinations = {"hook": {"slack_webhook": {"url": slack_proxy.webhook_url}}}
    alerts = many(4, ("hook",))
    run = await ordeal(tmp_path, alerts, destinations, seed=1, life=(9, 9), kills=0)
    assert run.ends == {one.id: [Outcome.SENT] for one in alerts}
    calls = slack_proxy.calls_of("webhook")
    assert len(calls) == 6
    assert sum("may repeat" in str(call.fields) for call in calls) == 2


async def test_mail_is_never_lost_and_what_may_repeat_says_so(smtp: MailServer, tmp_path: Path) -> None:
    count = 30
    smtp.script([drop_after_data()])
    recipients = ["anna@example.org", "bert@example.org"]
    options = {"from": "tocsin@alerts.example.org", "to": recipients, "smtp": smtp.url("plain")}
    alerts = many(count, ("mail",))
    run = await ordeal(tmp_path, alerts, {"mail": {"email": options}}, seed=3, life=(0.05, 0.4), kills=3)
    assert run.ends == {one.id: [Outcome.SENT] for one in alerts}
    mails = Counter(str(taken.message["Message-ID"]) for taken in smtp.messages)
    assert len(mails) == count * len(recipients)
    for taken in smtp.messages[1:]:
        repeats = [other for other in smtp.messages if other.message["Message-ID"] == taken.message["Message-ID"]]
        if len(repeats) > 1:
            body = repeats[-1].message.get_body(("plain",))
            assert body is not None
            assert "(may repeat)" in body.get_content()
