"""Operators' operations: who may ask for which, what they do, and every shape in which somebody may claim to be one."""

import base64
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from ippgate.doors.basic import MAX_OCTETS, credentials
from ippgate.doors.ipp.login import OPEN
from ippgate.doors.ipp.table import FOR_OPERATORS, HANDLERS
from ippgate.doors.ipp.traffic import PREDECESSOR_JOB_ID
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import NO_VALUE, Attribute, Group, JobState, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import Busy, DeviceNotReady, NotAuthenticated, Unavailable
from ippgate.model.queue import QueueMode
from tests.unit.doors.client import Reply, message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting

SWITCHES = {
    Operation.PAUSE_PRINTER: "pause",
    Operation.PAUSE_PRINTER_AFTER_CURRENT_JOB: "pause",
    Operation.RESUME_PRINTER: "resume",
    Operation.ENABLE_PRINTER: "enable",
    Operation.DISABLE_PRINTER: "disable",
    Operation.HOLD_NEW_JOBS: "hold_new",
    Operation.RELEASE_HELD_NEW_JOBS: "take_new",
}
OPERATORS_ONLY = (
    *SWITCHES,
    Operation.CANCEL_JOBS,
    Operation.CANCEL_CURRENT_JOB,
    Operation.SUSPEND_CURRENT_JOB,
    Operation.PROMOTE_JOB,
    Operation.SCHEDULE_JOB_AFTER,
    Operation.SET_PRINTER_ATTRIBUTES,
)
NEVER_CHALLENGED = (
    Operation.GET_PRINTER_ATTRIBUTES,
    Operation.GET_SYSTEM_ATTRIBUTES,
    Operation.GET_PRINTERS,
    Operation.CUPS_GET_DEFAULT,
    Operation.CUPS_GET_PRINTERS,
    0x4005,  # CUPS-Get-Classes
)
ANYBODY = (
    Operation.PRINT_JOB,
    Operation.VALIDATE_JOB,
    Operation.CREATE_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
    Operation.CANCEL_MY_JOBS,
    Operation.IDENTIFY_PRINTER,
    Operation.GET_PRINTER_SUPPORTED_VALUES,
    Operation.GET_USER_PRINTER_ATTRIBUTES,
    Operation.GET_DOCUMENTS,
    Operation.GET_DOCUMENT_ATTRIBUTES,
    Operation.VALIDATE_DOCUMENT,
)
OWNERS = (
    Operation.SEND_DOCUMENT,
    Operation.CLOSE_JOB,
    Operation.CANCEL_JOB,
    Operation.HOLD_JOB,
    Operation.RELEASE_JOB,
    Operation.RESUME_JOB,
    Operation.SET_JOB_ATTRIBUTES,
    Operation.RESUBMIT_JOB,
    Operation.CANCEL_DOCUMENT,
    Operation.SET_DOCUMENT_ATTRIBUTES,
)
SUBSCRIBERS = (  # what is somebody else's is refused: test_door_subscriptions, test_door_notifications
    Operation.CREATE_PRINTER_SUBSCRIPTIONS,
    Operation.CREATE_JOB_SUBSCRIPTIONS,
    Operation.GET_SUBSCRIPTION_ATTRIBUTES,
    Operation.GET_SUBSCRIPTIONS,
    Operation.RENEW_SUBSCRIPTION,
    Operation.CANCEL_SUBSCRIPTION,
    Operation.GET_NOTIFICATIONS,
)
ROWS = (OPERATORS_ONLY, NEVER_CHALLENGED, ANYBODY, OWNERS, SUBSCRIBERS)
"""Every operation in one row: whom it is for. One that the door answers and nobody has put here fails a test."""


def basic(name: str, password: str) -> str:
    return f"Authorization: Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


OLGA, WRONG, NOBODY = basic("olga", "correct horse"), basic("olga", "wrong horse"), basic("nobody", "correct horse")


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
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=gate.memory.add_device("kyocera").id)
        yield gate


async def secure(gate: Gate, body: bytes, *headers: str) -> Reply:
    """One request over TLS."""
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, trusting()) as client:
        return await client.ask(post(body, headers=headers))


