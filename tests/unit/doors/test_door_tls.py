"""TLS at the doors: what is spoken, what is shown, how it is renewed, and how little a client that stalls may cost."""

import asyncio
import os
import ssl
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import CertificateUnusable, TlsKeeper, TlsSettings
from ippgate.doors.tls import keeper as keeper_module
from ippgate.doors.tls.own import ensure
from ippgate.ipp import Operation, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.observe import Event
from tests.rig.certificate import Certificate, certificate
from tests.rig.eventually import eventually
from tests.unit.doors.client import message_of, post
from tests.unit.doors.gate import ALICE, FOLLOWME, Gate
from tests.unit.doors.secure import SecureClient, trusting

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: gate\r\n\r\n"
QUICK = DoorSettings(port=0, tls_port=0, header_timeout=0.5, max_connections_per_address=3)


@pytest.fixture
def settings(tmp_path: Path) -> TlsSettings:
    return TlsSettings(tmp_path / "tls", look=0.02)


def opened(settings: TlsSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> TlsKeeper:
    keeper = TlsKeeper(settings, now)
    keeper.open()
    return keeper


def secured(settings: TlsSettings, doors: DoorSettings | None = None) -> Gate:
    keeper = opened(settings)
    return Gate(doors or DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context)


def tls_port(gate: Gate) -> int:
    assert gate.server.tls_port is not None
    return gate.server.tls_port


# ── what is spoken ──


async def test_everything_is_there_over_tls_too(settings: TlsSettings) -> None:
    trusts = trusting
    async with secured(settings) as gate:
        for path in ("/healthz", "/readyz", "/metrics", "/", "/icon.png"):
            async with SecureClient(tls_port(gate), trusts(settings.folder / "gate.crt")) as client:
                reply = await client.ask(f"GET {path} HTTP/1.1\r\nHost: gate\r\n\r\n".encode())
                assert reply.status == 200, path
                assert path != "/" or f"ipps://gate:{tls_port(gate)}/ipp/print/followme" in reply.text


@pytest.mark.parametrize(
    ("version", "spoken"),
    [(ssl.TLSVersion.TLSv1_1, None), (ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_tls_is_spoken_from_1_2_on(settings: TlsSettings, version: ssl.TLSVersion, spoken: str | None) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    async with secured(settings) as gate:
        client = SecureClient(tls_port(gate), context)
        if spoken is None:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await client.__aenter__()
        else:
            async with client:
                assert client.version == spoken
                assert (await client.ask(HEALTH)).status == 200


@pytest.mark.parametrize(
    "ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "aNULL", "DES-CBC3-SHA"]
)
async def test_weak_ciphers_are_not_spoken(settings: TlsSettings, ciphers: str) -> None:
    context = trusting()
    try:
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    except ssl.SSLError:
        return  # this machine's OpenSSL does not know it any more
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with secured(settings) as gate:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await SecureClient(tls_port(gate), context).__aenter__()


async def test_plain_http_on_the_port_of_tls_gets_no_answer_and_does_no_harm(settings: TlsSettings) -> None:
    async with secured(settings) as gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", tls_port(gate))
        writer.write(post(message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME)))
        said = await asyncio.wait_for(reader.read(), 10)
        assert b"HTTP" not in said
        writer.close()
        async with SecureClient(tls_port(gate), trusting()) as client:
            assert (await client.ask(HEALTH)).status == 200


async def test_uris_follow_the_scheme_that_the_client_used(settings: TlsSettings) -> None:
    async with secured(settings) as gate:
        plain, tls = f"ipp://gate:{gate.server.port}", f"ipps://gate:{tls_port(gate)}"
        wanted = [A.PRINTER_URI_SUPPORTED, A.URI_SECURITY_SUPPORTED, A.URI_AUTHENTICATION_SUPPORTED, A.PRINTER_ICONS]
        asked = message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME, attribute(A.REQUESTED_ATTRIBUTES, *wanted))
        printing = message_of(Operation.PRINT_JOB, FOLLOWME, ALICE) + b"%PDF"
        async with gate.client() as client:
            before = (await client.ask(post(asked, host=f"gate:{gate.server.port}"))).ipp.group(Tag.PRINTER)
        async with SecureClient(tls_port(gate), trusting()) as client:
            after = (await client.ask(post(asked, host=f"gate:{tls_port(gate)}"))).ipp.group(Tag.PRINTER)
            printed = (await client.ask(post(printing, host=f"gate:{tls_port(gate)}"))).ipp.group(Tag.JOB)
        assert before is not None
        assert after is not None
        assert printed is not None
        path = "/ipp/print/followme"
        assert list(before.texts(A.PRINTER_URI_SUPPORTED)) == [plain + path, tls + path]
        assert list(after.texts(A.PRINTER_URI_SUPPORTED)) == [tls + path, plain + path]
        assert list(before.texts(A.URI_SECURITY_SUPPORTED)) == ["none", "tls"]
        assert list(after.texts(A.URI_SECURITY_SUPPORTED)) == ["tls", "none"]
        assert list(after.texts(A.URI_AUTHENTICATION_SUPPORTED)) == ["requesting-user-name"] * 2
        assert after.text(A.PRINTER_ICONS) == f"https://gate:{tls_port(gate)}/icon.png"
        assert printed.text(A.JOB_URI) == f"{tls}/jobs/1"


async def test_without_tls_one_uri_is_told(settings: TlsSettings) -> None:
    async with Gate() as gate:
        answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)
        printer = answer.group(Tag.PRINTER)
        assert printer is not None
        assert list(printer.texts(A.URI_SECURITY_SUPPORTED)) == ["none"]
        assert len(list(printer.texts(A.PRINTER_URI_SUPPORTED))) == 1


async def test_a_large_document_passes_in_both_directions_of_reading(settings: TlsSettings) -> None:
    document = os.urandom(3 << 20)
    async with secured(settings) as gate:
        async with SecureClient(tls_port(gate), trusting()) as client:
            reply = await client.ask(post(message_of(Operation.PRINT_JOB, FOLLOWME, ALICE) + document))
        assert reply.status == 200
        assert gate.memory.documents[1] == document


async def test_a_client_that_sends_its_request_with_the_end_of_the_handshake_is_answered(settings: TlsSettings) -> None:
    """TLS 1.3 clients do: what they say must not be lost on the way from the handshake to HTTP."""
    async with secured(settings) as gate:
        for _ in range(50):
            async with SecureClient(tls_port(gate), trusting()) as client:
                assert (await client.ask(HEALTH)).status == 200
        await eventually(lambda: gate.server.connections == 0, "all to be gone")


# ── clients that stall ──


async def test_a_handshake_that_stalls_is_cut_in_time(settings: TlsSettings) -> None:
    async with secured(settings, QUICK) as gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", tls_port(gate))
        writer.write(b"\x16\x03\x01")  # the beginning of a ClientHello
        assert gate.server.connections <= 1
        assert await asyncio.wait_for(reader.read(), 10) == b""
        await eventually(lambda: gate.server.connections == 0, "it not to be counted any more")
        writer.close()


async def test_clients_that_have_not_shaken_hands_count_and_good_ones_come_after_them(settings: TlsSettings) -> None:
    async with secured(settings, QUICK) as gate:
        idle = [await asyncio.open_connection("127.0.0.1", tls_port(gate)) for _ in range(3)]
        await eventually(lambda: gate.server.connections == 3, "them to be counted")
        with pytest.raises((ConnectionError, ssl.SSLError)):
            await SecureClient(tls_port(gate), trusting()).__aenter__()
        async with SecureClient(tls_port(gate), trusting(), source="127.0.0.2") as client:
            assert (await client.ask(HEALTH)).status == 200
        async with gate.client() as client:
            assert (await client.hear()).status == 503  # the bound is one for both ports
        await eventually(lambda: gate.server.connections == 0, "the deadline to cut them")
        async with SecureClient(tls_port(gate), trusting()) as client:
            assert (await client.ask(HEALTH)).status == 200
        for _, writer in idle:
            writer.close()


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01", os.urandom(500), b"\x80\x2e\x01\x00\x02"])
async def test_a_client_that_goes_in_the_middle_of_its_handshake_is_not_counted_any_more(
    settings: TlsSettings, said: bytes
) -> None:
    async with secured(settings) as gate:
        for _ in range(5):
            _, writer = await asyncio.open_connection("127.0.0.1", tls_port(gate))
            writer.write(said)
            writer.transport.abort()
        await eventually(lambda: gate.server.connections == 0, "them to be gone")


async def test_a_client_that_drips_inside_tls_is_cut_like_any_other(settings: TlsSettings) -> None:
    async with secured(settings, QUICK) as gate, SecureClient(tls_port(gate), trusting()) as client:
        await client.say(b"POST /ipp/print/followme HTTP/1.1\r\n")
        assert (await client.hear()).status == 408
        await eventually(lambda: gate.server.connections == 0, "it to be gone")


async def test_a_stopping_server_sends_those_away_who_have_not_shaken_hands(settings: TlsSettings) -> None:
    gate = secured(settings, DoorSettings(port=0, tls_port=0))
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", tls_port(gate))
        await eventually(lambda: gate.server.connections == 1, "it to be counted")
        port = tls_port(gate)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def test_a_taken_port_of_tls_is_said_and_the_other_is_given_back(settings: TlsSettings) -> None:
    async with secured(settings) as gate:
        keeper = opened(settings)
        other = Gate(DoorSettings(port=0, tls_port=tls_port(gate)), tls=lambda: keeper.context)
        with pytest.raises(OSError, match="in use"):
            await other.server.start()
        assert not other.server.listening


# ── what is shown ──


def loaded(settings: TlsSettings) -> x509.Certificate:
    return x509.load_pem_x509_certificate((settings.folder / "gate.pem").read_bytes())


def test_the_gate_makes_a_certificate_for_its_names_and_closes_its_key(settings: TlsSettings) -> None:
    settings = TlsSettings(settings.folder, names=("print.example.org", "0.0.0.0", "192.0.2.7"))
    assert ensure(settings, NOON) == settings.folder / "gate.pem"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [settings.folder, *settings.folder.iterdir()]}
    assert modes == {"tls": 0o700, "gate.pem": 0o600, "gate.crt": 0o644, "lock": 0o600}
    made = loaded(settings)
    assert b"PRIVATE" not in (settings.folder / "gate.crt").read_bytes()
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    told = {str(name.value) for name in names}
    assert {"print.example.org", "192.0.2.7", "localhost", "127.0.0.1", "::1"} <= told
    assert "0.0.0.0" not in told
    assert made.public_key().curve.name == "secp256r1"  # type: ignore[union-attr]  # it is one of a curve
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=397)
    assert made.not_valid_before_utc <= NOON - timedelta(hours=23)


