"""A stored document can be read from anywhere, and what is damaged does not open."""

import random

import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import DocumentDamaged
from ippgate.spool.frame import FRAME
from ippgate.spool.reach import Reach
from tests.integration.gates import Connection
from tests.integration.spool.writings import Writing, written
from tests.rig.documents import random_document

DOCUMENT = random_document(2 * FRAME) + bytes(3 * FRAME) + random_document(FRAME // 2)
"""Frames that stay as they are, frames that shrink to nearly nothing, and a shorter last one."""

STRETCHES = [
    (0, 10),
    (FRAME - 5, 10),
    (len(DOCUMENT) - 7, 7),
    (len(DOCUMENT) - 7, 100),
    (3 * FRAME + 1, FRAME),
    (FRAME // 2, 4 * FRAME),
    (len(DOCUMENT), 10),
    (len(DOCUMENT) + FRAME, 10),
    (5, 0),
]


def reach(gate: Gate, writing: Writing, size: int = len(DOCUMENT)) -> Reach:
    return gate.spool.reach(writing.oid, 1, writing.key, size)


async def test_every_stretch_is_what_was_written(gate: Gate) -> None:
    writing = await written(gate, DOCUMENT)
    one = reach(gate, writing)
    for offset, length in STRETCHES:
        assert await one.read_at(offset, length) == DOCUMENT[offset : offset + length]
        assert await reach(gate, writing).read_at(offset, length) == DOCUMENT[offset : offset + length]


async def test_stretches_in_any_order_are_what_was_written(gate: Gate) -> None:
    one, dice = reach(gate, await written(gate, DOCUMENT)), random.Random(1)
    for _ in range(60):
        offset, length = dice.randrange(len(DOCUMENT)), dice.randrange(200_000)
        assert await one.read_at(offset, length) == DOCUMENT[offset : offset + length]


async def test_a_frame_that_was_altered_or_moved_does_not_open(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, DOCUMENT)
    stored = await sql.fetchval("SELECT lo_get($1)", writing.oid)
    first = await sql.fetchval("SELECT lo_get($1, 0, $2)", writing.oid, FRAME + 2048)
    await sql.execute("SELECT lo_put($1, $2, $3)", writing.oid, len(first), first)  # the second is the first again
    with pytest.raises(DocumentDamaged, match="has frame 0 where frame 1 belongs"):
        await reach(gate, writing).read_at(FRAME, 1)
    await sql.execute("SELECT lo_put($1, 0, $2)", writing.oid, stored[:100] + b"?" + stored[101:])
    with pytest.raises(DocumentDamaged, match="frame 0 of the stored document is damaged"):
        await reach(gate, writing).read_at(0, 1)


async def test_a_document_that_is_shorter_than_its_size_is_damaged(gate: Gate) -> None:
    writing = await written(gate, DOCUMENT)
    for size, offset in ((len(DOCUMENT) + 1, len(DOCUMENT)), (len(DOCUMENT) + FRAME, len(DOCUMENT) + FRAME - 1)):
        with pytest.raises(DocumentDamaged, match="cut short"):
            await reach(gate, writing, size).read_at(offset, 1)


async def test_a_document_that_is_gone_is_damaged(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, DOCUMENT)
    await sql.execute("SELECT lo_unlink($1)", writing.oid)
    with pytest.raises(DocumentDamaged, match="gone"):
        await reach(gate, writing).read_at(0, 1)
