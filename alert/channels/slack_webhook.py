"""Slack by an incoming webhook: the basic form. It answers `ok` and nothing else, so there are no threads, no edits,
and no way to ask what became of a message.
"""

import hashlib

import httpx
from pydantic import SecretStr, field_validator

from alert.channel import BadMessage, Broken, Capabilities, Kind, Limit, NotSent, Parcel, Sent, Uncertain
from alert.channels import Services
from alert.channels.slack.api import client, later, post
from alert.channels.slack.errors import undelivered
from alert.words.blocks import PLAINER, blocks, summary
from schemas.base import Strict


class Options(Strict):
    """`slack_webhook: {url: "${SLACK_WEBHOOK_URL}"}`; the whole address is a secret."""

    url: SecretStr

    @field_validator("url")
    @classmethod
    def _web(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("write the https:// address Slack gave")
        return value


def open_channel(name: str, options: Options, services: Services) -> "SlackWebhook":
    """The webhook, not yet connected."""
    return SlackWebhook(options.url.get_secret_value(), client(services.network))


class SlackWebhook:
    """Posts each message on its own."""

    can = Capabilities(plainer=PLAINER)

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url = url
        self._http = http
        self._limit = Limit("slack_webhook/" + hashlib.sha256(url.encode()).hexdigest()[:12], 0.95)

    def legs(self) -> tuple[str, ...]:
        """The channel the webhook belongs to."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """One message a second."""
        return (self._limit,)

    async def send(self, parcel: Parcel) -> Sent:
        """Post it. The handle is the delivery id: Slack gives none."""
        body = {"text": summary(parcel.content), "blocks": blocks(parcel.content, plainer=parcel.plainer)}
        _judge(await post(self._http, self._url, json=body))
        return Sent(parcel.delivery)

    async def update(self, parcel: Parcel) -> Sent:
        """Never asked for: nothing can be edited."""
        raise BadMessage("an incoming webhook cannot edit")

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Never asked for: nothing can be looked up."""
        return None

    async def check(self) -> str:
        """An empty message is refused with `no_text` by a live webhook, and posts nothing."""
        try:
            _judge(await post(self._http, self._url, json={}))
        except (BadMessage, Uncertain) as error:
            if isinstance(error, Uncertain):
                raise NotSent(error.reason) from None
        return "an incoming webhook of Slack"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _judge(response: httpx.Response) -> None:
    """Nothing for a message that was taken; else the error Slack's word and status mean."""
    if response.is_success:
        return
    if response.status_code == 429:
        raise NotSent("ratelimited", later(response) or 30.0, "pace")
    if response.status_code >= 500:
        raise Uncertain(f"HTTP {response.status_code}")
    word = response.text.strip()[:40]
    if response.status_code in (403, 404, 410):
        raise Broken(word if word.replace("_", "").isalpha() else f"HTTP {response.status_code}")
    if word.replace("_", "").isalpha():
        raise undelivered(word)
    raise BadMessage(f"HTTP {response.status_code}")
