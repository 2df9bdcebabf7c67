"""Clients find queues by themselves: a real Avahi looks at the gate from another machine's side of a network.

The gate runs in a network namespace, Avahi and CUPS's ippfind in another; a pair of virtual interfaces joins them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from ippgate.app import Gate as Services
from ippgate.model.queue import Queue, QueueMode
from tests.rig.avahi import Avahi
from tests.rig.browser import Browser, Seen, seen
from tests.rig.command import run
from tests.rig.embedded import Embedded18
from tests.rig.eventually import eventually
from tests.rig.gate import COMMAND, Gate
from tests.rig.network import INTERFACE, Network
from tests.rig.process import Process
from tests.rig.where import directory

KINDS = ("_ipp._tcp", "_ipps._tcp", "_printer._tcp")


class DistantGate(Gate):
    """A gate on the near machine: nothing in this process reaches its ports."""

    def __init__(self, root: Path, network: Network, dsn: str, *options: str, **env: str) -> None:
        env = {"IPPGATE_SERVER_HOST": "0.0.0.0", **env}
        super().__init__(root, dsn=dsn, serve=(*network.near.inside, *COMMAND, "serve"), options=options, env=env)

    def _ready(self) -> bool:
        return len(self.log("worker.started")) > len(self.log("worker.stopped"))


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture(scope="module")
def far_avahi(rig: Path, network: Network) -> Iterator[Avahi]:
    """An Avahi on the far machine."""
    with Avahi(rig / "far-avahi", interface=INTERFACE, within=network.far.inside) as avahi:
        yield avahi


@pytest.fixture(scope="module")
def gate(rig: Path, network: Network, embedded18: Embedded18) -> Iterator[Gate]:
    """A gate on the near machine, for the tests that let it live."""
    gate = DistantGate(directory(rig / "near-gate"), network, embedded18.new_database())
    try:
        yield gate.launch()
    finally:
        gate.leave()


async def found(avahi: Avahi, kind: str, name: str) -> Seen:
    """A service of that name, once it is there."""

    async def there() -> list[Seen]:
        return [each for each in await seen(avahi, kind) if each.name == name]

    [service] = await eventually(there, f"{name} as {kind}")
    return service


async def name_told(network: Network, uri: str) -> str:
    """printer-dns-sd-name, asked for from the far machine."""
    test = "get-printer-attributes.test"
    told = await run(*network.far.inside, "ipptool", "-tv", uri, test)
    [name] = re.findall(r"printer-dns-sd-name \(nameWithoutLanguage\) = (.*)", told.out)
    return str(name)


async def who_announces(gate: Gate) -> int:
    """The process id of the worker whose duty it is."""
    connection = await asyncpg.connect(gate.env["IPPGATE_DATABASE_DSN"])
    try:
        pid: int = await connection.fetchval(
            "SELECT pid FROM duty JOIN worker ON worker.id = duty.worker WHERE name = 'announce'"
        )
        return pid
    finally:
        await connection.close()


async def add(services: Services, name: str, info: str, location: str = "") -> Queue:
    return await services.fleet.add_queue(name, QueueMode.RELEASE_PRINTING, info=info, location=location)


async def test_a_queue_is_found_with_all_that_clients_look_for(
    gate: Gate, services: Services, network: Network, far_avahi: Avahi
) -> None:
    queue = await add(services, "all", "Follow me. To any printer", location="Room 12, \\ & ü")
    name = "Follow me․ To any printer"
    ipp, ipps, printer = [await found(far_avahi, kind, name) for kind in KINDS]
    assert (ipp.port, ipps.port, printer.port) == (gate.port, gate.tls_port, 0)
    assert {each.address for each in (ipp, ipps, printer)} == {network.near.address}
    assert ipp.text == ipps.text
    assert ipp.text["rp"] == "ipp/print/all"
    assert ipp.text["UUID"] == str(queue.uuid)
    assert ipp.text["note"] == "Room 12, \\ & ü"
    assert "image/urf" in ipp.text["pdl"].split(",")
    assert ipp.text["URF"].startswith("V1.4,")
    assert ipp.text["adminurl"] == f"https://{ipp.host}:{gate.tls_port}/"
    assert {key: ipp.text[key] for key in ("txtvers", "qtotal", "Color", "Duplex", "TLS", "air")} == {
        "txtvers": "1", "qtotal": "1", "Color": "T", "Duplex": "T", "TLS": "1.3", "air": "none",
    }  # fmt: skip
    for kind in ("_ipp._tcp", "_ipps._tcp"):
        for subtype in ("_print", "_universal"):
            assert (await found(far_avahi, f"{subtype}._sub.{kind}", name)).text["rp"] == "ipp/print/all"
    certificate = await run("openssl", "x509", "-in", gate.certificate, "-noout", "-ext", "subjectAltName")
    assert f"DNS:{ipps.host}" in certificate.out


async def test_ippfind_finds_it_and_what_it_finds_answers(
    gate: Gate, services: Services, network: Network, far_avahi: Avahi
) -> None:
    await add(services, "ippfind", "For ippfind")
    for kind, scheme, port in (("_ipp", "ipp", gate.port), ("_ipps", "ipps", gate.tls_port)):
        await found(far_avahi, f"{kind}._tcp", "For ippfind")
        done = await run("ippfind", "-T", "3", f"{kind}._tcp,_universal", "--name", "For ippfind", env=far_avahi.env)
        [uri] = done.out.split()
        assert uri.startswith(f"{scheme}://")
        assert uri.endswith(f":{port}/ipp/print/ippfind")
        assert await name_told(network, f"{scheme}://{network.near.address}:{port}/ipp/print/ippfind") == "For ippfind"


async def test_changes_are_seen_as_they_are_made(
    gate: Gate, services: Services, far_avahi: Avahi, rig_dir: Path
) -> None:
    fleet = services.fleet
    with Browser(far_avahi, "_ipp._tcp", rig_dir / "browse.log") as browser:
        await add(services, "changing", "First title")
        await browser.sees("First title")
        await fleet.set_queue("changing", location="Elsewhere")

        async def moved() -> bool:
            return (await found(far_avahi, "_ipp._tcp", "First title")).text["note"] == "Elsewhere"

        await eventually(moved, "the new place to be told")
        await fleet.set_queue("changing", info="Second title")
        await browser.sees("Second title")
        await browser.misses("First title")
        for option in ("hidden", "known_only"):
            await fleet.set_queue("changing", options={option: True})
            await browser.misses("Second title")
            await fleet.set_queue("changing", options={option: False})
            await browser.sees("Second title")
        await services.traffic.pause("changing", "olga")
        await services.traffic.disable("changing", "olga")
        await add(services, "passing", "Another one")
        await browser.sees("Another one")
        await fleet.remove_queue("passing")
        await browser.misses("Another one")
        assert "Second title" in browser.names


async def test_a_name_that_is_taken_is_numbered(
    gate: Gate, services: Services, network: Network, far_avahi: Avahi, rig_dir: Path
) -> None:
    log = rig_dir / "publish.log"
    words = ["avahi-publish-service", "Taken", "_ipp._tcp", "6310", "rp=ipp/print", "UUID=somebody-else"]
    with Process(
        "avahi-publish-service", words, log=log, env=far_avahi.env, ready=lambda: "Established" in log.read_text()
    ):
        await add(services, "first", "Taken")
        services_of_first = [await found(far_avahi, kind, "Taken (2)") for kind in KINDS]
        assert [each.port for each in services_of_first] == [gate.port, gate.tls_port, 0]
        await add(services, "second", "Taken")
        assert (await found(far_avahi, "_ipp._tcp", "Taken (3)")).text["rp"] == "ipp/print/second"
        with Browser(far_avahi, "_ipp._tcp", rig_dir / "browse.log") as browser:
            for name in ("Taken", "Taken (2)", "Taken (3)"):
                await browser.sees(name)

    async def known() -> bool:
        services.fleet.forget()
        return (await services.fleet.queue("second")).dns_sd_name == "Taken (3)"

    await eventually(known, "the name to be kept")
    uri = f"ipp://{network.near.address}:{gate.port}/ipp/print"
    assert [await name_told(network, f"{uri}/{queue}") for queue in ("first", "second")] == ["Taken (2)", "Taken (3)"]


async def test_a_gate_that_stops_says_goodbye_and_comes_back_by_the_same_name(
    gate: Gate, services: Services, far_avahi: Avahi, rig_dir: Path
) -> None:
    await services.fleet.add_queue("leaving", QueueMode.RELEASE_PRINTING, info="Goodbye")
    with Browser(far_avahi, "_ipps._tcp", rig_dir / "browse.log") as browser:
        await browser.sees("Goodbye")
        others = browser.names
        assert await gate.stop() == 0
        for name in others:
            await browser.misses(name)
        await gate.start()
        for name in others:
            await browser.sees(name)
    assert gate.log("mishap") == []


async def test_one_of_several_workers_announces_and_another_follows_it(
    rig_dir: Path, network: Network, embedded18: Embedded18, far_avahi: Avahi
) -> None:
    root = directory(rig_dir / "several")
    async with DistantGate(root, network, embedded18.new_database(), "--workers", "2") as gate:
        workers = await gate.crew(2)
        async with gate.inside() as services:
            await add(services, "followme", "By one of two")
        await found(far_avahi, "_ipp._tcp", "By one of two")
        assert len(gate.log("queue.announced")) == 1
        announcing = await who_announces(gate)
        assert announcing in workers
        await gate.kill_worker(announcing)

        async def followed() -> bool:
            return await who_announces(gate) != announcing

        await eventually(followed, "another worker to announce")
        async with gate.inside() as services:
            await services.fleet.set_queue("followme", location="by the other")

            async def told() -> bool:
                return (await found(far_avahi, "_ipp._tcp", "By one of two")).text["note"] == "by the other"

            await eventually(told, "the heir to announce")
            services.fleet.forget()
            assert (await services.fleet.queue("followme")).dns_sd_name == "By one of two"
