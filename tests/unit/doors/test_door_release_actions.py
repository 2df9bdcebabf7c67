"""job-release-action and job-password at the door (PWG 5100.11-2024), over ipp and over ipps."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import UNKNOWN, UNSUPPORTED, Attribute, Group, JobState, Message, Operation, Range, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.job_password import ENCRYPTIONS, JobPassword, Repertoire
from ippgate.model.queue import QueueMode
from ippgate.model.queue_options import QueueOptions
from ippgate.model.release_action import DefaultAction, ReleaseAction
from tests.unit.doors.client import message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting

PRINT, VALIDATE, CREATE = Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB
OK, BAD = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_BAD_REQUEST
PAGE = b"%PDF-1.7 one page"
PIN = b"2580"
DIGEST = hashlib.sha256(PIN).digest()

Ask = Callable[..., Awaitable[Message]]
Opening = Callable[[], "AsyncIterator[tuple[Gate, Ask]]"]


def password(octets: bytes, encryption: str) -> tuple[Attribute, Attribute]:
    secret = Attribute(A.JOB_PASSWORD, (Value(Tag.OCTET_STRING, octets),))
    return secret, attribute(A.JOB_PASSWORD_ENCRYPTION, encryption)


def action(keyword: str) -> Attribute:
    return attribute(A.JOB_RELEASE_ACTION, keyword)


HASHED = password(DIGEST, "sha2-256")
TYPED = password(PIN, "none")


@pytest.fixture(params=["ipp", "ipps"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def opened(scheme: str, folder: Path) -> AsyncIterator[tuple[Gate, Ask]]:
    """A gate, and how it is asked by this scheme."""
    keeper = TlsKeeper(TlsSettings(folder / "tls"))
    keeper.open()
    async with Gate(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context) as gate:
        assert gate.server.tls_port is not None
        client = gate.client() if scheme == "ipp" else SecureClient(gate.server.tls_port, trusting())

        async def ask(
            code: int,
            *operation: Attribute,
            job: tuple[Attribute, ...] = (),
            document: bytes = b"",
            user: Attribute = ALICE,
            target: Attribute = FOLLOWME,
        ) -> Message:
            body = message_of(code, target, *_ids(operation), user, *_others(operation), job=job)
            return (await client.ask(post(body + document))).ipp

        async with client:
            yield gate, ask


def _ids(operation: tuple[Attribute, ...]) -> list[Attribute]:
    return [each for each in operation if each.name == A.JOB_ID]


def _others(operation: tuple[Attribute, ...]) -> list[Attribute]:
    return [each for each in operation if each.name != A.JOB_ID]


def job_of(answer: Message) -> Group:
    group = answer.group(Tag.JOB)
    assert group is not None, sentence_of(answer)
    return group


@pytest.mark.parametrize(
    ("keyword", "reason"),
    [
        ("button-press", R.JOB_HELD_FOR_BUTTON_PRESS),
        ("job-password", R.JOB_PASSWORD_WAIT),
        ("owner-authorized", R.JOB_HELD_FOR_AUTHORIZATION),
    ],
)
@pytest.mark.parametrize("queue", ["followme", "direct"])
async def test_a_job_with_an_action_is_held_for_it_on_every_queue(
    scheme: str, tmp_path: Path, keyword: str, reason: str, queue: str
) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=gate.memory.add_device("printer").id)
        secret = HASHED if keyword == "job-password" else ()
        target = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/{queue}")
        answer = await ask(PRINT, action(keyword), *secret, document=PAGE, target=target)
        assert status_of(answer) == OK, sentence_of(answer)
        job = job_of(answer)
        assert job.integer(A.JOB_STATE) == JobState.PENDING_HELD
        assert job.texts(A.JOB_STATE_REASONS) == [reason, R.JOB_HELD_FOR_RELEASE]
        told = job_of(await ask(Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_ID, 1), target=target))
        assert told.text(A.JOB_RELEASE_ACTION) == keyword
        assert not {A.JOB_PASSWORD, A.JOB_PASSWORD_ENCRYPTION} & {each.name for each in told}


async def test_a_job_without_an_action_says_so(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        job = job_of(await ask(PRINT, action("none"), document=PAGE))
        assert job.texts(A.JOB_STATE_REASONS) == [R.JOB_HELD_FOR_RELEASE]
        told = job_of(await ask(Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_ID, 1)))
        assert told.text(A.JOB_RELEASE_ACTION) == "none"
        assert gate.memory.jobs[1].release_action is None


async def test_a_password_as_typed_is_taken_over_tls_and_refused_without(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        for code in (VALIDATE, CREATE, PRINT):
            answer = await ask(code, *TYPED, document=PAGE if code == PRINT else b"")
            assert status_of(answer) == (OK if scheme == "ipps" else BAD), code
            if scheme == "ipp":
                assert unsupported_of(answer).attributes == [Attribute(A.JOB_PASSWORD, (UNSUPPORTED,))]
        kept = list(gate.memory.passwords.values())
        assert kept == ([JobPassword("none", PIN)] * 2 if scheme == "ipps" else [])


async def test_validate_job_checks_a_password_as_print_job_does_and_keeps_nothing(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        for secret in (password(b"\x00" * 20, "sha2-256"), password(PIN, "md5"), HASHED[:1], HASHED[1:]):
            answers = [await ask(code, *secret, document=PAGE if code == PRINT else b"") for code in (VALIDATE, PRINT)]
            assert [status_of(answer) for answer in answers] == [BAD, BAD]
            assert sentence_of(answers[0]) == sentence_of(answers[1])
        assert status_of(await ask(VALIDATE, *HASHED)) == OK
        assert (gate.memory.jobs, gate.memory.passwords) == ({}, {})


async def test_a_password_is_in_no_answer_whatever_is_wrong_with_it(scheme: str, tmp_path: Path) -> None:
    secrets = [b"hunter-2\xff", b"secret" * 50, b"correct horse", PIN]
    async with opened(scheme, tmp_path) as (_, ask):
        for octets in secrets:
            for tag in (Tag.OCTET_STRING, Tag.TEXT, Tag.KEYWORD, Tag.NAME, Tag.MIME):
                wrong = Attribute(A.JOB_PASSWORD, (Value(tag, octets),))
                for more in ((), (attribute(A.JOB_PASSWORD_ENCRYPTION, "sha2-512"),)):
                    answers = [
                        await ask(PRINT, wrong, *more, document=PAGE),
                        await ask(PRINT, *more, job=(wrong,), document=PAGE),
                        await ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, 1), wrong, *more),
                        await ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, 1), job=(wrong, *more)),
                        await ask(Operation.SET_JOB_ATTRIBUTES, attribute(A.JOB_ID, 1), job=(wrong, *more)),
                    ]
                    for answer in answers:
                        values = [value.raw for group in answer.groups for each in group for value in each.values]
                        texts = [raw for raw in values if isinstance(raw, bytes)]
                        assert not [raw for raw in texts if octets in raw or octets[:20].hex().encode() in raw]


async def test_a_wrong_password_at_release_is_an_invalid_value(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        gate.memory.patient = True
        device = gate.memory.add_device("printer")
        where = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device.uuid}")
        await ask(PRINT, *HASHED, document=PAGE)
        job_id = attribute(A.JOB_ID, 1)
        wrong = password(hashlib.sha256(b"2581").digest(), "sha2-256")
        answers = [await ask(Operation.RELEASE_JOB, job_id, where, *secret) for secret in (wrong, ())]
        assert [status_of(answer) for answer in answers] == [BAD, BAD]
        assert unsupported_of(answers[0]).attributes == [Attribute(A.JOB_PASSWORD, (UNSUPPORTED,))]
        assert gate.memory.jobs[1].reasons == (R.JOB_PASSWORD_WAIT, R.JOB_HELD_FOR_RELEASE)
        typed = await ask(Operation.RELEASE_JOB, job_id, where, *TYPED)
        assert status_of(typed) == (OK if scheme == "ipps" else BAD)
        answer = await ask(Operation.RELEASE_JOB, job_id, where, *HASHED)
        assert status_of(answer) == OK
        assert gate.memory.jobs[1].state is JobState.PENDING


async def test_the_action_of_a_job_cannot_be_set(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        await ask(PRINT, *HASHED, document=PAGE)
        answer = await ask(Operation.SET_JOB_ATTRIBUTES, attribute(A.JOB_ID, 1), job=(action("none"),))
        assert status_of(answer) == Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE
        assert gate.memory.jobs[1].release_action is ReleaseAction.JOB_PASSWORD


async def test_a_queue_tells_what_it_takes(scheme: str, tmp_path: Path) -> None:
    async with opened(scheme, tmp_path) as (gate, ask):
        options = QueueOptions(release_action=DefaultAction.BUTTON_PRESS, password_repertoire=Repertoire.UTF_8_ANY)
        gate.memory.add_queue("press", options=options)
        printer = (await ask(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
        assert printer is not None
        assert printer.texts(A.JOB_RELEASE_ACTION_SUPPORTED) == [
            "none",
            "button-press",
            "job-password",
            "owner-authorized",
        ]
        assert printer.text(A.JOB_RELEASE_ACTION_DEFAULT) == "none"
        assert printer.integer(A.JOB_PASSWORD_SUPPORTED) == 255
        lengths = printer.get(A.JOB_PASSWORD_LENGTH_SUPPORTED)
        assert lengths is not None
        assert lengths.first.python == Range(4, 255)
        told = printer.texts(A.JOB_PASSWORD_ENCRYPTION_SUPPORTED)
        assert told == [each for each in ENCRYPTIONS if scheme == "ipps" or each != "none"]
        assert printer.texts(A.JOB_PASSWORD_REPERTOIRE_SUPPORTED) == [str(each) for each in Repertoire]
        assert printer.text(A.JOB_PASSWORD_REPERTOIRE_CONFIGURED) == "iana_us-ascii_digits"
        creation = printer.texts(A.JOB_CREATION_ATTRIBUTES_SUPPORTED)
        assert {A.JOB_PASSWORD, A.JOB_PASSWORD_ENCRYPTION, A.JOB_RELEASE_ACTION} <= set(creation)

        press = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/press")
        printer = (await ask(Operation.GET_PRINTER_ATTRIBUTES, target=press)).group(Tag.PRINTER)
        assert printer is not None
        assert printer.text(A.JOB_RELEASE_ACTION_DEFAULT) == "button-press"
        assert printer.text(A.JOB_PASSWORD_REPERTOIRE_CONFIGURED) == "iana_utf-8_any"
        job = job_of(await ask(PRINT, document=PAGE, target=press))
        assert job.texts(A.JOB_STATE_REASONS) == [R.JOB_HELD_FOR_BUTTON_PRESS, R.JOB_HELD_FOR_RELEASE]


async def printer_of(gate: Gate, queue: str = "followme") -> Group:
    target = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/{queue}")
    printer = (await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=target)).group(Tag.PRINTER)
    assert printer is not None
    return printer


async def test_release_printing_is_claimed_where_every_job_is_spooled() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=gate.memory.add_device("printer").id)
        holding, passing = await printer_of(gate), await printer_of(gate, "direct")
        assert "job-release" in holding.texts(A.IPP_FEATURES_SUPPORTED)
        assert holding.text(A.JOB_SPOOLING_SUPPORTED) == "spool"
        assert "job-release" not in passing.texts(A.IPP_FEATURES_SUPPORTED)
        assert "job-password" in passing.texts(A.JOB_RELEASE_ACTION_SUPPORTED)


async def test_who_helps_is_told_where_somebody_is_named() -> None:
    async with Gate() as gate:
        contact = (await printer_of(gate)).get(A.PRINTER_SERVICE_CONTACT_COL)
        assert contact is not None
        assert contact.values == (UNKNOWN,)
    named = DoorSettings(port=0, contact_name="Help desk", contact_uri="mailto:print@example.org")
    async with Gate(named) as gate:
        contact = (await printer_of(gate)).get(A.PRINTER_SERVICE_CONTACT_COL)
        assert contact is not None
        told = {member.name: member.text() for member in contact.first.members}
        assert told == {A.CONTACT_NAME: "Help desk", A.CONTACT_URI: "mailto:print@example.org"}
