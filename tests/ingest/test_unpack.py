"""What comes out is bounded, whatever goes in."""

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ingest.unpack import unpack
from schemas.errors import Unreadable

LIMIT = 100_000
PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_each_encoding_unpacks(encoding: str) -> None:
    assert unpack(PACKERS[encoding](b"<rss/>" * 100), encoding.upper(), LIMIT) == b"<rss/>" * 100


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable, match="more than"):
        unpack(PACKERS[encoding](b"\0" * 50_000_000), encoding, LIMIT)


def test_a_moderate_bomb_below_the_limit_is_refused_by_its_ratio() -> None:
    with pytest.raises(Unreadable, match="times its size"):
        unpack(gzip.compress(b"\0" * 5_000_000), "gzip", 10_000_000)


def test_bare_deflate_and_several_members_unpack() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert unpack(packer.compress(b"abc") + packer.flush(), "deflate", LIMIT) == b"abc"
    assert unpack(gzip.compress(b"ab") + gzip.compress(b"c"), "gzip", LIMIT) == b"abc"


def test_a_plain_body_that_claims_to_be_packed_is_taken_as_it_is() -> None:
    assert unpack(b"<rss/>", "gzip", LIMIT) == b"<rss/>"


def test_what_we_did_not_ask_for_is_refused() -> None:
    with pytest.raises(Unreadable, match="did not ask"):
        unpack(b"x", "gzip, gzip", LIMIT)
    with pytest.raises(Unreadable, match="more than"):
        unpack(b"x" * (LIMIT + 1), "", LIMIT)


@given(st.binary(max_size=300), st.sampled_from([*PACKERS, "", "identity"]))
def test_any_bytes_unpack_or_are_refused(body: bytes, encoding: str) -> None:
    with suppress(Unreadable):
        assert len(unpack(body, encoding, 1000)) <= 1000


@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)))
def test_what_was_packed_comes_out(body: bytes, encoding: str) -> None:
    assert unpack(PACKERS[encoding](body), encoding, LIMIT) == body
