"""robots.txt, for pages: a feed is published for machines and asked for by name, a page is not (RFC 9309)."""

from urllib.parse import urlsplit

from protego import Protego

from schemas.errors import TryLater, Unreadable
from schemas.ports import Http

NAME = "tocsin"
_MOST_HOSTS = 5_000
_LARGEST = 500_000


class Robots:
    """What hosts allow, asked once a host and remembered."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._rules: dict[str, Protego | None] = {}

    async def refusal(self, url: str) -> str | None:
        """Why a page may not be fetched, in words; None when it may."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            if len(self._rules) >= _MOST_HOSTS:
                self._rules.clear()
            self._rules[origin] = await self._ask(origin)
        rules = self._rules[origin]
        if rules is None:
            return "its robots.txt cannot be read now"
        return None if rules.can_fetch(url, NAME) else "its robots.txt does not allow it"

    async def _ask(self, origin: str) -> Protego | None:
        """The rules of a host. None of them (4xx) allows everything; a host in trouble (5xx) allows nothing."""
        try:
            answer = await self._http.request("GET", f"{origin}/robots.txt", timeout=10, limit=_LARGEST)
        except TryLater:
            return None
        except Unreadable:
            return Protego.parse("")
        if answer.status >= 500 or answer.status == 429:
            return None
        return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")
