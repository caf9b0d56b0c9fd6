"""Feed documents in the making: small builders, so that a test shows only what it is about."""

from collections.abc import Iterable, Sequence
from html import escape

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(
    *items: str, channel: str = "<title>The Example</title><link>https://example.org/</link>", head: str = ""
) -> str:
    """An RSS 2.0 document."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0" {NAMESPACES}><channel>{channel}{body}</channel></rss>'


def atom(*entries: str, feed: str = "<title>The Example</title><id>tag:example.org,2026:feed</id>") -> str:
    """An Atom document."""
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}{body}</feed>'


def story(number: int, title: str = "", text: str = "Something happened.", date: str = "") -> str:
    """The inside of an RSS item."""
    return (
        f"<title>{escape(title or f'Story number {number} of this paper')}</title>"
        f"<link>https://example.org/2026/story-{number}</link><guid>https://example.org/2026/story-{number}</guid>"
        f"<description>{escape(text)}</description><pubDate>{date or 'Mon, 05 Jan 2026 08:00:00 GMT'}</pubDate>"
    )


def paper(numbers: Iterable[int]) -> str:
    """An RSS document with these stories."""
    return rss(*[story(number) for number in numbers])


def titles(items: Sequence[object]) -> list[str]:
    """The titles of items."""
    return [str(getattr(item, "title", "")) for item in items]
