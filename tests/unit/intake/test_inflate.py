"""IPP compression undone as a stream, within bounds (SECURITY S13)."""

import gzip
import random
import zlib
from collections.abc import AsyncIterator

import pytest

from ippgate.intake.inflate import PIECE, UNSUSPICIOUS, Compression, inflate
from ippgate.model.errors import CompressionError, TooLarge

LIMIT, RATIO = 8 << 20, 1000
NOISE = random.Random(7).randbytes(100_000)
PAGES = b"%PDF-1.7 the same line again and again\n" * 20_000


def packed(plain: bytes, kind: str) -> bytes:
    wbits = {"gzip": 31, "zlib": 15, "raw": -15, "small raw": -9, "small gzip": 25}[kind]
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(plain) + packer.flush()


def name_of(kind: str) -> Compression:
    return "gzip" if "gzip" in kind else "deflate"


async def stream(octets: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(octets), size):
        yield octets[start : start + size]


async def inflated(
    octets: bytes, compression: Compression, *, size: int = 1000, limit: int = LIMIT, ratio: int = RATIO
) -> bytes:
    pieces = [piece async for piece in inflate(stream(octets, size), compression, limit, ratio)]
    assert all(0 < len(piece) <= max(PIECE, size) for piece in pieces)
    return b"".join(pieces)


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw", "small raw", "small gzip"])
@pytest.mark.parametrize("plain", [b"", b"x", PAGES, NOISE], ids=["nothing", "one octet", "pages", "noise"])
@pytest.mark.parametrize("size", [1, 2, 3, 997, 1 << 20])
async def test_what_was_packed_comes_out_however_it_is_cut(kind: str, plain: bytes, size: int) -> None:
    octets = packed(plain, kind)
    if len(octets) / size > 20_000:
        octets, plain = packed(plain[:5000], kind), plain[:5000]
    assert await inflated(octets, name_of(kind), size=size) == plain


@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
async def test_what_is_not_packed_passes_unchanged(size: int) -> None:
    assert await inflated(NOISE[:5000], "none", size=size) == NOISE[:5000]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
async def test_gzip_may_have_several_members(size: int) -> None:
    assert await inflated(gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two"), "gzip", size=size) == (
        b"one two"
    )


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
@pytest.mark.parametrize("size", [1, 50, 1 << 20])
async def test_a_stream_that_is_cut_anywhere_is_an_error(kind: str, size: int) -> None:
    octets = packed(PAGES[:500], kind)
    for end in range(len(octets)):
        with pytest.raises(CompressionError, match=r"cut|not gzip"):
            await inflated(octets[:end], name_of(kind), size=size)


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
@pytest.mark.parametrize("rubbish", [b"x", b"\0" * 100, b"\x1f", b"\x1f\x8b", b"hello"])
async def test_what_follows_the_end_is_an_error(kind: str, rubbish: bytes) -> None:
    for size in (1, 1 << 20):
        with pytest.raises(CompressionError):
            await inflated(packed(b"page", kind) + rubbish, name_of(kind), size=size)


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
async def test_flipped_bits_are_an_error_or_give_other_octets_never_a_crash(kind: str) -> None:
    octets = packed(PAGES[:2000], kind)
    for place in range(len(octets)):
        bad = octets[:place] + bytes([octets[place] ^ 0x55]) + octets[place + 1 :]
        try:
            out = await inflated(bad, name_of(kind), limit=10_000)
        except (CompressionError, TooLarge):
            continue
        assert kind == "raw" or out == PAGES[:2000]  # only raw deflate has no checksum; gzip has fields without meaning


@pytest.mark.parametrize("outer", ["gzip", "zlib", "raw"])
async def test_what_is_packed_twice_is_an_error(outer: str) -> None:
    with pytest.raises(CompressionError, match="more than once"):
        await inflated(packed(gzip.compress(b"page"), outer), name_of(outer))


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
async def test_what_comes_out_is_charged_to_the_limit(kind: str) -> None:
    assert len(await inflated(packed(bytes(10_000), kind), name_of(kind), limit=10_000)) == 10_000
    with pytest.raises(TooLarge, match="10000"):
        await inflated(packed(bytes(10_001), kind), name_of(kind), limit=10_000)


async def test_what_goes_in_is_held_to_the_limit_too() -> None:
    empty = gzip.compress(b"")
    with pytest.raises(TooLarge):
        await inflated(empty * 1000, "gzip", limit=10_000)
    with pytest.raises(TooLarge):
        await inflated(bytes(10_001), "none", limit=10_000)
    assert len(await inflated(bytes(10_000), "none", limit=10_000)) == 10_000


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
async def test_what_grows_beyond_all_reason_is_stopped_early(kind: str) -> None:
    octets = packed(bytes(64 << 20), kind)
    taken = 0

    async def take() -> None:
        nonlocal taken
        async for piece in inflate(stream(octets, 500), name_of(kind), 1 << 30, 100):
            taken += len(piece)

    with pytest.raises(CompressionError, match="factor of 100"):
        await take()
    assert taken <= UNSUSPICIOUS + PIECE


@pytest.mark.parametrize("kind", ["gzip", "zlib", "raw"])
async def test_a_blank_page_is_no_bomb(kind: str) -> None:
    blank = bytes(UNSUSPICIOUS)
    assert await inflated(packed(blank, kind), name_of(kind), ratio=10) == blank


async def test_errors_of_the_body_pass_through() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield packed(NOISE, "gzip")[:500]
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        async for _ in inflate(broken(), "gzip", LIMIT, RATIO):
            pass
