"""The standards' own release printing (PWG 5100.11-2024), row by row of its rules, over ipp and over ipps."""

import hashlib
import json
from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import UNSUPPORTED, Attribute, JobState, Operation, Status, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import LOGIN, Adding
from tests.rig.documents import PDF
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import Answer, IppClient
from tests.rig.ipptool import ipptool

PAGE = PDF.read_bytes()
OK, BAD = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_BAD_REQUEST
PIN = b"90210486"
UNSHOWN = Attribute(A.JOB_PASSWORD, (UNSUPPORTED,))
PASSWORD_REASONS = ("job-password-wait", "job-held-for-release")


def hashed(octets: bytes, encryption: str = "sha2-256") -> tuple[Attribute, Attribute]:
    return secret(hashlib.new(encryption.replace("sha2-", "sha"), octets).digest(), encryption)


def secret(octets: bytes, encryption: str) -> tuple[Attribute, Attribute]:
    password = Attribute(A.JOB_PASSWORD, (Value(Tag.OCTET_STRING, octets),))
    return password, attribute(A.JOB_PASSWORD_ENCRYPTION, encryption)


def action(keyword: str) -> Attribute:
    return attribute(A.JOB_RELEASE_ACTION, keyword)


def job(job_id: int) -> Attribute:
    return attribute(A.JOB_ID, job_id)


