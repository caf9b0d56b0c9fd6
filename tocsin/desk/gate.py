"""Who may ask the desk for what: the name it is called by, a token where there is one, and no form from another site.

Called by another name than its own (DNS rebinding) it does not answer. With a token everything needs it but the probes
and the doors that check for themselves. Writing through `/api/` needs a token always.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from schemas.settings import Desk
from tocsin.desk.patience import Patience

COOKIE: Final = "tocsin"
OPEN: Final = ("/livez", "/readyz", "/static/", "/slack/", "/act/", "/login")
"""What needs no token: probes, style, and what is signed or asked for otherwise."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
ANY: Final = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104
SAFE: Final = ("GET", "HEAD")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": _POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}  # fmt: skip


def sealed(token: str) -> str:
    """What a browser keeps in its cookie: not the token itself."""
    return hashlib.sha256(b"tocsin desk\n" + token.encode()).hexdigest()


@dataclass(frozen=True)
class Gate:
    """The rules of one desk."""

    desk: Desk
    patience: Patience = field(default_factory=Patience)

    @property
    def names(self) -> frozenset[str]:
        """The host names the desk answers to; empty: any (it listens everywhere and no public address is set)."""
        host = self.desk.listen.rpartition(":")[0]
        public = urlsplit(self.desk.public_url).hostname if self.desk.public_url else None
        if host in ANY and public is None:
            return frozenset()
        return LOOPBACK | {host} | ({public} if public else set())

    def bears(self, request: Request) -> bool:
        """Does a request carry the token, as a bearer or as the cookie of a login?"""
        if self.desk.token is None:
            return False
        token = self.desk.token.get_secret_value()
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if hmac.compare_digest(given.strip().encode(), token.encode()):
                return True
            self.patience.was_wrong(request)
        cookie = request.cookies.get(COOKIE, "")
        if cookie and not hmac.compare_digest(cookie.encode(), sealed(token).encode()):
            self.patience.was_wrong(request)
            return False
        return bool(cookie)

    def refusal(self, request: Request) -> Response | None:
        """The answer to who may not ask; None for who may."""
        path, host = request.url.path, (request.url.hostname or "")
        if self.names and host not in self.names and not path.startswith(OPEN):
            return PlainTextResponse("this desk does not go by that name; set desk.public_url", status_code=421)
        if request.method not in SAFE and not path.startswith(("/slack/", "/act/")) and _foreign(request):
            return PlainTextResponse("a form of another site", status_code=403)
        if path.startswith("/api/") and request.method not in SAFE and self.desk.token is None:
            return PlainTextResponse("set desk.token, and send it as a bearer", status_code=403)
        if self.desk.token is None or path.startswith(OPEN):
            return None
        if wait := self.patience.wait(request):
            headers = {"retry-after": f"{wait:.0f}"}
            return PlainTextResponse("too many wrong tokens", status_code=429, headers=headers)
        if self.bears(request):
            return None
        if path.startswith("/api/") or path == "/metrics":
            return PlainTextResponse(
                "a bearer token is needed", status_code=401, headers={"www-authenticate": "Bearer"}
            )
        to_login = RedirectResponse("/login", status_code=303)
        to_login.delete_cookie(COOKIE)  # one of an old token would use up the patience
        return to_login

    async def __call__(self, request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        """Turn away or pass on; nothing but our own files may be loaded by a page, and no page may frame us."""
        response = self.refusal(request) or await go_on(request)
        response.headers.update(HEADERS)
        return response

    def login(self, request: Request, given: str) -> Response | None:
        """The answer that lets a browser in; None for a wrong token, which is remembered for a minute."""
        token = self.desk.token.get_secret_value() if self.desk.token else ""
        if not token or not hmac.compare_digest(given.encode(), token.encode()):
            self.patience.was_wrong(request)
            return None
        response = RedirectResponse("/", status_code=303)
        secure = (self.desk.public_url or "").startswith("https:")
        response.set_cookie(COOKIE, sealed(token), httponly=True, samesite="strict", secure=secure, max_age=30 * 86400)
        return response


def _foreign(request: Request) -> bool:
    """Does a browser say that another site sends this? Our own forms name no referrer, so their origin is `null`."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