def test_it_stays_until_its_end_is_near_and_is_made_anew_then(settings: TlsSettings) -> None:
    ensure(settings, NOON)
    first = loaded(settings)
    ensure(settings, NOON + timedelta(days=365))
    assert loaded(settings) == first
    ensure(settings, NOON + timedelta(days=367))
    assert loaded(settings).not_valid_after_utc > first.not_valid_after_utc
    assert loaded(settings).public_key() != first.public_key()


def test_a_name_that_is_configured_later_gets_into_a_new_one(settings: TlsSettings) -> None:
    ensure(settings, NOON)
    first = loaded(settings)
    ensure(TlsSettings(settings.folder, names=("print.example.org",)), NOON)
    assert loaded(settings) != first


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN", b"x" * 5000])
def test_a_damaged_file_is_replaced(settings: TlsSettings, damage: bytes) -> None:
    ensure(settings, NOON)
    (settings.folder / "gate.pem").write_bytes(damage)
    ensure(settings, NOON)
    assert loaded(settings).not_valid_after_utc > NOON


def _made(folder: Path) -> bytes:
    return ensure(TlsSettings(folder), NOON).read_bytes()


def test_workers_that_start_together_make_one(settings: TlsSettings) -> None:
    with ProcessPoolExecutor(4) as workers:
        assert len(set(workers.map(_made, [settings.folder] * 16))) == 1


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CertificateUnusable, match="no certificate can be made in"):
        opened(TlsSettings(tmp_path / "file" / "tls"))


