"""One gate for all tests of acceptance that read more than they break: each brings its own devices and queues."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ippgate.app import Gate as Services
from ippgate.model.queue import QueueMode
from tests.rig.embedded import Embedded18
from tests.rig.gate import Gate
from tests.rig.where import directory

ENV = {"IPPGATE_INTAKE_MULTIPLE_OPERATION_TIME_OUT": "3"}


@pytest.fixture(scope="session")
def gate(rig: Path, embedded18: Embedded18) -> Iterator[Gate]:
    """A gate that serves, with nothing in it but what tests bring."""
    gate = Gate(directory(rig / "gate"), dsn=embedded18.new_database(), env=ENV)
    try:
        yield gate.launch()
    finally:
        gate.leave()


@pytest.fixture
async def services(gate: Gate) -> AsyncIterator[Services]:
    """Its services, as an operator's command has them."""
    async with gate.inside() as services:
        yield services


@pytest.fixture(scope="session")
def _names() -> Iterator[int]:
    return count(1)


@pytest.fixture
def new_name(_names: Iterator[int]) -> Callable[[str], str]:
    """Makes names of queues and devices that nobody else has."""
    return lambda kind: f"{kind}{next(_names)}"


OPERATOR, PASSWORD = "olga", "correct horse battery"
LOGIN = f"{OPERATOR}:{PASSWORD}"
IN_URI = f"{LOGIN}@".replace(" ", "%20")
"""The operator as HTTP Basic and as a URI have her."""


@pytest.fixture
async def operator(services: Services) -> str:
    """Somebody who has proven to be an operator once she gives her password; her name."""
    if OPERATOR not in [account.name for account in await services.operators.accounts()]:
        await services.operators.add(OPERATOR, PASSWORD)
    return OPERATOR


Adding = Callable[..., Coroutine[Any, Any, str]]


@pytest.fixture
def add_queue(gate: Gate, services: Services, new_name: Callable[[str], str]) -> Adding:
    """Adds a queue and returns its name; the server has heard of it and of every device that was there before."""

    async def add(mode: str = "release-printing", device: str | None = None, **more: Any) -> str:
        queue = await services.fleet.add_queue(new_name("queue"), QueueMode(mode), device, **more)
        await gate.caught_up(services)
        return queue.name

    return add


@pytest.fixture
def add_device(services: Services, new_name: Callable[[str], str]) -> Adding:
    """Registers a device and returns its name."""

    async def add(uri: str, **options: Any) -> str:
        return (await services.fleet.add_device(new_name("device"), uri, **options)).name

    return add
