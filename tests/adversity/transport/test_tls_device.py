"""A device's certificate: pinned, or signed by somebody the system trusts and for this name; else nothing is sent."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any

import pytest

from ippgate.model.parcel import Refused, Unreachable
from ippgate.transport.certificate import fetch_certificate
from ippgate.transport.ipp import IppTransport
from ippgate.transport.ipp_exchange import verifying
from ippgate.transport.port import TransportSettings
from tests.conformance.transport.parcels import Marks, device, in_chunks, parcel
from tests.rig.certificate import Certificate, certificate
from tests.rig.hostile_device import HostileDevice

QUICK = TransportSettings(connect_timeout=1, answer_timeout=1, stall_timeout=1)

Start = Callable[..., Any]


@pytest.fixture
async def tls_device(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts devices with a certificate of their own: `names` it is for, `ended` or not."""
    async with AsyncExitStack() as stack:

        async def start(host: str = "127.0.0.1", **made: Any) -> tuple[HostileDevice, Certificate]:
            shown = certificate(tmp_path, **made)
            return await stack.enter_async_context(HostileDevice(tls=shown, host=host)), shown

        yield start


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Certificate], None]]:
    """Makes the system trust a certificate, for one test."""

    def trust(shown: Certificate) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(shown.certificate))
        verifying.cache_clear()

    yield trust
    verifying.cache_clear()


async def assert_untrusted(peer: HostileDevice, **known: Any) -> None:
    marks = Marks()
    async with aclosing(IppTransport(device(peer.uri, **known), QUICK)) as transport:
        with pytest.raises(Refused, match="certificate that is not the one expected"):
            await transport.probe()
        with pytest.raises(Refused, match="certificate"):
            await transport.deliver(parcel(), in_chunks(b"secret"), marks)
    assert marks.made == []
    assert peer.heard == []


async def test_a_pinned_certificate_is_trusted_whoever_signed_it(tls_device: Start) -> None:
    peer, shown = await tls_device(names=("somebody.else",), ended=True)
    pinned = device(peer.uri, fingerprint=bytes.fromhex(shown.fingerprint))
    async with aclosing(IppTransport(pinned, QUICK)) as transport:
        await transport.deliver(parcel(), in_chunks(b"secret"), Marks())
    assert peer.jobs[1].document.data == b"secret"


async def test_another_certificate_than_the_pinned_one_gets_nothing(tls_device: Start) -> None:
    peer, _ = await tls_device()
    await assert_untrusted(peer, fingerprint=b"\x01" * 32)


async def test_a_pin_counts_more_than_a_trusted_signature(tls_device: Start, trusted: Start) -> None:
    peer, shown = await tls_device()
    trusted(shown)
    await assert_untrusted(peer, fingerprint=b"\x01" * 32)


async def test_a_certificate_that_nobody_trusts_gets_nothing(tls_device: Start) -> None:
    peer, _ = await tls_device()
    await assert_untrusted(peer)


async def test_a_trusted_certificate_is_taken_for_its_own_name_only(tls_device: Start, trusted: Start) -> None:
    peer, shown = await tls_device(names=("127.0.0.1",))
    trusted(shown)
    async with aclosing(IppTransport(device(peer.uri), QUICK)) as transport:
        assert (await transport.probe()).accepting
    peer.heard.clear()
    other, _ = await tls_device(names=("printer.example",))
    await assert_untrusted(other)


async def test_a_trusted_certificate_out_of_date_gets_nothing(tls_device: Start, trusted: Start) -> None:
    peer, shown = await tls_device(ended=True)
    trusted(shown)
    await assert_untrusted(peer)


async def test_the_name_is_checked_though_the_connection_goes_to_an_address(tls_device: Start, trusted: Start) -> None:
    peer, shown = await tls_device(host="localhost", names=("localhost",))
    trusted(shown)
    async with aclosing(IppTransport(device(peer.uri), QUICK)) as transport:
        assert (await transport.probe()).accepting


async def test_what_a_device_shows_is_fetched_for_pinning(tls_device: Start) -> None:
    peer, shown = await tls_device()
    seen = await fetch_certificate(peer.uri, 5)
    assert seen.fingerprint.hex() == shown.fingerprint
    assert seen.colons == seen.fingerprint.hex(":").upper()
    assert seen.subject == seen.issuer == "CN=localhost"
    assert seen.not_before < seen.not_after
    assert peer.heard == []


@pytest.fixture
def silent() -> Iterator[str]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"ipps://127.0.0.1:{listening.getsockname()[1]}/ipp/print"


async def test_a_stalled_handshake_ends_in_time(silent: str) -> None:
    hasty = TransportSettings(connect_timeout=0.3, answer_timeout=30)
    async with aclosing(IppTransport(device(silent), hasty)) as transport:
        with pytest.raises(Unreachable, match="cannot be reached"):
            await transport.probe()
    with pytest.raises(Unreachable, match="showed no certificate"):
        await fetch_certificate(silent, 0.3)


async def test_a_device_without_tls_is_unreachable_by_ipps() -> None:
    async with HostileDevice() as plain:
        uri = plain.uri.replace("ipp://", "ipps://")
        async with aclosing(IppTransport(device(uri), QUICK)) as transport:
            with pytest.raises(Unreachable):
                await transport.probe()
        with pytest.raises(Unreachable, match=r"speaks no TLS|showed no certificate"):
            await fetch_certificate(uri, 1)


async def test_a_device_that_cuts_in_the_handshake_is_unreachable() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.close()

    async with await asyncio.start_server(cut, "127.0.0.1", 0) as server:
        uri = f"ipps://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with aclosing(IppTransport(device(uri), QUICK)) as transport:
            with pytest.raises(Unreachable):
                await transport.probe()
        with pytest.raises(Unreachable):
            await fetch_certificate(uri, 1)


@pytest.mark.parametrize("uri", ["ipp://127.0.0.1/", "socket://127.0.0.1/"])
async def test_only_an_ipps_device_has_a_certificate_to_pin(uri: str) -> None:
    with pytest.raises(ValueError, match="only an ipps device"):
        await fetch_certificate(uri, 1)