def asking(code: int, queue: str = "followme") -> bytes:
    return message_of(code, attribute(A.PRINTER_URI, f"{HERE}/ipp/print/{queue}"), ALICE)


# ── who may ask for what ──


def test_every_operation_says_whom_it_is_for() -> None:
    said = [code for row in ROWS for code in row]
    assert sorted(said) == sorted(HANDLERS)
    assert set(OPERATORS_ONLY) == FOR_OPERATORS
    assert set(NEVER_CHALLENGED) == OPEN


@pytest.mark.parametrize("code", sorted(OWNERS))
async def test_others_do_nothing_with_somebody_s_job(gate: Gate, code: int) -> None:
    """Nobody but its owner and operators: others are refused before anything else is looked at, and the job stays."""
    more = [attribute(A.LAST_DOCUMENT, True)] if code == Operation.SEND_DOCUMENT else []
    if code in (Operation.CANCEL_DOCUMENT, Operation.SET_DOCUMENT_ATTRIBUTES):
        more = [attribute(A.DOCUMENT_NUMBER, 1)]
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    created = await gate.operate(Operation.CREATE_JOB, target=direct, user=ALICE)
    before = dict(gate.memory.jobs)
    (job_id,) = before
    assert status_of(created) == Status.SUCCESSFUL_OK
    wish = () if code != Operation.SET_JOB_ATTRIBUTES else (attribute(A.COPIES, 2),)
    body = message_of(code, direct, BOB, attribute(A.JOB_ID, job_id), *more, job=wish)
    for reply in (await gate.ask(post(body)), await secure(gate, body)):
        assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_AUTHORIZED
    assert gate.memory.jobs == before


@pytest.mark.parametrize("code", sorted(HANDLERS))
async def test_operation_by_role(gate: Gate, code: int) -> None:
    """The whole matrix: nobody over plain IPP, nobody over TLS, a wrong password, an operator."""
    plain = await gate.ask(post(asking(code)))
    bare, wrong, olga = [await secure(gate, asking(code), *headers) for headers in ((), (WRONG,), (OLGA,))]
    if code in OPERATORS_ONLY:
        assert status_of(plain.ipp) == Status.CLIENT_ERROR_NOT_AUTHENTICATED
        assert (bare.status, wrong.status) == (401, 401)
    else:
        assert status_of(plain.ipp) != Status.CLIENT_ERROR_NOT_AUTHENTICATED
        assert bare.status == 200
        assert wrong.status == (200 if code in OPEN else 401)
    assert olga.status == 200
    assert status_of(olga.ipp) not in (
        Status.CLIENT_ERROR_NOT_AUTHENTICATED,
        Status.CLIENT_ERROR_NOT_AUTHORIZED,
        Status.CLIENT_ERROR_FORBIDDEN,
    )


async def test_nothing_was_done_for_those_who_may_not(gate: Gate) -> None:
    await gate.print()
    for code in OPERATORS_ONLY:
        await gate.ask(post(asking(code)))
        for headers in ((), (WRONG,), (NOBODY,), ("Authorization: Negotiate YII=",)):
            await secure(gate, asking(code), *headers)
    assert (gate.switches.asked, gate.switches.scheduled, gate.memory.described, gate.rest.asked) == ([], [], [], [])
    assert [job.state for job in gate.memory.jobs.values()] == [JobState.PENDING_HELD]


async def test_a_challenge_says_how_to_answer_it(gate: Gate) -> None:
    reply = await secure(gate, asking(Operation.PAUSE_PRINTER))
    assert reply.headers["www-authenticate"] == 'Basic realm="ippgate", charset="UTF-8"'
    assert reply.text.startswith("Pause-Printer is for operators: log in with the name and password of an operator")


async def test_over_plain_ipp_nobody_is_asked_for_a_password(gate: Gate) -> None:
    reply = await gate.ask(post(asking(Operation.PAUSE_PRINTER)))
    assert reply.status == 200
    assert "www-authenticate" not in reply.headers
    assert f"use ipps://gate:{gate.server.tls_port}/ with an operator's name" in sentence_of(reply.ipp)


