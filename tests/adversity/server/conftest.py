"""Gates under attack: one that the tests of a module share and start again, or one of a test's own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.adversity.server.house import House
from tests.rig.embedded import Embedded18
from tests.rig.gate import Gate
from tests.rig.where import directory

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


@pytest.fixture(scope="module")
def gate(request: pytest.FixtureRequest, rig: Path, embedded18: Embedded18) -> Iterator[Gate]:
    """A gate that the tests of a module share: `ENV` there is more of its environment, `OPTIONS` are those of serve."""
    module = request.module
    env, options = {**QUICK, **getattr(module, "ENV", {})}, getattr(module, "OPTIONS", ())
    root = directory(rig / module.__name__.rpartition(".")[2])
    gate = Gate(root, dsn=embedded18.new_database(), env=env, options=options)
    try:
        yield gate.launch()
    finally:
        gate.leave()


@pytest.fixture
async def house(gate: Gate) -> AsyncIterator[House]:
    """The shared gate, up, with a new queue that holds."""
    if not gate.alive:  # whoever was here before failed
        await gate.start()
    async with gate.inside() as services:
        house = House(gate, services)
        house.since = max((job.id for job in await house.every_job()), default=0)
        await house.add_queue()
        yield house


@pytest.fixture
async def open_house(rig_dir: Path, dsn: str) -> AsyncIterator[Callable[..., Any]]:
    """Starts a gate of a test's own, with a queue that holds: call it with `env` for more of an environment, `options`
    of serve, another `dsn` (None: embedded).
    """
    async with AsyncExitStack() as stack:

        async def start(*, env: dict[str, str] | None = None, dsn: str | None = dsn, **settings: Any) -> House:
            gate = Gate(rig_dir, dsn=dsn, env={**QUICK, **(env or {})}, **settings)
            await stack.enter_async_context(gate)
            house = House(gate, await stack.enter_async_context(gate.inside()))
            await house.add_queue()
            return house

        yield start
