"""P4: one document of a gigabyte, in by Print-Job and out to a raw device: how fast, and how much memory it takes.

Random octets stand beside bare `lo_put` on one connection to the same PostgreSQL, octets like PCL XL beside cupsd. All
three take turns. The worker's memory is the kernel's own peak, against what was resident before the first document.
"""

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID

from bench import peer_postgres
from bench.client import Client, Where, upload
from bench.document import MIB, Large, pcl_xl_document, random_document
from bench.figure import Bar, Figure
from bench.gate import FORMAT, Serving
from bench.memory import Memory
from bench.peer_cupsd import FORMAT as PEER_FORMAT
from bench.peer_cupsd import Peer, cupsd
from bench.quantile import median
from bench.request import print_job, release_job
from bench.run import Run
from bench.sinks import Sinks, WrongPaperError, sinks

RANDOM_BAR, PCL_XL_BAR, MEMORY_BAR = Bar("at least", 0.9), Bar("at least", 1), Bar("at most", 32)
RATE = "MiB/s"


@dataclass(frozen=True, slots=True)
class Passage:
    """One document in and out: MiB a second each way, and MiB by which the process grew."""

    taken: float
    delivered: float
    growth_in: float = 0.0
    growth_out: float = 0.0


async def ask(run: Run) -> list[Figure]:
    """Rates in, rates out, and memory."""
    mebibytes, rounds = run.choose(1024, 256), run.choose(3, 2)
    documents = {"random": random_document(mebibytes), "PCL XL": pcl_xl_document(mebibytes)}
    ours: dict[str, list[Passage]] = {name: [] for name in documents}
    theirs: dict[str, list[Passage]] = {name: [] for name in documents}
    bare: list[float] = []
    async with run.folder("p4") as folder, sinks(1) as there, run.house("p4-gate") as house, cupsd(folder) as peer:
        (device,) = await house.add_devices(there.uris)
        queue = await peer.add_queue("large", there.uris[0])
        async with house.serving() as serving:
            for number in range(rounds):
                run.say(f"round {number + 1} of {rounds}: {mebibytes} MiB")
                bare.append(await peer_postgres.put(house.dsn, documents["random"]))
                for name, document in documents.items():
                    ours[name].append(await _gate(serving, device, there, document))
                    theirs[name].append(await _peer(peer, queue, there, document))
    return _figures(mebibytes, ours, theirs, bare)


async def _gate(serving: Serving, device: UUID, there: Sinks, document: Large) -> Passage:
    where = serving.where
    memory = Memory(serving.pid)
    head = print_job(where.uri, b"", document_format=FORMAT)
    seconds, job = await asyncio.to_thread(upload, where, head, document)
    growth_in, memory = memory.growth(), Memory(serving.pid)
    delivered = await _released(where, release_job(where.uri, job, device=device), there, document)
    return Passage(document.size / MIB / seconds, delivered, growth_in, memory.growth())


async def _peer(peer: Peer, queue: Where, there: Sinks, document: Large) -> Passage:
    head = print_job(queue.uri, b"", document_format=PEER_FORMAT)
    seconds, job = await asyncio.to_thread(upload, queue, head, document)
    delivered = await _released(queue, release_job(queue.uri, job), there, document)
    await peer.purge(queue)
    return Passage(document.size / MIB / seconds, delivered)


async def _released(where: Where, request: bytes, there: Sinks, document: Large) -> float:
    """MiB a second from Release-Job to the last octet."""
    started = time.monotonic()
    async with Client(where) as client:
        (one,), _ = await asyncio.gather(there.take(1), client.ask(request))
    if (one.octets, one.checksum) != (document.size, document.checksum):
        raise WrongPaperError(f"the device got {one.octets} octets, {document.size} were sent; checksum {one.checksum}")
    return document.size / MIB / (one.last - started)


def _figures(
    mebibytes: int, ours: dict[str, list[Passage]], theirs: dict[str, list[Passage]], bare: list[float]
) -> list[Figure]:
    size = f"{mebibytes} MiB"
    raw = {"gate": ours, "cupsd": theirs, "lo_put": bare}
    taken = {name: median([one.taken for one in rounds]) for name, rounds in ours.items()}
    peers = {name: median([one.taken for one in rounds]) for name, rounds in theirs.items()}
    figures = [
        Figure("P4", f"{size} of random octets in", RATE, taken["random"], "bare lo_put", median(bare), RANDOM_BAR, raw),
        Figure("P4", f"{size} of PCL XL in", RATE, taken["PCL XL"], "cupsd", peers["PCL XL"], PCL_XL_BAR),
        Figure("P4", f"{size} of random octets in", RATE, taken["random"], "cupsd", peers["random"]),
    ]
    for name in ours:
        out, beside = (median([one.delivered for one in passages[name]]) for passages in (ours, theirs))
        figures.append(Figure("P4", f"{size} of {name}, release to last octet", RATE, out, "cupsd", beside))
    passages = [one for rounds in ours.values() for one in rounds]
    for what, growths in (("in", [p.growth_in for p in passages]), ("out", [p.growth_out for p in passages])):
        figures.append(Figure("P4", f"memory the worker grew by, {what} (highest)", "MiB", max(growths), bar=MEMORY_BAR))
    return figures
