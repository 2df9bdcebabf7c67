"""Certificates that clients show: asked for only where some are registered, each taken for itself and for no other."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from aiohttp import web

from ippgate.doors.connection import Connection
from ippgate.doors.server import Server
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import ClientCertificates, TlsKeeper, TlsSettings, handshakes
from ippgate.model.errors import Unavailable
from ippgate.observe import Event
from tests.rig.certificate import Certificate, certificate
from tests.rig.eventually import eventually
from tests.unit.doors.secure import SecureClient, trusting

QUESTION = b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


async def shown(request: web.BaseRequest) -> web.StreamResponse:
    """Answers with the fingerprint of the certificate that its client has shown."""
    connection = request.protocol
    assert isinstance(connection, Connection)
    return web.Response(text=connection.certificate.hex() if connection.certificate else "none")


class House:
    """A server that tells each client what certificate it has shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keeper = TlsKeeper(TlsSettings(folder / "tls"))
        self.keeper.open()
        settings = DoorSettings(port=0, tls_port=0)
        self.server = Server(settings, ipp=shown, web_pages=shown, tls=lambda: self.keeper.context)

    def made(self, name: str, *, issuer: Certificate | None = None, ended: bool = False) -> Certificate:
        place = self.folder / name
        place.mkdir()
        return certificate(place, names=(f"{name}.example",), issuer=issuer, ended=ended)

    async def trust(self, *certificates: Certificate) -> None:
        await self.keeper.trust([each.der for each in certificates])

    def client(self, shows: Certificate | None, version: ssl.TLSVersion = VERSIONS[1]) -> SecureClient:
        context = trusting()
        context.minimum_version = context.maximum_version = version
        if shows is not None:
            context.load_cert_chain(shows.certificate, shows.key)
        assert self.server.tls_port is not None
        return SecureClient(self.server.tls_port, context)

    async def sees(self, shows: Certificate | None, version: ssl.TLSVersion = VERSIONS[1]) -> str:
        """The fingerprint that it sees, "none", or "turned away"."""
        try:
            async with self.client(shows, version) as client:
                return (await client.ask(QUESTION)).text
        except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError):
            return "turned away"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    await house.server.start()
    yield house
    await house.server.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_registered_certificate_is_known_and_whoever_shows_none_is_welcome(
    house: House, version: ssl.TLSVersion
) -> None:
    known = house.made("known")
    await house.trust(known)
    assert await house.sees(known, version) == known.fingerprint
    assert await house.sees(None, version) == "none"


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_somebody_issued_is_known_without_its_issuer(house: House, version: ssl.TLSVersion) -> None:
    authority = house.made("authority")
    known, sibling = house.made("known", issuer=authority), house.made("sibling", issuer=authority)
    await house.trust(known)
    assert await house.sees(known, version) == known.fingerprint
    assert await house.sees(sibling, version) == "turned away"
    assert await house.sees(authority, version) == "turned away"


async def test_what_a_registered_one_has_issued_is_not_that_one(house: House) -> None:
    known = house.made("known")
    issued = house.made("issued", issuer=known)
    await house.trust(known)
    assert await house.sees(issued) == issued.fingerprint != known.fingerprint


async def test_a_stranger_s_certificate_is_turned_away_and_it_is_said_why(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr(handshakes, "note", lambda event, **facts: said.append((event, facts)))
    await house.trust(house.made("known"))
    assert await house.sees(house.made("stranger")) == "turned away"
    await eventually(lambda: said, "it to be said")
    [(event, facts)] = said
    assert (event, facts["client"]) == (Event.CLIENT_TURNED_AWAY, "127.0.0.1")
    assert str(facts["reason"]).startswith("it showed a certificate that is not taken here: ")


async def test_one_that_is_out_of_date_is_turned_away(house: House) -> None:
    ended = house.made("ended", ended=True)
    await house.trust(ended)
    assert await house.sees(ended) == "turned away"


async def test_nobody_is_asked_where_none_is_registered(house: House) -> None:
    """A person whose computer has a certificate is not asked to choose one to print."""
    known = house.made("known")
    assert await house.sees(known) == "none"
    await house.trust(known)
    assert await house.sees(known) == known.fingerprint
    await house.trust()
    assert await house.sees(known) == "none"


async def test_one_that_is_taken_back_is_taken_no_more(house: House) -> None:
    first, second = house.made("first"), house.made("second")
    await house.trust(first, second)
    assert await house.sees(first) == first.fingerprint
    await house.trust(second)
    assert (await house.sees(first), await house.sees(second)) == ("turned away", second.fingerprint)


def talk(port: int, context: ssl.SSLContext, session: ssl.SSLSession | None) -> tuple[str, ssl.SSLSession | None, bool]:
    """One request by a client that takes up a session: what the server sees, the session, whether it was taken up."""
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost", session=session) as secure,
    ):
        secure.sendall(QUESTION)
        answer = secure.recv(65_536).decode()
        while not answer.partition("\r\n\r\n")[2]:
            answer += secure.recv(65_536).decode()
        return answer.partition("\r\n\r\n")[2], secure.session, bool(secure.session_reused)


async def test_a_session_that_is_taken_up_again_is_still_of_the_same_client(house: House) -> None:
    known, port = house.made("known"), house.server.tls_port
    await house.trust(known)
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(known.certificate, known.key)
    assert port is not None
    first, session, _ = await asyncio.to_thread(talk, port, context, None)
    assert await asyncio.to_thread(talk, port, context, session) == (first, session, True)
    assert first == known.fingerprint
    await house.trust(house.made("other"))
    with pytest.raises(OSError, match=r"unknown ca|certificate|reset|EOF"):
        await asyncio.to_thread(talk, port, context, session)


async def test_certificates_of_clients_outlive_a_new_one_of_the_gate(house: House) -> None:
    known = house.made("known")
    await house.trust(known)
    (house.folder / "tls" / "gate.pem").unlink()
    house.keeper._look()
    assert await house.sees(known) == known.fingerprint


# ── who keeps the list ──


class Listed:
    """A keeper that remembers what it was told, and a register that may be away."""

    def __init__(self) -> None:
        self.told: list[set[bytes]] = []
        self.registered: set[bytes] = set()
        self.away = False

    async def trust(self, certificates: Iterable[bytes]) -> None:
        self.told.append(set(certificates))

    async def certificates(self) -> Iterable[bytes]:
        if self.away:
            raise Unavailable("the database is away")
        return self.registered


async def test_all_registers_together_are_trusted_and_a_change_is_seen_at_once() -> None:
    one, other = Listed(), Listed()
    one.registered, other.registered = {b"a"}, {b"b"}
    clients = ClientCertificates(one, [one.certificates, other.certificates])
    await clients.look()
    running = asyncio.ensure_future(clients.run())
    other.registered = {b"c"}
    clients.wake()
    await eventually(lambda: len(one.told) == 2, "the change to be seen")
    running.cancel()
    assert one.told == [{b"a", b"b"}, {b"a", b"c"}]


async def test_while_a_register_cannot_be_read_what_was_known_stays() -> None:
    listed = Listed()
    clients = ClientCertificates(listed, [listed.certificates])
    listed.away = True
    await clients.look()
    assert listed.told == []