async def shown(gate: Gate) -> bytes:
    async with SecureClient(tls_port(gate), trusting()) as client:
        return client.shown


def of(pair: Certificate) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pair.certificate.read_text())


@pytest.fixture
def own(tmp_path: Path) -> Certificate:
    """An operator's own."""
    return certificate(folder(tmp_path, "own"))


def folder(root: Path, name: str) -> Path:
    made = root / name
    made.mkdir()
    return made


async def test_the_operator_s_own_is_shown_and_read_again_when_it_changes(
    settings: TlsSettings, own: Certificate, tmp_path: Path
) -> None:
    settings = TlsSettings(settings.folder, own.certificate, own.key, look=0.02)
    keeper = opened(settings)
    assert not settings.folder.exists()
    async with Gate(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context) as gate:
        watching = asyncio.ensure_future(keeper.run())
        async with SecureClient(tls_port(gate), trusting(own.certificate)) as before:
            assert before.shown == of(own)
            new = certificate(folder(tmp_path, "new"))
            own.key.write_bytes(new.key.read_bytes())  # half of it: the former pair is shown on
            own.certificate.write_bytes(own.certificate.read_bytes())
            assert await shown(gate) == before.shown
            own.certificate.write_bytes(new.certificate.read_bytes())

            async def renewed() -> bool:
                return await shown(gate) == of(new)

            await eventually(renewed, "the new one to be shown")
            assert (await before.ask(HEALTH)).status == 200  # whoever is connected stays
        watching.cancel()


