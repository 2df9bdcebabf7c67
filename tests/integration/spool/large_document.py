"""A process that stores and reads a large document and says what it took: python -m … DSN HOME OCTETS."""

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from ippgate.spool.spool import frames
from tests.integration.gates import opened
from tests.integration.spool.writings import begun
from tests.rig.documents import random_document

PAGE = os.sysconf("SC_PAGE_SIZE")
BLOCK = random_document(1024 * 1024)
CHUNK = 256 * 1024


class Body:
    """Octets that do not shrink, cheaply made; watches how much memory the process holds meanwhile."""

    def __init__(self, octets: int) -> None:
        self.octets, self.digest, self.most = octets, hashlib.sha256(), 0

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, self.octets, CHUNK):
            place = start % len(BLOCK)
            chunk = start.to_bytes(8, "big") + BLOCK[place + 8 : place + CHUNK]
            chunk = chunk[: self.octets - start]
            self.digest.update(chunk)
            self.most = max(self.most, resident())
            yield chunk


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


async def main(dsn: str, home: Path, octets: int) -> dict[str, float]:
    async with opened(dsn, home) as gate:
        warm, body = Body(16 * 1024 * 1024), Body(octets)
        writing = await begun(gate)
        await gate.spool.write(writing.oid, 1, writing.key, frames(warm.chunks()))
        before, began = resident(), time.monotonic()
        writing = await begun(gate)
        stored = await gate.spool.write(writing.oid, 1, writing.key, frames(body.chunks()))
        assert (stored.size, stored.sha256) == (octets, body.digest.digest())
        in_between, read, most = time.monotonic(), hashlib.sha256(), 0
        async for chunk in gate.spool.read(writing.oid, 1, writing.key):
            read.update(chunk)
            most = max(most, resident())
        assert read.digest() == stored.sha256
        seconds = {"write_seconds": in_between - began, "read_seconds": time.monotonic() - in_between}
        return {"write_growth": body.most - before, "read_growth": most - before, **seconds}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
