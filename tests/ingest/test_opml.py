"""Lists of feeds, in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.opml import Outline, read, write
from schemas.errors import Unreadable

LIST = """<?xml version="1.0" encoding="windows-1251"?><opml version="1.1"><body>
<outline text="Мир"><outline text="Asia"><outline title="A &amp; B" xmlUrl="https://a.example/rss?x=1&amp;y=2"/></outline>
<outline text="again" xmlUrl="http://a.example/rss?x=1&amp;y=2"/></outline>
<outline text="C" type="rss" XMLURL="https://c.example/" category="/Tech"/><outline text="bad" xmlUrl="javascript:1"/>
</body></opml>"""


def test_nested_folders_become_categories_and_each_feed_comes_once() -> None:
    assert read(LIST.encode("cp1251")) == (
        Outline("https://a.example/rss?x=1&y=2", "A & B", "Мир/Asia"),
        Outline("https://c.example/", "C", "Tech"),
    )


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"words", b"<opml><body>" + b"<outline text='x'>" * 500])
def test_what_is_no_opml_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_common_faults_are_mended() -> None:
    assert read(b"<opml><body><outline text='A & B' xmlUrl='https://a.example/?x=1&y=2'/></body></opml>") == (
        Outline("https://a.example/?x=1&y=2", "A & B"),
    )


def test_credentials_are_not_exported() -> None:
    assert "secret" not in write([Outline("https://user:secret@e.org/rss")])


_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn"]), max_size=20)


@given(st.lists(st.tuples(st.integers(0, 99), _texts, st.sampled_from([None, "World", "World/Asia", "<&\"'>"]))))
def test_what_was_exported_is_imported(feeds: list[tuple[int, str, str | None]]) -> None:
    given_feeds = {f"https://e.org/rss?n={n}&m=1": (title, category) for n, title, category in feeds}
    found = read(write([Outline(url, title, category) for url, (title, category) in given_feeds.items()]).encode())
    assert {outline.url for outline in found} == set(given_feeds)
    assert all(outline.category == given_feeds[outline.url][1] for outline in found)