async def test_a_gate_without_tls_says_where_operators_are_known_then() -> None:
    async with Gate() as gate:
        assert "over TLS: use `ippgate`" in sentence_of(await gate.operate(Operation.PAUSE_PRINTER))


@pytest.mark.parametrize("header", [OLGA, WRONG, "Authorization: Negotiate YII=", "Authorization:"])
async def test_credentials_over_plain_ipp_are_refused_and_not_looked_at(gate: Gate, header: str) -> None:
    reply = await gate.ask(post(asking(Operation.PRINT_JOB) + b"%PDF", headers=[header]))
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_FORBIDDEN
    assert f"use ipps://gate:{gate.server.tls_port}/" in sentence_of(reply.ipp)
    assert (gate.roster.tried, gate.memory.jobs) == ([], {})


@pytest.mark.parametrize("code", sorted(OPEN))
async def test_what_everybody_may_ask_is_never_challenged_whatever_comes_with_it(gate: Gate, code: int) -> None:
    for header in (WRONG, "Authorization: Negotiate YII=", "Authorization:"):
        assert (await gate.ask(post(asking(code), headers=[header]))).status == 200
        assert (await secure(gate, asking(code), header)).status == 200
    assert gate.roster.tried == []


# ── in which shape ──


@pytest.mark.parametrize(
    "headers",
    [
        ("Authorization:",),
        ("Authorization: ",),
        ("Authorization: Basic",),
        ("Authorization: Basic ",),
        ("Authorization: Basic b2xnYQ==",),  # no colon
        ("Authorization: Basic OmNvcnJlY3QgaG9yc2U=",),  # no name
        ("Authorization: Basic //79OnBhc3N3b3Jk",),  # no UTF-8
        ("Authorization: Basic b2xnYTp4 b2xnYTp4",),
        (OLGA.replace("Basic", "Bearer"),),
        (OLGA.replace("Basic", "Negotiate"),),
        (OLGA.replace("Basic", "Local"),),
        (OLGA.replace("Basic", "Basicx"),),
        (OLGA.replace("Basic", "Digest"),),
        (OLGA + "=",),
        (OLGA, OLGA),
        (OLGA, "Authorization:"),
        ("Authorization: Negotiate", OLGA),
        (OLGA + ", " + OLGA.removeprefix("Authorization: "),),
    ],
    ids=str,
)
async def test_what_is_not_one_sound_header_proves_nothing(gate: Gate, headers: tuple[str, ...]) -> None:
    for code in (Operation.PAUSE_PRINTER, Operation.GET_JOBS):
        reply = await secure(gate, asking(code), *headers)
        assert reply.status in (400, 401), headers
    assert gate.switches.asked == []
    assert gate.roster.tried == []


@pytest.mark.parametrize("scheme", ["Basic ", "basic ", "BASIC   "])
def test_the_scheme_s_case_and_blanks_do_not_count(scheme: str) -> None:
    claimed = credentials([OLGA.removeprefix("Authorization: ").replace("Basic ", scheme)])
    assert claimed is not None
    assert (claimed.name, claimed.password) == ("olga", "correct horse")
    assert "horse" not in repr(claimed)


def test_a_password_may_have_colons_and_signs_of_any_language() -> None:
    claimed = credentials([basic("olga", "gr\u00fcn:blau:").removeprefix("Authorization: ")])
    assert claimed is not None
    assert claimed.password == "gr\u00fcn:blau:"


def test_an_endless_header_is_not_read() -> None:
    with pytest.raises(NotAuthenticated):
        credentials([basic("olga", "x" * (MAX_OCTETS + 100)).removeprefix("Authorization: ")])


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Proto: https", "Forwarded: proto=https;for=127.0.0.1", "X-Remote-User: olga", "Upgrade: TLS/1.2"],
)
async def test_no_header_makes_a_connection_secure_or_somebody_an_operator(gate: Gate, header: str) -> None:
    """Nor does an address: all of these come from loopback."""
    reply = await gate.ask(post(asking(Operation.PAUSE_PRINTER), headers=[header]))
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_AUTHENTICATED
    reply = await gate.ask(post(asking(Operation.PAUSE_PRINTER), headers=[header, OLGA]))
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_FORBIDDEN
    assert gate.switches.asked == []


