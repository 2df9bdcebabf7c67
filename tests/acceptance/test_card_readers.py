"""A card reader on the network and a real gate: a tap, and paper; over TLS, across a crash, and with two workers."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from ippgate.ipp import JobState
from ippgate.model.card_number import number_of
from tests.rig.certificate import certificate
from tests.rig.documents import PDF
from tests.rig.embedded import Embedded18
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.reader import CardReader
from tests.rig.sink import Sink
from tests.rig.where import directory, free_ports

BADGE, UNKNOWN = "04A1B2C3D4E5F6", "04FFFFFFFFFFFF"


@pytest.fixture(scope="module")
def reader_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def reading(rig: Path, embedded18: Embedded18, reader_port: int) -> Iterator[Gate]:
    """A gate of two workers that readers dial."""
    env = {"IPPGATE_READERS_PORT": str(reader_port), "IPPGATE_SERVER_WORKERS": "2"}
    gate = Gate(directory(rig / "reading"), dsn=embedded18.new_database(), env=env)
    try:
        yield gate.launch()
    finally:
        gate.leave()


async def test_a_tap_and_paper_over_tls_once_and_again_after_a_crash(reading: Gate, reader_port: int) -> None:
    gate = reading
    async with Sink() as sink, gate.inside() as services:
        await gate.cli("queue", "add", "followme")
        await gate.cli("device", "add", "copier", sink.uri, "--no-pjl")
        await gate.cli("person", "add", "tessa")
        await services.cards.add("tessa", number_of(BADGE))
        token = (await gate.told("reader", "add", "hall", "--device", "copier", "--alone"))["token"]
        await gate.caught_up(services)
        first = await gate.client("tessa").print("followme", PDF.read_bytes())
        context = ssl.create_default_context(cafile=gate.certificate)
        async with CardReader(reader_port, token, tls=context) as reader:
            assert await reader.hello() == "OK hall 0"
            assert await reader.tap(UNKNOWN) == "UNKNOWN"
            assert await reader.tap(BADGE) == "OK 1 job prints"
            assert (await gate.client("tessa").wait(first)).state is JobState.COMPLETED
            second = await gate.client("tessa").print("followme", PDF.read_bytes())
            assert (await reader.tap(BADGE, 2)).startswith("DENIED that tap was here before")

            await gate.kill()
            assert await reader.answer() == ""
            await gate.start()
        async with CardReader(reader_port, token, tls=context) as reader:
            assert await reader.hello() == "OK hall 2"
            assert (await reader.tap(BADGE, 2)).startswith("DENIED that tap was here before")
            assert await reader.tap(BADGE) == "OK 1 job prints"
            assert (await gate.client("tessa").wait(second)).state is JobState.COMPLETED

            async with CardReader(reader_port, token, tls=context) as other:  # in whichever worker
                assert await other.hello() == "OK hall 3"
                assert (await other.tap(BADGE)).startswith("OK")
                assert (await reader.tap(BADGE, 9)).startswith("DENIED another connection")
        papers = [job for job in sink.jobs if job.size]
        assert [job.ended for job in papers] == ["whole", "whole"]
        assert [line["user"] for line in gate.log("card.tapped")] == ["tessa"] * 3
        for text in (BADGE, UNKNOWN, token):
            assert text not in gate.said()


async def test_a_reader_is_known_by_its_certificate(reading: Gate, reader_port: int, tmp_path: Path) -> None:
    gate, mine = reading, certificate(tmp_path)
    await gate.cli("device", "add", "label", "socket://127.0.0.1:9", "--force")
    await gate.cli("reader", "add", "door", "--device", "label", "--alone", "--certificate", mine.certificate)

    async def greeted() -> bool:
        context = ssl.create_default_context(cafile=gate.certificate)
        context.load_cert_chain(mine.certificate, mine.key)
        async with CardReader(reader_port, tls=context) as reader:
            return await reader.hello() == "OK door 0" and await reader.tap("04FFFFFE") == "UNKNOWN"

    await eventually(greeted, "the server to ask for the certificate", within=10)


async def test_whoever_speaks_no_tls_or_nonsense_gets_nothing_and_the_next_one_everything(
    reading: Gate, reader_port: int
) -> None:
    for octets in (b"HELLO reader~hall~x\r\n", b"x" * 65_536, b"\x16\x03\x01\x00"):
        async with CardReader(reader_port) as stranger:
            await stranger.send(octets)
            if len(octets) > 4:
                await stranger.hang_up()
    context = ssl.create_default_context(cafile=reading.certificate)
    async with CardReader(reader_port, "reader~hall~x", tls=context) as reader:
        assert await reader.hello() == "DENIED that token is no reader's"
