"""A mail as the bytes that go over the wire: headers folded so that every reader gets back what was written.

The standard policy folds long subjects of mixed ASCII and right-to-left words so that spaces are lost (CPython
gh-92281, gh-144156); here such a header is encoded as a whole, by `email.header.Header`. Bodies are base64, so that no
relay needs 8BITMIME and no line is too long.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any


class WholePolicy(EmailPolicy):
    """SMTP's line ends; a header that is not plain ASCII is encoded whole."""

    def fold(self, name: str, value: Any) -> str:
        """One header as folded lines, always ASCII."""
        text = str(value)
        if text.isascii():
            return str(super().fold(name, value))
        header = Header(text, "utf-8", maxlinelen=76, header_name=name)
        return f"{name}: {header.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, as bytes."""
        return self.fold(name, value).encode("ascii")


POLICY = WholePolicy(linesep=SMTP.linesep, utf8=False, max_line_length=78)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says and where it stands in its thread."""

    delivery: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    date: datetime
    lang: str = "en"
    urgent: bool = False
    root: str = ""
    """Message-ID of the mail that opened the thread; empty for that one itself."""
    earlier: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def message_id(delivery: str, leg: str, sender: str) -> str:
    """The same for every attempt at one delivery to one recipient, so that a reader can drop a repeat."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{delivery}.{hashlib.sha256(leg.encode()).hexdigest()[:12]}@{domain}>"


def mailbox(address: str) -> str:
    """`Name <address>` with the name encoded where it is not ASCII; the bare address stays bare."""
    name, plain = parseaddr(address)
    return formataddr((name, plain)) if name else plain


def written(letter: Letter) -> bytes:
    """The mail as bytes with CRLF lines, all ASCII, none longer than 78 in the headers."""
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = message_id(letter.delivery, letter.recipient, letter.sender)
    mail["Date"] = format_datetime(letter.date)
    mail["From"] = mailbox(letter.sender)
    mail["To"] = mailbox(letter.recipient)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Tocsin-Delivery"] = letter.delivery
    if letter.urgent:
        mail["Importance"] = "high"
    if letter.root:
        latest = letter.earlier[-9:]
        mail["In-Reply-To"] = latest[-1] if latest else letter.root
        mail["References"] = " ".join(dict.fromkeys((letter.root, *latest)))
    for name, value in letter.headers.items():
        mail[name] = value
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    mail["Content-Language"] = letter.lang
    return mail.as_bytes()
