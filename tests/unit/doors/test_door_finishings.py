"""finishings-col over the wire: each operation that creates, and octets that are no collection (RFC 8010, 3.1.6)."""

import pytest

from ippgate.ipp import Attribute, Operation, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import read
from ippgate.model.capabilities.finishing import collected
from tests.unit.doors.client import message_of, post, status_of, unsupported_of
from tests.unit.doors.gate import FOLLOWME, Gate
from tests.unit.doors.test_door_wire import element

FINISHER = read([attribute(A.FINISHINGS_SUPPORTED, 3, 4, 5)])
CREATING = (Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB)
INSIST = attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
PAGE = b"%PDF-1.7 a page"
LAMINATED = Attribute(A.FINISHINGS_COL, (collected("laminate"),))
STAPLED = Attribute(A.FINISHINGS_COL, (collected("staple"),))


@pytest.mark.parametrize("code", CREATING)
@pytest.mark.parametrize(
    ("job", "lenient", "strict"),
    [
        ((STAPLED,), Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK),
        (
            (LAMINATED,),
            Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES,
            Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
        ),
        (
            (attribute(A.FINISHINGS, 4), STAPLED),
            Status.SUCCESSFUL_OK_CONFLICTING_ATTRIBUTES,
            Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
        ),
    ],
)
async def test_every_operation_that_creates_answers_alike(
    code: Operation, job: tuple[Attribute, ...], lenient: Status, strict: Status
) -> None:
    async with Gate() as gate:
        gate.able = FINISHER
        for insisting, status in (((), lenient), ((INSIST,), strict)):
            answer = await gate.operate(code, *insisting, job=job, document=PAGE)
            assert status_of(answer) == status
            if status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED:
                assert unsupported_of(answer).attributes == list(job)


COLLECTION, END = element(0x34, A.FINISHINGS_COL, b""), element(0x37, "", b"")
MEMBER = element(0x4A, "", b"finishing-template")
STAPLE = element(0x44, "", b"staple")


@pytest.mark.parametrize(
    "octets",
    [
        COLLECTION + MEMBER + STAPLE,
        COLLECTION + MEMBER + END,
        COLLECTION + STAPLE + END,
        COLLECTION + MEMBER + element(0x44, "finishing-template", b"staple") + END,
        COLLECTION + MEMBER + element(0x21, "", b"\0\4") + END,
        COLLECTION + MEMBER + STAPLE + END + END,
        COLLECTION + MEMBER + element(0x34, "", b"") + MEMBER + STAPLE + END,
    ],
    ids=[
        "no end",
        "no value",
        "no member's name",
        "a name within",
        "an integer of two octets",
        "two ends",
        "one end of two",
    ],
)
async def test_what_is_no_collection_is_a_bad_request_whatever_is_insisted_on(octets: bytes) -> None:
    sound = message_of(Operation.VALIDATE_JOB, FOLLOWME)
    async with Gate() as gate:
        gate.able = FINISHER
        reply = await gate.ask(post(sound[:-1] + b"\x02" + octets + b"\x03"))
        assert reply.status == 200
        assert status_of(reply.ipp) == Status.CLIENT_ERROR_BAD_REQUEST
