"""E-mail by SMTP: one recipient a transaction, threads by headers, TLS verified.

SMTP cannot be asked what became of a message, and repeats it when asked to: a mail whose answer was lost is sent again
under the same Message-ID, and says that it may repeat. The window is the time between the last byte and the answer.
"""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiosmtplib
from pydantic import ConfigDict, Field, SecretStr, field_validator

from alert.channel import BadMessage, Broken, Capabilities, Kind, Limit, NotSent, Parcel, Refused, Sent, Uncertain
from alert.channels import Services
from alert.channels.email.message import Letter, message_id, written
from alert.trust import trust
from alert.words import mail
from alert.words.document import Digest, Document
from schemas.alert import Severity
from schemas.base import Strict

PATIENCE = 30.0
"""Seconds for a connection or a command."""
DATA_PATIENCE = 300.0
"""Seconds for the answer to the last dot: RFC 5321, 4.5.3.2.6, asks for ten minutes; half of it is what people wait."""
_PORTS = {"smtp": 587, "smtps": 465, "smtp+starttls": 587}


class Options(Strict):
    """`email: {from: tocsin@example.org, to: [desk@example.org], smtp: "smtps://mail.example.org", …}`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: str = Field(alias="from")
    to: tuple[str, ...] = Field(min_length=1)
    smtp: str
    """smtps:// is TLS from the first byte; smtp:// demands STARTTLS, except towards this machine."""
    username: str | None = None
    password: SecretStr | None = None
    ca_file: str | None = None
    reply_to: str | None = None
    parallel: int = Field(default=4, ge=1, le=16)

    @field_validator("from_", "reply_to")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not _is_address(value):
            raise ValueError(f'"{value[:80]}" is no mail address; write name@example.org')
        return value

    @field_validator("to", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = next((address for address in value if not _is_address(address)), None)
        if wrong is not None:
            raise ValueError(f'"{wrong[:80]}" is no mail address; write name@example.org')
        return tuple(dict.fromkeys(value))

    @field_validator("smtp")
    @classmethod
    def _server(cls, value: str) -> str:
        server_of(value)
        return value


def _is_address(text: str) -> bool:
    local, _, domain = parseaddr(text)[1].rpartition("@")
    return bool(local and domain) and not any(char in text for char in "\r\n\0")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in, and how the line is made safe."""

    host: str
    port: int
    tls: str
    """`implicit`, `starttls` or `none`."""


def server_of(url: str) -> Server:
    """The server of an address. Raises ValueError with what to write; no line to another machine is in clear."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ValueError("write smtps://host, smtp://host or smtp+starttls://host, with username and password apart")
    here = _is_loopback(parts.hostname)
    tls = "implicit" if parts.scheme == "smtps" else "none" if parts.scheme == "smtp" and here else "starttls"
    port = parts.port or (25 if tls == "none" else _PORTS[parts.scheme])
    return Server(parts.hostname, port, tls)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_channel(name: str, options: Options, services: Services) -> "Email":
    """The mail channel, not yet connected."""
    ca_file = options.ca_file or services.network.ca_file
    return Email(name, options, trust(ca_file), services)


class Email:
    """Mails each recipient apart. A handle is a Message-ID."""

    def __init__(self, name: str, options: Options, context: ssl.SSLContext, services: Services) -> None:
        self._name = name
        self.can = Capabilities(threads=True, parallel=options.parallel)
        self._options = options
        self._server = server_of(options.smtp)
        self._context = context
        self._clock = services.clock
        self._linking = services.linking
        self._limit = Limit("email/" + hashlib.sha256(options.smtp.encode()).hexdigest()[:12], 50.0, 20)

    def legs(self) -> tuple[str, ...]:
        """Its recipients."""
        return self._options.to

    def limits(self, kind: Kind) -> tuple[Limit, ...]:
        """Fifty a second, what one connection after another can carry; the server says 4xx when it wants fewer."""
        return (self._limit,)

    async def send(self, parcel: Parcel) -> Sent:
        """One transaction for one recipient."""
        try:
            data = written(self._letter(parcel))
        except ValueError as error:
            raise BadMessage(f"a header cannot be written: {type(error).__name__}") from None
        async with asyncio.timeout(DATA_PATIENCE + 4 * PATIENCE):
            await self._hand_in(parcel, data)
        return Sent(message_id(parcel.delivery, parcel.leg, self._options.from_))

    def _letter(self, parcel: Parcel) -> Letter:
        content = parcel.content
        urgent = isinstance(content, Document) and content.severity.rank >= Severity.HIGH.rank
        domain = parseaddr(self._options.from_)[1].rpartition("@")[2]
        headers = {"List-ID": f"<{self._name}.tocsin.{domain}>"}
        if self._options.reply_to:
            headers["Reply-To"] = self._options.reply_to
        links = self._links(content)
        return Letter(
            delivery=parcel.delivery, sender=self._options.from_, recipient=parcel.leg,
            subject=mail.subject(content), text=mail.text(content, links), html=mail.html(content, links),
            date=self._clock.now(), lang=content.lang, urgent=urgent, root=parcel.thread, earlier=parcel.earlier,
            headers=headers,
        )  # fmt: skip

    def _links(self, content: Document | Digest) -> dict[str, str]:
        if self._linking is None or not isinstance(content, Document):
            return {}
        return self._linking.links(self._name, content.story, content.revision, self._clock.now())

    async def _hand_in(self, parcel: Parcel, data: bytes) -> None:
        smtp = await self._connect()
        sender, recipient = parseaddr(self._options.from_)[1], parseaddr(parcel.leg)[1]
        try:
            await _step(smtp.mail(sender, timeout=PATIENCE))
            await _step(smtp.rcpt(recipient, timeout=PATIENCE))
            await _data(smtp, data)
        finally:
            await _leave(smtp)

    async def _connect(self) -> aiosmtplib.SMTP:
        """A connection that is safe and logged in. Raises `NotSent` or `Broken`: no message has been spoken of yet."""
        server, options = self._server, self._options
        smtp = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, timeout=PATIENCE, use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls", tls_context=self._context if server.tls != "none" else None,
        )  # fmt: skip
        try:
            await smtp.connect()
            if options.username is not None:
                await smtp.login(options.username, options.password.get_secret_value() if options.password else "")
        except aiosmtplib.SMTPAuthenticationError as error:
            smtp.close()
            raise _auth(error.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            smtp.close()
            raise _no_connection(error) from None
        return smtp

    async def update(self, parcel: Parcel) -> Sent:
        """Never asked for: a mail cannot be edited."""
        raise BadMessage("a mail cannot be edited")

    async def reconcile(self, parcel: Parcel) -> Sent | None:
        """Never asked for: SMTP does not tell."""
        return None

    async def check(self) -> str:
        """Connect, log in and say goodbye."""
        smtp = await self._connect()
        await _leave(smtp)
        return f"mail for {len(self._options.to)} by {self._server.host}:{self._server.port} ({self._server.tls})"

    async def close(self) -> None:
        """Nothing is kept open."""


def _auth(code: int) -> NotSent | Broken:
    """454 is a temporary failure of the login (RFC 4954, 4); the others are a no."""
    return NotSent(f"login postponed ({code})") if 400 <= code < 500 else Broken(f"login refused ({code})")


def _no_connection(error: Exception) -> NotSent | Broken:
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Broken("the server's certificate cannot be verified; name its ca_file")
    if isinstance(error, aiosmtplib.SMTPException) and "STARTTLS" in str(error):
        return Broken("the server offers no STARTTLS")
    return NotSent(f"no connection ({type(error).__name__})")


async def _step(command: "asyncio.Future[object] | object") -> None:
    """MAIL or RCPT: before DATA nothing was handed over, whatever goes wrong."""
    try:
        await command  # type: ignore[misc]
    except aiosmtplib.SMTPResponseException as error:
        raise _judge(error.code, error.message) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotSent(f"the server hung up ({type(error).__name__})") from None


async def _data(smtp: aiosmtplib.SMTP, data: bytes) -> None:
    """DATA: once the last dot may be out, silence is uncertainty."""
    try:
        await smtp.data(data, timeout=DATA_PATIENCE)
    except aiosmtplib.SMTPResponseException as error:
        raise _judge(error.code, error.message) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Uncertain(f"no answer to the message ({type(error).__name__})") from None


def _judge(code: int, words: str) -> NotSent | Refused | Broken:
    """4xx: later (a minute at least). 5xx: a no to this recipient; 5.7 of the sender or 530: a no to us."""
    if 400 <= code < 500:
        return NotSent(f"SMTP {code}", 60.0, "message")
    if code in (530, 535, 538):
        return Broken(f"SMTP {code}")
    return Refused(f"SMTP {code}")


async def _leave(smtp: aiosmtplib.SMTP) -> None:
    """Say goodbye where somebody listens."""
    try:
        await smtp.quit(timeout=5.0)
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()
