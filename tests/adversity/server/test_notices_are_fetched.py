"""Who waits for notices while workers are killed, the database restarts and others print: each event once, in order."""

import asyncio
import re
import shutil
import urllib.request
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ippgate.ipp import Operation, Status, attribute
from ippgate.ipp.registry import attributes as A
from tests.adversity.server.conftest import QUICK
from tests.adversity.server.house import House, document
from tests.rig.database import Cluster
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.ipp_client import IppClient
from tests.rig.subscriber import Subscriber
from tests.rig.where import directory

JOBS = 20
CREATED, COMPLETED = "job-created", "job-completed"


async def live(client: IppClient, queue: str, jobs: int = JOBS) -> None:
    """Print and cancel, one job after the other, until that many have lived."""
    for _ in range(jobs):
        job_id = await client.print(queue, document(2000))
        answer = await client.ask(Operation.CANCEL_JOB, attribute(A.JOB_ID, job_id))
        assert answer.ok, answer


async def live_on(client: IppClient, queue: str, until: asyncio.Event) -> None:
    """The same whatever happens, until it is enough."""
    while not until.is_set():
        try:
            await live(client, queue, 1)
        except (OSError, EOFError, AssertionError):
            await asyncio.sleep(0.05)


def complete(subscriber: Subscriber) -> int:
    """Whether every job was told from its beginning to its end, each once and in order; how many there were."""
    assert subscriber.numbers == list(range(1, len(subscriber.told) + 1))
    of_each: defaultdict[int | None, list[str | None]] = defaultdict(list)
    for job, event in subscriber.events:
        of_each[job].append(event)
    assert all(events in ([CREATED, COMPLETED], [CREATED]) for events in of_each.values()), of_each
    return sum(events == [CREATED, COMPLETED] for events in of_each.values())


@pytest.fixture
async def pair(rig_dir: Path, dsn: str) -> AsyncIterator[tuple[House, Gate]]:
    """Two gates, each a process with a port of its own, on one database and with the same keys; a queue that holds."""
    first = Gate(directory(rig_dir / "first"), dsn=dsn, env=QUICK)
    async with first, first.inside() as services:
        house = House(first, services)
        await house.add_queue()
        second = Gate(directory(rig_dir / "second"), dsn=dsn, env=QUICK)
        shutil.copytree(first.home / "keys", second.home / "keys")
        async with second:
            yield house, second


async def test_two_who_wait_at_two_gates_are_told_every_event_once_and_in_order(pair: tuple[House, Gate]) -> None:
    house, second = pair
    clients = house.gate.client("anna"), second.client("bob")
    both = [await Subscriber(one, house.queue).subscribe(CREATED, COMPLETED) for one in clients]
    async with asyncio.timeout(60):
        await asyncio.gather(
            *(one.follow(lambda told: len(told) >= 4 * JOBS) for one in both),
            *(live(client, house.queue) for client in clients),
        )
    assert [complete(one) for one in both] == [2 * JOBS, 2 * JOBS]
    assert both[0].events == both[1].events or sorted(map(str, both[0].events)) == sorted(map(str, both[1].events))


async def test_a_proxy_fetches_what_happens_in_the_order_that_it_asks(pair: tuple[House, Gate]) -> None:
    """As a printer's proxy does: a subscription without end, a look at the jobs, then it waits, and looks at what it is
    told of.
    """
    house, second = pair
    proxy = await Subscriber(house.gate.client("proxy"), house.queue).subscribe(
        "document-config-changed",
        "document-state-changed",
        "job-config-changed",
        "job-fetchable",
        "job-state-changed",
        "printer-config-changed",
        "printer-state-changed",
    )
    assert await proxy.client.jobs(queue=house.queue) == []
    waiting = asyncio.ensure_future(proxy.fetch())
    job_id = await second.client("bob").print(house.queue, document())  # the other worker changes it
    answer = await waiting
    assert answer.message is not None
    assert answer.message.operation.integer(A.NOTIFY_GET_INTERVAL) == 1
    assert proxy.events == [(job_id, "job-state-changed")]
    assert (await proxy.client.job(job_id)).id == job_id


