"""Printer URIs with a secret: who prints is whose URI it is, nobody else sees it, and a wrong one is nothing at all."""

import io
import ssl
from collections.abc import AsyncIterator, Callable

import pytest

from ippgate.doors.ipp.table import HANDLERS
from ippgate.doors.ipp.uri import Target, target_of
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import Attribute, IppError, JobState, Message, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import Busy, Unavailable
from ippgate.model.queue_options import QueueOptions
from ippgate.observe import configure, log
from tests.unit.doors.client import Reply, message_of, post, sentence_of, status_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting
from tests.unit.doors.test_door_operators import OLGA, WRONG

ANNAS, DESK, OTHERS = "a" * 32, "Desk-1_" + "d" * 25, "o" * 32
PDF = b"%PDF-1.7 a page"
NO_MORE = "there is no such printer any more: ask its operator for a new URI"
URIS = attribute(
    A.REQUESTED_ATTRIBUTES, A.PRINTER_URI_SUPPORTED, A.URI_SECURITY_SUPPORTED, A.URI_AUTHENTICATION_SUPPORTED
)


def by(secret: str, queue: str = "followme", rest: str = "", name: str = A.PRINTER_URI) -> Attribute:
    return attribute(name, f"{HERE}/ipp/print/{queue}/~{secret}{rest}")


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> TlsKeeper:
    keeper = TlsKeeper(TlsSettings(tmp_path_factory.mktemp("tls")))
    keeper.open()
    return keeper


@pytest.fixture
def context(keeper: TlsKeeper) -> Callable[[], ssl.SSLContext]:
    return lambda: keeper.context


