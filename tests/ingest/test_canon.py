"""One page, one key; two pages, two keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canon import absolute, canon, host


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://Example.org/a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org/a?utm_source=rss&utm_medium=x", "https://example.org/a"),
        ("https://example.org/a?id=7&fbclid=abc", "https://example.org/a?id=7"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/b/../a", "https://example.org/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/%C3%A9", "https://example.org/é"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a?ref=rss", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
    ],
)
def test_two_addresses_of_one_page_are_equal(one: str, other: str) -> None:
    assert canon(one) == canon(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?id=7", "https://example.org/a?id=8"),
        ("https://example.org/a", "https://example.org/a/"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org/#!a", "https://example.org/#!b"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://example.org/?oc=5", "https://example.org/?oc=6"),
        ("https://news.example.org/a", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a%3Fb"),
    ],
)
def test_two_pages_are_different(one: str, other: str) -> None:
    assert canon(one) != canon(other)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b", "http://", "http://[", "ftp://x/y"]
)
def test_what_a_browser_must_not_open_is_no_link(link: str) -> None:
    assert absolute(link, "https://example.org/") is None


def test_a_relative_link_is_seen_from_its_base() -> None:
    assert absolute("../b?x=1", "https://example.org/a/c") == "https://example.org/b?x=1"
    assert absolute("//cdn.example.org/x", "https://example.org") == "https://cdn.example.org/x"
    assert absolute(" https://example.org/a b\n", "") == "https://example.org/a%20b"
    assert absolute("/a") == "/a"


def test_the_host_is_in_lower_case_and_ascii() -> None:
    assert host("https://BÜCHER.example:80/x") == "xn--bcher-kva.example"
    assert host("nonsense") == ""


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_has_a_key_and_no_text_is_an_unsafe_link(text: str, base: str) -> None:
    canon(text)
    host(text)
    link = absolute(text, base)
    assert link is None or link.lower().startswith(("http://", "https://")) or not base


@given(st.from_regex(r"https?://[a-z]{1,9}\.example(/[a-z0-9.%~-]{0,9}){0,3}(\?[a-z]=[0-9])?", fullmatch=True))
def test_the_key_of_a_key_is_the_key(url: str) -> None:
    assert canon(f"https://{canon(url)}") == canon(url)