async def test_a_worker_is_killed_while_clients_wait(open_house: Callable[..., Any]) -> None:
    env = {"IPPGATE_NOTICES_EVENTS": "10000"}  # so many happen before everybody has come back
    house: House = await open_house(options=("--workers", "2"), env=env)
    everybody = [
        await Subscriber(house.gate.client(f"anna{number}"), house.queue).subscribe(CREATED, COMPLETED)
        for number in range(6)
    ]
    done = asyncio.Event()
    async with asyncio.timeout(90):
        living = asyncio.ensure_future(live_on(house.gate.client("bob"), house.queue, done))
        await asyncio.gather(*(one.follow(lambda told: len(told) >= 10) for one in everybody))
        crew, seen = await house.gate.crew(2), max(len(one.told) for one in everybody)
        killed = asyncio.Event()
        waiting = asyncio.gather(
            *(one.follow(lambda told: killed.is_set() and len(told) >= seen + 10) for one in everybody)
        )
        for pid in crew:
            await house.gate.kill_worker(pid)
            await house.gate.crew(2)
        killed.set()
        await waiting
        done.set()
        await living
    for one in everybody:
        assert complete(one) >= 5
    assert sum(one.troubles for one in everybody) > 0


async def test_the_database_restarts_while_clients_wait(
    open_house: Callable[..., Any], databases: Callable[..., Cluster]
) -> None:
    cluster = await asyncio.to_thread(databases)
    house: House = await open_house(dsn=cluster.new_database())
    everybody = [
        await Subscriber(house.gate.client(f"anna{number}"), house.queue).subscribe(CREATED, COMPLETED)
        for number in range(4)
    ]
    async with asyncio.timeout(90):
        following = [asyncio.ensure_future(one.follow(lambda told: len(told) >= 2)) for one in everybody]
        await eventually(lambda: waiting(house.gate) == len(everybody), "them to wait")
        await asyncio.to_thread(cluster.restart, "immediate")
        done = asyncio.Event()
        living = asyncio.ensure_future(live_on(house.gate.client("bob"), house.queue, done))
        await asyncio.gather(*following)
        done.set()
        await living
    for one in everybody:
        complete(one)


def waiting(gate: Gate) -> int:
    """ippgate_clients_waiting, as monitoring sees it."""
    with urllib.request.urlopen(f"http://{gate.host}/metrics", timeout=10) as answer:
        found = re.search(r"^ippgate_clients_waiting (\S+)$", answer.read().decode(), re.MULTILINE)
    return int(float(found[1])) if found else 0


async def test_hundreds_who_wait_are_bounded_and_each_is_counted(open_house: Callable[..., Any]) -> None:
    env = {"IPPGATE_NOTICES_WAITING": "100", "IPPGATE_METRICS_REFRESH": "1", "IPPGATE_NOTICES_WAIT": "60"}
    house: House = await open_house(env=env)
    anna = await Subscriber(house.gate.client("anna"), house.queue).subscribe(CREATED)
    asking = [asyncio.ensure_future(anna.fetch()) for _ in range(300)]
    async with asyncio.timeout(60):
        await eventually(
            lambda: sum(one.done() for one in asking) == 200, "two hundred to be answered at once", within=30
        )
        assert await asyncio.to_thread(waiting, house.gate) == 100
        job_id = await house.gate.client("bob").print(house.queue, document())  # nobody is in the way
        answers = await asyncio.gather(*asking)
    assert {answer.status for answer in answers} == {Status.SUCCESSFUL_OK}
    intervals = [answer.message.operation.integer(A.NOTIFY_GET_INTERVAL) for answer in answers if answer.message]
    assert (intervals.count(60), intervals.count(1)) == (200, 100)
    assert anna.events == [(job_id, CREATED)] * 100
    assert await asyncio.to_thread(waiting, house.gate) == 0
