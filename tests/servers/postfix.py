"""A real mail relay: Postfix with its own configuration, queue and ports, delivering into a Maildir.

Wanted for what aiosmtpd is too kind for. It needs root (Postfix's master does) and the Debian package:

    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postfix
"""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Self

from .certificates import Authority
from .ports import free_port
from .smtp import Door

PATIENCE = 20.0
LARGEST_MESSAGE = 1_000_000
REFUSALS = {
    "busy@example.org": "451 4.7.1 try later",
    "full@example.org": "452 4.2.2 mailbox full",
    "nobody@example.org": "550 5.1.1 no such user",
    "blocked@example.org": "550 5.7.1 refused by policy",
}
"""Recipients that are refused, and how; everybody else has a mailbox."""

GUARD = '"$@" & master=$!; cat > /dev/null; kill $master; wait $master'
"""Runs Postfix until standard input closes, which it does however the tests end."""

MAIN = """\
compatibility_level = 3.6
command_directory = {commands}
daemon_directory = {daemons}
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = localhost
mydomain = example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
disable_dns_lookups = yes
alias_maps =
alias_database =
local_recipient_maps =
message_size_limit = {largest}
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_relay_restrictions =
smtpd_recipient_restrictions = check_recipient_access inline:{{ {refusals} }}, permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{group}
virtual_transport = virtual
"""

MASTER = """\
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{starttls} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
127.0.0.1:{implicit} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


class PostfixServer:
    """A context manager; every recipient's mail lands in one Maildir, with `Delivered-To` naming the recipient."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.ports: dict[Door, int] = {}
        self._home = Path()
        self._guard: subprocess.Popen[bytes] | None = None

    @staticmethod
    def unavailable_reason() -> str | None:
        """Say why Postfix cannot run here, or None."""
        if _postfix() is None:
            return "Postfix is not installed (apt-get install -y --no-install-recommends postfix)"
        if os.geteuid() != 0:
            return "Postfix's master process must be started by root"
        return None

    def port(self, door: Door) -> int:
        """Return the loopback port of a door; there is none for `auth`."""
        return self.ports[door]

    def url(self, door: Door) -> str:
        """Return the door as a destination's `smtp` address; the certificate names `localhost` and 127.0.0.1."""
        scheme = "smtps" if door == "implicit" else "smtp"
        return f"{scheme}://127.0.0.1:{self.ports[door]}"

    @property
    def log(self) -> str:
        """What Postfix logged so far: queue ids, message ids, refusals."""
        file = self._home / "log" / "postfix.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="tocsin-postfix-"))
        try:
            self._configure()
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        guard, self._guard = self._guard, None
        if guard:
            guard.communicate(timeout=PATIENCE)
        shutil.rmtree(self._home, ignore_errors=True)

    def reset(self) -> None:
        """Empty the mailbox."""
        for path in self._inbox():
            path.unlink()

    def messages(self) -> list[EmailMessage]:
        """Return what was delivered, oldest first, as the standard library reads it."""
        return [_parsed(data) for data in self.raw_messages()]

    def raw_messages(self) -> list[bytes]:
        """Return what was delivered, oldest first, as it lies in the Maildir: LF line ends, headers on top."""
        return [path.read_bytes() for path in self._inbox()]

    async def wait_for(self, count: int, patience: float = PATIENCE) -> list[EmailMessage]:
        """Wait until `count` messages were delivered; raises AssertionError with Postfix's log."""
        deadline = time.monotonic() + patience
        while len(self._inbox()) < count:
            assert time.monotonic() < deadline, f"{count} messages were not delivered:\n{self.log}"
            await asyncio.sleep(0.02)
        return self.messages()

    def _inbox(self) -> list[Path]:
        found = (self._home / "mail" / "inbox" / "new").glob("*")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def _configure(self) -> None:
        """Postfix's own users must pass through the directories; only root may write the configuration."""
        self._home.chmod(0o755)
        self._own("data", "postfix")
        mail = self._own("mail", "nobody")
        for name in ("queue", "log", "conf"):
            (self._home / name).mkdir(mode=0o755)
        self.ports = {"plain": free_port(), "starttls": free_port(), "implicit": free_port()}
        refusals = ", ".join(f"{{ {who} = {how} }}" for who, how in REFUSALS.items())
        (self._home / "conf" / "main.cf").write_text(
            MAIN.format(
                home=self._home,
                commands=_ask("command_directory"),
                daemons=_ask("daemon_directory"),
                largest=LARGEST_MESSAGE,
                cert=self._private(self.authority.cert_file),
                key=self._private(self.authority.key_file),
                refusals=refusals,
                owner=mail.st_uid,
                group=mail.st_gid,
            )
        )
        (self._home / "conf" / "master.cf").write_text(MASTER.format(**self.ports))

    def _own(self, name: str, user: str) -> os.stat_result:
        directory = self._home / name
        directory.mkdir(mode=0o700)
        account = pwd.getpwnam(user)
        shutil.chown(directory, account.pw_uid, account.pw_gid)
        return directory.stat()

    def _private(self, file: Path) -> Path:
        copy = self._home / file.name
        shutil.copy(file, copy)
        copy.chmod(0o600)
        return copy

    def _start(self) -> None:
        conf = str(self._home / "conf")
        made = subprocess.run(
            [_postfix() or "postfix", "-c", conf, "check"], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(f"Postfix refuses its configuration: {made.stderr.strip()}")
        master = [str(Path(_ask("daemon_directory")) / "master"), "-c", conf, "-d"]
        self._guard = subprocess.Popen(
            ["sh", "-c", GUARD, "sh", *master], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + PATIENCE
        while not all(_listens(port) for port in self.ports.values()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"Postfix did not start:\n{self.log}")
            time.sleep(0.02)


def _parsed(data: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    return message


def _postfix() -> str | None:
    return shutil.which("postfix", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


def _ask(setting: str) -> str:
    """Return one of Debian's own settings: where the programs lie."""
    command = [str(Path(_postfix() or "postfix").with_name("postconf")), "-dh", setting]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
