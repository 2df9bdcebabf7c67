"""A name is looked up once and held: who answers later for the same name is not called (SECURITY S5, DNS rebinding)."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from ippgate.model.parcel import Unreachable
from ippgate.transport.address import parse
from ippgate.transport.lookup import MAX_ENDPOINTS, Whereabouts

Answers = Callable[..., list[list[str]]]
"""Takes the answers to give; returns those that are left, now and later."""


@pytest.fixture
async def name_service(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers with each list of addresses in turn; an empty one: the name is not known."""
    left: list[list[str]] = []

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        found = left.pop(0)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    def answers(*lists: list[str]) -> list[list[str]]:
        left.extend(lists)
        return left

    return answers


async def test_a_name_is_looked_up_once(name_service: Answers) -> None:
    left = name_service(["192.0.2.1"], ["127.0.0.1"])
    where = Whereabouts(parse("ipp://printer.example/"))
    assert [one.ip for one in await where.endpoints(1)] == ["192.0.2.1"]
    assert [one.ip for one in await where.endpoints(1)] == ["192.0.2.1"]
    assert left == [["127.0.0.1"]]


async def test_a_device_that_did_not_answer_is_looked_up_again(name_service: Answers) -> None:
    name_service(["192.0.2.1"], ["192.0.2.2"])
    where = Whereabouts(parse("socket://printer.example:9101"))
    await where.endpoints(1)
    where.forget()
    assert [(one.ip, one.port) for one in await where.endpoints(1)] == [("192.0.2.2", 9101)]


async def test_an_address_is_never_looked_up(name_service: Answers) -> None:
    where = Whereabouts(parse("ipps://[::1]/"))
    where.forget()
    (one,) = await where.endpoints(1)
    assert (one.family, one.ip, one.port) == (socket.AF_INET6, "::1", 631)


async def test_a_name_that_nobody_knows_is_unreachable(name_service: Answers) -> None:
    name_service([])
    with pytest.raises(Unreachable, match=r"the name printer\.example is not known"):
        await Whereabouts(parse("ipp://printer.example/")).endpoints(1)


async def test_a_name_service_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> list[Any]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
    with pytest.raises(Unreachable, match="not known"):
        await Whereabouts(parse("ipp://printer.example/")).endpoints(0.05)


async def test_a_name_with_many_addresses_is_known_by_its_first_ones(name_service: Answers) -> None:
    name_service([f"192.0.2.{number}" for number in range(1, 100)])
    assert len(await Whereabouts(parse("ipp://printer.example/")).endpoints(1)) == MAX_ENDPOINTS
