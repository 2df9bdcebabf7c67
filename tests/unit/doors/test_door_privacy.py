"""Titles, in every operation that tells jobs, and documents, in every operation and on every page (SECURITY S19)."""

import base64
import io
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import product

import pytest

from ippgate.doors.ipp.table import HANDLERS
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import Attribute, Group, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.privacy import Privacy, Scope
from ippgate.observe import configure, log
from tests.unit.doors.client import Reply, message_of, post, status_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, Gate
from tests.unit.doors.secure import SecureClient, trusting

OLGA = f"Authorization: Basic {base64.b64encode(b'olga:correct horse').decode()}"
TITLE, MARK = "Notice for Mr Smith", b"%PDF-1.7 the secret itself"
EVERYTHING = attribute(A.REQUESTED_ATTRIBUTES, "all")
NAMES = attribute(A.REQUESTED_ATTRIBUTES, A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED)
GET, LIST = Operation.GET_JOB_ATTRIBUTES, Operation.GET_JOBS
ONE = attribute(A.JOB_ID, 1)
TELLING: dict[str, tuple[int, tuple[Attribute, ...]]] = {
    "Get-Job-Attributes": (GET, (ONE,)),
    "Get-Jobs": (LIST, ()),
    "Get-Jobs by id": (LIST, (attribute(A.JOB_IDS, 1),)),
    "Get-Jobs of all states": (LIST, (attribute(A.WHICH_JOBS, "all"),)),
}
ASKING: tuple[Attribute | None, ...] = (BOB, ALICE, None)
"""Another user, the owner, and (None) an operator."""

CUPS_GET_DOCUMENT = 0x4027
"""The one operation of the wild that hands out documents (SECURITY S19); nobody registered it."""


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> TlsKeeper:
    keeper = TlsKeeper(TlsSettings(tmp_path_factory.mktemp("tls")))
    keeper.open()
    return keeper


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[dict[str, object]]]:
    """The lines of the log that have this event."""
    monkeypatch.setattr(log, "_log", log._log)
    stream = io.StringIO()
    configure("json", "info", stream)
    return lambda event: [line for line in map(json.loads, stream.getvalue().splitlines()) if line["event"] == event]


@asynccontextmanager
async def holding(keeper: TlsKeeper, privacy: Privacy) -> AsyncIterator[Gate]:
    """A gate that holds a job of alice."""

    def context() -> ssl.SSLContext:
        return keeper.context

    async with Gate(DoorSettings(port=0, tls_port=0, privacy=privacy), tls=context) as gate:
        names = (attribute(A.JOB_NAME, TITLE), attribute(A.DOCUMENT_NAME, TITLE))
        await gate.print(MARK, *names, user=ALICE)
        yield gate


async def secure(gate: Gate, body: bytes, *headers: str) -> Reply:
    assert gate.server.tls_port is not None
    async with SecureClient(gate.server.tls_port, trusting()) as client:
        return await client.ask(post(body, headers=headers))


async def told(gate: Gate, how: str, who: Attribute | str, *asked: Attribute) -> Group:
    """The job as it is told; a text is a header that proves an operator."""
    code, more = TELLING[how]
    answer = (await _asked(gate, code, who, *more, *asked)).ipp
    assert status_of(answer) == Status.SUCCESSFUL_OK
    job = answer.group(Tag.JOB)
    assert job is not None
    return job


@pytest.mark.parametrize("how", TELLING)
async def test_others_see_no_titles_however_they_ask(keeper: TlsKeeper, how: str) -> None:
    async with holding(keeper, Privacy()) as gate:
        assert (await told(gate, how, ALICE, EVERYTHING)).text(A.JOB_NAME) == TITLE
        assert (await told(gate, how, OLGA, EVERYTHING)).text(A.DOCUMENT_NAME_SUPPLIED) == TITLE
        for asked in (EVERYTHING, NAMES, attribute(A.REQUESTED_ATTRIBUTES, "job-description", A.JOB_NAME)):
            job = await told(gate, how, BOB, asked)
            assert not {A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED} & {each.name for each in job}


