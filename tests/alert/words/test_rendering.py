"""What every form of a message must keep, whatever the feed wrote: no live mention, no spoofed link, within limits."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alert.words import mail
from alert.words.blocks import LARGEST, MOST, PLAINER, blocks, summary
from alert.words.clean import host
from alert.words.compose import Waiting, Wording, compose, digest
from alert.words.document import Document
from alert.words.facts import Reader
from alert.words.plain import digest_lines, document_lines
from schemas.alert import Alert
from schemas.materiality import facts
from schemas.phrasing import languages
from schemas.report import Status
from tests.alert.build import Atlas, alert, match, report, story
from tests.alert.words.hostile import CORPUS, NASTY
from tests.servers.slack.blocks import assert_valid_blocks
from tests.servers.slack.limits import block_problems, refusal

READER = Reader("en", Atlas())
SPANS = st.lists(st.tuples(st.integers(-5, 300), st.integers(-5, 300)), max_size=4).map(tuple)


@st.composite
def hostile_alerts(draw: st.DrawFn) -> Alert:
    """An alert of which every word that comes from outside is hostile."""
    title, text, source, why = (draw(NASTY) for _ in range(4))
    one = report(
        title=title, text=text, source=source, url=draw(st.sampled_from(URLS)), lang=draw(st.sampled_from(LANGS))
    )
    wish = match(title=draw(NASTY), reasons=(why,), spans=draw(SPANS))
    return alert(
        report=one, matches=(wish,), facts={"sources": (source,), "date": draw(NASTY), "headline": draw(NASTY),
                                            "type": draw(st.sampled_from(["troop_deployment", None, "x_y"]))},
    )  # fmt: skip


URLS = (
    "https://news.example/1",
    "https://e\u202evil.example/<!here>|x",
    "javascript:alert(1)",
    None,
    "https://a@b.example",
)
LANGS = ("ar", "en", None, "zz", "<x>")


def documents(one: Alert) -> tuple[Document, Document]:
    told = facts(story(status=Status.CLAIMED), ())
    return compose(one, Wording(READER)), compose(one, Wording(READER, told=told, public_url="https://desk.example"))


def texts(value: Any) -> list[str]:
    """Every string of a block that Slack parses as mrkdwn."""
    if isinstance(value, dict):
        own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
        return own + [found for entry in value.values() for found in texts(entry)]
    return [found for entry in value for found in texts(entry)] if isinstance(value, list) else []


def links(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") == "link" else []
        return own + [found for entry in value.values() for found in links(entry)]
    return [found for entry in value for found in links(entry)] if isinstance(value, list) else []


@settings(max_examples=80, deadline=None)
@given(hostile_alerts(), st.integers(0, PLAINER))
def test_slack_takes_it_and_nothing_in_it_is_alive(one: Alert, plainer: int) -> None:
    for document, reply in zip(documents(one), (False, True), strict=True):
        found = blocks(document, reply=reply, plainer=plainer, buttons=True)
        assert block_problems(found) == []
        assert_valid_blocks(found)
        assert len(found) <= MOST
        assert len(json.dumps(found)) <= LARGEST
        assert texts(found) == []
        elements = json.dumps(found)
        assert not re.search(r'"type": "(user|usergroup|broadcast|channel)"', elements)
        for entry in links(found):
            assert host(entry["url"]) in entry["text"]
        text = summary(document)
        assert refusal({"text": text, "blocks": found}) is None
        assert "<" not in text
        assert ">" not in text


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


KNOWN = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "b", "h1", "bdi", "blockquote",
    "mark", "a", "br", "span",
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(hostile_alerts())
def test_a_mail_has_only_our_own_elements_and_safe_links(one: Alert) -> None:
    for document in documents(one):
        page = Tags()
        html = mail.html(document, {"acknowledge": "https://desk.example/act/abc"})
        page.feed(html)
        assert {tag for tag, _ in page.tags} <= KNOWN
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") or name == "src" for name in attributes)
            if tag == "a":
                assert str(attributes["href"]).startswith(("https://", "http://"))
        assert len(html.encode()) < 100_000
        assert "\n" not in mail.subject(document)
        assert "\r" not in mail.text(document)


@settings(max_examples=80, deadline=None)
@given(hostile_alerts())
def test_a_terminal_cannot_be_steered(one: Alert) -> None:
    for document in documents(one):
        for line in document_lines(document):
            assert not any(ord(char) < 32 or ord(char) == 127 or char in "\u202e\u202d\u2066\u2067" for char in line)


@settings(max_examples=40, deadline=None)
@given(st.lists(hostile_alerts(), min_size=1, max_size=30))
def test_a_digest_of_anything_fits(many: list[Alert]) -> None:
    content = digest([Waiting(one) for one in many], Wording(READER), "desk", "the morning")
    found = blocks(content)
    assert found
    assert block_problems(found) == []
    assert_valid_blocks(found)
    assert texts(found) == []
    assert digest_lines(content)
    assert mail.html(content)


@pytest.mark.parametrize("lang", languages())
def test_every_language_renders_in_every_form(lang: str) -> None:
    reader = Reader(lang, Atlas(), "Asia/Seoul")
    document = compose(alert(), Wording(reader, told=facts(story(status=Status.CLAIMED, sources=()), ())))
    assert document.deltas
    assert_valid_blocks(blocks(document, buttons=True))
    assert f'lang="{lang}"' in mail.html(document)
    assert document.headline in mail.text(document)


def test_the_arabic_original_keeps_its_direction_and_its_hits() -> None:
    document, _ = documents(alert())
    assert document.original is not None
    assert document.original.dir == "rtl"
    assert [run.text for run in document.original.title if run.hit] == ["تؤكد رسمياً"]
    html = mail.html(document)
    assert 'lang="ar" dir="rtl"' in html
    assert "<mark" in html


@pytest.mark.parametrize("store", ["full", "excerpt", "link"])
def test_no_more_is_shown_than_the_publisher_allows(store: str) -> None:
    long = alert(report=report(store=store, text="كلمة " * 500))
    document, _ = documents(long)
    assert document.original is not None
    shown = sum(len(run.text) for run in document.original.snippet)
    assert shown <= {"full": 404, "excerpt": 284, "link": 0}[store]


@pytest.mark.parametrize("title", CORPUS)
def test_a_title_can_never_pose_as_an_address(title: str) -> None:
    document, _ = documents(alert(report=report(title=title, events=())))
    for entry in links(blocks(document)):
        assert entry["text"] == "↗ news.example"
