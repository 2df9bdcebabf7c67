"""The devices that the suite runs against, and the event loop that the gate runs on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack

import pytest
import uvloop

from tests.conformance.transport.peers import PEERS, Peer


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The gate serves on uvloop: what it promises is shown there."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(params=sorted(PEERS))
async def peer(request: pytest.FixtureRequest) -> AsyncIterator[Peer]:
    """Each device in turn, its jobs printing at once."""
    async with AsyncExitStack() as stack:
        yield await PEERS[request.param](request, stack)
