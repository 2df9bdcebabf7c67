"""Load: wrk posts one prebuilt Print-Job over many connections, and what was accepted is counted where it is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.client import Where
from tests.rig.wrk import wrk

CLIENTS = 64
WARM_UP, FILL = 1, 2
"""Seconds; wrk knows whole ones only."""


class LostJobsError(Exception):
    """The server answered more requests than it has jobs."""


@dataclass(frozen=True, slots=True)
class Intake:
    """One round of posting. Times in seconds."""

    rate: float  # jobs accepted a second
    accepted: int
    p50: float
    p99: float
    held_before: int


async def post(where: Where, request: bytes, seconds: int, held: Callable[[], Awaitable[int]]) -> Intake:
    """Post for so long, after a short warm-up; `held` counts jobs at the server. Raises LostJobsError.

    wrk sees the HTTP status only. That an answer was no refusal shows in the number of jobs.
    """
    await wrk(where.url, request, clients=CLIENTS, seconds=WARM_UP)
    before = await held()
    load = await wrk(where.url, request, clients=CLIENTS, seconds=seconds)
    accepted = await held() - before
    if load.failures or accepted < load.requests:
        raise LostJobsError(f"{load.requests} answers, {accepted} jobs, {load.failures} failures at {where.url}")
    return Intake(load.requests / load.seconds, accepted, load.p50, load.p99, before)


async def fill(where: Where, request: bytes, count: int, held: Callable[[], Awaitable[int]]) -> None:
    """Post until at least so many jobs are held. Raises LostJobsError when none is taken."""
    before, now = -1, await held()
    while before < now < count:
        await wrk(where.url, request, clients=CLIENTS, seconds=FILL)
        before, now = now, await held()
    if now < count:
        raise LostJobsError(f"{where.url} takes no more than {now} jobs")
