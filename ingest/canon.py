"""Our own canonical address: equal for two addresses of one page, different for two pages.

Only a key for telling items apart; what people see and click is the publisher's own link. Parameters that track a
reader are dropped by a list of names; every other one stays, because it may be the story's number.
"""

import posixpath
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

_TRACKING = re.compile(
    r"(?:utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_[ce]id|at_.+|xtor|cmpid|cmp|ns_.+"
    r"|wt[._].+|ref_src|ref_url|__twitter_impression|_hs(?:enc|mi)|mkt_tok|sr_share|smid|ito|ocid|ncid|taid"
    r"|traffic_source|guccounter|guce_.+|feature=emb.*|spm|share_?source|xing_share|yptr|syn-25a6b1a6|chan)\Z",
    re.IGNORECASE,
)
_TRACKING_PAIRS = frozenset(
    ("ref=rss", "partner=rss", "source=rss", "from=rss", "src=rss", "feed=rss", "via=rss", "rss=1", "output=rss",
     "partner=rssnyt", "emc=rss", "ftag=rss")
)  # fmt: skip
_PORTS = {"http": "80", "https": "443"}
_PLAIN = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:/[!$%&'()*+,;=:@/~_.?A-Za-z0-9-]*)?\Z")
"""What most links look like: nothing to resolve, nothing to mend."""
_BROKEN = re.compile(r"[\x00-\x20\x7f]+")
_SAFE = "!$&'()*+,;=:@/~%-._"


def _host(host: str) -> str:
    """The host in lower case and ASCII (IDNA); as it is when it cannot be."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _path(path: str) -> str:
    """Dot segments resolved, the encoding of characters made one; a trailing slash stays, for it can matter."""
    path = path or "/"
    if "/." in path or "//" in path:
        end = "/" if path.endswith(("/", "/.", "/..")) else ""
        path = posixpath.normpath("/" + path.lstrip("/")).rstrip("/") + (end or "")
    return quote(unquote(path, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape") or "/"


def _query(query: str) -> str:
    kept = []
    for pair in query.split("&"):
        key = pair.partition("=")[0]
        if pair and not _TRACKING.match(key) and pair.lower() not in _TRACKING_PAIRS:
            kept.append(pair)
    return "&".join(kept)


def absolute(link: str, base: str = "") -> str | None:
    """The http(s) address a link means, seen from a base; None for anything a browser must not open.

    A relative link without a base stays as it is written.
    """
    if _PLAIN.match(link):
        return link
    link = _BROKEN.sub(lambda found: "%20" if found[0].isspace() and found[0] == " " else "", link.strip())
    try:
        whole = urljoin(base, link) if base else link
        parts = urlsplit(whole)
        _ = parts.port
    except ValueError:
        return None
    if not parts.scheme and whole.startswith("//"):
        return absolute(f"https:{whole}")
    if not parts.scheme and not base:
        return whole or None
    return whole if parts.scheme.lower() in _PORTS and parts.hostname else None


@lru_cache(maxsize=8192)
def canon(url: str) -> str:
    """The key of an address, without its scheme: `example.org/story?id=7`. Any text gives some key."""
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        return url.strip()
    if not host:
        return url.strip()
    place = host if port is None or str(port) == _PORTS.get(parts.scheme.lower()) else f"{host}:{port}"
    query = _query(parts.query)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"{place}{_path(parts.path)}{'?' + query if query else ''}{fragment}"


def host(url: str) -> str:
    """The host of an address, lower case; "" when it has none. The unit of politeness and of sharding."""
    try:
        return _host(urlsplit(url).hostname or "")
    except ValueError:
        return ""