@pytest.fixture
async def gate(context: Callable[[], ssl.SSLContext]) -> AsyncIterator[Gate]:
    async with Gate(DoorSettings(port=0, tls_port=0), tls=context) as gate:
        gate.memory.add_queue("other")
        gate.memory.add_queue("private", options=QueueOptions(known_only=True))
        for queue, secret, bound in (
            ("followme", ANNAS, {"person": "anna"}),
            ("followme", DESK, {"workstation": "reception"}),
            ("other", OTHERS, {"person": "otto"}),
            ("private", "p" * 32, {"person": "anna"}),
        ):
            gate.issued.add(secret, queue, **bound)
        yield gate


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that is noted."""
    monkeypatch.setattr(log, "_log", log._log)
    stream = io.StringIO()
    configure("json", "debug", stream)
    return stream


async def secure(gate: Gate, body: bytes, *headers: str) -> Reply:
    """One request over TLS."""
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, trusting()) as client:
        return await client.ask(post(body, headers=headers))


def texts(answer: Message, name: str) -> list[str]:
    printer = answer.group(Tag.PRINTER)
    assert printer is not None
    return printer.texts(name)


# ── whose jobs they are ──


@pytest.mark.parametrize("user", [ALICE, BOB, None])
async def test_jobs_by_a_persons_uri_are_that_persons_whatever_the_client_says(
    gate: Gate, user: Attribute | None
) -> None:
    answer = await gate.operate(Operation.PRINT_JOB, document=PDF, user=user, target=by(ANNAS))
    assert status_of(answer) == Status.SUCCESSFUL_OK
    [job] = gate.memory.jobs.values()
    assert (job.owner, job.host) == ("anna", "127.0.0.1")


@pytest.mark.parametrize(("user", "owner"), [(ALICE, "alice"), (None, "anonymous")])
async def test_jobs_by_a_workstations_uri_are_whose_the_client_says_and_name_the_workstation(
    gate: Gate, user: Attribute | None, owner: str
) -> None:
    await gate.operate(Operation.PRINT_JOB, document=PDF, user=user, target=by(DESK))
    [job] = gate.memory.jobs.values()
    assert (job.owner, job.host) == (owner, "reception")


@pytest.mark.parametrize("over_tls", [False, True])
async def test_a_client_that_keeps_its_uri_prints_looks_and_cancels(gate: Gate, over_tls: bool) -> None:
    """As Windows and CUPS do it: what they are told is what they come back with."""

    async def ask(code: int, *given: Attribute, document: bytes = b"") -> Message:
        body = message_of(code, *given, BOB) + document
        return (await (secure(gate, body) if over_tls else gate.ask(post(body)))).ipp

    uri = texts(await ask(Operation.GET_PRINTER_ATTRIBUTES, by(ANNAS), URIS), A.PRINTER_URI_SUPPORTED)[0]
    mine = attribute(A.PRINTER_URI, uri)
    assert status_of(await ask(Operation.VALIDATE_JOB, mine)) == Status.SUCCESSFUL_OK
    made = (await ask(Operation.CREATE_JOB, mine)).group(Tag.JOB)
    assert made is not None
    job_uri, job_id = made.text(A.JOB_URI), made.integer(A.JOB_ID)
    assert job_uri == f"{uri}/{job_id}"
    last = attribute(A.LAST_DOCUMENT, True)
    number = attribute(A.JOB_ID, job_id or 0)
    assert status_of(await ask(Operation.SEND_DOCUMENT, mine, number, last, document=PDF)) == Status.SUCCESSFUL_OK
    asked = await ask(Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_URI, job_uri))
    told = asked.group(Tag.JOB)
    assert told is not None
    assert told.text(A.JOB_PRINTER_URI) == uri
    assert told.text(A.JOB_NAME) == "untitled"
    listed = await ask(Operation.GET_JOBS, mine, attribute(A.MY_JOBS, True))
    assert [group.text(A.JOB_URI) for group in listed.groups_of(Tag.JOB)] == [job_uri]
    assert status_of(await ask(Operation.CANCEL_JOB, attribute(A.JOB_URI, job_uri))) == Status.SUCCESSFUL_OK
    assert gate.memory.jobs[job_id or 0].state is JobState.CANCELED


async def test_somebody_elses_job_is_not_touched_by_it(gate: Gate) -> None:
    job_id = await gate.print(user=ALICE)
    answer = await gate.operate(Operation.CANCEL_JOB, attribute(A.JOB_ID, job_id), user=ALICE, target=by(ANNAS))
    assert status_of(answer) == Status.CLIENT_ERROR_NOT_AUTHORIZED


async def test_an_operators_password_counts_more_than_a_persons_uri(gate: Gate) -> None:
    reply = await secure(gate, message_of(Operation.PRINT_JOB, by(ANNAS), BOB) + PDF, OLGA)
    assert status_of(reply.ipp) == Status.SUCCESSFUL_OK
    assert [job.owner for job in gate.memory.jobs.values()] == ["olga"]


async def test_a_wrong_password_is_not_made_good_by_a_uri(gate: Gate) -> None:
    assert (await secure(gate, message_of(Operation.PRINT_JOB, by(ANNAS), BOB) + PDF, WRONG)).status == 401
    assert gate.memory.jobs == {}


# ── what is told ──


@pytest.mark.parametrize(
    ("secret", "says_who"), [(ANNAS, "none"), (DESK, "requesting-user-name"), (None, "requesting-user-name")]
)
@pytest.mark.parametrize("over_tls", [False, True])
async def test_the_uris_of_a_queue_are_told_with_what_proves_there_who_prints(
    gate: Gate, secret: str | None, says_who: str, over_tls: bool
) -> None:
    body = message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME if secret is None else by(secret), URIS)
    answer = (await (secure(gate, body) if over_tls else gate.ask(post(body)))).ipp
    path = "/ipp/print/followme" if secret is None else f"/ipp/print/followme/~{secret}"
    plain = (f"ipp://gate:{gate.server.port if over_tls else 8631}{path}", "none")
    tls = (f"ipps://gate:{8631 if over_tls else gate.server.tls_port}{path}", "tls")
    ways = [tls, plain] if over_tls else [plain, tls]
    assert texts(answer, A.PRINTER_URI_SUPPORTED) == [uri for uri, _ in ways]
    assert texts(answer, A.URI_SECURITY_SUPPORTED) == [security for _, security in ways]
    assert texts(answer, A.URI_AUTHENTICATION_SUPPORTED) == [says_who, says_who]


async def test_nobody_else_is_told_the_secret(gate: Gate) -> None:
    await gate.operate(Operation.PRINT_JOB, document=PDF, target=by(ANNAS))
    [job_id] = gate.memory.jobs
    everything = attribute(A.REQUESTED_ATTRIBUTES, "all")
    number = attribute(A.JOB_ID, job_id)
    for code, given in (
        (Operation.GET_JOBS, ()),
        (Operation.GET_JOB_ATTRIBUTES, (number,)),
        (Operation.GET_PRINTER_ATTRIBUTES, ()),
        (Operation.CANCEL_JOB, (number,)),
    ):
        for target in (FOLLOWME, by(DESK)):
            reply = await gate.ask(post(message_of(code, target, BOB, everything, *given)))
            assert ANNAS.encode() not in reply.body
        for headers in ((), (OLGA,)):
            assert (
                ANNAS.encode()
                not in (await secure(gate, message_of(code, FOLLOWME, everything, *given), *headers)).body
            )


async def test_another_queue_is_told_without_it(gate: Gate) -> None:
    answer = await gate.operate(Operation.CUPS_GET_PRINTERS, target=by(ANNAS))
    uris = [uri for group in answer.groups_of(Tag.PRINTER) for uri in group.texts(A.PRINTER_URI_SUPPORTED)]
    assert {uri.rpartition("/print/")[2] for uri in uris} == {f"followme/~{ANNAS}", "other", "private"}


# ── a secret that is wrong ──


@pytest.mark.parametrize("code", sorted(HANDLERS))
async def test_a_wrong_secret_is_nothing_whatever_is_asked(gate: Gate, code: int) -> None:
    for secret, queue in (("w" * 32, "followme"), (OTHERS, "followme"), (ANNAS, "other"), ("w", "followme")):
        reply = await gate.ask(post(message_of(code, by(secret, queue), ALICE)))
        assert reply.status == 200
        assert (status_of(reply.ipp), sentence_of(reply.ipp)) == (Status.CLIENT_ERROR_NOT_FOUND, NO_MORE)
    assert gate.memory.jobs == {}


@pytest.mark.parametrize("over_tls", [False, True])
async def test_a_wrong_secret_is_never_challenged(gate: Gate, over_tls: bool) -> None:
    body = message_of(Operation.PRINT_JOB, by("w" * 32), ALICE) + PDF
    reply = await (secure(gate, body) if over_tls else gate.ask(post(body)))
    assert (reply.status, "www-authenticate" in reply.headers) == (200, False)


async def test_a_wrong_secret_of_a_job_is_refused_too(gate: Gate) -> None:
    job_id = await gate.print(user=ALICE)
    job_uri = by("w" * 32, rest=f"/{job_id}", name=A.JOB_URI)
    for operation in (Operation.GET_JOB_ATTRIBUTES, Operation.CANCEL_JOB):
        answer = await gate.operate(operation, job_uri, target=None)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND
    assert gate.memory.jobs[job_id].state is JobState.PENDING_HELD


async def test_two_uris_are_both_looked_at(gate: Gate) -> None:
    answer = await gate.operate(Operation.GET_JOBS, by("w" * 32, name=A.JOB_URI), target=by(ANNAS))
    assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND


async def test_whoever_guesses_is_told_to_wait(gate: Gate) -> None:
    gate.issued.failure = Busy("too many printer URIs from there were wrong: try again in 8 seconds")
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=by(ANNAS))
    assert status_of(answer) == Status.SERVER_ERROR_BUSY
    gate.issued.failure = Unavailable("the database is away")
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=by(ANNAS))
    assert status_of(answer) == Status.SERVER_ERROR_TEMPORARY_ERROR
    assert {source for _, _, source in gate.issued.asked} == {"127.0.0.1"}


STRANGE = (
    "~",
    f"~{ANNAS}/~{ANNAS}",
    f"~{ANNAS}/0",
    f"~{ANNAS}/x",
    f"~{ANNAS}//1",
    f"~{ANNAS}?x=1",
    f"~{ANNAS};x",
    f"~{ANNAS}#x",
    f"%7E{ANNAS}",
    f"~%61{ANNAS[1:]}",
    f"~{ANNAS[:-1]}\u00e4",
    f"~{'a' * 129}",
    f"/~{ANNAS}",
    f"./~{ANNAS}",
    f"1/~{ANNAS}",
)


@pytest.mark.parametrize("rest", STRANGE)
def test_paths_are_read_strictly(rest: str) -> None:
    with pytest.raises(IppError) as refused:
        target_of(f"{HERE}/ipp/print/followme/{rest}")
    assert refused.value.status == Status.CLIENT_ERROR_NOT_FOUND
    assert ANNAS[:8] not in refused.value.sentence


@pytest.mark.parametrize("uri", [f"gopher://gate/~{ANNAS}", f"mailto:x~{ANNAS}", f"ipp://gate/nowhere/~{ANNAS}"])
def test_no_refusal_repeats_a_secret(uri: str) -> None:
    with pytest.raises(IppError) as refused:
        target_of(uri)
    assert ANNAS[:8] not in refused.value.sentence


def test_targets_with_a_secret() -> None:
    for scheme in ("ipp", "ipps", "http", "https"):
        assert target_of(f"{scheme}://gate/ipp/print/FollowMe/~{DESK}") == Target("followme", None, DESK)
    assert target_of(f"ipp://gate/ipp/print/followme/~{DESK}/12") == Target("followme", 12, DESK)
    assert target_of(f"http://gate/printers/followme/~{DESK}/") == Target("followme", None, DESK)
    assert DESK not in repr(target_of(f"ipp://gate/printers/followme/~{DESK}"))


async def test_no_line_of_the_log_has_a_secret(gate: Gate, logged: io.StringIO) -> None:
    wrong = "Wrong" + "w" * 27
    for rest in (f"~{ANNAS}", f"~{wrong}", f"~{ANNAS}/x", f"~{wrong}//", f"~{ANNAS[:-1]}\u00e4"):
        target = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme/{rest}")
        for code in (Operation.PRINT_JOB, Operation.GET_PRINTER_ATTRIBUTES, Operation.CANCEL_JOB, 0x3FFF):
            body = message_of(code, target, ALICE) + PDF
            await gate.ask(post(body, path=f"/ipp/print/followme/~{ANNAS}"))
            await secure(gate, body, WRONG)
    gate.issued.failure = RuntimeError("nobody expected this")
    await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=by(ANNAS))
    broken = (
        b"\x02\0\0\x0b\0\0\0\x01\x01" + b"\x45\0\x0bprinter-uri\0\x40" + f"ipp://gate/~{ANNAS}".encode() + b"\xff" * 40
    )
    await gate.ask(post(broken))
    await gate.ask(post(b"nothing", path=f"/elsewhere/~{ANNAS}"))
    await gate.ask(b"GET /ipp/print/followme/~" + ANNAS.encode() + b" HTTP/1.1\r\nHost: gate\r\n\r\n")
    said = logged.getvalue()
    assert "client.refused" in said
    assert "mishap" in said
    for secret in (ANNAS, wrong):
        assert secret[:12] not in said
        assert secret[:12].encode().hex() not in said


# ── a queue that wants to know its clients ──

TO_PRIVATE = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/private")
WELCOME = by("p" * 32, "private")
CREATION = (Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB)
SENTENCE = "private takes jobs from those it knows alone: print to the printer URI that its operator has given you"


@pytest.mark.parametrize("code", CREATION)
async def test_a_stranger_is_refused_with_a_sentence_and_never_challenged(gate: Gate, code: int) -> None:
    body = message_of(code, TO_PRIVATE, ALICE) + (PDF if code == Operation.PRINT_JOB else b"")
    for reply in (await gate.ask(post(body)), await secure(gate, body)):
        assert (reply.status, "www-authenticate" in reply.headers) == (200, False)
        assert (status_of(reply.ipp), sentence_of(reply.ipp)) == (Status.CLIENT_ERROR_FORBIDDEN, SENTENCE)
    assert gate.memory.jobs == {}


@pytest.mark.parametrize("code", CREATION)
async def test_whoever_has_a_uri_of_their_own_and_operators_are_welcome(gate: Gate, code: int) -> None:
    rest = PDF if code == Operation.PRINT_JOB else b""
    for reply in (
        await gate.ask(post(message_of(code, WELCOME, ALICE) + rest)),
        await secure(gate, message_of(code, WELCOME, ALICE) + rest),
        await secure(gate, message_of(code, TO_PRIVATE, ALICE) + rest, OLGA),
    ):
        assert status_of(reply.ipp) == Status.SUCCESSFUL_OK


async def test_the_uri_of_another_queue_is_none_of_this_ones(gate: Gate) -> None:
    answer = await gate.operate(Operation.PRINT_JOB, document=PDF, target=by(ANNAS, "private"))
    assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND


async def test_who_calls_themselves_as_its_owner_does_nothing_to_a_job(gate: Gate) -> None:
    await gate.operate(Operation.CREATE_JOB, target=WELCOME)
    [job_id] = gate.memory.jobs
    number, anna = attribute(A.JOB_ID, job_id), attribute(A.REQUESTING_USER_NAME, "anna")
    last = attribute(A.LAST_DOCUMENT, True)
    for code, given in (
        (Operation.SEND_DOCUMENT, (last,)),
        (Operation.CLOSE_JOB, ()),
        (Operation.CANCEL_JOB, ()),
        (Operation.HOLD_JOB, ()),
        (Operation.RELEASE_JOB, ()),
    ):
        answer = await gate.operate(code, number, *given, user=anna, target=TO_PRIVATE)
        assert (code, status_of(answer)) == (code, Status.CLIENT_ERROR_FORBIDDEN)
    assert gate.memory.jobs[job_id].incoming


async def test_everybody_may_ask_what_the_queue_is_like(gate: Gate) -> None:
    for reply in (
        await gate.ask(post(message_of(Operation.GET_PRINTER_ATTRIBUTES, TO_PRIVATE, URIS))),
        await secure(gate, message_of(Operation.GET_PRINTER_ATTRIBUTES, TO_PRIVATE, URIS)),
        await secure(gate, message_of(Operation.GET_PRINTER_ATTRIBUTES, TO_PRIVATE, URIS), WRONG),
    ):
        assert (reply.status, status_of(reply.ipp)) == (200, Status.SUCCESSFUL_OK)
        [uri] = texts(reply.ipp, A.PRINTER_URI_SUPPORTED)
        assert uri.startswith("ipps://")
        assert texts(reply.ipp, A.URI_SECURITY_SUPPORTED) == ["tls"]
        assert texts(reply.ipp, A.URI_AUTHENTICATION_SUPPORTED) == ["basic"]


async def test_with_a_uri_of_their_own_clients_are_told_that_one(gate: Gate) -> None:
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, URIS, target=WELCOME)
    assert all(uri.endswith(f"/ipp/print/private/~{'p' * 32}") for uri in texts(answer, A.PRINTER_URI_SUPPORTED))
    assert texts(answer, A.URI_AUTHENTICATION_SUPPORTED) == ["none", "none"]


async def test_a_gate_without_tls_tells_its_one_uri() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("private", options=QueueOptions(known_only=True))
        answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, URIS, target=TO_PRIVATE)
        assert len(texts(answer, A.PRINTER_URI_SUPPORTED)) == 1
        assert len(texts(answer, A.URI_AUTHENTICATION_SUPPORTED)) == 1


async def test_what_is_kept_of_a_subscription_has_no_secret(gate: Gate) -> None:
    asked = [[attribute(A.NOTIFY_PULL_METHOD, "ippget"), attribute(A.NOTIFY_EVENTS, "job-completed")]]
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=asked, target=by(ANNAS))
    assert status_of(answer) == Status.SUCCESSFUL_OK
    everything = attribute(A.REQUESTED_ATTRIBUTES, "all")
    reply = await secure(gate, message_of(Operation.GET_SUBSCRIPTIONS, FOLLOWME, everything), OLGA)
    assert b"/ipp/print/followme" in reply.body
    assert ANNAS.encode() not in reply.body
