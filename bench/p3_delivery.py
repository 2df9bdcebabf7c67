"""P3: from the first Release-Job to the last octet at the devices: held jobs of 64 KiB, on sixteen devices and on one.

At the gate jobs are released by Release-Job, over sixteen connections. cupsd is tried in two ways, and the faster
counts: Release-Job for each held job, or Resume-Printer (cupsenable) on queues that were stopped.
"""

import asyncio
import time
from collections.abc import Awaitable
from uuid import UUID

from bench.client import Client, Where, ask_all, job_id
from bench.document import marked, small
from bench.figure import Bar, Figure
from bench.gate import FORMAT
from bench.peer_cupsd import FORMAT as PEER_FORMAT
from bench.peer_cupsd import Peer, cupsd
from bench.quantile import median
from bench.request import on_queue, print_job, print_job_at_once, release_job
from bench.run import Run
from bench.sinks import Delivered, Sinks, check, sinks
from ippgate.ipp import Operation

DEVICES = 16
CONNECTIONS = 16
BAR = Bar("at least", 4)
WAYS = ("gate", "cupsd Release-Job", "cupsd Resume-Printer")


async def ask(run: Run) -> list[Figure]:
    """Jobs delivered in a second, over sixteen devices and to one, against cupsd."""
    count, rounds = run.choose(2000, 320), run.choose(3, 2)
    figures = []
    for devices in (DEVICES, 1):
        rates: dict[str, list[float]] = {way: [] for way in WAYS}
        async with (
            run.folder("p3") as folder,
            sinks(devices) as there,
            run.house("p3-gate") as house,
            house.serving() as serving,
            cupsd(folder) as peer,
        ):
            uuids = await house.add_devices(there.uris)
            queues = [await peer.add_queue(f"device{n}", uri) for n, uri in enumerate(there.uris)]
            for number in range(rounds):
                run.say(f"round {number + 1} of {rounds}: {count} jobs on {devices} devices")
                rates[WAYS[0]].append(await _gate(serving.where, uuids, there, count))
                rates[WAYS[1]].append(await _peer_released(peer, queues, there, count))
                rates[WAYS[2]].append(await _peer_resumed(peer, queues, there, count))
        figures.append(_figure(devices, rates))
    return figures


async def _gate(where: Where, uuids: list[UUID], there: Sinks, count: int) -> float:
    documents = [marked(n, small()) for n in range(count)]
    requests = [print_job(where.uri, document, document_format=FORMAT) for document in documents]
    jobs = [job_id(answer) for answer in await ask_all(where, requests, connections=CONNECTIONS)]
    releases = [release_job(where.uri, job, device=uuids[n % len(uuids)]) for n, job in enumerate(jobs)]
    return await _rate(there, count, ask_all(where, releases, connections=CONNECTIONS))


async def _peer_released(peer: Peer, queues: list[Where], there: Sinks, count: int) -> float:
    where = queues[0]  # any queue's path will do: the request names the job's own
    uris = [queues[n % len(queues)].uri for n in range(count)]
    requests = [print_job(uri, marked(n, small()), document_format=PEER_FORMAT) for n, uri in enumerate(uris)]
    jobs = [job_id(answer) for answer in await ask_all(where, requests, connections=CONNECTIONS)]
    releases = [release_job(uri, job) for uri, job in zip(uris, jobs, strict=True)]
    rate = await _rate(there, count, ask_all(where, releases, connections=CONNECTIONS))
    await _forget(peer, queues)
    return rate


async def _peer_resumed(peer: Peer, queues: list[Where], there: Sinks, count: int) -> float:
    for queue in queues:
        await peer.pause(queue)
    uris = [queues[n % len(queues)].uri for n in range(count)]
    requests = [print_job_at_once(uri, marked(n, small()), document_format=PEER_FORMAT) for n, uri in enumerate(uris)]
    await ask_all(queues[0], requests, connections=CONNECTIONS)

    async def resume() -> None:
        async with Client(queues[0]) as client:
            for queue in queues:
                await client.ask(on_queue(Operation.RESUME_PRINTER, queue.uri))

    rate = await _rate(there, count, resume())
    await _forget(peer, queues)
    return rate


async def _forget(peer: Peer, queues: list[Where]) -> None:
    """Ended jobs stay in cupsd's memory until they are purged: the next round should not pay for this one."""
    for queue in queues:
        await peer.purge(queue)


async def _rate(there: Sinks, count: int, release: Awaitable[object]) -> float:
    """Jobs a second from now until the last octet; all must be what was sent, each once."""
    started = time.monotonic()
    delivered, _ = await asyncio.gather(there.take(count), release)
    check(delivered, small())
    return count / (_last(delivered) - started)


def _last(delivered: list[Delivered]) -> float:
    return max(one.last for one in delivered)


def _figure(devices: int, rates: dict[str, list[float]]) -> Figure:
    gate, *peers = WAYS
    best = max(peers, key=lambda way: median(rates[way]))
    what = f"held 64 KiB jobs from release to {devices} raw device{'s' * (devices > 1)}"
    return Figure.of_rounds("P3", what, "jobs/s", rates[gate], best, rates[best], bar=BAR, raw=rates)
