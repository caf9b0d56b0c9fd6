"""Google News sitemaps: the feed of publishers that have no other.

Only entries with a `news:news` element are news; a plain sitemap lists every page of a site and is refused.
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from hashlib import blake2b

from ingest.parse.entry import Document, Entry, Words
from ingest.parse.tree import Element, plain
from schemas.errors import Unreadable

ROOTS = ("urlset", "sitemapindex")


def _texts(element: Element) -> dict[str, str]:
    """Name → text of everything beneath, the first of each name."""
    found: dict[str, str] = {}
    for child in element.iter():
        found.setdefault(child.name, plain(child))
    return found


def _entry(element: Element, body: bytes) -> Entry:
    found = _texts(element)
    title = found.get("news:title", "")
    words = found.get("news:keywords", "").split(",")
    return Entry(
        link=found.get("loc", ""),
        title=Words(title, "text") if title else None,
        published=found.get("news:publication_date", "") or found.get("lastmod", ""),
        updated=found.get("lastmod", ""),
        categories=[word.strip() for word in words if word.strip()],
        lang=found.get("news:language", ""),
        source=found.get("news:name", ""),
        raw=blake2b(body[element.start : element.end], digest_size=16).digest(),
    )


def _is_news(url: Element) -> bool:
    return any(child.name == "news:news" for child in url.children)


def read(root: Element, body: bytes) -> Document:
    """The news in a sitemap's tree. Raises `Unreadable` for an index and for a sitemap without news."""
    if root.name == "sitemapindex":
        raise Unreadable("this is a sitemap index; give the address of its news sitemap instead")
    found = [
        url for url in root.iter() if url.name == "url" and any(child.name == "news:news" for child in url.children)
    ]
    if not found:
        raise Unreadable("this is a sitemap without news entries (news:news); it lists pages, not news")
    return Document(entries=tuple(_entry(url, body) for url in found), format="sitemap")
