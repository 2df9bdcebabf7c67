"""Monitoring gets its answer, however often it asks and whatever the database does."""

import asyncio
from collections.abc import Mapping

import pytest

from ippgate.model.errors import Unavailable
from ippgate.observe import monitor as module
from ippgate.observe.metrics import Metrics
from ippgate.observe.monitor import Monitor, Readiness, Sources


class Database:
    """A database that counts how often it is asked, and is away or silent on cue."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = self.silent = False

    async def jobs(self) -> Mapping[str, int]:
        self.asked += 1
        await self.ping()
        return {"pending-held": self.asked}

    async def devices(self) -> Mapping[str, str]:
        return {"copier": "idle"}

    async def ping(self) -> None:
        if self.away:
            raise Unavailable("the database cannot be reached")
        if self.silent:
            await asyncio.Event().wait()

    def pool(self) -> tuple[int, int]:
        return (3, 10)


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def monitor(database: Database, clock: Clock) -> Monitor:
    sources = Sources(jobs=database.jobs, devices=database.devices, ping=database.ping, pool=database.pool)
    return Monitor(Metrics(), sources, refresh=15, clock=clock)


async def test_many_monitors_cost_one_look_at_the_database_in_each_interval(
    monitor: Monitor, database: Database, clock: Clock
) -> None:
    answers = await asyncio.gather(*(monitor.render() for _ in range(20)))
    assert database.asked == 1
    assert all(b'ippgate_jobs{state="pending-held"} 1.0' in answer for answer in answers)
    clock.now = 14.9
    await monitor.render()
    assert database.asked == 1
    clock.now = 15.0
    assert b'ippgate_jobs{state="pending-held"} 2.0' in await monitor.render()


async def test_without_the_database_monitoring_is_told_so_and_sees_no_old_figures(
    monitor: Monitor, database: Database, clock: Clock
) -> None:
    assert b"ippgate_database_up 1.0" in await monitor.render()
    database.away, clock.now = True, 20
    text = await monitor.render()
    assert b"ippgate_database_up 0.0" in text
    assert b"ippgate_jobs{" not in text
    assert await monitor.readiness() == Readiness(ready=False, reason="the database does not answer")


async def test_a_database_that_says_nothing_delays_monitoring_by_a_bound(
    monitor: Monitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    database.silent = True
    assert b"ippgate_database_up 0.0" in await monitor.render()
    assert not (await monitor.readiness()).ready


async def test_a_gate_that_stops_says_so_before_it_stops(monitor: Monitor) -> None:
    assert await monitor.readiness() == Readiness(ready=True)
    monitor.drain()
    assert await monitor.readiness() == Readiness(ready=False, reason="the gate is stopping")