@pytest.fixture(params=["ipp", "ipps"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def anna(gate: Gate, scheme: str) -> IppClient:
    return gate.client("anna") if scheme == "ipp" else gate.secure_client("anna")


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


async def printed(anna: IppClient, queue: str, *more: Attribute) -> Answer:
    return await anna.ask(Operation.PRINT_JOB, *more, queue=queue, document=PAGE)


def unsupported(answer: Answer) -> list[Attribute]:
    group = answer.message.group(Tag.UNSUPPORTED_GROUP) if answer.message else None
    return group.attributes if group else []


@pytest.mark.parametrize(
    ("keyword", "reasons"),
    [
        ("button-press", ("job-held-for-button-press", "job-held-for-release")),
        ("job-password", PASSWORD_REASONS),
        ("owner-authorized", ("job-held-for-authorization", "job-held-for-release")),
    ],
)
async def test_rows_1_to_3_a_job_is_held_for_its_action(
    anna: IppClient, add_queue: Adding, keyword: str, reasons: tuple[str, ...]
) -> None:
    queue = await add_queue()
    password = hashed(PIN) if keyword == "job-password" else ()
    seen = await anna.job((await printed(anna, queue, action(keyword), *password)).job_id)
    assert (seen.state, seen.reasons) == (JobState.PENDING_HELD, reasons)


async def test_row_3_the_owner_has_to_prove_who_that_is(
    gate: Gate, anna: IppClient, services: Services, add_queue: Adding, add_device: Adding, device: HostileDevice,
    operator: str, scheme: str,
) -> None:  # fmt: skip
    name = await add_device(device.uri)
    queue = await add_queue("passthrough", name)
    job_id = (await printed(anna, queue, action("owner-authorized"))).job_id
    said = await anna.ask(Operation.RELEASE_JOB, job(job_id))
    if scheme == "ipp":
        assert said.status == Status.CLIENT_ERROR_NOT_AUTHENTICATED
    else:
        assert said.http == 401
    assert (await anna.job(job_id)).state == JobState.PENDING_HELD
    assert (await gate.secure_client(operator, LOGIN).ask(Operation.RELEASE_JOB, job(job_id))).ok
    assert (await anna.wait(job_id)).state == JobState.COMPLETED
    assert gate.log("job.overridden", job=job_id)[0]["action"] == "owner-authorized"


async def test_rows_4_and_5_an_action_and_a_password_that_do_not_belong_together_are_refused(
    anna: IppClient, add_queue: Adding
) -> None:
    queue = await add_queue()
    for wishes in (
        [action("job-password")],
        [action("job-password"), hashed(PIN)[0]],
        [action("job-password"), hashed(PIN)[1]],
        [action("button-press"), *hashed(PIN)],
        [action("owner-authorized"), *hashed(PIN)],
        [action("owner-authorized"), hashed(PIN)[0]],
    ):
        answer = await printed(anna, queue, *wishes)
        assert answer.status == BAD, (wishes, answer)
    assert await anna.jobs(queue=queue) == []


async def test_row_6_a_password_as_it_was_typed_needs_tls(anna: IppClient, add_queue: Adding, scheme: str) -> None:
    queue, expected = await add_queue(), OK if scheme == "ipps" else BAD
    held = (await printed(anna, queue, *hashed(PIN))).job_id
    typed = secret(PIN, "none")
    answers = [
        await anna.ask(Operation.VALIDATE_JOB, *typed, queue=queue),
        await anna.ask(Operation.CREATE_JOB, *typed, queue=queue),
        await printed(anna, queue, *typed),
    ]
    assert [answer.status for answer in answers] == [expected] * 3
    release = await anna.ask(Operation.RELEASE_JOB, job(held), *typed)
    assert release.status == (Status.CLIENT_ERROR_NOT_POSSIBLE if scheme == "ipps" else BAD)  # it names no device
    if scheme == "ipp":
        assert [unsupported(answer) for answer in (*answers, release)] == [[UNSHOWN]] * 4


async def test_rows_7_and_8_a_password_that_cannot_be_taken_is_refused_and_not_shown(
    anna: IppClient, add_queue: Adding, scheme: str
) -> None:
    queue = await add_queue()
    for encryption, octets in (("sha2-256", b"\x01" * 31), ("sha2-512", b"\x01" * 32), ("shake-128", b"\x01" * 16)):
        answer = await printed(anna, queue, *secret(octets, encryption))
        assert (answer.status, unsupported(answer)) == (BAD, [UNSHOWN])
    for octets in (b"9" * 256, b"123", b"12ab", b"\xff\xff\xff\xff"):
        answer = await printed(anna, queue, *secret(octets, "none"))
        assert (answer.status, unsupported(answer)) == (BAD, [UNSHOWN])
        assert ("TLS" in answer.sentence) == (scheme == "ipp")
    for encryption in ("md5", "sha", "sha3-512_224"):
        answer = await printed(anna, queue, *secret(b"\x01" * 16, encryption))
        assert (answer.status, unsupported(answer)) == (BAD, [attribute(A.JOB_PASSWORD_ENCRYPTION, encryption)])
    answer = await printed(anna, queue, *secret(PIN, "rot-13"))
    assert (answer.status, unsupported(answer)) == (BAD, [Attribute(A.JOB_PASSWORD_ENCRYPTION, (UNSUPPORTED,))])


async def test_row_9_the_longest_password_is_taken(anna: IppClient, add_queue: Adding, scheme: str) -> None:
    longest = secret(b"7" * 255, "none") if scheme == "ipps" else hashed(b"7" * 255, "sha2-512")
    assert (await printed(anna, await add_queue(), *longest)).status == OK


async def test_row_10_validate_job_checks_a_password_and_keeps_nothing(anna: IppClient, add_queue: Adding) -> None:
    queue = await add_queue()
    answer = await anna.ask(Operation.VALIDATE_JOB, action("job-password"), *hashed(PIN), queue=queue)
    assert answer.status == OK
    assert hashlib.sha256(PIN).digest() not in answer.body
    assert (await anna.ask(Operation.VALIDATE_JOB, action("job-password"), queue=queue)).status == BAD
    assert await anna.jobs("all", queue=queue) == []


async def test_rows_11_and_12_the_right_password_prints_and_a_wrong_one_is_an_invalid_value(
    anna: IppClient, services: Services, add_queue: Adding, add_device: Adding, device: HostileDevice, scheme: str
) -> None:
    name = await add_device(device.uri)
    queues = [await add_queue(), await add_queue("passthrough", name)]
    uuid = (await services.fleet.device(name)).uuid
    offered = [hashed(PIN), secret(PIN, "none")] if scheme == "ipps" else [hashed(PIN)]
    for queue in queues:
        for right in offered:
            job_id = (await printed(anna, queue, *hashed(PIN))).job_id
            where = [attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{uuid}")] if queue is queues[0] else []
            wrong = await anna.ask(Operation.RELEASE_JOB, job(job_id), *where, *hashed(b"90210487"))
            assert (wrong.status, unsupported(wrong)) == (BAD, [UNSHOWN])
            none = await anna.ask(Operation.RELEASE_JOB, job(job_id), *where)
            assert none.status == BAD
            assert (await anna.job(job_id)).reasons == PASSWORD_REASONS
            assert (await anna.ask(Operation.RELEASE_JOB, job(job_id), *where, *right)).status == OK
            assert (await anna.wait(job_id)).state == JobState.COMPLETED


async def test_row_13_a_copy_keeps_the_password(
    gate: Gate, anna: IppClient, services: Services, add_queue: Adding, add_device: Adding, device: HostileDevice,
    operator: str,
) -> None:  # fmt: skip
    queue = await add_queue("passthrough", await add_device(device.uri))
    kept = attribute(A.JOB_RETAIN_UNTIL, "end-of-month")
    answer = await anna.ask(Operation.PRINT_JOB, *hashed(PIN), queue=queue, document=PAGE, job=[kept])
    original = job(answer.job_id)
    assert (await anna.ask(Operation.CANCEL_JOB, original)).ok
    for takes_away in ([action("none")], [action("button-press")], [*hashed(b"1234")]):
        refused = await anna.ask(Operation.RESUBMIT_JOB, original, *takes_away)
        assert refused.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, (takes_away, refused)
    copy = (await anna.ask(Operation.RESUBMIT_JOB, original)).job_id
    assert copy != answer.job_id
    seen = await anna.job(copy)
    assert (seen.state, seen.reasons) == (JobState.PENDING_HELD, PASSWORD_REASONS)
    assert (await anna.ask(Operation.RELEASE_JOB, job(copy))).status == BAD
    assert (await anna.ask(Operation.RELEASE_JOB, job(copy), *hashed(b"1234"))).status == BAD
    assert device.jobs == {}
    assert (await anna.ask(Operation.RELEASE_JOB, job(copy), *hashed(PIN))).ok
    assert (await anna.wait(copy)).state == JobState.COMPLETED
    freed = await gate.secure_client(operator, LOGIN).ask(Operation.RESUBMIT_JOB, original, action("none"))
    assert (await anna.wait(freed.job_id)).state == JobState.COMPLETED


async def test_row_15_one_text_has_one_form(
    anna: IppClient,
    services: Services,
    gate: Gate,
    add_queue: Adding,
    add_device: Adding,
    device: HostileDevice,
    scheme: str,
) -> None:
    name = await add_device(device.uri)
    queue = await add_queue("passthrough", name)
    await gate.cli("queue", "set", queue, "--password-repertoire", "iana_utf-8_any")
    await gate.caught_up(services)
    combined, decomposed = "Zo\u00eb Fischer".encode(), "Zoe\u0308 Fischer".encode()
    stored = secret(decomposed, "none") if scheme == "ipps" else hashed(combined)
    offered = (
        [hashed(combined)]
        if scheme == "ipp"
        else [hashed(combined), secret(combined, "none"), secret(decomposed, "none")]
    )
    for right in offered:
        job_id = (await printed(anna, queue, *stored)).job_id
        assert (await anna.ask(Operation.RELEASE_JOB, job(job_id), *right)).status == OK
        assert (await anna.wait(job_id)).state == JobState.COMPLETED


async def test_row_14_nothing_that_anybody_can_ask_for_tells_the_password(
    gate: Gate, anna: IppClient, services: Services, add_queue: Adding, operator: str
) -> None:
    queue, encryption = await add_queue(), "sha2-384"
    digest = hashlib.sha384(PIN).digest()
    job_id = (await printed(anna, queue, *secret(digest, encryption))).job_id
    everything = attribute(A.REQUESTED_ATTRIBUTES, "all", A.JOB_PASSWORD, A.JOB_PASSWORD_ENCRYPTION)
    answers = [
        await anna.ask(Operation.GET_JOB_ATTRIBUTES, job(job_id), everything),
        await anna.ask(Operation.GET_JOBS, everything, queue=queue),
        await anna.ask(Operation.RELEASE_JOB, job(job_id), *secret(digest[::-1], encryption)),
        await anna.ask(Operation.HOLD_JOB, job(job_id)),
        await anna.ask(Operation.SET_JOB_ATTRIBUTES, job(job_id), job=[*secret(digest, encryption)]),
    ]
    told = b"".join(answer.body for answer in answers)
    for words in (("job", "show", job_id), ("job", "list", "--json")):
        done = await gate.cli(*words)
        told += done.out.encode() + done.err.encode()
    said = gate.said().encode()
    for secret_of in (
        PIN,
        digest,
        digest[::-1],
        PIN.hex().encode(),
        digest.hex().encode(),
        digest[::-1].hex().encode(),
    ):
        assert secret_of not in told
        assert secret_of not in said
    story = await gate.told("job", "show", job_id)
    assert (story["release_action"], story["wrong_passwords"]) == ("job-password", 0)
    assert "password" not in {key for key in story if key not in ("release_action", "wrong_passwords")}
    assert json.dumps(story).count("sha2-384") == 0


async def test_a_locked_job_is_unlocked_or_released_at_the_command_line(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, device: HostileDevice
) -> None:
    anna, name = gate.client("anna"), await add_device(device.uri)
    queue = await add_queue("passthrough", name)
    first, second = [(await printed(anna, queue, *hashed(PIN))).job_id for _ in range(2)]
    await services.database.value("password_try", first, "203.0.113.1", 3, 1.0, 60.0, 1, 30, 60.0)
    await services.database.value("password_try", second, "203.0.113.1", 3, 1.0, 60.0, 1, 30, 60.0)
    assert (await gate.told("job", "show", first))["wrong_passwords"] == 1
    done = await gate.cli("job", "unlock", first)
    assert done.out.startswith(f"Job {first} is pending-held")
    assert (await gate.told("job", "show", first))["wrong_passwords"] == 0
    assert (await anna.ask(Operation.RELEASE_JOB, job(first), *hashed(PIN))).ok
    await gate.cli("job", "release", second)
    for job_id in (first, second):
        assert (await anna.wait(job_id)).state == JobState.COMPLETED
    assert await gate.refused("job", "unlock", first) == f"there is no job {first} that waits for a password"


async def test_the_stock_file_fails_without_tls_and_passes_over_it(gate: Gate, add_queue: Adding) -> None:
    queue = await add_queue()
    plain = await ipptool(gate.uri(queue), "print-job-password.test", user="jake")
    assert [verdict.status for verdict in plain.all] == ["client-error-bad-request"]
    assert "TLS alone: use ipps" in str(plain)
    secure = await ipptool(gate.tls_uri(queue), "print-job-password.test", user="jake")
    assert len(secure.passed) == len(secure.all) == 1, str(secure)
    seen = await gate.client().job(int(secure.answer["job-id"]))
    assert (seen.state, seen.reasons) == (JobState.PENDING_HELD, PASSWORD_REASONS)