@pytest.mark.parametrize("path", ["/ipp/print/followme", "/admin/", "/", "/jobs/", "/ipp//print", "/ipp/%2e%2e/admin/"])
async def test_the_path_of_the_request_changes_nothing(gate: Gate, path: str) -> None:
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, trusting()) as client:
        reply = await client.ask(post(asking(Operation.PAUSE_PRINTER), path=path))
    assert reply.status == 401


async def test_who_guesses_too_often_is_told_to_wait(gate: Gate) -> None:
    gate.roster.failure = Busy("too many attempts have failed: try again in 8 seconds")
    reply = await secure(gate, asking(Operation.PAUSE_PRINTER), OLGA)
    assert status_of(reply.ipp) == Status.SERVER_ERROR_BUSY
    assert sentence_of(reply.ipp) == "too many attempts have failed: try again in 8 seconds"


async def test_a_database_that_is_away_lets_nobody_in(gate: Gate) -> None:
    gate.roster.failure = Unavailable("the database is away")
    reply = await secure(gate, asking(Operation.PAUSE_PRINTER), OLGA)
    assert status_of(reply.ipp) == Status.SERVER_ERROR_TEMPORARY_ERROR
    assert gate.switches.asked == []


async def test_a_challenge_leaves_the_connection_usable_after_a_document(gate: Gate) -> None:
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, trusting()) as client:
        document = asking(Operation.PRINT_JOB) + b"%PDF" + bytes(200_000)
        assert (await client.ask(post(document, headers=[WRONG]))).status == 401
        assert status_of((await client.ask(post(document, headers=[OLGA]))).ipp) == Status.SUCCESSFUL_OK


# ── what they do ──


@pytest.mark.parametrize("code", SWITCHES)
async def test_an_operator_switches_a_queue_and_is_named(gate: Gate, code: int) -> None:
    reply = await secure(gate, asking(code), OLGA)
    assert status_of(reply.ipp) == Status.SUCCESSFUL_OK
    assert gate.switches.asked == [(SWITCHES[Operation(code)], "followme", "olga")]
    assert gate.roster.tried == [("olga", "correct horse", "127.0.0.1")]


async def test_a_queue_that_is_not_there_and_the_gate_as_a_whole_are_not_found(gate: Gate) -> None:
    absent = await secure(gate, asking(Operation.PAUSE_PRINTER, "absent"), OLGA)
    whole = await secure(gate, message_of(Operation.PAUSE_PRINTER, attribute(A.PRINTER_URI, f"{HERE}/"), ALICE), OLGA)
    assert [status_of(reply.ipp) for reply in (absent, whole)] == [Status.CLIENT_ERROR_NOT_FOUND] * 2
    assert "which one is meant" in sentence_of(whole.ipp)


async def state_of(gate: Gate, queue: str = "direct") -> tuple[int | None, list[str], bool | None]:
    answer = await gate.operate(
        Operation.GET_PRINTER_ATTRIBUTES, target=attribute(A.PRINTER_URI, f"{HERE}/ipp/print/{queue}")
    )
    printer = answer.group(0x04)
    assert printer is not None
    state, reasons = printer.integer(A.PRINTER_STATE), list(printer.texts(A.PRINTER_STATE_REASONS))
    return state, reasons, printer.boolean(A.PRINTER_IS_ACCEPTING_JOBS)


async def test_the_printer_tells_how_it_is_switched(gate: Gate) -> None:
    told = [await state_of(gate)]
    for code in (
        Operation.PAUSE_PRINTER,
        Operation.HOLD_NEW_JOBS,
        Operation.DISABLE_PRINTER,
        Operation.RESUME_PRINTER,
        Operation.RELEASE_HELD_NEW_JOBS,
        Operation.ENABLE_PRINTER,
    ):
        assert status_of((await secure(gate, asking(code, "direct"), OLGA)).ipp) == Status.SUCCESSFUL_OK
        told.append(await state_of(gate))
    assert told == [
        (3, ["none"], True),
        (5, ["paused"], True),
        (5, ["paused", "hold-new-jobs"], True),
        (5, ["paused", "hold-new-jobs"], False),
        (3, ["hold-new-jobs"], False),
        (3, ["none"], False),
        (3, ["none"], True),
    ]


