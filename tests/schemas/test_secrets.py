"""What a secret looks like is taken out of any text."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.secrets import apart, redact


@pytest.mark.parametrize(
    "secret",
    [
        "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
        "xoxb-123-456-abcdef",
        "xapp-1-A01-abc",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "Authorization: Bearer abc.def",
        "'authorization': 'Basic dXNlcjpwdw=='",
        "password=hunter2",
        "smtp://tocsin:hunter2@mail.example.org",
    ],
)
def test_known_shapes_are_masked(secret: str) -> None:
    cleaned = redact(f"failed for {secret} after 3 tries")
    assert "***" in cleaned
    assert cleaned.startswith("failed for ")
    assert cleaned.endswith("after 3 tries")
    for part in ("XXXX", "abcdef", "MfKQ", "abc.def", "dXNlc", "hunter2", "A01-abc"):
        assert part not in cleaned


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_ordinary_words_stay() -> None:
    text = "North Korea confirms; the secretary met tokens of friendship: 14,000 soldiers"
    assert redact(text) == text


def test_credentials_are_taken_out_of_an_address() -> None:
    assert apart("https://anna:p%40s@news.example:84/rss?a=@b") == (
        "https://news.example:84/rss?a=@b",
        "anna:p@s",
    )
    assert apart("https://news.example/@anna/rss") == ("https://news.example/@anna/rss", None)


@given(st.text(), st.text())
def test_whatever_the_password_is_it_comes_back_and_the_address_keeps_none_of_it(name: str, password: str) -> None:
    written = f"https://{quote(name, safe='')}:{quote(password, safe='')}@news.example/rss"
    assert apart(written) == ("https://news.example/rss", f"{name}:{password}")
