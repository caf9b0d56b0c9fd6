"""Whatever the bytes: items or a clear error, in bounded time. The long run mutates many more feeds."""

import random
from collections.abc import Iterator
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import Sandbox, parse
from schemas.errors import Unreadable
from tests.ingest.feeds import atom, rss, story

HEAD = '<rss version="2.0"><channel><title>t</title>'
TAIL = "</item></channel></rss>"
ATOM = "<id>1</id><title type='html'>a &lt;b&gt;</title><link href='x'/><updated>2026-01-05T08:00:00Z</updated>"
JSON = (
    '{"version":"https://jsonfeed.org/version/1","title":"t","items":[{"id":1,"content_html":"<b>x</b>","tags":[1]}]}'
)
SEEDS = [
    rss(*[story(n, f"Ünïcode — {n}", "<p>Text &amp; more</p>") for n in range(3)]).encode(),
    atom(ATOM).encode(),
    JSON.encode(),
    rss(story(1, "日本語の見出し")).encode("utf-16"),
    ('<?xml version="1.0" encoding="windows-1251"?>' + rss(story(1, "Войска вошли"))).encode("cp1251"),
]
PIECES = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<item>", b"</item>", b"\x00", b"\xff", b'"', b"<?xml", b"{",
    b"<!DOCTYPE x [", b"&#x0;", b"&bad;", b"xmlns:a='", b"\\ud800", b"</title>", b"<title/>",
]  # fmt: skip


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    found = Sandbox()
    yield found
    found.close()


def outcome(body: bytes, box: Sandbox) -> str:
    """Read a document; anything but items or `Unreadable` fails the test."""
    start = monotonic()
    try:
        found = parse(body, sandbox=box)
        assert all(item.id for item in found.items)
        said = f"{len(found.items)} items"
    except Unreadable as error:
        said = str(error)
    assert monotonic() - start < 10
    assert said
    return said


def mutated(seed: int) -> bytes:
    chance = random.Random(seed)
    body = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 6)):
        at, end = sorted(chance.randrange(len(body) + 1) for _ in range(2))
        match chance.randrange(5):
            case 0:
                del body[at : min(end, at + 40)]
            case 1:
                body[at:at] = chance.choice(PIECES)
            case 2:
                body[at:at] = body[at : min(end, at + 200)] * chance.randint(1, 5)
            case 3:
                body[at:at] = chance.randbytes(chance.randint(1, 4))
            case _:
                body[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(body)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_items_or_an_error(body: bytes) -> None:
    outcome(body, _box())


@pytest.mark.parametrize("batch", range(4))
def test_mutated_feeds_give_items_or_an_error(box: Sandbox, batch: int) -> None:
    for seed in range(batch * 75, batch * 75 + 75):
        outcome(mutated(seed), box)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_hundred_thousand_mutated_feeds_give_items_or_an_error(box: Sandbox) -> None:
    for seed in range(1_000_000, 1_100_000):
        outcome(mutated(seed), box)


ATTRIBUTES = " ".join(f'a{n}="x"' for n in range(50_000))
LAUGHS = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
FILE = "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
HOSTILE = {
    "50k attributes": f"{HEAD}<item {ATTRIBUTES}><title>x</title>{TAIL}",
    "100k deep": HEAD + "<a>" * 100_000,
    "billion laughs": f"<!DOCTYPE l [<!ENTITY a 'lol'>{LAUGHS}]>{HEAD}<item><title>&j;</title>{TAIL}",
    "external entity": f"{FILE}{HEAD}<item><title>&a;</title>{TAIL}",
    "unclosed cdata": HEAD + "<![CDATA[" * 100_000,
    "unclosed comments": "<!--" * 100_000 + HEAD,
    "quotes": HEAD + "<item><description>" + '<a "' * 100_000,
    "declarations": "<?xml " * 100_000,
    "deep json": '{"items":[' + '{"id":' * 50_000,
    "numbers": '{"a":' + "9" * 100_000 + ',"items":[]}',
    "zeros": HEAD + "\0" * 1_000_000,
    "less thans": HEAD + "<" * 200_000,
    "ampersands": HEAD + "&" * 200_000,
    "long text": f"{HEAD}<item><title>x</title><description>{'word ' * 1_900_000}</description>{TAIL}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_gives_items_or_an_error(box: Sandbox, name: str) -> None:
    said = outcome(HOSTILE[name].encode(), box)
    assert "root:" not in said


def test_a_document_that_is_too_large_is_refused(box: Sandbox) -> None:
    assert "10,000,000" in outcome(b"<rss>" + b" " * 10_000_000, box)


def test_files_are_never_read_because_a_feed_says_so(box: Sandbox) -> None:
    (item,) = parse(HOSTILE["external entity"].encode(), sandbox=box).items
    assert "root" not in item.title


_BOXES: list[Sandbox] = []


def _box() -> Sandbox:
    """One sandbox for the examples of hypothesis, which knows no module fixtures."""
    if not _BOXES:
        _BOXES.append(Sandbox())
    return _BOXES[0]
