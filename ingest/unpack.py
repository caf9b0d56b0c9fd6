"""Bounded decompression: the cap is on what comes out, so that a bomb of 150 bytes costs no more than the cap."""

import io
import zlib

import brotli
import zstandard

from schemas.errors import Unreadable

ACCEPTED = "gzip, deflate, br, zstd"
RATIO, RATIO_FROM = 200, 1_000_000
"""More than 200 to 1, once a megabyte has come out, is no text."""


def _too_large(limit: int) -> Unreadable:
    return Unreadable(f"the document unpacks to more than {limit:,} bytes")


def _zlib(packed: bytes, limit: int, window: int) -> bytes:
    """gzip (several members, as the RFC allows) or deflate, up to limit + 1 bytes."""
    parts, size = [], 0
    while packed and size <= limit:
        inflater = zlib.decompressobj(window)
        parts.append(inflater.decompress(packed, limit + 1 - size))
        size += len(parts[-1])
        if not inflater.eof:
            break
        packed = inflater.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _deflate(packed: bytes, limit: int) -> bytes:
    """HTTP's deflate is zlib's format; some servers send it bare."""
    try:
        return _zlib(packed, limit, zlib.MAX_WBITS)
    except zlib.error:
        return _zlib(packed, limit, -zlib.MAX_WBITS)


def _brotli(packed: bytes, limit: int) -> bytes:
    inflater, parts, size = brotli.Decompressor(), [], 0
    piece = inflater.process(packed, output_buffer_limit=limit + 1)
    while piece and size <= limit:
        parts.append(piece)
        size += len(piece)
        if inflater.is_finished() or inflater.can_accept_more_data():
            break
        piece = inflater.process(b"", output_buffer_limit=limit + 1 - size) if size <= limit else b""
    return b"".join(parts)


def _zstd(packed: bytes, limit: int) -> bytes:
    inflater = zstandard.ZstdDecompressor(max_window_size=8 << 20)
    with inflater.stream_reader(io.BytesIO(packed), read_across_frames=True) as reader:
        return reader.read(limit + 1)


_FORMATS = {
    "gzip": lambda packed, limit: _zlib(packed, limit, 16 + zlib.MAX_WBITS),
    "x-gzip": lambda packed, limit: _zlib(packed, limit, 16 + zlib.MAX_WBITS),
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def unpack(packed: bytes, encoding: str, limit: int) -> bytes:
    """The body behind a Content-Encoding, at most `limit` bytes.

    Raises `Unreadable` for more than that, for an encoding we did not ask for, and for bytes that are not packed so.
    Data cut off in mid-stream gives what was there.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        if len(packed) > limit:
            raise _too_large(limit)
        return packed
    if name not in _FORMATS:
        raise Unreadable(f"the server packs with {name[:40]!r}, which we did not ask for")
    try:
        body: bytes = _FORMATS[name](packed, limit)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError, ValueError) as error:
        if packed[:1] in (b"<", b"{"):  # some servers say gzip and send it plain
            return packed
        raise Unreadable(f"the document is not the {name} it claims to be") from error
    if len(body) > limit:
        raise _too_large(limit)
    if len(body) > RATIO_FROM and len(body) > RATIO * len(packed):
        raise Unreadable(f"the document unpacks to {len(body) // max(len(packed), 1)} times its size")
    return body
