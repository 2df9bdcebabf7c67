"""The document on its way out: bounded pieces, a promised size, one name for its faults."""

from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest

from ippgate.model.parcel import Parcel, SourceBroken, Withdrawn
from ippgate.transport.source import PIECE, Source


async def chunks(parts: Sequence[bytes | Exception]) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


def source(*parts: bytes | Exception, size: int | None = None) -> Source:
    return Source(Parcel(1, uuid4(), "a", "b", "application/pdf", size=size), chunks(parts))


async def drained(of: Source) -> list[bytes]:
    return [bytes(piece) async for piece in of.pieces()]


async def test_pieces_are_the_document_and_none_is_larger_than_a_piece() -> None:
    parts = [b"a" * (2 * PIECE + 1), b"", b"b", b"c" * PIECE]
    pieces = await drained(source(*parts))
    assert b"".join(pieces) == b"".join(parts)
    assert max(map(len, pieces)) == PIECE


async def test_the_first_chunk_can_be_read_ahead_and_is_not_lost() -> None:
    ahead = source(b"", b"one", b"two")
    assert await ahead.first() == b"one"
    assert await ahead.first() == b"one"
    assert not ahead.begun
    assert await drained(ahead) == [b"one", b"two"]
    assert ahead.begun


async def test_an_empty_document_has_no_pieces() -> None:
    empty = source(b"", size=0)
    assert await empty.first() == b""
    assert await drained(empty) == []
    assert not empty.begun


async def test_a_document_shorter_than_promised_is_broken() -> None:
    with pytest.raises(SourceBroken, match="ended after 3 of 4 octets"):
        await drained(source(b"abc", size=4))


async def test_of_a_document_longer_than_promised_no_octet_too_many_is_handed_out() -> None:
    pieces = source(b"abcd", b"e", size=4).pieces()
    assert bytes(await anext(pieces)) == b"abcd"
    with pytest.raises(SourceBroken, match="more than the 4 octets"):
        await anext(pieces)


@pytest.mark.parametrize("error", [Withdrawn("held again"), SourceBroken("cut")])
async def test_the_documents_own_errors_come_as_they_are(error: Exception) -> None:
    broken = source(b"a", error)
    with pytest.raises(type(error)):
        await drained(broken)
    assert broken.fault is error


async def test_any_other_error_is_a_broken_source_with_its_cause() -> None:
    broken = source(b"a", ConnectionError("database gone"))
    with pytest.raises(SourceBroken, match="database gone") as raised:
        await drained(broken)
    assert isinstance(raised.value.__cause__, ConnectionError)
    assert broken.fault is raised.value
