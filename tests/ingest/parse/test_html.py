"""Markup becomes text that keeps its meaning, and nothing in it can slow us down."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.html import LIMIT, line, tidy, to_text, unescape


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain & simple", "plain & simple"), ("a &amp; b &lt;c&gt; &nbsp;&#8230; &#x41;", "a & b <c> … A"),
        ("<p>One</p><p>two<br/>three</p>", "One\ntwo\nthree"), ("<ul><li>a<li>b</ul>end", "- a\n- b\nend"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("x<script>alert('<p>')</script>y<style>p{}</style>z", "x y z"), ("<!-- hidden <b> -->seen", "seen"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"), ("<a href='x' title=\"a > b\">link</a>", "link"),
        ("cut off <a hre", "cut off"), ("<SCRIPT>no</SCRIPT>yes", "yes"), ("<iframe src=x>story", "story"),
        ("&lt;b&gt;twice&lt;/b&gt; escaped", "twice escaped"), ("AT&T &unknown; &", "AT&T &unknown; &"),
        ("line\nbreak in <b>text</b>", "line\nbreak in text"), ("<p>soft\nwrap</p>", "soft wrap"),
        ("a\u00adb\u202ec\x00d\ufeff", "abcd"), ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200fعربي\u200f", "\u200fعربي\u200f"),
        ("e\u0301", "é"), ("  a \t\u00a0 b \r\n\r\n c ", "a b\nc"), ("<svg><text>x</text></svg>after", "after"),
    ],
)  # fmt: skip
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


def test_plain_text_is_only_tidied() -> None:
    assert tidy(" <b> & \n\n &amp; ") == "<b> &\n&amp;"
    assert line("a\n b") == "a b"
    assert unescape("&eacute;&nope;") == "é&nope;"


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<a '", '<a"<a""', "<!--", "<script", "</script", "&", "&#", "&lt;", "<p>", "<li>", " \n",
     "<td>", '="', "<a x='\">", "<iframe>", "&amp;lt;b&amp;gt;"],
)  # fmt: skip
def test_no_repetition_makes_it_slow(piece: str) -> None:
    markup = piece * (LIMIT // len(piece))
    start = process_time()
    to_text(markup)
    assert process_time() - start < 3


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned_and_cleaning_plain_text_twice_changes_nothing(text: str) -> None:
    to_text(text)
    assert tidy(tidy(text)) == tidy(text)


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "x", " ", "\n", "&lt;", "&", "<", ">", '"', "<li>", "<!--", "-->", "é"])
    )
)
def test_no_tag_survives(pieces: list[str]) -> None:
    assert "<p>" not in to_text("".join(pieces)).replace("< p>", "")
