"""The mail servers take mail through every door, keep the bytes, and fail on demand."""

import ssl
from email.message import EmailMessage

import aiosmtplib
import pytest

from .postfix import PostfixServer
from .smtp import Door, MailServer, drop_after_data, drop_at, refuse, stall

DOORS: tuple[Door, ...] = ("plain", "starttls", "implicit", "auth")


def letter(recipient: str = "desk@example.org", body: str = "قوات") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tocsin@example.org", recipient, "ring"
    message["Message-ID"] = "<d1@example.org>"
    message.set_content(body, cte="base64")
    return message.as_bytes()


def client(server: MailServer | PostfixServer, door: Door, trust: ssl.SSLContext | None = None) -> aiosmtplib.SMTP:
    login = server if isinstance(server, MailServer) and door == "auth" else None
    return aiosmtplib.SMTP(
        hostname="127.0.0.1",
        port=server.port(door),
        username=login.user if login else None,
        password=login.password if login else None,
        use_tls=door == "implicit",
        start_tls=door in ("starttls", "auth"),
        tls_context=trust or server.authority.client_context(),
        timeout=10,
    )


async def send(server: MailServer | PostfixServer, door: Door = "plain", recipient: str = "desk@example.org") -> None:
    async with client(server, door) as session:
        await session.sendmail("tocsin@example.org", [recipient], letter(recipient))


@pytest.mark.parametrize("door", DOORS)
async def test_mail_comes_in_through_every_door(smtp: MailServer, door: Door) -> None:
    await send(smtp, door)
    (received,) = smtp.messages
    assert (received.door, received.sender, received.recipients) == (door, "tocsin@example.org", ("desk@example.org",))
    assert received.user == (smtp.user if door == "auth" else None)
    assert received.data == letter().replace(b"\n", b"\r\n")
    assert received.message.get_content() == "قوات\n"


async def test_the_auth_door_refuses_strangers(smtp: MailServer) -> None:
    async with client(smtp, "starttls") as session:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await session.login(smtp.user, "wrong")
    context = smtp.authority.client_context()
    stranger = aiosmtplib.SMTP(hostname="127.0.0.1", port=smtp.port("auth"), start_tls=True, tls_context=context)
    async with stranger:
        with pytest.raises(aiosmtplib.SMTPResponseException, match="Authentication required"):
            await stranger.sendmail("tocsin@example.org", ["desk@example.org"], letter())


@pytest.mark.parametrize("door", ["starttls", "implicit"])
async def test_nobody_else_trusts_the_certificate(smtp: MailServer, door: Door) -> None:
    session = client(smtp, door, trust=ssl.create_default_context())
    with pytest.raises((ssl.SSLCertVerificationError, aiosmtplib.SMTPException), match="certificate"):
        await session.connect()
    session.close()


@pytest.mark.parametrize("reply", ["451 4.3.0 try later", "550 5.1.1 no such user"])
async def test_a_scripted_refusal_is_given_once(smtp: MailServer, reply: str) -> None:
    smtp.script([refuse(reply)])
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(smtp)
    assert refused.value.recipients[0].code == int(reply[:3])
    await send(smtp)
    assert len(smtp.messages) == 1


async def test_a_message_refused_after_its_data_is_not_kept(smtp: MailServer) -> None:
    smtp.script([refuse("554 5.6.0 no", at="data")])
    with pytest.raises(aiosmtplib.SMTPDataError):
        await send(smtp)
    assert smtp.messages == []


async def test_a_drop_after_the_data_leaves_the_message_with_the_server(smtp: MailServer) -> None:
    smtp.script([drop_after_data(), drop_at("mail")])
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await send(smtp)
    assert len(smtp.messages) == 1


async def test_a_stall_leaves_it_there_too(smtp: MailServer) -> None:
    smtp.script([stall(30)])
    session = client(smtp, "plain")
    await session.connect()
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await session.sendmail("tocsin@example.org", ["desk@example.org"], letter(), timeout=0.3)
    session.close()
    assert len(smtp.messages) == 1


@pytest.mark.parametrize("door", ["plain", "starttls", "implicit"])
async def test_postfix_delivers(postfix: PostfixServer, door: Door) -> None:
    await send(postfix, door)
    (message,) = await postfix.wait_for(1)
    assert isinstance(message, EmailMessage)
    assert (message["Message-ID"], message["Delivered-To"]) == ("<d1@example.org>", "desk@example.org")
    assert message.get_content() == "قوات\n"
    assert "message-id=<d1@example.org>" in postfix.log


async def test_postfix_refuses_some_recipients(postfix: PostfixServer) -> None:
    for recipient, code in (("busy@example.org", 451), ("full@example.org", 452), ("nobody@example.org", 550)):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(postfix, recipient=recipient)
        assert refused.value.recipients[0].code == code
    assert postfix.messages() == []
