"""A webhook as Standard Webhooks has it: signed, with the delivery id as `webhook-id`, so a receiver can drop repeats.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import dataclasses
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, SecretStr, field_validator

from alert.channel import BadMessage, Broken, Capabilities, Kind, Limit, NotSent, Parcel, Refused, Sent, Uncertain
from alert.channels import Services
from schemas.base import Strict
from schemas.errors import ConfigError, Fault, TryLater, Unreadable
from schemas.ports import Answer, Clock, Http


class Options(Strict):
    """`webhook: {url: "https://soc.example.org/hook", secret: "${SOC_SECRET}"}`; while rotating, `old_secret` too."""

    url: SecretStr
    secret: SecretStr
    old_secret: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _web(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("https://", "http://")):
            raise ValueError("write an https:// address")
        return value

    @field_validator("secret", "old_secret")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        if len(key(value.get_secret_value())) < 16:
            raise ValueError("the secret is too short; write whsec_ and at least 24 bytes in base64")
        return value


def key(secret: str) -> bytes:
    """The signing key: base64 after `whsec_`; any other text stands for its own bytes."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            return b""
    return secret.encode()


def open_channel(name: str, options: Options, services: Services) -> "Webhook":
    """The webhook, over the guarded client."""
    if services.http is None:
        raise ConfigError([Fault("", 0, 0, f"destination {name}: a webhook needs the guarded HTTP client")])
    secrets = [options.secret, *([options.old_secret] if options.old_secret else [])]
    keys = tuple(key(secret.get_secret_value()) for secret in secrets)
    return Webhook(options.url.get_secret_value(), keys, services.http, services.clock)


def signature(message_id: str, timestamp: int, body: bytes, keys: tuple[bytes, ...]) -> str:
    """`v1,…` for each key, parted by spaces; over `id.timestamp.body`, the exact bytes sent."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


class Webhook:
    """Posts each message as JSON; the same delivery has the same `webhook-id` however often it is sent."""

    can = Capabilities(threads=True, idempotent=True, parallel=4)

    def __init__(self, url: str, keys: tuple[bytes, ...], http: Http, clock: Clock) -> None:
        self._url = url
        self._keys = keys
        self._http = http
        self._clock = clock

    def legs(self) -> tuple[str, ...]:
        """One address."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """Fifty a second: a receiver that wants fewer says 429."""
        return (Limit("webhook/" + hashlib.sha256(self._url.encode()).hexdigest()[:12], 50.0, 50),)

    async def send(self, parcel: Parcel) -> Sent:
        """Post it."""
        kind = {"root": "alert.opened", "reply": "alert.updated", "digest": "alert.digest"}.get(
            parcel.kind, parcel.kind
        )
        await self._post(parcel.delivery, {"type": kind, "thread": parcel.thread or None, "data": parcel.content})
        return Sent(parcel.delivery)

    async def _post(self, message_id: str, payload: dict[str, Any]) -> None:
        now = self._clock.now()
        body = json.dumps({**payload, "timestamp": now.isoformat()}, default=_plain, ensure_ascii=False).encode()
        stamp = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(message_id, stamp, body, self._keys),
        }
        try:
            answer = await self._http.request(
                "POST", self._url, headers=headers, content=body, timeout=15.0, limit=65536
            )
        except TryLater as error:
            raise Uncertain("no answer") from error
        except Unreadable:
            raise Broken("the address is refused by the network guard or cannot be read") from None
        _judge(answer)

    async def update(self, parcel: Parcel) -> Sent:
        """Never asked for: nothing can be edited."""
        raise BadMessage("a webhook cannot edit")

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Never asked for: the receiver drops what it has."""
        return None

    async def check(self) -> str:
        """A signed ping, which a receiver may answer as it likes."""
        await self._post(f"ping-{self._clock.now():%Y%m%d%H%M%S}", {"type": "tocsin.ping", "data": {}})
        return "the webhook answers"

    async def close(self) -> None:
        """The client is not ours to close."""


def _judge(answer: Answer) -> None:
    """Nothing for 2xx; else what the status means: 410 is "stop", 429 is "slower", other 4xx is no to this message."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 429 or status == 503:
        wait = answer.headers.get("retry-after", "")
        raise NotSent(
            f"HTTP {status}", float(wait) if wait.isdigit() else 30.0, "pace" if status == 429 else "destination"
        )
    if status in (401, 403, 404, 405, 410) or 300 <= status < 400:
        raise Broken(f"HTTP {status}")
    raise Uncertain(f"HTTP {status}") if status >= 500 or status == 408 else Refused(f"HTTP {status}")


def _plain(value: object) -> object:
    """Dataclasses and models as JSON; labels are the human form's business."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: entry for name, entry in fields.items() if name != "labels" and entry not in ((), "", None)}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
