"""Requests to a device: in the order the standard asks for, with names that a device takes."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import Message, Operation, Tag, attribute, decode, encode
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import Parcel
from ippgate.transport.ipp_request import FIND_LIMIT, GATE_USER, TITLE_OCTETS, Asker, job_name, user_name

URI = "ipp://printer.example/ipp/print"
TOKEN = "ippgate-00112233445566ff"


def parcel(name: str = "Report.pdf", user: str = "jake") -> Parcel:
    return Parcel(7, UUID("00112233-4455-66ff-8899-aabbccddeeff"), name, user, "application/pdf")


def wire(request: Message) -> list[tuple[int, list[str]]]:
    """What the device reads: each group's tag and the names in it."""
    message, rest = decode(encode(request))
    assert rest == b""
    return [(group.tag, [item.name for item in group]) for group in message.groups]


HEAD = [A.ATTRIBUTES_CHARSET, A.ATTRIBUTES_NATURAL_LANGUAGE, A.PRINTER_URI]


def test_a_job_is_made_with_its_ticket_in_a_group_of_its_own() -> None:
    request = Asker(URI).create_job(parcel(), [attribute(A.COPIES, 2)])
    assert request.code == Operation.CREATE_JOB
    assert wire(request) == [
        (Tag.OPERATION, [*HEAD, A.REQUESTING_USER_NAME, A.JOB_NAME, A.IPP_ATTRIBUTE_FIDELITY]),
        (Tag.JOB, [A.COPIES]),
    ]
    assert request.operation.boolean(A.IPP_ATTRIBUTE_FIDELITY) is False


def test_a_document_is_sent_as_the_last_of_its_job() -> None:
    request = Asker(URI).send_document(parcel(), 42, "application/pdf")
    assert wire(request) == [
        (Tag.OPERATION, [*HEAD, A.JOB_ID, A.REQUESTING_USER_NAME, A.DOCUMENT_FORMAT, A.LAST_DOCUMENT])
    ]
    assert request.operation.integer(A.JOB_ID) == 42
    assert request.operation.boolean(A.LAST_DOCUMENT) is True


def test_a_print_job_without_format_and_ticket_names_neither() -> None:
    assert wire(Asker(URI).print_job(parcel(), None, [])) == [
        (Tag.OPERATION, [*HEAD, A.REQUESTING_USER_NAME, A.JOB_NAME, A.IPP_ATTRIBUTE_FIDELITY])
    ]


def test_jobs_are_looked_for_in_the_name_of_their_owner_and_within_a_limit() -> None:
    request = Asker(URI).jobs("jake", "completed")
    assert request.operation.text(A.REQUESTING_USER_NAME) == "jake"
    assert request.operation.integer(A.LIMIT) == FIND_LIMIT
    assert request.operation.texts(A.REQUESTED_ATTRIBUTES) == [A.JOB_ID, A.JOB_NAME]


def test_questions_that_nobody_asked_are_the_gates_own() -> None:
    asker = Asker(URI)
    for request in (asker.printer_attributes(), asker.job_attributes(1)):
        assert request.operation.text(A.REQUESTING_USER_NAME) == GATE_USER


def test_request_ids_count_up_and_stay_positive() -> None:
    asker = Asker(URI, _last=0x7FFF_FFFE)
    assert [asker.cancel_job(1, "jake").request_id for _ in range(3)] == [0x7FFF_FFFF, 1, 2]


def test_a_device_that_speaks_only_1_1_is_spoken_to_so() -> None:
    assert encode(Asker(URI, (1, 1)).printer_attributes())[:2] == b"\1\1"


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ("Report.pdf", f"Report.pdf {TOKEN}"),
        ("", TOKEN),
        ("\r\n\x1b\u202e", TOKEN),
        ("a" * 300, "a" * (TITLE_OCTETS - 1) + f" {TOKEN}"),
        ("中" * 300, "中" * 31 + f" {TOKEN}"),
    ],
)
def test_a_device_calls_the_job_by_its_name_and_token(told: str, called: str) -> None:
    assert job_name(parcel(told)) == called


@given(st.text())
def test_no_name_pushes_the_token_out_or_breaks_the_request(name: str) -> None:
    called = job_name(parcel(name))
    assert called.endswith(TOKEN)
    assert len(called.encode()) <= 255
    assert called.isprintable()
    wire(Asker(URI).create_job(parcel(name, name), []))


@pytest.mark.parametrize(
    ("told", "sent"),
    [("CORP\\jake", "CORP\\jake"), ("", GATE_USER), ("\x00\x1b", GATE_USER), ("a\r\nb", "a b")],
)
def test_the_user_is_named_plainly_and_never_by_nothing(told: str, sent: str) -> None:
    assert user_name(told) == sent


@given(st.text(min_size=200))
def test_a_user_name_fits_its_syntax(name: str) -> None:
    assert 0 < len(user_name(name).encode()) <= 255
