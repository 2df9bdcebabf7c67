"""Documents of any size brought into the spool."""

import hashlib
from dataclasses import dataclass
from typing import Any

from ippgate.app.gate import Gate
from ippgate.model.job import NewDocument
from ippgate.spool import JobKey
from ippgate.spool.spool import Stored, frames
from tests.integration.gates import stream
from tests.integration.store.births import a_queue, birth

PDF = NewDocument("application/pdf")
OPEN_FOR = 60.0
LARGE_OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"


@dataclass(frozen=True)
class Writing:
    """A document of a job that is open."""

    job_id: int
    oid: int
    key: JobKey


async def begun(gate: Gate, device: Any = None) -> Writing:
    """A job that is open, with an empty document."""
    made = birth(gate, await a_queue(gate), device)
    job_id = (await gate.jobs.create(made, open_for=OPEN_FOR)).job_id
    oid = await gate.spool.begin(job_id, 1, PDF)
    assert oid is not None
    return Writing(job_id, oid, gate.keys.unwrap(made.key))


async def written(gate: Gate, document: bytes, chunk: int = 300_000) -> Writing:
    """A job with a whole document that came in chunks, closed."""
    writing = await begun(gate)
    chunks = [document[start : start + chunk] for start in range(0, len(document), chunk)]
    stored = await gate.spool.write(writing.oid, 1, writing.key, frames(stream(*chunks)))
    assert stored == Stored(len(document), hashlib.sha256(document).digest())
    assert await gate.spool.finish(writing.job_id, 1, stored)
    assert await gate.jobs.close(writing.job_id)
    return writing


async def read(gate: Gate, writing: Writing) -> bytes:
    return b"".join([chunk async for chunk in gate.spool.read(writing.oid, 1, writing.key)])
