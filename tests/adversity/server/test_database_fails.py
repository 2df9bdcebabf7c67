"""PostgreSQL restarts, goes away, or stops answering under load: clients are told to try again, promises are kept."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from ippgate.ipp import JobState, Operation, Status
from tests.adversity.server.house import MIB, House, digest, document, printed
from tests.rig.database import Cluster
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.proxy import Proxy
from tests.rig.sink import Sink

AWAY = "the database cannot be reached at the moment; try again in a minute"


def readiness(gate: Gate) -> int:
    """The HTTP status of /readyz."""
    try:
        with urllib.request.urlopen(f"http://{gate.host}/readyz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


async def under_load(house: House, restart: Callable[[], None]) -> None:
    """Two restarts while a crowd prints to a device, to a raw device and to be held; then all is accounted for."""
    async with HostileDevice(keep="hash") as device, Sink(keep="hash") as sink:
        queues = [await house.passing_to(device), await house.passing_to(sink), house.queue]
        async with house.crowd(queues):
            for _ in range(2):
                await house.acknowledged(30)
                await asyncio.to_thread(restart)
            await house.acknowledged(30)
        jobs = {job.id: job for job in await house.audit(device, sink)}
    for job_id in house.promised.values():
        job = jobs[job_id]
        assert job.state is (JobState.PENDING_HELD if job.queue == house.queue else JobState.COMPLETED), job.message


@pytest.mark.parametrize("kind", ["embedded18", "postgres15"])
async def test_an_external_database_restarts_under_load(
    open_house: Callable[..., Any], databases: Callable[..., Cluster], kind: str
) -> None:
    cluster = await asyncio.to_thread(databases, kind)
    await under_load(await open_house(dsn=cluster.new_database()), lambda: cluster.restart("immediate"))


async def test_the_embedded_database_restarts_under_load(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(dsn=None)
    await under_load(house, lambda: house.gate.pg_ctl("-m", "immediate", "-w", "restart"))


async def test_the_database_dies_in_the_middle_of_a_large_document(
    open_house: Callable[..., Any], databases: Callable[..., Cluster]
) -> None:
    cluster = await asyncio.to_thread(databases)
    house: House = await open_house(dsn=cluster.new_database())
    octets = document(5 * MIB)
    house.sent.add(digest(octets))
    async with house.client.printing(house.queue) as sending:
        await sending.send(octets[: 3 * MIB])
        await eventually(house.jobs, "the job to be open")
        await asyncio.to_thread(cluster.stop, "immediate")
        await sending.send(octets[3 * MIB :])
        answer = await sending.finish()
    assert (answer.status, answer.sentence) == (Status.SERVER_ERROR_TEMPORARY_ERROR, AWAY)
    await asyncio.to_thread(cluster.start)
    [job] = await house.audit()
    assert job.state is JobState.ABORTED
    assert job.message in (AWAY, "its documents did not come in time")


async def test_while_the_database_is_away_clients_are_told_so_and_afterwards_served(
    open_house: Callable[..., Any], databases: Callable[..., Cluster]
) -> None:
    cluster = await asyncio.to_thread(databases)
    house: House = await open_house(dsn=cluster.new_database())
    async with HostileDevice() as device:
        direct = await house.passing_to(device)
        await asyncio.to_thread(cluster.stop, "immediate")
        answer = await house.client.ask(Operation.CREATE_JOB, queue=direct)
        assert (answer.status, answer.sentence) == (Status.SERVER_ERROR_TEMPORARY_ERROR, AWAY)
        assert await eventually(lambda: asyncio.to_thread(readiness, house.gate), "an answer") == 503
        assert AWAY in await house.gate.refused("job", "list")
        await asyncio.to_thread(cluster.start)
        page = document()

        async def taken() -> bool:
            answer = await house.client.ask(Operation.PRINT_JOB, queue=direct, document=page)
            if answer.ok:
                house.promised[digest(page)] = answer.job_id
            else:
                assert answer.status == Status.SERVER_ERROR_TEMPORARY_ERROR, answer
            return answer.ok

        house.sent.add(digest(page))
        await eventually(taken, "the next document to be taken")
        await house.audit(device)
        assert printed(device) == {digest(page): 1}
        assert await asyncio.to_thread(readiness, house.gate) == 200


async def test_an_answer_of_the_database_that_is_lost_makes_no_second_job(
    open_house: Callable[..., Any], databases: Callable[..., Cluster]
) -> None:
    """The database has made the job, and its answer gets lost: the client is told of that job."""
    cluster = await asyncio.to_thread(databases)
    name = cluster.new_database().split("@/")[1].split("?")[0]
    async with Proxy(("127.0.0.1", cluster.port)) as proxy:
        house: House = await open_house(dsn=cluster.dsn_of(name, tcp_port=proxy.port))
        direct = await asyncpg.connect(cluster.dsn_of(name))

        async def made() -> bool:
            jobs: int = await direct.fetchval("SELECT count(*) FROM job")
            return jobs == 1

        page = document(60_000)
        goal = proxy.carried("up") + len(page)
        async with asyncio.TaskGroup() as tasks:
            printing = tasks.create_task(house.held(page))
            await proxy.until(lambda seen: seen.carried("up") > goal, "the document to reach the database")
            proxy.stall("down")
            await eventually(made, "the job to be made")
            assert not printing.done()
            await proxy.cut()
            proxy.flow()
        await direct.close()
        assert [job.id for job in await house.audit()] == [printing.result()]


async def test_a_database_that_stops_answering_without_closing_is_given_up_and_found_again(
    open_house: Callable[..., Any], databases: Callable[..., Cluster]
) -> None:
    cluster = await asyncio.to_thread(databases)
    name = cluster.new_database().split("@/")[1].split("?")[0]
    env = {"IPPGATE_DATABASE_STATEMENT_TIMEOUT": "1", "IPPGATE_DATABASE_CONNECT_TIMEOUT": "1"}
    async with Proxy(("127.0.0.1", cluster.port)) as proxy, HostileDevice(keep="hash") as device:
        house: House = await open_house(dsn=cluster.dsn_of(name, tcp_port=proxy.port), env=env)
        direct = await house.passing_to(device)
        await house.print(direct, document())
        async with house.crowd([direct], sizes=(500, 20_000)):
            await house.acknowledged(10)
            proxy.stall()
            answer = await house.client.ask(Operation.CREATE_JOB, queue=direct)
            assert (answer.status, answer.sentence) == (Status.SERVER_ERROR_TEMPORARY_ERROR, AWAY)
            proxy.flow()
            await house.acknowledged(10)
        await house.audit(device)
