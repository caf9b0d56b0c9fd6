"""Slack's Web API over httpx. The SDK's client is not used: by default it posts again when an answer is lost.

Nothing a foreign library says is passed on: httpx puts whole URLs into its errors.
"""

from typing import Any

import httpx

from alert.channel import NotSent, Uncertain
from alert.channels.slack.errors import undelivered
from alert.trust import trust
from schemas.settings import Network

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
LOST = 6.0
"""Seconds to wait before looking for a message whose answer timed out: it may still be on its way."""


def client(network: Network, **more: Any) -> httpx.AsyncClient:
    """A client that goes where the configuration says and nowhere else: no environment, no redirects."""
    verify = trust(network.ca_file)
    return httpx.AsyncClient(
        timeout=TIMEOUT, trust_env=False, follow_redirects=False, proxy=network.proxy, verify=verify, **more
    )


async def post(http: httpx.AsyncClient, url: str, **request: Any) -> httpx.Response:
    """One POST. Raises `NotSent` when it surely did not get there, `Uncertain` when it may have."""
    try:
        return await http.post(url, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise NotSent(f"no connection ({type(error).__name__})") from None
    except httpx.TimeoutException as error:
        raise Uncertain(f"no answer in time ({type(error).__name__})", LOST) from None
    except httpx.TransportError as error:
        raise Uncertain(f"connection lost ({type(error).__name__})") from None


def later(response: httpx.Response) -> float | None:
    """The seconds of `Retry-After`, when it says any."""
    word = response.headers.get("retry-after", "")
    return float(word) if word.isdigit() else None


class Api:
    """Calls of one token at one address."""

    def __init__(self, url: str, token: str, http: httpx.AsyncClient) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._http = http

    async def write(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """A call with a JSON body. Raises `Undelivered`."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return _answer(await post(self._http, f"{self._url}/{method}", json=body, headers=headers))

    async def read(self, method: str, **fields: str) -> dict[str, Any]:
        """A call that changes nothing, as a form: not every read method takes JSON. Raises `Undelivered`.

        No answer is no uncertainty here: the question can be asked again.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            return _answer(await post(self._http, f"{self._url}/{method}", data=fields, headers=headers))
        except Uncertain as error:
            raise NotSent(error.reason) from None


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == 429:
        raise NotSent("ratelimited", later(response) or 30.0, "pace")
    if response.status_code >= 500:
        raise Uncertain(f"HTTP {response.status_code}")
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise (
            Uncertain(f"HTTP {response.status_code} without an answer")
            if response.is_success
            else NotSent(f"HTTP {response.status_code}")
        )
    if not body.get("ok"):
        raise undelivered(str(body.get("error", "unknown_error")), later(response))
    return body