async def test_a_queue_that_still_prints_is_on_its_way_to_paused(gate: Gate) -> None:
    gate.memory.patient = True
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    await gate.operate(Operation.PRINT_JOB, target=direct, document=b"%PDF")
    job = gate.memory.jobs[1]
    gate.memory.jobs[1] = replace(job, state=JobState.PROCESSING)
    await secure(gate, asking(Operation.PAUSE_PRINTER, "direct"), OLGA)
    assert await state_of(gate) == (4, ["moving-to-paused"], True)
    gate.memory.jobs[1] = replace(job, state=JobState.COMPLETED)
    assert await state_of(gate) == (5, ["paused"], True)


async def test_all_operations_are_told(gate: Gate) -> None:
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)
    printer = answer.group(0x04)
    assert printer is not None
    assert set(OPERATORS_ONLY) <= set(_numbers(printer, A.OPERATIONS_SUPPORTED))


async def test_an_operator_cancels_whoever_s_jobs_all_or_none(gate: Gate) -> None:
    hers, his = await gate.print(user=ALICE), await gate.print(user=BOB)
    ids = attribute(A.JOB_IDS, hers, 999)
    reply = await secure(gate, message_of(Operation.CANCEL_JOBS, FOLLOWME, ALICE, ids), OLGA)
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
    assert _numbers(unsupported_of(reply.ipp), A.JOB_IDS) == [999]
    assert gate.memory.jobs[hers].state is JobState.PENDING_HELD
    reply = await secure(gate, asking(Operation.CANCEL_JOBS), OLGA)
    assert status_of(reply.ipp) == Status.SUCCESSFUL_OK
    assert {gate.memory.jobs[job].state for job in (hers, his)} == {JobState.CANCELED}


async def test_an_operator_s_cancel_my_jobs_ends_only_her_own(gate: Gate) -> None:
    hers = await gate.print(user=ALICE)
    assert status_of((await secure(gate, asking(Operation.CANCEL_MY_JOBS), OLGA)).ipp) == Status.SUCCESSFUL_OK
    assert gate.memory.jobs[hers].state is JobState.PENDING_HELD


async def test_the_proven_name_wins_over_the_one_that_is_said(gate: Gate) -> None:
    """SECURITY S18."""
    reply = await secure(gate, asking(Operation.PRINT_JOB) + b"%PDF", OLGA)
    assert status_of(reply.ipp) == Status.SUCCESSFUL_OK
    assert [job.owner for job in gate.memory.jobs.values()] == ["olga"]


async def test_the_current_job_is_cancelled_or_there_is_none(gate: Gate) -> None:
    reply = await secure(gate, asking(Operation.CANCEL_CURRENT_JOB, "direct"), OLGA)
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
    assert "no job of direct is at a device" in sentence_of(reply.ipp)
    gate.memory.patient = True
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    await gate.operate(Operation.PRINT_JOB, target=direct, document=b"%PDF")
    gate.memory.jobs[1] = replace(gate.memory.jobs[1], state=JobState.PROCESSING)
    other = message_of(Operation.CANCEL_CURRENT_JOB, direct, ALICE, attribute(A.JOB_ID, 2))
    assert "is not the one that is printed" in sentence_of((await secure(gate, other, OLGA)).ipp)
    assert status_of((await secure(gate, asking(Operation.CANCEL_CURRENT_JOB, "direct"), OLGA)).ipp) == 0
    assert gate.memory.jobs[1].state is JobState.CANCELED


# ── in which order jobs go ──


async def pending(gate: Gate, count: int) -> list[int]:
    """Jobs of a passthrough queue that wait for its device."""
    gate.memory.patient = True
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    for _ in range(count):
        await gate.operate(Operation.PRINT_JOB, target=direct, document=b"%PDF")
    return sorted(gate.memory.jobs)


