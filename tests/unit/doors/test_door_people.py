"""People are known by certificates that their authority has issued, and by nothing that looks like one."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import ClientCertificates, TlsKeeper, TlsSettings
from ippgate.doors.tls.people import NamedBy, People
from ippgate.ipp import Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.queue_options import QueueOptions
from tests.rig.certificate import Certificate, certificate
from tests.unit.doors.client import Reply, message_of, post, sentence_of, status_of
from tests.unit.doors.gate import BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting
from tests.unit.doors.test_door_operators import OLGA, WRONG

UPN = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
PDF = b"%PDF-1.7 a page"
TO_PRIVATE = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/private")


def made(folder: Path, name: str, issuer: Certificate | None = None) -> Certificate:
    """A certificate for that name."""
    (folder / name).mkdir()
    return certificate(folder / name, names=(name,), issuer=issuer)


class Authority:
    """Issues certificates; `file` is what an operator names in the configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.own = certificate(folder, names=("authority",))
        self.file = self.own.certificate

    def issue(self, name: str) -> Certificate:
        return made(self.folder, name, issuer=self.own)

    def signed(self, *names: str, alternatives: tuple[x509.GeneralName, ...] = ()) -> bytes:
        """A certificate with these common names and alternative names, in DER."""
        key = serialization.load_pem_private_key(self.own.key.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names])
        issuer = x509.load_pem_x509_certificate(self.file.read_bytes()).subject
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
async def gate(tmp_path: Path, authority: Authority) -> AsyncIterator[Gate]:
    keeper, people = TlsKeeper(TlsSettings(tmp_path / "tls")), People(authority.file, NamedBy.COMMON_NAME)
    keeper.open()
    others = [made(tmp_path, name) for name in ("anna", "station")]  # registered for something else

    async def registered() -> list[bytes]:
        return [other.der for other in others]

    await ClientCertificates(keeper, [people.certificates, registered]).look()
    async with Gate(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context, people=people.name) as gate:
        gate.memory.add_queue("private", options=QueueOptions(known_only=True))
        gate.issued.add("s" * 32, "followme", person="otto")
        yield gate


async def ask(gate: Gate, body: bytes, *headers: str, shows: Certificate | None = None) -> Reply:
    """One request over TLS, by a client with this certificate."""
    context = trusting()
    if shows is not None:
        context.load_cert_chain(shows.certificate, shows.key)
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, context) as client:
        return await client.ask(post(body, headers=headers))


async def owner(gate: Gate, *headers: str, shows: Certificate | None, target: str = "") -> str:
    """Whose job it is that such a client prints as bob."""
    uri = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme{target}")
    reply = await ask(gate, message_of(Operation.PRINT_JOB, uri, BOB) + PDF, *headers, shows=shows)
    assert status_of(reply.ipp) == Status.SUCCESSFUL_OK
    return gate.memory.jobs[max(gate.memory.jobs)].owner


async def test_a_job_is_whose_certificate_was_shown_whatever_the_client_says(gate: Gate, authority: Authority) -> None:
    assert await owner(gate, shows=authority.issue("anna")) == "anna"
    assert await owner(gate, shows=None) == "bob"


async def test_a_certificate_that_is_registered_for_something_else_is_no_persons(gate: Gate, tmp_path: Path) -> None:
    """It says that it is anna's, and hands are shaken with it; but her authority has not issued it."""
    annas, stations = [
        Certificate(tmp_path / name / "device.crt", tmp_path / name / "device.key", "") for name in ("anna", "station")
    ]
    assert await owner(gate, shows=annas) == "bob"
    assert await owner(gate, shows=made(tmp_path / "station", "anna", issuer=stations)) == "bob"


async def test_the_authoritys_own_certificate_is_nobodys(gate: Gate, authority: Authority) -> None:
    assert await owner(gate, shows=authority.own) == "bob"