async def test_the_gate_s_own_is_renewed_while_it_serves(settings: TlsSettings) -> None:
    at = [datetime.now(UTC)]
    keeper = opened(settings, lambda: at[0])
    async with Gate(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context) as gate:
        watching = asyncio.ensure_future(keeper.run())
        before = await shown(gate)
        at[0] += timedelta(days=370)

        async def renewed() -> bool:
            return await shown(gate) != before

        await eventually(renewed, "the new one to be shown")
        watching.cancel()


async def test_files_that_do_not_belong_together_change_nothing_and_are_said_once(
    settings: TlsSettings, own: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, said = TlsSettings(settings.folder, own.certificate, own.key, look=0.01), []
    monkeypatch.setattr(keeper_module, "note", lambda event, **_facts: said.append(event))
    keeper = opened(settings)
    context = keeper.context

    def complaints() -> int:
        return said.count(Event.CERTIFICATE_UNUSABLE)

    watching = asyncio.ensure_future(keeper.run())
    own.key.write_bytes(certificate(folder(tmp_path, "other")).key.read_bytes())
    await eventually(lambda: complaints() == 1, "it to be said")
    own.key.unlink()
    await eventually(lambda: complaints() == 2, "it to be said")
    for _ in range(10):
        with suppress(CertificateUnusable):
            keeper._look()
    assert complaints() == 2
    assert keeper.context is context
    watching.cancel()


@pytest.mark.parametrize("broken", ["no key", "no certificate", "a key of another", "a certificate of nothing"])
def test_a_server_does_not_start_on_files_that_will_not_do(own: Certificate, tmp_path: Path, broken: str) -> None:
    match broken:
        case "no key":
            own.key.unlink()
        case "no certificate":
            own.certificate.unlink()
        case "a key of another":
            own.key.write_bytes(certificate(folder(tmp_path, "other")).key.read_bytes())
        case _:
            own.certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(CertificateUnusable, match=r"device\.(crt|key)"):
        opened(TlsSettings(tmp_path / "tls", own.certificate, own.key))


def test_a_key_with_a_password_is_refused_and_asks_nobody_at_the_terminal(own: Certificate, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - for this test alone
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    key = load_pem_private_key(own.key.read_bytes(), None)
    own.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(CertificateUnusable, match="is protected by a password: store it without one"):
        opened(TlsSettings(tmp_path / "tls", own.certificate, own.key))
