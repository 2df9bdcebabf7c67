"""Whatever the document and however it arrives, it comes back octet for octet; whatever happens to what is stored, what
comes back is right or a clear error.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ippgate.model.errors import DocumentDamaged
from ippgate.spool import frame as frames_of
from ippgate.spool import spool
from ippgate.spool.frame import PAGE, Opener, Sealer, read_header
from ippgate.spool.spool import frames

KEY, OTHER_KEY = bytes(32), bytes(31) + b"\1"
NUMBER = 1
SMALL = 4096
"""Octets of a frame in these tests: what happens at its edges does not depend on how large it is."""

TEXT = st.binary(max_size=200).map(lambda seed: seed * 60)  # shrinks well
NOISE = st.integers(0, 2**32).map(lambda seed: hashlib.shake_128(str(seed).encode()).digest(9000))
DOCUMENTS = st.one_of(st.binary(max_size=300), TEXT, NOISE, st.integers(0, 3 * SMALL).map(bytes))
CUTS = st.lists(st.integers(0, 12_000), max_size=12)


@pytest.fixture(autouse=True, scope="module")
def small_frames() -> object:
    patch = pytest.MonkeyPatch()
    patch.setattr(frames_of, "FRAME", SMALL)
    patch.setattr(spool, "FRAME", SMALL)
    yield
    patch.undo()


def in_chunks(document: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(document)) for cut in cuts), len(document)]
    return [document[a:b] for a, b in pairwise(edges)]


async def _body(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def _framed(chunks: list[bytes]) -> list[tuple[bytes, bool]]:
    return [framed async for framed in frames(_body(chunks))]


def framed(document: bytes, cuts: list[int]) -> list[tuple[bytes, bool]]:
    return asyncio.run(_framed(in_chunks(document, cuts)))


def sealed(document: bytes, *, key: bytes = KEY, number: int = NUMBER) -> list[bytes]:
    sealer = Sealer(key, number)
    return [sealer.seal(plain, last=last) for plain, last in framed(document, [])]


def opened(stored: bytes, *, key: bytes = KEY, number: int = NUMBER) -> bytes:
    """Read a whole stored document as the spool does. Raises DocumentDamaged."""
    opener, plain = Opener(key, number), []
    while not opener.ended:
        header = read_header(stored)
        if header is None or len(stored) < header.needed_length:
            raise DocumentDamaged("cut short")
        plain.append(opener.open(stored, header))
        stored = stored[header.stored_length :]
    return b"".join(plain)


def right_or_damaged(stored: bytes, document: bytes) -> bool:
    """Whether the damage was noticed; what is not noticed must not matter."""
    try:
        assert opened(stored) == document
    except DocumentDamaged:
        return True
    return False


@given(DOCUMENTS, CUTS)
@example(b"", [])
@example(bytes(SMALL), [])
@example(bytes(SMALL), [SMALL])
@example(bytes(SMALL + 1), [1, SMALL])
@example(bytes(2 * SMALL), [SMALL])
def test_chunks_of_any_size_become_full_frames_and_a_last_one(document: bytes, cuts: list[int]) -> None:
    found = framed(document, cuts)
    assert b"".join(plain for plain, _ in found) == document
    assert [last for _, last in found] == [False] * (len(found) - 1) + [True]
    assert all(len(plain) == SMALL for plain, _ in found[:-1])
    assert len(found[-1][0]) <= SMALL
    assert len(found) == max(1, -(-len(document) // SMALL))


@given(DOCUMENTS)
def test_what_is_sealed_opens_as_it_was(document: bytes) -> None:
    stored = sealed(document)
    assert all(len(frame) % PAGE == 0 for frame in stored)
    assert opened(b"".join(stored)) == document


@given(DOCUMENTS.filter(lambda document: len(document) >= 16))
def test_what_is_stored_says_nothing_of_the_document(document: bytes) -> None:
    first, again = b"".join(sealed(document)), b"".join(sealed(document))
    assert not any(document) or document[:16] not in first  # zeros are in the padding
    assert first[28:60] != again[28:60]


@given(DOCUMENTS, st.data())
def test_a_flipped_bit_is_noticed_or_does_not_matter(document: bytes, data: st.DataObject) -> None:
    stored = b"".join(sealed(document))
    place = data.draw(st.integers(0, len(stored) * 8 - 1))
    flipped = bytearray(stored)
    flipped[place // 8] ^= 1 << place % 8
    assert right_or_damaged(bytes(flipped), document) or _is_padding(stored, place // 8)


@given(DOCUMENTS, st.data())
def test_a_flipped_bit_of_the_header_is_always_noticed(document: bytes, data: st.DataObject) -> None:
    stored = bytearray(b"".join(sealed(document)))
    place = data.draw(st.integers(0, 28 * 8 - 1))
    stored[place // 8] ^= 1 << place % 8
    assert right_or_damaged(bytes(stored), document)


@given(DOCUMENTS, st.data())
def test_a_cut_document_is_noticed(document: bytes, data: st.DataObject) -> None:
    stored = b"".join(sealed(document))
    size = data.draw(st.integers(0, len(stored) - PAGE))
    assert right_or_damaged(stored[:size], document)


@given(DOCUMENTS.filter(lambda document: len(document) > SMALL), st.data())
def test_frames_that_were_swapped_dropped_or_doubled_are_noticed(document: bytes, data: st.DataObject) -> None:
    stored = sealed(document)
    order = data.draw(st.lists(st.integers(0, len(stored) - 1), min_size=1, max_size=len(stored) + 1))
    if order[: len(stored)] != list(range(len(stored))):
        assert right_or_damaged(b"".join(stored[n] for n in order), document)


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_a_frame_of_another_writing_is_noticed(document: bytes, other: bytes, data: st.DataObject) -> None:
    """Of the same job and number, under the same key: an older form of the document, say."""
    mine, theirs = sealed(document), sealed(other)
    place = data.draw(st.integers(0, min(len(mine), len(theirs)) - 1))
    whole = place == 0 and len(theirs) == 1  # then all of it was replaced, not a frame
    if len(mine) > 1 and not whole:
        mixed = [*mine[:place], theirs[place], *mine[place + 1 :]]
        assert right_or_damaged(b"".join(mixed), document)


@given(DOCUMENTS)
def test_another_key_or_number_opens_nothing(document: bytes) -> None:
    stored = b"".join(sealed(document))
    for key, number in ((OTHER_KEY, NUMBER), (KEY, NUMBER + 1)):
        with pytest.raises(DocumentDamaged):
            opened(stored, key=key, number=number)


@given(st.binary(max_size=3 * PAGE))
def test_any_octets_are_a_document_or_damaged(octets: bytes) -> None:
    with pytest.raises(DocumentDamaged):
        opened(octets)


@given(st.binary(max_size=200))
def test_any_octets_after_a_right_beginning_are_damaged(octets: bytes) -> None:
    with pytest.raises(DocumentDamaged):
        opened(b"IPG1" + octets)


def _is_padding(stored: bytes, place: int) -> bool:
    """Whether an octet lies between a frame's seal and the next frame: zeros that nobody reads."""
    begin = 0
    while (header := read_header(stored[begin:])) is not None:
        if place < begin + header.stored_length:
            return place >= begin + header.needed_length
        begin += header.stored_length
    return False