async def test_a_strangers_certificate_is_turned_away(gate: Gate, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    with pytest.raises((ssl.SSLError, ConnectionError, EOFError)):
        await owner(gate, shows=stranger.issue("anna"))
    assert gate.memory.jobs == {}


async def test_an_operator_and_a_private_uri_count_more(gate: Gate, authority: Authority) -> None:
    annas = authority.issue("anna")
    assert await owner(gate, OLGA, shows=annas) == "olga"
    assert await owner(gate, shows=annas, target=f"/~{'s' * 32}") == "otto"
    reply = await ask(gate, message_of(Operation.PRINT_JOB, FOLLOWME, BOB) + PDF, WRONG, shows=annas)
    assert reply.status == 401


async def test_a_person_who_is_called_as_an_operator_is_none(gate: Gate, authority: Authority) -> None:
    reply = await ask(gate, message_of(Operation.PAUSE_PRINTER, FOLLOWME, BOB), shows=authority.issue("olga"))
    assert reply.status == 401
    assert gate.switches.asked == []


async def test_a_queue_for_known_people_takes_jobs_by_certificate(gate: Gate, authority: Authority) -> None:
    body = message_of(Operation.PRINT_JOB, TO_PRIVATE, BOB) + PDF
    stranger = await ask(gate, body)
    assert (stranger.status, status_of(stranger.ipp)) == (200, Status.CLIENT_ERROR_FORBIDDEN)
    assert sentence_of(stranger.ipp).endswith(", or over TLS with your certificate")
    assert status_of((await ask(gate, body, shows=authority.issue("anna"))).ipp) == Status.SUCCESSFUL_OK
    assert [job.owner for job in gate.memory.jobs.values()] == ["anna"]


async def test_a_queue_for_known_people_tells_that_it_wants_a_certificate(gate: Gate) -> None:
    for reply in (
        await ask(gate, message_of(Operation.GET_PRINTER_ATTRIBUTES, TO_PRIVATE)),
        await gate.ask(post(message_of(Operation.GET_PRINTER_ATTRIBUTES, TO_PRIVATE))),
    ):
        printer = reply.ipp.group(Tag.PRINTER)
        assert printer is not None
        assert printer.texts(A.URI_AUTHENTICATION_SUPPORTED) == ["certificate"]
        assert printer.texts(A.URI_SECURITY_SUPPORTED) == ["tls"]
        assert len(printer.texts(A.PRINTER_URI_SUPPORTED)) == 1


# ── names in certificates ──


async def people_of(authority: Authority, part: NamedBy) -> People:
    people = People(authority.file, part)
    await people.certificates()
    return people


def utf8(text: str, tag: int = 0x0C) -> bytes:
    octets = text.encode()
    length = bytes([len(octets)]) if len(octets) < 0x80 else bytes([0x81, len(octets)])
    return bytes([tag]) + length + octets


ANNA = x509.RFC822Name("anna@example.org")
PRINCIPAL = x509.OtherName(UPN, utf8("anna@corp.example"))


@pytest.mark.parametrize(
    ("part", "names", "alternatives", "person"),
    [
        (NamedBy.COMMON_NAME, ("anna",), (), "anna"),
        (NamedBy.COMMON_NAME, ("Anna Müller",), (ANNA,), "Anna Müller"),
        (NamedBy.COMMON_NAME, ("an\nna\u202e",), (), "an na"),
        (NamedBy.COMMON_NAME, (), (ANNA,), ""),
        (NamedBy.COMMON_NAME, ("anna", "bob"), (), ""),
        (NamedBy.EMAIL, ("bob",), (ANNA,), "anna@example.org"),
        (NamedBy.EMAIL, ("bob",), (), ""),
        (NamedBy.EMAIL, ("bob",), (ANNA, x509.RFC822Name("bob@example.org")), ""),
        (NamedBy.PRINCIPAL, ("bob",), (ANNA, PRINCIPAL), "anna@corp.example"),
        (NamedBy.PRINCIPAL, ("bob",), (x509.OtherName(UPN, utf8("x" * 200)),), "x" * 200),
        (NamedBy.PRINCIPAL, ("bob",), (ANNA,), ""),
        (NamedBy.PRINCIPAL, ("bob",), (x509.OtherName(UPN, utf8("anna", 0x13)),), ""),
        (NamedBy.PRINCIPAL, ("bob",), (x509.OtherName(UPN, b"\x0c\x02\xff\xff"),), ""),
    ],
)
async def test_a_name_stands_where_the_operator_says_or_there_is_none(
    authority: Authority, part: NamedBy, names: tuple[str, ...], alternatives: tuple[x509.GeneralName, ...], person: str
) -> None:
    people = await people_of(authority, part)
    assert people.name(authority.signed(*names, alternatives=alternatives)) == person


async def test_octets_that_are_no_certificate_are_nobodys(authority: Authority) -> None:
    people = await people_of(authority, NamedBy.COMMON_NAME)
    for octets in (b"", b"nothing", authority.signed("anna")[:-1]):
        assert people.name(octets) == ""


async def test_one_that_only_says_who_issued_it_is_nobodys(authority: Authority, tmp_path: Path) -> None:
    people = await people_of(authority, NamedBy.COMMON_NAME)
    namesake = Authority(tmp_path / "namesake")  # the same name, another key
    assert people.name(namesake.signed("anna")) == ""
    assert people.name(authority.signed("anna")) == "anna"


async def test_a_file_that_is_broken_changes_nothing_until_it_is_whole(authority: Authority, tmp_path: Path) -> None:
    people = await people_of(authority, NamedBy.COMMON_NAME)
    whole = authority.file.read_bytes()
    for octets in (b"", b"nothing"):
        authority.file.write_bytes(octets)
        assert len(await people.certificates()) == 1
    authority.file.unlink()
    assert len(await people.certificates()) == 1
    assert people.name(Authority(tmp_path / "other").signed("anna")) == ""
    authority.file.write_bytes(whole * 2)
    assert len(await people.certificates()) == 2
    assert await People(tmp_path / "missing", NamedBy.EMAIL).certificates() == []
