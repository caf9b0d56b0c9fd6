"""How do tests get a Slack workspace? `SlackServer` runs the emulator as a child process and looks into it."""

import json
import select
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from ..ports import free_port
from .install import EmulatorUnavailable, install_emulator

PATIENCE = 20.0
"""Seconds for the emulator to say that it is ready."""

SCOPES = ["chat:write", "channels:read", "channels:history", "channels:join", "channels:manage", "groups:read",
          "groups:history", "groups:write", "users:read", "team:read"]  # fmt: skip
APP, BOT, BOT_USER = "A0TOCSIN01", "B0TOCSIN01", "U0TOCSIN01"


class SlackServer:
    """One workspace with one installed app and a bot that is a member of every name in `CHANNELS`.

    `#random` and `#general` exist as well, without the bot. Every `reset` gives an empty workspace with new channel
    ids; the address and the token stay. Nothing here is strict about limits: put a `SlackProxy` in front for that.
    """

    CHANNELS = ("alerts", "desk", "operators")

    def __init__(self) -> None:
        self.token = "xoxb-tocsin-test"
        self.blind_token = "xoxb-tocsin-blind"
        """A token that may post but not read history: `missing_scope` on conversations.history."""
        self.spare_tokens = tuple(f"xoxb-tocsin-spare-{number}" for number in range(20))
        """More tokens of the same bot: the emulator refuses a token after 5,000 requests in an hour."""
        self.app_id, self.bot_id, self.bot_user_id = APP, BOT, BOT_USER
        self.channels: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    @staticmethod
    def unavailable_reason() -> str | None:
        """Say why the emulator cannot run here, or None; installs it if it can."""
        try:
            install_emulator()
        except EmulatorUnavailable as error:
            return str(error)
        return None

    @property
    def base_url(self) -> str:
        """Where the emulator listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What goes into a destination's `api_url`."""
        return f"{self.base_url}/api/"

    @property
    def channel(self) -> str:
        """The id of `#alerts`."""
        return self.channels["alerts"]

    @property
    def webhook_url(self) -> str:
        """An incoming webhook that posts into `#general`."""
        return f"{self.base_url}{self.webhook_path}"

    @property
    def webhook_path(self) -> str:
        """The path of the only incoming webhook."""
        return "/services/T000000001/B000000001/X000000001"

    @property
    def pid(self) -> int | None:
        """The emulator's process id while it runs."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        installed = install_emulator()
        self._port = free_port()
        script = str(Path(__file__).with_name("serve.mjs"))
        command = ["node", script, str(installed), str(self._port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.reset()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def reset(self) -> None:
        """Empty the workspace and wait until it answers again."""
        self._order(self._seed())
        with httpx.Client(base_url=self.api_url, headers=self._headers(), timeout=PATIENCE) as client:
            for name in self.CHANNELS:
                checked(client.post("conversations.create", data={"name": name}))
            listed = checked(client.post("conversations.list"))["channels"]
        self.channels = {channel["name"]: channel["id"] for channel in listed}

    async def call(self, method: str, **fields: str) -> dict[str, Any]:
        """Call a Web API method by form POST, past any proxy; raises AssertionError when Slack says no."""
        async with httpx.AsyncClient(base_url=self.api_url, headers=self._headers(), timeout=PATIENCE) as client:
            return checked(await client.post(method, data=fields))

    async def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """Return the channel's messages, oldest first, without replies."""
        return await self._pages("conversations.history", channel=channel or self.channel)

    async def replies(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """Return the replies to `ts`, oldest first, without the root."""
        found = await self._pages("conversations.replies", channel=channel, ts=ts)
        return [message for message in found if message["ts"] != ts]

    async def _pages(self, method: str, **fields: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.call(method, limit="1000", cursor=cursor, **fields)
            found += page["messages"]
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return sorted(found, key=lambda message: ts_key(message["ts"]))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _order(self, seed: dict[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the Slack emulator is not running")
        process.stdin.write(json.dumps(seed) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        answer = json.loads(process.stdout.readline() or "{}") if ready else {"error": f"silent for {PATIENCE:.0f} s"}
        if answer.get("port") != self._port:
            raise RuntimeError(f"the Slack emulator did not start: {answer.get('error', 'it stopped')}")

    def _seed(self) -> dict[str, Any]:
        bot = {"type": "bot", "user_id": BOT_USER, "app_id": APP, "bot_id": BOT, "bot_user_id": BOT_USER}
        app = {"client_id": "1.1", "client_secret": "test", "app_id": APP, "name": "tocsin", "bot_id": BOT,
               "bot_user_id": BOT_USER, "bot_name": "tocsin", "scopes": SCOPES, "redirect_uris": []}  # fmt: skip
        seeing = [{"token": token, "scopes": SCOPES, **bot} for token in (self.token, *self.spare_tokens)]
        blind = {"token": self.blind_token, "scopes": ["chat:write"], **bot}
        slack = {"strict_scopes": True, "oauth_apps": [app], "tokens": [*seeing, blind]}
        return {"slack": slack}


def ts_key(ts: str) -> tuple[int, int]:
    """Order Slack timestamps exactly; a float has too few digits."""
    seconds, _, rest = ts.partition(".")
    return int(seconds or 0), int(rest.ljust(6, "0")[:6])


def checked(response: httpx.Response) -> dict[str, Any]:
    """Return the body of a good answer; raises AssertionError with Slack's word for a bad one."""
    response.raise_for_status()
    body: dict[str, Any] = response.json()
    assert body["ok"], f"{response.url.path}: {body.get('error')}"
    return body
