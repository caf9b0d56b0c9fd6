"""A mail server that keeps what it is given and fails when told to: aiosmtpd behind four loopback ports."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .certificates import Authority
from .loop import LoopThread

Door = Literal["plain", "starttls", "implicit", "auth"]
"""No TLS · STARTTLS before anything else · TLS from the first byte · STARTTLS and then a login before any mail.

`starttls` and `implicit` take a login as well; only `auth` insists on it."""

Step = Literal["mail", "rcpt", "data"]
TAKEN = "250 2.0.0 taken"
LARGEST_MESSAGE = 1_000_000


@dataclass(frozen=True)
class Received:
    """One message taken, as the bytes on the wire (without dot-stuffing) and its envelope."""

    at: float
    door: Door
    sender: str
    recipients: tuple[str, ...]
    options: tuple[str, ...]
    """Of MAIL FROM: `SIZE=…`, `BODY=8BITMIME`, `RET=HDRS`, …"""
    user: str | None
    data: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        """The message as the standard library reads it."""
        parsed = BytesParser(policy=default).parsebytes(self.data)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass(frozen=True)
class MailFault:
    """What happens at one step of one transaction: keep the message or not, wait, then refuse or hang up."""

    at: Step
    reply: str = TAKEN
    keep: bool = False
    delay: float = 0.0
    drop: bool = False


def refuse(reply: str, at: Step = "rcpt") -> MailFault:
    """Answer with `reply`, such as `451 4.3.0 try later` or `550 5.1.1 no such user`."""
    return MailFault(at, reply)


def drop_after_data() -> MailFault:
    """Take the message and hang up before saying so: the sender cannot know."""
    return MailFault("data", keep=True, drop=True)


def drop_at(step: Step) -> MailFault:
    """Hang up at a step; nothing is kept."""
    return MailFault(step, drop=True)


def stall(seconds: float) -> MailFault:
    """Take the message and be silent for a while before saying so."""
    return MailFault("data", keep=True, delay=seconds)


class MailServer:
    """A context manager; all doors share `messages` and one script of faults."""

    user, password = "tocsin", "correct horse"

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.ports: dict[Door, int] = {}
        self._loop = LoopThread("MailServer")
        self._servers: list[asyncio.Server] = []
        self.reset()

    def reset(self) -> None:
        """Forget the messages and the script."""
        self.messages: list[Received] = []
        self._script: defaultdict[Step, deque[MailFault | None]] = defaultdict(deque)

    def script(self, faults: Iterable[MailFault]) -> None:
        """Queue faults, each for the next time that its step is reached."""
        for fault in faults:
            self._script[fault.at].append(fault)

    def port(self, door: Door) -> int:
        """Return the loopback port of a door; the certificate names `localhost` and 127.0.0.1."""
        return self.ports[door]

    def url(self, door: Door) -> str:
        """Return the door as a destination's `smtp` address."""
        scheme = "smtps" if door == "implicit" else "smtp"
        return f"{scheme}://127.0.0.1:{self.ports[door]}"

    def __enter__(self) -> Self:
        self._loop.__enter__()
        self._loop.run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._stop())
        self._loop.__exit__(kind, error, trace)

    def next_fault(self, step: Step) -> MailFault | None:
        """Take the next fault of a step off the script."""
        return self._script[step].popleft() if self._script[step] else None

    async def _start(self) -> None:
        doors: tuple[Door, ...] = ("plain", "starttls", "implicit", "auth")
        for door in doors:
            tls = self.authority.server_context() if door == "implicit" else None
            server = await asyncio.get_running_loop().create_server(
                lambda door=door: self._session(door), "127.0.0.1", 0, ssl=tls
            )
            self._servers.append(server)
            self.ports[door] = server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()

    def _session(self, door: Door) -> SMTP:
        starttls = door in ("starttls", "auth")
        return SMTP(
            _Clerk(self, door),
            hostname="localhost",
            ident="tocsin test",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_MESSAGE,
            tls_context=self.authority.server_context() if starttls else None,
            require_starttls=starttls,
            auth_required=door == "auth",
            auth_require_tls=door != "implicit",
            authenticator=self._authenticate,
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        known = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=login == known, handled=False, auth_data=login)


class _Clerk:
    """aiosmtpd's hooks for one connection; a hook's answer is the server's reply."""

    def __init__(self, server: MailServer, door: Door) -> None:
        self._server = server
        self._door = door

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._fail(smtp, "mail")
        if reply == TAKEN:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._fail(smtp, "rcpt")
        if reply == TAKEN:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        fault = self._server.next_fault("data")
        if fault is None or fault.keep:
            self._server.messages.append(self._received(session, envelope))
        return await _do(smtp, fault)

    async def _fail(self, smtp: SMTP, step: Step) -> str:
        return await _do(smtp, self._server.next_fault(step))

    def _received(self, session: Session, envelope: Envelope) -> Received:
        login, data = session.auth_data, envelope.content
        return Received(
            at=time.time(),
            door=self._door,
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            options=tuple(envelope.mail_options),
            user=login.login.decode() if isinstance(login, LoginPassword) else None,
            data=data.encode() if isinstance(data, str) else data or b"",
        )


async def _do(smtp: SMTP, fault: MailFault | None) -> str:
    if fault is None:
        return TAKEN
    await asyncio.sleep(fault.delay)
    if fault.drop and isinstance(smtp.transport, asyncio.WriteTransport):
        smtp.transport.abort()
    return fault.reply
