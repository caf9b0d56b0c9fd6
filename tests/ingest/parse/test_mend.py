"""Common faults are mended, and what is well-formed keeps its meaning."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse import tree
from ingest.parse.mend import mend, wrap
from ingest.parse.sniff import kind


def mended(text: str) -> str:
    return tree.text(tree.grow(mend(text).encode("utf-8", "replace")))


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("<a>caf&eacute;</a>", "café"), ("<a>A & B &c; &amp;</a>", "A & B &c; &"), ("<a>x\x0by\x00</a>", "xy"),
        ("junk<a>x</a>junk", "x"), ("\n\n<?xml version='1.0'?><a>x</a>", "x"), ("<a>1 < 2</a>", "1 < 2"),
        ("<a><media:b>x</media:b></a>", "x"), ("<a q:z='1'>x</a>", "x"), ("<a>&#147;x&#1;</a>", "“x"),
        ("<a><![CDATA[&eacute; & <]]></a>", "&eacute; & <"), ("<a><!-- & &eacute; -->x</a>", "x"),
        ("<a>12:30 b:c</a>", "12:30 b:c"),
    ],
)  # fmt: skip
def test_a_common_fault_is_mended(broken: str, text: str) -> None:
    assert mended(broken) == text


def test_loose_markup_is_escaped_inside_texts_only() -> None:
    assert wrap("<item><title>a <i>b</title><p>c</item>") == "<item><title>a &lt;i&gt;b</title><p>c</item>"
    untouched = "<item><title><![CDATA[<i>]]></title><content type='xhtml'><div>x</content></item>"
    assert wrap(untouched) == untouched


_text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30)


@given(_text, _text)
def test_what_is_well_formed_keeps_its_meaning(words: str, more: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    cdata = more.replace("]]>", "")
    document = f"<a><b>{escaped}</b><![CDATA[{cdata}]]></a>"
    assert mended(document) == words.replace("\r", "\n") + cdata.replace("\r", "\n")


@given(st.text(max_size=100))
def test_any_text_can_be_mended(text: str) -> None:
    wrap(mend(text))
    kind(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<?xml version='1.0'?><!-- <html> --><rss/>", "xml"), ("<!DOCTYPE html>\n<html>", "html"),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", "xml"), ("<!DOCTYPE html><rss></rss>", "xml"), ("\ufeff {}", "json"),
        ("", "empty"), ("  \n", "empty"), ("words", "text"), ("error: <rss version='2.0'>", "xml"), ("<p>hi", "html"),
    ],
)  # fmt: skip
def test_a_document_is_known_by_its_first_tag(text: str, what: str) -> None:
    assert kind(text) == what


def test_entities_of_a_document_type_stand_for_short_plain_texts_only() -> None:
    safe = "<!DOCTYPE r [<!ENTITY id 'tag:e.org'>]><r>&id;1</r>"
    assert tree.without_doctype(safe) == "<r>tag:e.org1</r>"
    nested = "<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]><r>&b;&c;</r>"
    assert tree.without_doctype(nested) == "<r>&b;&c;</r>"
    bomb = f"<!DOCTYPE r [<!ENTITY a '{'x' * 400}'>]><r>{'&a;' * 1000}</r>"
    assert len(tree.without_doctype(bomb)) < 5_000


def test_many_sections_do_not_make_it_slow() -> None:
    document = "<a>" + "<![CDATA[words & words]]>" * 100_000 + "</b>"
    start = process_time()
    mend(document)
    assert process_time() - start < 3  # it took minutes when each section looked for a comment to the very end
