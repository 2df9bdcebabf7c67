"""P6: Get-Jobs of one's own jobs among a million that a hundred thousand people hold, and among a thousand.

Two gates, one with many jobs and one with few, are asked in turns, request by request; everybody has ten jobs in both.
Once over HTTP, as panels ask, and once as the service's call in this process, beside a bare query through that pool.
"""

import random
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack

from bench.client import Client
from bench.figure import Bar, Figure
from bench.gate import House
from bench.quantile import percentile, spread
from bench.request import get_jobs
from bench.run import JOBS_OF_A_PERSON, Run
from ippgate.app.gate import Gate
from ippgate.model.job import Job
from ippgate.store.jobs import WAITING

FEW = 1_000
LIMIT = 1000
FLAT, NEAR_BARE = Bar("at most", 1.3), Bar("at most", 10)
P99 = 99


class NotListedError(Exception):
    """A person's jobs were not all listed."""


async def ask(run: Run) -> list[Figure]:
    """The p99 with many held jobs against few, and against a query that does nothing."""
    samples, many = run.choose(3000, 1500), run.crowd_size
    async with run.house("p6-few", FEW) as few:
        crowd = await run.crowd()
        run.say(f"{samples} listings over HTTP among {FEW:,} and {many:,} jobs")
        http = await _over_http(few, crowd, samples, many)
        run.say(f"{samples} listings in this process")
        calls = await _in_process(few, crowd, samples, many)
    return [
        _flat("Get-Jobs my-jobs over HTTP", http, many),
        _flat("the service's call", calls, many),
        _near_bare(calls, many),
    ]


async def _over_http(few: House, crowd: House, samples: int, many: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"few": [], "many": []}
    async with AsyncExitStack() as stack:
        ours = {}
        for name, house in (("few", few), ("many", crowd)):
            where = (await stack.enter_async_context(house.serving())).where
            ours[name] = (where, await stack.enter_async_context(Client(where)))
        for _ in range(samples):
            for name, held in (("few", FEW), ("many", many)):
                where, client = ours[name]
                request = get_jobs(where.uri, _somebody(held))
                times[name].append(await _milliseconds(client.ask(request)))
    return times


async def _in_process(few: House, crowd: House, samples: int, many: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"few": [], "many": [], "bare": []}
    async with few.services() as small, crowd.services() as large:
        for _ in range(samples):
            for name, gate, held in (("few", small, FEW), ("many", large, many)):
                times[name].append(await _milliseconds(_listed(gate, _somebody(held))))
            times["bare"].append(await _milliseconds(large.database.value("database_clock")))
    return times


async def _listed(gate: Gate, person: str) -> None:
    jobs: list[Job] = await gate.desk.listing(None, WAITING, person, LIMIT)
    if len(jobs) != JOBS_OF_A_PERSON:
        raise NotListedError(f"{len(jobs)} jobs of {person}, {JOBS_OF_A_PERSON} are held")


async def _milliseconds(act: Awaitable[object]) -> float:
    started = time.perf_counter()
    await act
    return (time.perf_counter() - started) * 1000


def _somebody(held: int) -> str:
    return f"person-{random.randrange(held // JOBS_OF_A_PERSON)}"


def _flat(what: str, times: dict[str, list[float]], many: int) -> Figure:
    raw = {name: spread(values) for name, values in times.items()}
    high, low = percentile(times["many"], P99), percentile(times["few"], P99)
    return Figure("P6", f"{what}, {many:,} held, p99", "ms", high, f"{FEW:,} held", low, FLAT, raw=raw)


def _near_bare(times: dict[str, list[float]], many: int) -> Figure:
    high, bare = percentile(times["many"], P99), percentile(times["bare"], P99)
    return Figure("P6", f"the service's call, {many:,} held, p99", "ms", high, "a bare query", bare, NEAR_BARE)
