"""A gate of its own for each test, since each does something to it that nobody else should see."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.adversity.server.house import House
from tests.rig.gate import Gate

QUICK = {
    "IPPGATE_INTAKE_MULTIPLE_OPERATION_TIME_OUT": "2",
    "IPPGATE_DELIVERY_CONNECT_TIMEOUT": "2",
    "IPPGATE_DELIVERY_ANSWER_TIMEOUT": "2",
    "IPPGATE_DELIVERY_STALL_TIMEOUT": "30",
    "IPPGATE_DELIVERY_CLOSE_TIMEOUT": "30",
    "IPPGATE_DATABASE_CONNECT_TIMEOUT": "2",
    "IPPGATE_DATABASE_STATEMENT_TIMEOUT": "5",
}
"""Short deadlines, but for those of a raw device, which tests outlast."""


@pytest.fixture
async def open_house(rig_dir: Path, dsn: str) -> AsyncIterator[Callable[..., Any]]:
    """Starts a gate: call it with `env` for more of an environment, `options` of serve, another `dsn` (None: embedded)."""
    async with AsyncExitStack() as stack:

        async def start(*, env: dict[str, str] | None = None, dsn: str | None = dsn, **settings: Any) -> House:
            gate = Gate(rig_dir, dsn=dsn, env={**QUICK, **(env or {})}, **settings)
            await stack.enter_async_context(gate)
            services = await stack.enter_async_context(gate.inside())
            return House(gate, services)

        yield start


@pytest.fixture
async def house(open_house: Callable[..., Any]) -> House:
    """A gate with one worker, as most have it."""
    started: House = await open_house()
    return started
