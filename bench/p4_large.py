"""P4: one document of a gigabyte, in by Print-Job and out to a raw device: how fast, and how much memory it takes.

Random octets stand beside bare `lo_put` on one connection to the same PostgreSQL, octets like PCL XL beside cupsd; they
take turns. All documents arrive before the first is released: the gate removes what was printed in the background, and
that belongs to nobody's figure. The worker's memory is the kernel's own peak, against what was resident before.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from bench import peer_postgres
from bench.client import Client, Where, upload
from bench.document import MIB, Large, pcl_xl_document, random_document
from bench.figure import Bar, Figure
from bench.gate import FORMAT, Serving
from bench.memory import Memory
from bench.peer_cupsd import FORMAT as PEER_FORMAT
from bench.peer_cupsd import Peer, cupsd
from bench.request import print_job, release_job
from bench.run import Run
from bench.sinks import Sinks, WrongPaperError, sinks

RANDOM, PCL_XL = "random octets", "PCL XL"
RANDOM_BAR, PCL_XL_BAR, MEMORY_BAR = Bar("at least", 0.9), Bar("at least", 1), Bar("at most", 32)
RATE = "MiB/s"


@dataclass(slots=True)
class Measured:
    """Rounds of one kind of document: MiB a second each way, and MiB by which the process grew."""

    document: Large
    jobs: list[int] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    growth_in: list[float] = field(default_factory=list)
    growth_out: list[float] = field(default_factory=list)
    peer_taken: list[float] = field(default_factory=list)
    peer_delivered: list[float] = field(default_factory=list)


async def ask(run: Run) -> list[Figure]:
    """Rates in, rates out, and memory."""
    mebibytes, rounds = run.choose(1024, 256), run.choose(3, 2)
    kinds = {RANDOM: Measured(random_document(mebibytes)), PCL_XL: Measured(pcl_xl_document(mebibytes))}
    bare = random_document(mebibytes // 2)
    put: list[float] = []
    async with run.folder("p4") as folder, sinks(1) as there, run.house("p4-gate") as house, cupsd(folder) as peer:
        (device,) = await house.add_devices(there.uris)
        queue = await peer.add_queue("large", there.uris[0])
        async with house.serving() as serving:
            for number in range(rounds):
                run.say(f"round {number + 1} of {rounds}: {mebibytes} MiB in")
                put.append(await peer_postgres.put(house.dsn, bare))
                for kind in kinds.values():
                    await _take(serving, kind)
                    kind.peer_taken.append((await _upload(queue, PEER_FORMAT, kind.document))[0])
                    await peer.purge(queue)
            for number in range(rounds):
                run.say(f"round {number + 1} of {rounds}: {mebibytes} MiB out")
                for kind in kinds.values():
                    await _deliver(serving, device, there, kind, number)
                    await _peer_deliver(peer, queue, there, kind)
    return _figures(f"{mebibytes} MiB", kinds, put)


async def _take(serving: Serving, kind: Measured) -> None:
    memory = Memory(serving.pid)
    rate, job = await _upload(serving.where, FORMAT, kind.document)
    kind.taken.append(rate)
    kind.jobs.append(job)
    kind.growth_in.append(memory.growth())


async def _deliver(serving: Serving, device: UUID, there: Sinks, kind: Measured, number: int) -> None:
    memory, where = Memory(serving.pid), serving.where
    request = release_job(where.uri, kind.jobs[number], device=device)
    kind.delivered.append(await _released(where, request, there, kind.document))
    kind.growth_out.append(memory.growth())


async def _peer_deliver(peer: Peer, queue: Where, there: Sinks, kind: Measured) -> None:
    _, job = await _upload(queue, PEER_FORMAT, kind.document)
    kind.peer_delivered.append(await _released(queue, release_job(queue.uri, job), there, kind.document))
    await peer.purge(queue)


async def _upload(where: Where, document_format: str, document: Large) -> tuple[float, int]:
    """MiB a second until the job is acknowledged, and its id."""
    head = print_job(where.uri, b"", document_format=document_format)
    seconds, job = await asyncio.to_thread(upload, where, head, document)
    return document.size / MIB / seconds, job


async def _released(where: Where, request: bytes, there: Sinks, document: Large) -> float:
    """MiB a second from Release-Job to the last octet."""
    started = time.monotonic()
    async with Client(where) as client:
        (one,), _ = await asyncio.gather(there.take(1), client.ask(request))
    if (one.octets, one.checksum) != (document.size, document.checksum):
        raise WrongPaperError(f"the device got {one.octets} octets, {document.size} were sent; checksum {one.checksum}")
    return document.size / MIB / (one.last - started)


def _figures(size: str, kinds: dict[str, Measured], put: list[float]) -> list[Figure]:
    noise, driver = kinds[RANDOM], kinds[PCL_XL]
    of = Figure.of_rounds
    return [
        of("P4", f"{size} of {RANDOM} in", RATE, noise.taken, "bare lo_put", put, bar=RANDOM_BAR),
        of("P4", f"{size} of {PCL_XL} in", RATE, driver.taken, "cupsd", driver.peer_taken, bar=PCL_XL_BAR),
        of("P4", f"{size} of {RANDOM} in", RATE, noise.taken, "cupsd", noise.peer_taken),
        *(
            of("P4", f"{size} of {name}, release to last octet", RATE, kind.delivered, "cupsd", kind.peer_delivered)
            for name, kind in kinds.items()
        ),
        _growth("in", (kind.growth_in for kind in kinds.values())),
        _growth("out", (kind.growth_out for kind in kinds.values())),
    ]


def _growth(way: str, rounds: Iterable[list[float]]) -> Figure:
    grown = [growth for each in rounds for growth in each]
    return Figure("P4", f"memory the worker grew by, {way} (most)", "MiB", max(grown), bar=MEMORY_BAR, raw={way: grown})
