"""P5: Release-Job sent → first octet at the device. One person on an idle gate, cupsd in turns; then 200 at once."""

import asyncio
import time
from contextlib import AsyncExitStack
from uuid import UUID

from bench.client import Client, Where
from bench.document import marked, small
from bench.figure import Bar, Figure
from bench.gate import FORMAT
from bench.peer_cupsd import FORMAT as PEER_FORMAT
from bench.peer_cupsd import cupsd
from bench.quantile import median, percentile, spread
from bench.request import print_job, release_job
from bench.run import Run
from bench.sinks import Sinks, check, sinks

DEVICES = 16
PEOPLE = 200
AS_QUICK, CROWDED = Bar("at most", 1), Bar("at most", 20)


async def ask(run: Run) -> list[Figure]:
    """Times in milliseconds, idle and crowded."""
    samples, rounds = run.choose(400, 200), run.choose(5, 3)
    async with (
        run.folder("p5") as folder,
        sinks(DEVICES) as there,
        run.house("p5-gate") as house,
        house.serving() as serving,
        cupsd(folder) as peer,
    ):
        ours = Released(serving.where, there, await house.add_devices(there.uris))
        queues = [await peer.add_queue(f"device{n}", uri) for n, uri in enumerate(there.uris)]
        theirs = Released(queues[0], there, queues)
        run.say("the first release to each device")
        first = [await ours.alone(n) for n in range(DEVICES)]
        run.say(f"{samples} releases on an idle gate, cupsd in turns")
        idle = [(await ours.alone(n), await theirs.alone(n)) for n in range(samples)]
        run.say(f"{PEOPLE} people at once, {rounds} times")
        crowds = [(await ours.together(PEOPLE), await theirs.together(PEOPLE)) for _ in range(rounds)]
    return _figures(first, idle, crowds)


class Released:
    """Releases at one server. `targets`: the gate's devices by uuid, or cupsd's queues."""

    def __init__(self, where: Where, there: Sinks, targets: "list[UUID] | list[Where]") -> None:
        self._where, self._there, self._targets = where, there, targets
        self._number = 0

    async def alone(self, turn: int) -> float:
        """One person; milliseconds."""
        async with Client(self._where) as client:
            return (await self._released([client], [turn]))[0]

    async def together(self, people: int) -> list[float]:
        """So many people at the same moment, each at a connection that is open already; milliseconds."""
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(Client(self._where)) for _ in range(people)]
            return await self._released(clients, list(range(people)))

    async def _released(self, clients: list[Client], turns: list[int]) -> list[float]:
        """Print and hold one job at each client, release all; when each began to come out, since it was asked for."""
        prints = [self._print(turn, mark) for mark, turn in enumerate(turns)]
        jobs = [await client.print_held(request) for client, request in zip(clients, prints, strict=True)]
        releases = [self._release(job, turn) for job, turn in zip(jobs, turns, strict=True)]
        asked: dict[int, float] = {}

        async def release(number: int) -> None:
            asked[number] = time.monotonic()
            await clients[number].ask(releases[number])

        waiting = asyncio.gather(*(release(number) for number in range(len(clients))))
        delivered, _ = await asyncio.gather(self._there.take(len(clients)), waiting)
        check(delivered, small())
        return [(one.first - asked[one.number]) * 1000 for one in delivered]

    def _print(self, turn: int, mark: int) -> bytes:
        target, document = self._target(turn), marked(mark, small())
        if isinstance(target, Where):
            return print_job(target.uri, document, document_format=PEER_FORMAT)
        return print_job(self._where.uri, document, document_format=FORMAT)

    def _release(self, job: int, turn: int) -> bytes:
        target = self._target(turn)
        if isinstance(target, Where):
            return release_job(target.uri, job)
        return release_job(self._where.uri, job, device=target)

    def _target(self, turn: int) -> UUID | Where:
        return self._targets[turn % len(self._targets)]


def _figures(
    first: list[float], idle: list[tuple[float, float]], crowds: list[tuple[list[float], list[float]]]
) -> list[Figure]:
    ours, theirs = [pair[0] for pair in idle], [pair[1] for pair in idle]
    crowd, their_crowd = ([time for pair in crowds for time in pair[who]] for who in (0, 1))
    raw = {"gate": spread(ours), "cupsd": spread(theirs), "first_to_each_device": spread(first)}
    raw_crowd = {"gate": spread(crowd), "cupsd": spread(their_crowd)}
    what = "release to first octet, idle"
    at_once = f"{PEOPLE} people at once over {DEVICES} devices, p99"
    p99, their_p99 = percentile(crowd, 99), percentile(their_crowd, 99)
    return [
        Figure("P5", f"{what}, median", "ms", median(ours), "cupsd", median(theirs), AS_QUICK, raw=raw),
        Figure("P5", f"{what}, p99", "ms", percentile(ours, 99), "cupsd", percentile(theirs, 99), AS_QUICK),
        Figure("P5", at_once, "ms", p99, "the idle median", median(ours), CROWDED, raw=raw_crowd),
        Figure("P5", at_once, "ms", p99, "cupsd", their_p99),
    ]
