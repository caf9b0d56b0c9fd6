"""Reading feeds: CPU against feedparser alone, and every difference between the two.

    python -m tests.bench.parsing [DIRECTORY …]

Without directories, on feeds made here in the shapes real ones have; with them, on every file beneath. feedparser is
measured as it comes (it cleans markup too) and raw (it does not); fastfeedparser, which does not clean either, stands
beside as a witness. Our time includes cleaning, identities and items.
"""

import io
import sys
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from random import Random
from time import process_time

import fastfeedparser
import feedparser

from ingest.parse import ParsedFeed, Sandbox, html, parse
from schemas.errors import Unreadable

_SENTENCES = {
    "en": "the minister said on Monday that soldiers have been sent to a town near the border after talks failed",
    "ar": "قال الوزير يوم الاثنين إن قوات أرسلت إلى مدينة قرب الحدود بعد فشل المحادثات",
    "ko": "장관은 월요일 회담이 실패한 뒤 국경 근처 도시에 병력을 보냈다고 말했다",
}
WORDS = {lang: sentence.split() for lang, sentence in _SENTENCES.items()}
Totals = dict[str, float]


def _text(chance: Random, lang: str, words: int) -> str:
    return " ".join(chance.choices(WORDS[lang], k=words))


def _body(chance: Random, lang: str, paragraphs: int) -> str:
    link = '<a href="https://example.org/x?a=1&amp;b=2" rel="nofollow">'
    paragraph = '<p class="t">{} {}{}</a> <em>{}</em></p>\n'
    return "".join(
        paragraph.format(_text(chance, lang, 45), link, _text(chance, lang, 3), _text(chance, lang, 2))
        for _ in range(paragraphs)
    )


def _rss(chance: Random, lang: str, items: int, paragraphs: int) -> str:
    """A WordPress-like feed; without paragraphs, an agency's with summaries only."""
    parts = []
    for n in range(items):
        full = f"<content:encoded><![CDATA[{_body(chance, lang, paragraphs)}]]></content:encoded>" if paragraphs else ""
        parts.append(
            f"<item><title>{escape(_text(chance, lang, 9))}</title><link>https://example.org/2026/{n}-story</link>"
            f'<guid isPermaLink="false">https://example.org/?p={n}</guid><dc:creator><![CDATA[Ann]]></dc:creator>'
            f"<pubDate>Mon, 05 Jan 2026 08:{n % 60:02}:00 +0000</pubDate><category><![CDATA[World]]></category>"
            f"<description><![CDATA[<p>{_text(chance, lang, 35)} &#8230;</p>]]></description>{full}"
            f'<media:content url="https://example.org/{n}.jpg" medium="image"/></item>'
        )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces} xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Example</title><link>https://example.org</link>{''.join(parts)}</channel></rss>"
    )


def _atom(chance: Random, lang: str, items: int, paragraphs: int) -> str:
    entries = "".join(
        f"<entry><id>tag:example.org,2026:{n}</id><title>{escape(_text(chance, lang, 8))}</title>"
        f'<link href="https://example.org/{n}"/><updated>2026-01-05T08:{n % 60:02}:00Z</updated>'
        "<author><name>Ann</name></author>"
        f'<content type="html">{escape(_body(chance, lang, paragraphs))}</content></entry>'
        for n in range(items)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><id>x</id>{entries}</feed>'


def made() -> Iterator[tuple[str, bytes]]:
    """Feeds in the shapes real ones have."""
    chance = Random(7)
    for lang in WORDS:
        yield f"agency-{lang}", _rss(chance, lang, 40, 0).encode()
        yield f"blog-{lang}", _rss(chance, lang, 20, 12).encode()
        yield f"atom-{lang}", _atom(chance, lang, 25, 4).encode()
        yield f"loose-{lang}", _rss(chance, lang, 30, 2).replace("</title>", " & more <br></title>").encode()


def cost(work: Callable[[], object]) -> float:
    """CPU milliseconds of the quickest of five."""
    times = []
    for _ in range(5):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times) * 1000


def _squashed(text: str) -> str:
    return " ".join(html.to_text(text).split())


def differences(name: str, ours: ParsedFeed, body: bytes) -> Iterator[str]:
    """What we read otherwise than feedparser, in words."""
    theirs = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
    if len(theirs) != len(ours.items):
        yield f"{name}: count {len(ours.items)} / {len(theirs)}"
        return
    for item, entry in zip(ours.items, theirs, strict=True):
        when = entry.get("published_parsed") or entry.get("updated_parsed")
        if entry.get("id") and item.id != entry["id"]:
            yield f"{name}: id {item.id!r} / {entry['id']!r}"
        if entry.get("link") and item.url != entry["link"]:
            yield f"{name}: link {item.url!r} / {entry['link']!r}"
        if item.title != _squashed(entry.get("title", "")):
            yield f"{name}: title {item.title!r} / {entry.get('title')!r}"
        if when and (item.published is None or abs(item.published.timestamp() - timegm(when)) > 1):
            yield f"{name}: date {item.published} / {entry.get('published') or entry.get('updated')}"


def _witness(body: bytes) -> float:
    try:
        return cost(lambda: fastfeedparser.parse(body))
    except Exception:  # noqa: BLE001  a witness may fall over
        return 0.0


def measure(body: bytes, sandbox: Sandbox, totals: Totals) -> None:
    """Add the CPU of each reader for a document."""
    raw = {"sanitize_html": False, "resolve_relative_uris": False}
    readers: dict[str, Callable[[], object]] = {
        "ours": lambda: parse(body, sandbox=sandbox),
        "feedparser": lambda: feedparser.parse(io.BytesIO(body)),
        "feedparser raw": lambda: feedparser.parse(io.BytesIO(body), **raw),
    }
    for reader, work in readers.items():
        totals[reader] = totals.get(reader, 0.0) + cost(work)
    totals["fastfeedparser"] = totals.get("fastfeedparser", 0.0) + _witness(body)


def main() -> None:
    """Print the CPU of each reader, ratios, and differences."""
    files = [path for name in sys.argv[1:] for path in sorted(Path(name).rglob("*")) if path.is_file()]
    documents = [(path.name, path.read_bytes()) for path in files] if files else list(made())
    sandbox, found, readers = Sandbox(), list[str](), Counter[str]()
    totals: Totals = {}
    for name, body in documents:
        try:
            ours = parse(body, sandbox=sandbox)
        except Unreadable:
            readers["refused"] += 1
            continue
        readers[ours.reader] += 1
        found += differences(name, ours, body)
        if ours.reader != "tolerant":
            measure(body, sandbox, totals)
    sandbox.close()
    print(f"{len(documents)} documents: {dict(readers)}")
    for reader, milliseconds in totals.items():
        print(f"{reader:15} {milliseconds:9.1f} ms CPU   x{milliseconds / totals['ours']:6.2f}")
    print(f"{len(found)} differences from feedparser", *found[:40], sep="\n  ")


if __name__ == "__main__":
    main()
