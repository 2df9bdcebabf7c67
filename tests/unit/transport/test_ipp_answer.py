"""What a device's answers mean, and that no answer means trouble for the gate (SECURITY S9)."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import Attribute, Group, JobState, Message, PrinterState, Status, Tag, Value, attribute, decode
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import Busy, DeliveryError, OutcomeUnknown, Parcel, Refused
from ippgate.transport.ipp_answer import (
    MAX_REASONS,
    NonsenseError,
    complaint,
    find_in,
    job_id_of,
    refusal,
    report_of,
    sighting_of,
    succeeded,
)
from ippgate.transport.ipp_request import FIND_LIMIT, job_name

RECORDINGS = Path(__file__).parents[2] / "data" / "printers"
PARCEL = Parcel(7, UUID("00112233-4455-66ff-8899-aabbccddeeff"), "Report.pdf", "jake", "application/pdf")
HOSTILE = Value(Tag.TEXT, "\x1b[31m\u202eevil\r\nline\x00".encode() + b"\xff" + b"x" * 1000)
BROKEN = Value(Tag.TEXT_LANG, b"\xff\xff")


def answer(code: int, *groups: Group) -> Message:
    return Message((2, 0), code, 1, [Group(Tag.OPERATION), *groups])


def job(*attributes: Attribute) -> Group:
    return Group(Tag.JOB, list(attributes))


def printer(*attributes: Attribute) -> Group:
    return Group(Tag.PRINTER, list(attributes))


def refused_with(code: int, message: Value | None = None) -> Message:
    group = Group(Tag.OPERATION, [Attribute(A.STATUS_MESSAGE, (message,))] if message else [])
    return Message((2, 0), code, 1, [group])


@pytest.mark.parametrize("code", [0x0000, 0x0001, 0x0002, 0x00FF])
def test_successful_ok_of_any_kind_is_a_success(code: int) -> None:
    assert succeeded(answer(code))


MEANINGS: list[tuple[int, type[DeliveryError], type[DeliveryError]]] = [
    # status, before the document, with the document on its way
    (Status.SERVER_ERROR_BUSY, Busy, Busy),
    (Status.SERVER_ERROR_TEMPORARY_ERROR, Busy, Busy),
    (Status.SERVER_ERROR_NOT_ACCEPTING_JOBS, Busy, Busy),
    (Status.SERVER_ERROR_SERVICE_UNAVAILABLE, Busy, Busy),
    (Status.SERVER_ERROR_TOO_MANY_JOBS, Busy, Busy),
    (Status.SERVER_ERROR_TOO_MANY_DOCUMENTS, Busy, Busy),
    (Status.SERVER_ERROR_PRINTER_IS_DEACTIVATED, Busy, Busy),
    (Status.SERVER_ERROR_INTERNAL_ERROR, Busy, OutcomeUnknown),
    (Status.SERVER_ERROR_DEVICE_ERROR, Busy, OutcomeUnknown),
    (0x05FF, Busy, OutcomeUnknown),
    (Status.SERVER_ERROR_JOB_CANCELED, Refused, Refused),
    (Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, Refused, Refused),
    (Status.SERVER_ERROR_VERSION_NOT_SUPPORTED, Refused, Refused),
    (Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, Refused, Refused),
    (Status.CLIENT_ERROR_NOT_AUTHORIZED, Refused, Refused),
    (Status.CLIENT_ERROR_NOT_FOUND, Refused, Refused),
    (Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, Refused, Refused),
    (0x04FF, Refused, Refused),
    (0x0300, Refused, Refused),
]


@pytest.mark.parametrize(("code", "before", "after"), MEANINGS)
def test_a_status_says_whether_to_try_again_to_give_up_or_that_nobody_knows(
    code: int, before: type[DeliveryError], after: type[DeliveryError]
) -> None:
    assert not succeeded(answer(code))
    assert type(refusal(answer(code), sent=False)) is before
    assert type(refusal(answer(code), sent=True)) is after


def test_a_refusal_carries_the_keyword_and_the_devices_own_words() -> None:
    told = refused_with(0x0507, Value(Tag.TEXT, b"Currently printing another job."))
    assert str(refusal(told, sent=False)) == ("the device answered server-error-busy (Currently printing another job.)")


def test_a_status_that_nobody_registered_is_shown_as_a_number() -> None:
    assert complaint(answer(0x04FE)) == "status 0x04FE"


def test_a_devices_words_are_made_plain_and_short() -> None:
    shown = complaint(refused_with(0x0400, HOSTILE))
    assert shown.startswith("client-error-bad-request ([31mevil line")
    assert shown.isprintable()
    assert len(shown) < 240


def test_words_that_cannot_be_read_are_left_out() -> None:
    assert complaint(refused_with(0x0400, BROKEN)) == "client-error-bad-request"


def test_the_devices_job_id_is_read() -> None:
    assert job_id_of(answer(0, job(attribute(A.JOB_ID, 42)))) == 42


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [job()],
        [job(Attribute(A.JOB_ID, (Value(Tag.INTEGER, b"\0\0\0\0"),)))],
        [job(Attribute(A.JOB_ID, (Value(Tag.INTEGER, b"\xff\xff\xff\xff"),)))],
        [job(Attribute(A.JOB_ID, (Value(Tag.INTEGER, b"\1"),)))],
        [job(Attribute(A.JOB_ID, (Value(Tag.KEYWORD, b"42"),)))],
        [job(Attribute(A.JOB_ID, (Value(Tag.BEG_COLLECTION, ()),)))],
    ],
)
def test_a_job_without_a_usable_id_is_nonsense(groups: list[Group]) -> None:
    with pytest.raises(NonsenseError, match="no job-id"):
        job_id_of(answer(0, *groups))


def test_a_job_is_sighted_with_state_reasons_and_counts() -> None:
    seen = sighting_of(
        answer(
            0,
            job(
                attribute(A.JOB_ID, 42),
                attribute(A.JOB_STATE, JobState.PROCESSING_STOPPED),
                attribute(A.JOB_STATE_REASONS, "printer-stopped", "none"),
                attribute(A.JOB_STATE_MESSAGE, "Paper jam"),
                attribute(A.JOB_IMPRESSIONS_COMPLETED, 3),
                attribute(A.JOB_MEDIA_SHEETS_COMPLETED, 2),
            ),
        ),
        42,
    )
    assert (seen.device_job_id, seen.state, seen.reasons) == (42, JobState.PROCESSING_STOPPED, ("printer-stopped",))
    assert (seen.message, seen.impressions, seen.sheets) == ("Paper jam", 3, 2)


def test_counts_that_the_device_does_not_know_are_none() -> None:
    unknown = Attribute(A.JOB_IMPRESSIONS_COMPLETED, (Value(Tag.UNKNOWN, b""),))
    negative = Attribute(A.JOB_MEDIA_SHEETS_COMPLETED, (Value(Tag.INTEGER, b"\xff\xff\xff\xfe"),))
    seen = sighting_of(answer(0, job(attribute(A.JOB_STATE, 9), unknown, negative)), 42)
    assert (seen.impressions, seen.sheets) == (None, None)


def test_an_answer_about_another_job_is_a_lie() -> None:
    told = answer(0, job(attribute(A.JOB_ID, 43), attribute(A.JOB_STATE, 9)))
    with pytest.raises(NonsenseError, match="asked about job 42 and answered about job 43"):
        sighting_of(told, 42)


@pytest.mark.parametrize(
    "told",
    [
        answer(0),
        answer(0, job(attribute(A.JOB_ID, 42))),
        answer(0, job(Attribute(A.JOB_STATE, (Value(Tag.ENUM, b"\0\0\0\12"),)))),
        answer(0, job(Attribute(A.JOB_STATE, (Value(Tag.KEYWORD, b"completed"),)))),
    ],
)
def test_a_job_without_a_state_that_exists_is_nonsense(told: Message) -> None:
    with pytest.raises(NonsenseError):
        sighting_of(told, 42)


def test_reasons_and_messages_are_plain_and_bounded() -> None:
    reasons = Attribute(A.JOB_STATE_REASONS, (HOSTILE,) * 500)
    message = Attribute(A.JOB_STATE_MESSAGE, (HOSTILE,))
    seen = sighting_of(answer(0, job(attribute(A.JOB_STATE, 5), reasons, message)), 42)
    assert len(seen.reasons) == MAX_REASONS
    assert all(reason.isprintable() and len(reason) <= 80 for reason in seen.reasons)
    assert seen.message.isprintable()
    assert len(seen.message) <= 200


def listed(*names: str | Value | None) -> Message:
    jobs = []
    for number, name in enumerate(names, 1):
        named = [attribute(A.JOB_NAME, name)] if name is not None else []
        jobs.append(job(attribute(A.JOB_ID, number), *named))
    return answer(0, *jobs)


def test_the_job_with_the_token_is_found() -> None:
    assert find_in(listed("other", job_name(PARCEL), "third"), PARCEL) == 2


def test_a_name_that_the_device_changed_around_the_token_is_found() -> None:
    assert find_in(listed(f"jake: {PARCEL.token}.pdf"), PARCEL) == 1


def test_a_name_cut_short_inside_the_token_is_found_while_enough_of_it_is_left() -> None:
    name = job_name(PARCEL)
    assert find_in(listed(name[:-8]), PARCEL) == 1
    assert find_in(listed(name[:-9]), PARCEL) is None
    assert find_in(listed("Report.pdf"), PARCEL) is None


def test_an_empty_list_holds_no_job() -> None:
    assert find_in(answer(0), PARCEL) is None


def test_a_list_of_nameless_jobs_cannot_tell() -> None:
    with pytest.raises(NonsenseError, match="hides the names"):
        find_in(listed("other", None), PARCEL)
    assert find_in(listed(None, job_name(PARCEL)), PARCEL) == 2


def test_a_list_cut_at_the_limit_cannot_tell() -> None:
    with pytest.raises(NonsenseError, match=f"more than {FIND_LIMIT} jobs"):
        find_in(listed(*["other"] * FIND_LIMIT), PARCEL)


def test_a_printer_is_reported_with_state_formats_and_model() -> None:
    report = report_of(
        answer(
            0,
            printer(
                attribute(A.PRINTER_STATE, PrinterState.STOPPED),
                attribute(A.PRINTER_STATE_REASONS, "media-jam-error", "none"),
                attribute(A.PRINTER_STATE_MESSAGE, "Open the door"),
                attribute(A.PRINTER_IS_ACCEPTING_JOBS, False),
                attribute(A.DOCUMENT_FORMAT_SUPPORTED, "application/pdf", "image/urf"),
                attribute(A.PRINTER_MAKE_AND_MODEL, "Example 9000"),
            ),
        )
    )
    assert (report.state, report.reasons, report.message) == (
        PrinterState.STOPPED,
        ("media-jam-error",),
        "Open the door",
    )
    assert not report.accepting
    assert report.formats == ("application/pdf", "image/urf")
    assert report.make_and_model == "Example 9000"


def test_a_printer_that_says_little_is_taken_to_accept_jobs() -> None:
    report = report_of(answer(0, printer(attribute(A.PRINTER_STATE, 3))))
    assert (report.accepting, report.formats, report.make_and_model) == (True, (), "")


@pytest.mark.parametrize(
    "told",
    [
        answer(0),
        answer(0, printer()),
        answer(0, printer(Attribute(A.PRINTER_STATE, (Value(Tag.ENUM, b"\0\0\0\7"),)))),
        answer(0, printer(Attribute(A.PRINTER_STATE, (Value(Tag.TEXT, b"idle"),)))),
    ],
)
def test_a_printer_without_a_state_that_exists_is_nonsense(told: Message) -> None:
    with pytest.raises(NonsenseError):
        report_of(told)


MODELS = {
    "Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp": "ECOSYS M2040dn",
    "Xerox-B235-Printer-Attributes.ipp": "Xerox(R) B235 MFP",
    "get-printer-attributes-brother-mfcj5320dw.bin": "Brother MFC-J5320DW",
    "get-printer-attributes-epsonxp6000.bin": "EPSON XP-6000 Series",
    "get-printer-attributes-hp6830.bin": "HP Officejet Pro 6830",
    "get-printer-attributes-kyocera-ecosys-m2540dn-001.bin": "ECOSYS M2540dn",
}


@pytest.mark.parametrize("recording", sorted(RECORDINGS.iterdir()), ids=lambda path: path.stem[-30:])
def test_every_recorded_answer_makes_a_report_or_is_refused_in_order(recording: Path) -> None:
    message, _ = decode(recording.read_bytes())
    if recording.name not in MODELS:
        with pytest.raises(NonsenseError):
            report_of(message)
        return
    report = report_of(message)
    assert report.make_and_model == MODELS[recording.name]
    assert report.state is PrinterState.IDLE


values = st.one_of(
    st.builds(Value, st.sampled_from([int(tag) for tag in Tag if tag >= 0x20]), st.binary(max_size=40)),
    st.builds(Value, st.just(int(Tag.BEG_COLLECTION)), st.just(())),
)
names = st.sampled_from(
    [
        *(A.JOB_ID, A.JOB_STATE, A.JOB_STATE_REASONS, A.JOB_STATE_MESSAGE, A.JOB_NAME, A.STATUS_MESSAGE),
        *(A.PRINTER_STATE, A.PRINTER_STATE_REASONS, A.PRINTER_IS_ACCEPTING_JOBS, A.PRINTER_MAKE_AND_MODEL),
        *(A.PRINTER_DEVICE_ID, A.PRINTER_NAME, A.PRINTER_UUID, A.PRINTER_INFO, A.DOCUMENT_FORMAT_SUPPORTED),
    ]
)
attributes = st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3).map(tuple))
groups = st.builds(Group, st.sampled_from([int(Tag.OPERATION), int(Tag.JOB), int(Tag.PRINTER)]), st.lists(attributes))


@given(st.lists(groups, max_size=4), st.integers(min_value=0, max_value=0xFFFF))
def test_any_answer_is_understood_or_nonsense_and_nothing_else(told: list[Group], code: int) -> None:
    message = Message((2, 0), code, 1, told)
    assert complaint(message).isprintable()
    for read in (job_id_of, report_of, lambda it: sighting_of(it, 1), lambda it: find_in(it, PARCEL)):
        with suppress(NonsenseError):
            read(message)
