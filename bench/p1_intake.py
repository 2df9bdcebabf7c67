"""P1: held jobs of 64 KiB accepted in a second, durable, from 64 clients, while twenty thousand are held already.

Gate and cupsd take turns under the same wrk. cupsd's cost grows with its backlog, so that what a round added is purged
before the next; the gate keeps all it took. One worker and two are tried: the better is the figure, both are told.
"""

from bench.client import Where
from bench.document import small
from bench.figure import Bar, Figure
from bench.gate import FORMAT, House
from bench.load import Intake, fill, post
from bench.peer_cupsd import FORMAT as PEER_FORMAT
from bench.peer_cupsd import Peer, cupsd
from bench.quantile import median
from bench.request import print_job
from bench.run import Run

HELD = 20_000
WORKERS = (1, 2)
BAR = Bar("at least", 1.5)


async def ask(run: Run) -> list[Figure]:
    """The rate of accepted jobs against that of cupsd."""
    seconds, rounds = run.choose(6, 3), run.choose(3, 2)
    ours: dict[int, list[Intake]] = {workers: [] for workers in WORKERS}
    theirs: dict[int, list[Intake]] = {workers: [] for workers in WORKERS}
    async with run.folder("p1") as folder, run.house("p1-gate", HELD) as house, cupsd(folder) as peer:
        queue = await _backlog(run, peer)
        for number in range(rounds):
            for workers in WORKERS:
                run.say(f"round {number + 1} of {rounds}: gate, {workers} workers")
                ours[workers].append(await _gate_round(house, workers, seconds))
                run.say(f"round {number + 1} of {rounds}: cupsd")
                theirs[workers].append(await _peer_round(peer, queue, seconds))
    return [_figure(ours, theirs)]


async def _backlog(run: Run, peer: Peer) -> Where:
    """Fill cupsd; the queue for the rounds."""
    run.say(f"holding {HELD:,} jobs at cupsd")
    backlog, queue = await peer.add_queue("backlog"), await peer.add_queue("round")
    await fill(backlog, _peer_request(backlog), HELD, lambda: peer.waiting(backlog))
    return queue


async def _gate_round(house: House, workers: int, seconds: int) -> Intake:
    newest = await house.newest_job()
    async with house.serving(workers) as serving:
        request = print_job(serving.where.uri, small(), document_format=FORMAT)
        return await post(serving.where, request, seconds, lambda: house.jobs_after(newest))


async def _peer_round(peer: Peer, queue: Where, seconds: int) -> Intake:
    try:
        return await post(queue, _peer_request(queue), seconds, lambda: peer.waiting(queue))
    finally:
        await peer.purge(queue)


def _peer_request(queue: Where) -> bytes:
    return print_job(queue.uri, small(), document_format=PEER_FORMAT)


def _figure(ours: dict[int, list[Intake]], theirs: dict[int, list[Intake]]) -> Figure:
    rates = {workers: [one.rate for one in rounds] for workers, rounds in ours.items()}
    best = max(rates, key=lambda workers: median(rates[workers]))
    beside = [one.rate for one in theirs[best]]
    raw = {
        "jobs_a_second_by_workers": {workers: median(rounds) for workers, rounds in rates.items()},
        "gate": ours,
        "cupsd_after": theirs,
    }
    what = f"held 64 KiB jobs accepted, 64 clients, {HELD:,} held ({best} worker{'s' * (best > 1)})"
    return Figure.of_rounds("P1", what, "jobs/s", rates[best], "cupsd", beside, bar=BAR, raw=raw)
