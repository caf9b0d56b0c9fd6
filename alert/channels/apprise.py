"""Apprise: the long tail of services (Telegram, Discord, Teams, ntfy, …), as an optional extra.

It answers yes or no and nothing more, so these are basic messages: no threads, no edits, no looking up, and at least
once. Only services on the list below are let through: Apprise also speaks to any address in the local network.
"""

import asyncio
import hashlib
import importlib
import logging
from typing import Any, Final

from pydantic import SecretStr, field_validator

from alert.channel import BadMessage, Capabilities, Kind, Limit, NotSent, Parcel, Sent, Uncertain
from alert.channels import Services
from alert.words.clean import cut
from alert.words.document import Document
from alert.words.plain import digest_lines, document_lines
from schemas.base import Strict
from schemas.errors import ConfigError, Fault

SERVICES: Final = (
    "discord", "gotify", "gotifys", "googlechat", "matrix", "matrixs", "mmost", "mmosts", "msteams", "ntfy", "ntfys",
    "opsgenie", "pagerduty", "pover", "rocket", "rockets", "signal", "signals", "tgram", "twilio", "webex", "workflows",
    "zulip",
)  # fmt: skip
"""Schemes that may be used."""
PATIENCE: Final = 60.0
"""Seconds for one message. Apprise's own timeouts are shorter; a running call cannot be broken off."""
MOST: Final = 1_800
"""Code points: the smallest of the big services (Discord) takes 2,000."""


class Options(Strict):
    """`apprise: {url: "${APPRISE_URL}"}`; the whole address is a secret."""

    url: SecretStr

    @field_validator("url")
    @classmethod
    def _service(cls, value: SecretStr) -> SecretStr:
        scheme = value.get_secret_value().partition("://")[0].lower()
        if scheme not in SERVICES:
            raise ValueError(f"this service is not on the list; use one of {', '.join(SERVICES)}")
        return value


def open_channel(name: str, options: Options, services: Services) -> "Apprise":
    """The channel. Raises `ConfigError` where the extra is not installed or the address is not understood."""
    try:
        apprise = importlib.import_module("apprise")
    except ImportError:
        fix = "pip install 'tocsin[apprise]'"
        raise ConfigError([Fault("", 0, 0, f"destination {name} needs Apprise, which is not installed", fix)]) from None
    _hush()
    url = options.url.get_secret_value()
    notifier = apprise.Apprise()
    if not notifier.add(url):
        raise ConfigError([Fault("", 0, 0, f"destination {name}: Apprise does not understand this address")])
    return Apprise(url, notifier)


def _hush() -> None:
    """Apprise logs payloads and addresses, urllib3 the paths of its retries: both hold secrets, we say what matters."""
    logging.getLogger("apprise").disabled = True
    logging.getLogger("urllib3").setLevel(logging.ERROR)


class Apprise:
    """One service of Apprise's."""

    can = Capabilities()

    def __init__(self, url: str, notifier: Any) -> None:
        self._notifier = notifier
        self._scheme = url.partition("://")[0]
        self._limit = Limit("apprise/" + hashlib.sha256(url.encode()).hexdigest()[:12], 0.5, 3)

    def legs(self) -> tuple[str, ...]:
        """One address."""
        return ("",)

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """One message in two seconds: most services allow about that."""
        return (self._limit,)

    async def send(self, parcel: Parcel) -> Sent:
        """Send it as plain text."""
        content = parcel.content
        lines = document_lines(content, str) if isinstance(content, Document) else digest_lines(content)
        title = content.headline if isinstance(content, Document) else content.title
        body = "\n".join(line for line in lines if line != title)
        try:
            async with asyncio.timeout(PATIENCE):
                taken = await asyncio.to_thread(
                    self._notifier.notify, body=cut(body, MOST), title=cut(title, 200), body_format="text"
                )
        except TimeoutError:
            raise Uncertain("no answer in time") from None
        except Exception as error:  # noqa: BLE001 - a hundred plug-ins, each with its own; their words may hold secrets
            raise NotSent(f"the service failed ({type(error).__name__})") from None
        if not taken:
            raise NotSent("the service did not take it")
        return Sent(parcel.delivery)

    async def update(self, parcel: Parcel) -> Sent:
        """Never asked for: nothing can be edited."""
        raise BadMessage("this service cannot edit")

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Never asked for: nothing can be looked up."""
        return None

    async def check(self) -> str:
        """Apprise knows no check without a message: the address was understood, that is all."""
        return f"{self._scheme} by Apprise"

    async def close(self) -> None:
        """Nothing is kept open."""