def about(code: int, job_id: int, *more: Attribute) -> bytes:
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    return message_of(code, direct, ALICE, attribute(A.JOB_ID, job_id), *more)


def after(number: int) -> Attribute:
    return attribute(PREDECESSOR_JOB_ID, number)


async def test_an_operator_puts_a_job_before_all_others_or_behind_another(gate: Gate) -> None:
    one, two = await pending(gate, 2)
    for body in (
        about(Operation.PROMOTE_JOB, two),
        about(Operation.SCHEDULE_JOB_AFTER, one, after(two)),
        about(Operation.SCHEDULE_JOB_AFTER, two),
    ):
        assert status_of((await secure(gate, body, OLGA)).ipp) == Status.SUCCESSFUL_OK
    assert gate.switches.scheduled == [(two, None, "olga"), (one, two, "olga"), (two, None, "olga")]


async def test_a_job_that_is_not_pending_has_no_place(gate: Gate) -> None:
    held = await gate.print()
    for code in (Operation.PROMOTE_JOB, Operation.SCHEDULE_JOB_AFTER):
        reply = await secure(gate, message_of(code, FOLLOWME, ALICE, attribute(A.JOB_ID, held)), OLGA)
        assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
        reply = await secure(gate, message_of(code, FOLLOWME, ALICE, attribute(A.JOB_ID, 999)), OLGA)
        assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_FOUND


@pytest.mark.parametrize(
    "bad",
    [
        attribute(PREDECESSOR_JOB_ID, 0),
        attribute(PREDECESSOR_JOB_ID, -1),
        attribute(PREDECESSOR_JOB_ID, "two", tag=Tag.KEYWORD),
        attribute(PREDECESSOR_JOB_ID, 2, tag=Tag.ENUM),
        Attribute(PREDECESSOR_JOB_ID, (*after(1).values, *after(2).values)),
        Attribute(PREDECESSOR_JOB_ID, (NO_VALUE,)),
    ],
    ids=str,
)
async def test_a_predecessor_is_one_number(gate: Gate, bad: Attribute) -> None:
    one, _ = await pending(gate, 2)
    reply = await secure(gate, about(Operation.SCHEDULE_JOB_AFTER, one, bad), OLGA)
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_BAD_REQUEST
    assert list(unsupported_of(reply.ipp)) == [bad]
    assert gate.switches.scheduled == []


# ── jobs that rest at their devices ──


async def test_the_current_job_or_the_one_that_is_named_rests_and_goes_on(gate: Gate) -> None:
    one, two = await pending(gate, 2)
    reply = await secure(gate, asking(Operation.SUSPEND_CURRENT_JOB, "direct"), OLGA)
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
    assert "no job of direct is at a device" in sentence_of(reply.ipp)
    for job_id in (one, two):
        gate.memory.jobs[job_id] = replace(gate.memory.jobs[job_id], state=JobState.PROCESSING)
    for body in (
        asking(Operation.SUSPEND_CURRENT_JOB, "direct"),
        about(Operation.SUSPEND_CURRENT_JOB, two),
        about(Operation.RESUME_JOB, one),
    ):
        assert status_of((await secure(gate, body, OLGA)).ipp) == Status.SUCCESSFUL_OK
    assert gate.rest.asked == [("suspend", one, "olga"), ("suspend", two, "olga"), ("resume", one, "olga")]
    assert status_of((await gate.ask(post(about(Operation.RESUME_JOB, two)))).ipp) == Status.SUCCESSFUL_OK
    assert gate.rest.asked[-1] == ("resume", two, "alice")


async def test_a_device_that_cannot_let_a_job_rest_is_named(gate: Gate) -> None:
    (one,) = await pending(gate, 1)
    gate.rest.failure = DeviceNotReady("kyocera: the device can suspend no jobs")
    for code in (Operation.SUSPEND_CURRENT_JOB, Operation.RESUME_JOB):
        reply = await secure(gate, about(code, one), OLGA)
        assert status_of(reply.ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
        assert sentence_of(reply.ipp) == "kyocera: the device can suspend no jobs"


def _numbers(group: Group, name: str) -> list[int]:
    found = group.get(name)
    return [] if found is None else list(found.integers())
