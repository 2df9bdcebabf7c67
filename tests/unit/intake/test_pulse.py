"""While a client sends, however slowly, its job does not count as abandoned."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from ippgate.intake.pulse import Pulse
from ippgate.model.errors import Unavailable
from ippgate.store.jobs import JobStore


class Jobs:
    """Keeps when it was told that a client is there."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[tuple[float, int, float]] = []
        self.away = False

    async def stay_open(self, job_id: int, seconds: float) -> bool:
        self.told.append((self.now, job_id, seconds))
        if self.away:
            raise Unavailable("away")
        return True

    async def body(self, *pauses: float) -> AsyncIterator[bytes]:
        for pause in pauses:
            self.now += pause
            yield b"x"


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


async def sent(jobs: Jobs, *pauses: float, job_id: int | None = 7) -> bytes:
    pulse = Pulse(cast("JobStore", jobs), 120, lambda: jobs.now)
    if job_id is not None:
        pulse.of(job_id)
    return b"".join([chunk async for chunk in pulse.over(jobs.body(*pauses))])


async def test_a_quick_body_says_nothing(jobs: Jobs) -> None:
    assert await sent(jobs, *[0.1] * 100) == b"x" * 100
    assert jobs.told == []


async def test_a_slow_one_keeps_its_job_open_four_times_in_its_time(jobs: Jobs) -> None:
    await sent(jobs, *[10] * 15)
    assert jobs.told == [(40, 7, 120), (80, 7, 120), (120, 7, 120)]


async def test_a_body_without_a_job_has_nothing_to_keep_open(jobs: Jobs) -> None:
    await sent(jobs, *[50] * 4, job_id=None)
    assert jobs.told == []


async def test_a_database_that_is_away_for_a_moment_does_not_stop_the_body(jobs: Jobs) -> None:
    jobs.away = True
    assert await sent(jobs, 50, 50) == b"xx"
    assert len(jobs.told) == 2