@pytest.mark.parametrize("how", TELLING)
async def test_in_privacy_mode_an_operator_has_to_ask_and_that_is_written_down(
    keeper: TlsKeeper, how: str, written: Callable[[str], list[dict[str, object]]]
) -> None:
    async with holding(keeper, Privacy(operators=False)) as gate:
        assert A.JOB_NAME not in await told(gate, how, OLGA, EVERYTHING)
        assert A.JOB_NAME in await told(gate, how, ALICE, NAMES)
        assert written("private.read") == []
        assert (await told(gate, how, OLGA, NAMES)).text(A.JOB_NAME) == TITLE
        assert [(line["user"], line["jobs"]) for line in written("private.read")] == [("olga", "1")]
        assert A.JOB_NAME not in await told(gate, how, BOB, NAMES)
        assert len(written("private.read")) == 1


async def test_everybody_or_nobody_may_be_let_see_them(keeper: TlsKeeper) -> None:
    async with holding(keeper, Privacy(scope=Scope.ALL)) as gate:
        assert (await told(gate, "Get-Jobs", BOB, NAMES)).text(A.JOB_NAME) == TITLE
    async with holding(keeper, Privacy(scope=Scope.NONE)) as gate:
        assert A.JOB_NAME not in await told(gate, "Get-Jobs", ALICE, NAMES)


async def test_everything_may_be_private_but_what_a_client_needs_to_follow_its_job(keeper: TlsKeeper) -> None:
    async with holding(keeper, Privacy(("all",))) as gate:
        job = await told(gate, "Get-Job-Attributes", BOB, EVERYTHING)
        assert {each.name for each in job} == {
            *(A.JOB_ID, A.JOB_URI, A.JOB_UUID, A.JOB_PRINTER_URI, A.JOB_STATE, A.JOB_STATE_REASONS),
            *(A.JOB_PRINTER_UP_TIME, A.ATTRIBUTES_CHARSET, A.ATTRIBUTES_NATURAL_LANGUAGE),
        }


async def test_the_printer_tells_what_is_private_and_for_whom(keeper: TlsKeeper) -> None:
    async with holding(keeper, Privacy(("default", A.COPIES), Scope.NONE)) as gate:
        printer = (await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
        assert printer is not None
        assert printer.texts(A.JOB_PRIVACY_ATTRIBUTES) == ["default", A.COPIES]
        assert printer.text(A.JOB_PRIVACY_SCOPE) == "none"


async def test_no_operation_hands_out_a_document(
    keeper: TlsKeeper, written: Callable[[str], list[dict[str, object]]]
) -> None:
    """Not to another user, not to an operator in privacy mode, not to the owner. What is refused is noted."""
    by_number = (ONE, attribute(A.DOCUMENT_NUMBER, 1), EVERYTHING)
    async with holding(keeper, Privacy(operators=False)) as gate:
        job = gate.memory.jobs[1]
        assert gate.server.tls_port is not None
        async with SecureClient(gate.server.tls_port, trusting()) as operator, gate.client() as anybody:
            for code, who in product(sorted({*Operation, *HANDLERS, CUPS_GET_DOCUMENT}), ASKING):
                gate.memory.jobs[1] = job
                client, headers = (anybody, []) if who else (operator, [OLGA])
                asked = message_of(code, FOLLOWME, who or ALICE, *by_number)
                answer = await client.ask(post(asked, headers=headers))
                assert MARK[5:] not in answer.body, (code, who)
                assert who is ALICE or TITLE.encode() not in answer.body, (code, who)
                if answer.status == 200 and status_of(answer.ipp) >= Status.CLIENT_ERROR_BAD_REQUEST:
                    assert written("client.refused")[-1]["status"] == status_of(answer.ipp).keyword


async def _asked(gate: Gate, code: int, who: Attribute | str, *asked: Attribute) -> Reply:
    if isinstance(who, str):
        return await secure(gate, message_of(code, FOLLOWME, ALICE, *asked), who)
    return await gate.ask(post(message_of(code, FOLLOWME, who, *asked)))


@pytest.mark.parametrize(
    "path", ["/", "/jobs/1", "/jobs/1/1", "/ipp/print/followme/1", "/printers/followme/1", "/spool/1", "/documents/1"]
)
async def test_no_page_hands_out_a_document_or_a_title(keeper: TlsKeeper, path: str) -> None:
    async with holding(keeper, Privacy()) as gate:
        for headers in ("", f"{OLGA}\r\n"):
            reply = await gate.ask(f"GET {path} HTTP/1.1\r\nHost: gate\r\n{headers}\r\n".encode())
            assert reply.status in (200, 404)
            assert MARK[5:] not in reply.body
            assert TITLE.encode() not in reply.body
