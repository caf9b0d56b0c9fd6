"""Links that act: only what was signed, only for a while."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alert.links import KINDS, LIVES, Linking, Permit, read, sign
from alert.matching import alert_id
from tests.alert.build import DAWN

KEY = b"k" * 32
PERMIT = Permit("desk-mail", "st1", 3, "mute", DAWN + LIVES)


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 10**6), st.sampled_from(KINDS))
def test_what_was_signed_is_read_back(destination: str, story: str, revision: int, kind: str) -> None:
    permit = Permit(destination, story, revision, kind, DAWN + LIVES)  # type: ignore[arg-type]  # one of KINDS
    token = sign(KEY, permit)
    assert read(KEY, token, DAWN) == permit
    assert read(b"other", token, DAWN) is None
    assert read(KEY, token, DAWN + LIVES) is None


@given(st.text(max_size=80))
def test_anything_else_is_no_permit(token: str) -> None:
    assert read(KEY, token, DAWN) is None


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_token_that_was_touched_is_no_permit(place: int, flip: int) -> None:
    token = bytearray(sign(KEY, PERMIT).encode())
    place %= len(token)
    spoilt = bytes(token[:place]) + bytes([token[place] ^ flip]) + bytes(token[place + 1 :])
    found = read(KEY, spoilt.decode("latin-1"), DAWN)
    assert found in (None, PERMIT)  # the last letter's unused bits may differ


def test_a_permit_is_one_action_however_often_it_is_used() -> None:
    first, second = PERMIT.action(DAWN), PERMIT.action(DAWN + timedelta(hours=1))
    assert first.id == second.id
    assert (first.kind, first.destination, first.story, first.origin) == ("mute", "desk-mail", "st1", "mail")
    assert first.alert == alert_id(PERMIT.destination, PERMIT.story, PERMIT.revision)


def test_a_mail_has_a_link_for_each_kind() -> None:
    links = Linking("https://desk.example/", KEY).links("desk-mail", "st1", 3, DAWN)
    assert set(links) == set(KINDS)
    assert all(url.startswith("https://desk.example/act/") for url in links.values())
