"""Mail, against aiosmtpd and its scripted faults."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert.channel import Broken, Channel, NotSent, Refused, Uncertain
from alert.channels import Services, build
from alert.channels.email import server_of
from schemas.errors import ConfigError
from schemas.settings import Destination
from tests.alert.channels.parcels import digest_parcel, parcel
from tests.servers.smtp import Door, MailServer, drop_after_data, drop_at, refuse
from tocsin.clock import SystemClock

pytestmark = pytest.mark.usefixtures("parted")

SENDER, ANNA = "Tocsin <tocsin@alerts.example.org>", "anna@example.org"


def email(smtp: MailServer, door: Door = "plain", **more: Any) -> Channel:
    """The channel under test, at one of the server's doors."""
    url = smtp.url(door)
    url = url.replace("smtp://", "smtp+starttls://") if door in ("starttls", "auth") else url
    options = {"from": SENDER, "to": [ANNA], "smtp": url, "ca_file": str(smtp.authority.ca_file), **more}
    return build("mail", Destination(kind="email", options=options), Services(SystemClock()))


@pytest.mark.parametrize("door", ["plain", "starttls", "implicit"])
async def test_a_mail_arrives_through_every_door(smtp: MailServer, door: Door) -> None:
    sent = await email(smtp, door).send(parcel(leg=ANNA))
    (taken,) = smtp.messages
    assert taken.recipients == (ANNA,)
    message = taken.message
    assert message["Message-ID"] == sent.handle
    assert message["Subject"].startswith("[HIGH] North Korea confirms troop deployment to Russia")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert taken.data.isascii()


async def test_a_login_is_given_where_one_is_wanted(smtp: MailServer) -> None:
    await email(smtp, "auth", username=smtp.user, password=smtp.password).send(parcel(leg=ANNA))
    assert smtp.messages[0].user == smtp.user


async def test_a_wrong_password_breaks_the_destination_and_is_not_repeated(smtp: MailServer) -> None:
    with pytest.raises(Broken) as caught:
        await email(smtp, "auth", username=smtp.user, password="hunter2").send(parcel(leg=ANNA))
    assert "hunter2" not in str(caught.value)


async def test_an_unknown_authority_breaks_the_destination(smtp: MailServer) -> None:
    with pytest.raises(Broken, match="certificate"):
        await email(smtp, "implicit", ca_file=None).send(parcel(leg=ANNA))


async def test_an_update_stands_in_the_thread_under_the_same_subject(smtp: MailServer) -> None:
    channel = email(smtp)
    root = await channel.send(parcel("d1", leg=ANNA))
    second = await channel.send(parcel("d2", "reply", leg=ANNA, thread=root.handle))
    await channel.send(parcel("d3", "reply", leg=ANNA, thread=root.handle, earlier=(second.handle,)))
    first, _, third = (taken.message for taken in smtp.messages)
    assert third["In-Reply-To"] == second.handle
    assert third["References"].split() == [root.handle, second.handle]
    assert first["Subject"] == third["Subject"]


async def test_the_same_delivery_has_the_same_id_each_time(smtp: MailServer) -> None:
    channel = email(smtp)
    assert await channel.send(parcel("d1", leg=ANNA)) == await channel.send(parcel("d1", leg=ANNA))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (refuse("451 4.3.0 try later"), NotSent),
        (refuse("550 5.1.1 no such user"), Refused),
        (refuse("421 4.7.0 too busy", at="mail"), NotSent),
        (refuse("554 5.6.0 content", at="data"), Refused),
        (drop_at("rcpt"), NotSent),
        (drop_after_data(), Uncertain),
    ],
)
async def test_each_no_has_its_meaning(smtp: MailServer, fault: Any, kind: type[Exception]) -> None:
    smtp.script([fault])
    with pytest.raises(kind):
        await email(smtp).send(parcel(leg=ANNA))


async def test_nobody_there_is_surely_not_sent() -> None:
    options = {"from": SENDER, "to": [ANNA], "smtp": "smtp://127.0.0.1:9"}
    channel = build("mail", Destination(kind="email", options=options), Services(SystemClock()))
    with pytest.raises(NotSent):
        await channel.send(parcel(leg=ANNA))


async def test_a_digest_is_a_mail(smtp: MailServer) -> None:
    await email(smtp).send(digest_parcel(leg=ANNA))
    assert smtp.messages[0].message["Subject"] == "3 stories"


def test_no_line_to_another_machine_is_in_clear() -> None:
    assert server_of("smtp://mail.example.org").tls == "starttls"
    assert server_of("smtp://127.0.0.1").tls == "none"
    assert server_of("smtps://mail.example.org").port == 465


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "smtp://user:pw@mail", "smtps://mail/x"])
def test_other_addresses_are_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(ConfigError, match="write smtps://host"):
        build("m", Destination(kind="email", options={"from": SENDER, "to": [ANNA], "smtp": url}),
              Services(SystemClock()))  # fmt: skip


@given(st.text(max_size=60))
def test_an_address_is_one_or_is_refused(text: str) -> None:
    options = {"from": SENDER, "to": [text], "smtp": "smtp://127.0.0.1"}
    try:
        channel = build("m", Destination(kind="email", options=options), Services(SystemClock()))
    except ConfigError:
        return
    assert not any(char in leg for leg in channel.legs() for char in "\r\n\0")
