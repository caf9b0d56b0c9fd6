"""Documents of every format become the same kind of item."""

import gzip
import json

import pytest

from ingest.parse import ParsedFeed, Sandbox, parse
from schemas.errors import Unreadable
from schemas.item import Enclosure, Feed
from tests.ingest.feeds import atom, rss, story


def read(document: str | bytes, **facts: str) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse(body, **facts)  # type: ignore[arg-type]  # the tests hand in names of strings only


def test_an_rss_item_carries_all_it_says() -> None:
    found = read(
        rss(
            "<title>Talks &amp;amp; terms</title><link>/a?id=1</link><guid isPermaLink='false'>g-1</guid>"
            "<description>&lt;p&gt;One.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;two&lt;li&gt;three&lt;/ul&gt;</description>"
            "<pubDate>Mon, 05 Jan 2026 09:00:00 +0100</pubDate><dc:creator>Ann Bee</dc:creator>"
            "<category>World</category><category>War</category>"
            "<enclosure url='/a.mp3' type='audio/mpeg' length='12'/>",
            channel="<title>Der Sender</title><link>https://example.org/</link><language>de-CH</language>",
        )
    )
    (item,) = found.items
    assert (item.id, item.url, item.title) == ("g-1", "https://example.org/a?id=1", "Talks & terms")
    assert item.text == "One.\n- two\n- three"
    assert item.published is not None
    assert item.published.isoformat() == "2026-01-05T08:00:00+00:00"
    assert (item.authors, item.categories, item.lang) == (("Ann Bee",), ("World", "War"), "de")
    assert item.enclosures == (Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=12),)
    assert (item.source, found.format, found.reader) == ("Der Sender", "rss", "strict")


def test_atom_text_is_text_and_html_is_html() -> None:
    found = read(
        atom(
            "<id>tag:1</id><title type='text'>a &lt;b&gt; c</title><link href='https://example.org/1'/>"
            "<summary type='html'>&lt;i&gt;x&lt;/i&gt;</summary><updated>2026-01-05T08:00:00Z</updated>",
            "<id>tag:2</id><title>Plain</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
            "<p>One</p><p>two &amp; three</p></div></content>",
        )
    )
    first, second = found.items
    assert (first.title, first.text) == ("a <b> c", "x")
    assert (second.title, second.text) == ("Plain", "One\ntwo & three")
    assert first.published == first.updated


def test_rdf_items_stand_beside_the_channel() -> None:
    found = read(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>R</title><link>https://example.org</link></channel>"
        "<item rdf:about='https://example.org/1'><title>T</title><link>https://example.org/1</link>"
        "<dc:date>2026-01-05</dc:date></item></rdf:RDF>"
    )
    assert [(item.id, item.url) for item in found.items] == [("https://example.org/1", "https://example.org/1")]
    assert found.format == "rdf"
    assert found.items[0].published is not None


def test_a_json_feed_is_a_feed() -> None:
    found = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "items": [
                    {"id": 7, "url": "https://example.org/7", "content_text": "a < b", "date_published": "2026-01-05"},
                    {"id": "8", "external_url": "https://example.org/8", "title": "T", "content_html": "<b>x</b>"},
                    "nonsense",
                ],
            }
        )
    )
    assert [(item.id, item.url, item.text) for item in found.items] == [
        ("7", "https://example.org/7", "a < b"),
        ("8", "https://example.org/8", "x"),
    ]


def test_a_news_sitemap_is_a_feed() -> None:
    found = read(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://example.org/1</loc><news:news>"
        "<news:publication><news:name>The Example</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-01-05T08:00:00Z</news:publication_date><news:title>T</news:title></news:news></url>"
        "<url><loc>https://example.org/about</loc></url></urlset>"
    )
    assert [(item.url, item.title, item.source, item.lang) for item in found.items] == [
        ("https://example.org/1", "T", "The Example", "en")
    ]


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("<opml><body/></opml>", "OPML"),
        ("<note>hi</note>", "<note>"),
        ("just words", "plain text"),
        ('{"a": 1}', "JSON"),
        ("{broken", "JSON"),
        ("\x89PNG\r\n", "binary"),
        ("<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "index"),
        ("<urlset><url><loc>https://example.org/</loc></url></urlset>", "without news"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(document: str, word: str) -> None:
    with pytest.raises(Unreadable, match=word):
        read(document.encode("latin-1"))


def test_common_faults_are_mended_without_the_tolerant_reader() -> None:
    found = read("\n junk " + rss("<title>caf&eacute; & A&B \x0b</title><unknown:x/>" + story(1)))
    assert (found.items[0].title, found.reader) == ("café & A&B", "mended")


def test_loose_markup_in_a_text_is_mended() -> None:
    found = read(rss("<title>A <i>b</title><description>one<br>two</description>"))
    assert (found.items[0].title, found.items[0].text, found.reader) == ("A b", "one\ntwo", "mended")


def test_what_cannot_be_mended_is_read_tolerantly() -> None:
    sandbox = Sandbox()
    found = parse(rss("<title>A</title><link>https://example.org/1</link><p>loose").encode(), sandbox=sandbox)
    sandbox.close()
    assert found.reader == "tolerant"
    assert [item.url for item in found.items] == ["https://example.org/1"]


def test_the_configured_feed_names_publisher_trust_and_language() -> None:
    feed = Feed(url="https://example.org/rss", publisher="Example", trust=3, lang="ar", category="world")
    (item,) = parse(rss(story(1)).encode(), url=feed.url, feed=feed).items
    assert (item.source, item.trust, item.lang, item.category, item.feed) == ("Example", 3, "ar", "world", feed.url)


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss()).items == ()


def test_an_item_that_was_never_closed_holds_back_no_other() -> None:
    found = read(
        f"<rss><channel><item><title>A</title><item>{story(1)}</item><item>{story(2)}</item></item></channel></rss>"
    )
    assert len(found.items) == 3
    gallery = read(rss("<title>A</title><gallery><item><title>picture</title></item></gallery>"))
    assert [item.title for item in gallery.items] == ["A"]


def test_a_packed_document_is_unpacked_and_a_bomb_is_not() -> None:
    assert len(parse(gzip.compress(rss(story(1)).encode())).items) == 1
    with pytest.raises(Unreadable, match="unpacks"):
        parse(gzip.compress(b"<rss>" + b" " * 20_000_000))


def test_an_address_is_found_where_a_feed_hides_it() -> None:
    said = "<guid isPermaLink='true'>episode/1/</guid><enclosure url='https://a.example/1.mp3'/>"
    based = rss(said).replace("<rss", "<rss xml:base='https://b.example/'", 1)
    assert read(based).items[0].url == "https://b.example/episode/1/"
    files = "<enclosure url='https://a.example/1.jpg' type='image/jpeg'/><enclosure url='https://a.example/1.mp3'/>"
    assert read(rss(files)).items[0].url == "https://a.example/1.mp3"
    nowhere = "<rss><channel><link>home.html</link><item><link>blog/1</link></item></channel></rss>"
    assert read(nowhere).items[0].url == "blog/1"


def test_a_text_of_a_made_up_type_is_text() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='own/kind'>test</title></entry></feed>"
    assert read(atom).items[0].title == "test"
