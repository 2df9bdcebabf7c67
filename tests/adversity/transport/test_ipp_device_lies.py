"""An IPP device refuses, cuts, stalls, loses answers, lies: each time the gate knows what it knows, and no more."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

import pytest

from ippgate.ipp import Group, JobState, Message, Operation, Status, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import Busy, DeliveryError, OutcomeUnknown, Parcel, Refused, Unreachable
from ippgate.transport.ipp import IppTransport
from ippgate.transport.port import TransportSettings
from tests.conformance.transport.parcels import Marks, device, in_chunks, parcel
from tests.rig.documents import random_document
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import (
    Lie,
    huge,
    nested,
    other_job,
    truncated,
    with_job_attributes,
    with_printer_attributes,
    without,
)
from tests.rig.sink import Sink

QUICK = TransportSettings(connect_timeout=1, answer_timeout=0.5, stall_timeout=0.5, answer_limit=256 * 1024)
DOCUMENT = random_document(3_000_000)
SMALL = DOCUMENT[:20_000]
HOSTILE_TEXT = Value(Tag.TEXT, "\x1b[2J\u202eevil\r\nline\x00".encode() + b"\xff" * 900)


def called(value: object) -> str:
    """The name of a case, the same in every process: without the addresses of functions."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))


@pytest.fixture
async def liar() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as liar:
        yield liar


@pytest.fixture
async def transport(liar: HostileDevice) -> AsyncIterator[IppTransport]:
    """Of a device that has described itself before it began to lie."""
    transport = IppTransport(device(liar.uri), QUICK)
    async with aclosing(transport):
        await transport.probe()
        yield transport


def only_print_job(liar: HostileDevice) -> IppTransport:
    spared = (Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
    liar.printer.operations = tuple(one for one in liar.printer.operations if one not in spared)
    return IppTransport(device(liar.uri), QUICK)


async def failure(transport: IppTransport, marks: Marks, *chunks: bytes, sent: Parcel | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await transport.deliver(sent or parcel(), in_chunks(*(chunks or (SMALL,))), marks)
    return raised.value


# ── refused before the document ──


BEFORE: list[tuple[dict[str, Any], type[DeliveryError], str]] = [
    ({"refuse": Status.SERVER_ERROR_BUSY}, Busy, "server-error-busy"),
    ({"refuse": Status.SERVER_ERROR_NOT_ACCEPTING_JOBS}, Busy, "not-accepting-jobs"),
    ({"refuse": Status.CLIENT_ERROR_NOT_AUTHORIZED}, Refused, "client-error-not-authorized"),
    ({"http_status": "503 Service Unavailable"}, Busy, "HTTP 503"),
    ({"http_status": "429 Too Many Requests"}, Busy, "HTTP 429"),
    ({"http_status": "401 Unauthorized"}, Refused, "asks for a password"),
    ({"http_status": "403 Forbidden"}, Refused, "forbids"),
    ({"http_status": "404 Not Found"}, Refused, "no printer at that path"),
    ({"http_status": "426 Upgrade Required"}, Refused, "register it as ipps"),
    ({"http_status": "418 I'm a teapot"}, Refused, "HTTP 418"),
    ({"http_status": "500 Internal Server Error"}, Unreachable, "HTTP 500"),
    ({"lose_answer": True}, Unreachable, "without an answer"),
    ({"cut_answer_after": 30}, Unreachable, "without an answer"),
    ({"answer_after": 5.0}, Unreachable, "did not answer within"),
    ({"raw": b"220 mail.example ESMTP\r\n"}, Refused, "not HTTP"),
    ({"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/html\r\n\r\nhello"}, Refused, "not IPP"),
    ({"raw": b""}, Unreachable, "without an answer"),
    ({"twist": truncated(40)}, Refused, "cannot be read"),
    ({"twist": without(A.JOB_ID)}, Refused, "gave it no job-id"),
    ({"twist": lambda answer: b"\x02\x00\x00\x00\x00\x00\x00\x01\x01\x44\xff\xff"}, Refused, "cannot be read"),
]


@pytest.mark.parametrize(("lie", "error", "sentence"), BEFORE, ids=lambda value: called(value)[:40])
async def test_a_device_that_makes_no_job_gets_no_document(
    liar: HostileDevice, transport: IppTransport, lie: dict[str, Any], error: type[DeliveryError], sentence: str
) -> None:
    liar.lie(Lie(Operation.CREATE_JOB, **lie))
    marks = Marks()
    told = await failure(transport, marks)
    assert type(told) is error
    assert sentence in str(told)
    assert marks.made == []
    assert len(liar.requests(Operation.CREATE_JOB)) == 1
    assert liar.requests(Operation.SEND_DOCUMENT) == []


async def test_a_busy_device_takes_the_job_when_the_other_one_has_ended() -> None:
    async with (
        HostileDevice(single=True, at_once=False) as small,
        aclosing(IppTransport(device(small.uri), QUICK)) as transport,
    ):
        await transport.deliver(parcel(), in_chunks(SMALL), Marks())
        assert "Currently printing another job" in str(await failure(transport, Marks()))
        small.printer.finish(1)
        receipt = await transport.deliver(parcel(), in_chunks(SMALL), Marks())
        assert receipt.device_job_id == 2


# ── refused with the document on its way ──


AFTER: list[tuple[dict[str, Any], type[DeliveryError]]] = [
    ({"refuse": Status.SERVER_ERROR_BUSY}, Busy),
    ({"refuse": Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED}, Refused),
    ({"refuse": Status.CLIENT_ERROR_DOCUMENT_FORMAT_ERROR}, Refused),
    ({"http_status": "503 Service Unavailable"}, Busy),
    ({"http_status": "413 Content Too Large"}, Refused),
]


@pytest.mark.parametrize("document", [SMALL, DOCUMENT], ids=["small", "large"])
@pytest.mark.parametrize(("lie", "error"), AFTER, ids=lambda value: called(value)[:40])
async def test_a_device_that_says_it_did_not_take_the_document_is_believed_and_its_job_cleared(
    liar: HostileDevice, transport: IppTransport, lie: dict[str, Any], error: type[DeliveryError], document: bytes
) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, **lie))
    liar.printer.at_once = False
    marks = Marks()
    assert type(await failure(transport, marks, document)) is error
    assert marks.made == [1]
    assert liar.jobs[1].state is JobState.CANCELED


@pytest.mark.parametrize("size", [None, len(DOCUMENT)], ids=["chunked", "with length"])
@pytest.mark.parametrize("status", [Status.SERVER_ERROR_BUSY, Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED])
async def test_a_refusal_while_the_document_waits_for_its_client_is_heard(
    liar: HostileDevice, transport: IppTransport, status: Status, size: int | None
) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, refuse=status, refuse_early=True))

    async def still_arriving() -> AsyncIterator[bytes]:
        yield DOCUMENT[:1000]
        await asyncio.Event().wait()

    with pytest.raises(DeliveryError) as raised:
        await transport.deliver(parcel(size=size), still_arriving(), Marks())
    assert type(raised.value) is (Busy if status is Status.SERVER_ERROR_BUSY else Refused)
    assert liar.jobs[1].state is JobState.CANCELED


async def test_a_refusal_is_heard_before_the_reset_of_the_device_that_leaves_the_document_unread(
    liar: HostileDevice, transport: IppTransport
) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, refuse=Status.SERVER_ERROR_BUSY, refuse_early=True))
    assert type(await failure(transport, Marks(), DOCUMENT)) is Busy


@pytest.mark.parametrize(
    "lie",
    [
        {"refuse": Status.SERVER_ERROR_INTERNAL_ERROR},
        {"refuse": Status.SERVER_ERROR_DEVICE_ERROR},
        {"http_status": "500 Internal Server Error"},
        {"http_status": "502 Bad Gateway"},
        {"lose_answer": True},
        {"cut_answer_after": 12},
        {"cut_after": 10_000},
        {"stall_after": 10_000},
        {"answer_after": 5.0},
        {"raw": b"\x00\x01\x02"},
        {"raw": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nprinted"},
        {"twist": truncated(9)},
        {"twist": nested(40)},
    ],
    ids=called,
)
@pytest.mark.parametrize("with_create_job", [True, False], ids=["Send-Document", "Print-Job"])
async def test_when_no_answer_says_what_became_of_the_document_the_outcome_is_unknown(
    liar: HostileDevice, lie: dict[str, Any], with_create_job: bool
) -> None:
    transport = IppTransport(device(liar.uri), QUICK) if with_create_job else only_print_job(liar)
    async with aclosing(transport):
        await transport.probe()
        liar.lie(Lie(Operation.SEND_DOCUMENT if with_create_job else Operation.PRINT_JOB, **lie))
        marks = Marks()
        assert type(await failure(transport, marks, DOCUMENT)) is OutcomeUnknown
        assert len(marks.made) == 1
        assert liar.requests(Operation.CANCEL_JOB) == []
        liar.resume()


@pytest.mark.parametrize("size", [None, len(DOCUMENT)], ids=["chunked", "with length"])
async def test_a_success_told_before_the_document_was_sent_is_not_believed(
    liar: HostileDevice, transport: IppTransport, size: int | None
) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, refuse=Status.SUCCESSFUL_OK, refuse_early=True))
    told = await failure(transport, Marks(), DOCUMENT, sent=parcel(size=size))
    assert type(told) is OutcomeUnknown
    assert "before it had been sent" in str(told)


async def test_a_device_that_answers_at_the_last_announced_octet_is_believed(
    liar: HostileDevice, transport: IppTransport
) -> None:
    async def slow_to_end() -> AsyncIterator[bytes]:
        yield SMALL
        await liar.job()

    receipt = await transport.deliver(parcel(size=len(SMALL)), slow_to_end(), Marks())
    assert receipt.device_job_id == 1


@pytest.mark.parametrize("with_create_job", [True, False], ids=["Send-Document", "Print-Job"])
async def test_a_job_whose_answer_was_lost_is_found_at_the_device(liar: HostileDevice, with_create_job: bool) -> None:
    transport = IppTransport(device(liar.uri), QUICK) if with_create_job else only_print_job(liar)
    async with aclosing(transport):
        await transport.probe()
        liar.lie(Lie(Operation.SEND_DOCUMENT if with_create_job else Operation.PRINT_JOB, lose_answer=True))
        sent = parcel()
        assert type(await failure(transport, Marks(), sent=sent)) is OutcomeUnknown
        found = await transport.find(sent)
        assert found is not None
        assert (found.device_job_id, found.state) == (1, JobState.COMPLETED)
        assert liar.jobs[1].document.data == SMALL
        assert len(liar.jobs) == 1


async def test_a_job_cut_half_way_is_found_as_the_device_sees_it(liar: HostileDevice, transport: IppTransport) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, cut_after=10_000))
    sent = parcel()
    assert type(await failure(transport, Marks(), DOCUMENT, sent=sent)) is OutcomeUnknown
    found = await transport.find(sent)
    assert found is not None
    assert found.state is JobState.ABORTED


async def test_a_print_job_answered_without_a_job_id_is_not_called_refused(liar: HostileDevice) -> None:
    async with aclosing(only_print_job(liar)) as transport:
        await transport.probe()
        liar.lie(Lie(Operation.PRINT_JOB, twist=without(A.JOB_ID)))
        assert type(await failure(transport, Marks())) is OutcomeUnknown


async def test_a_job_cancelled_at_the_panel_while_it_was_filled_is_followed_there(
    liar: HostileDevice, transport: IppTransport
) -> None:
    liar.lie(Lie(Operation.SEND_DOCUMENT, refuse=Status.CLIENT_ERROR_NOT_POSSIBLE))

    async def cancelled_meanwhile() -> AsyncIterator[bytes]:
        yield SMALL
        liar.printer.cancel(1)

    receipt = await transport.deliver(parcel(), cancelled_meanwhile(), Marks())
    seen = await transport.sight(receipt.device_job_id or 0)
    assert seen is not None
    assert (seen.state, seen.reasons) == (JobState.CANCELED, ("job-canceled-at-device",))


async def test_a_device_that_goes_away_before_the_document_is_unreachable_and_not_unknown(
    liar: HostileDevice, transport: IppTransport
) -> None:
    assert type(await failure(transport, Marks(liar.sleep))) is Unreachable


async def test_a_connection_that_was_closed_in_between_is_not_used_again(
    liar: HostileDevice, transport: IppTransport
) -> None:
    async def cut() -> None:
        await liar.cut()
        await asyncio.sleep(0.01)  # the reset crosses the kernel; no signal says when

    receipt = await transport.deliver(parcel(), in_chunks(SMALL), Marks(cut))
    assert receipt.device_job_id == 1
    assert liar.jobs[1].document.data == SMALL


async def test_a_slow_device_that_keeps_reading_and_answering_is_waited_for(liar: HostileDevice) -> None:
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, drip=200, drip_every=0.001))
        liar.lie(Lie(Operation.SEND_DOCUMENT, answer_after=0.8))  # less than stall and answer time-outs together
        assert await transport.deliver(parcel(), in_chunks(SMALL), Marks())


# ── lies about itself and its jobs ──


@pytest.mark.parametrize(
    "lie",
    [
        {"twist": huge(400)},
        {"twist": huge(6000, size=1)},
        {"twist": nested(17)},
        {"twist": nested(3000)},
        {"twist": truncated(100)},
        {"twist": lambda answer: b"\xff" * 100_000},
        {"twist": without(A.PRINTER_STATE)},
        {"twist": with_printer_attributes(attribute(A.PRINTER_STATE, "idle", tag=Tag.KEYWORD))},
        {"raw": b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"},
        {"raw": b"HTTP/1.1 200 OK\r\n" + b"X-Padding: " + b"x" * 100_000},
        {"raw": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000},
        {"refuse": Status.CLIENT_ERROR_NOT_FOUND},
    ],
    ids=lambda value: called(value)[:60],
)
async def test_a_description_that_makes_no_sense_is_refused(liar: HostileDevice, lie: dict[str, Any]) -> None:
    liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, **lie))
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        with pytest.raises(Refused) as raised:
            await transport.probe()
        assert str(raised.value).isprintable()
        assert len(str(raised.value)) < 400
        assert (await transport.probe()).accepting


@pytest.mark.parametrize(
    "lie",
    [
        {"lose_answer": True},
        {"answer_after": 30.0},
        {"cut_answer_after": 50},
        {"drip": 1, "drip_every": 0.05},
        {"http_status": "503 Service Unavailable"},
        {"refuse": Status.SERVER_ERROR_BUSY},
    ],
    ids=called,
)
async def test_a_description_that_does_not_come_makes_the_device_unreachable(
    liar: HostileDevice, lie: dict[str, Any]
) -> None:
    liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, **lie))
    hasty = TransportSettings(connect_timeout=0.5, answer_timeout=0.5)
    async with aclosing(IppTransport(device(liar.uri), hasty)) as transport:
        with pytest.raises(Unreachable):
            await transport.probe()


async def test_an_endless_answer_is_read_to_its_own_end_and_then_cut(liar: HostileDevice) -> None:
    liar.lie(Lie(None, endless=True, times=None))
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        assert (await transport.probe()).make_and_model == "Rig IPP Printer"
        receipt = await transport.deliver(parcel(), in_chunks(SMALL), Marks())
        assert liar.jobs[receipt.device_job_id or 0].document.data == SMALL


async def test_a_device_that_speaks_only_1_1_is_asked_again_in_1_1(liar: HostileDevice) -> None:
    liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, refuse=Status.SERVER_ERROR_VERSION_NOT_SUPPORTED))
    liar.printer.set(attribute(A.IPP_VERSIONS_SUPPORTED, "1.0", "1.1"))
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        await transport.deliver(parcel(), in_chunks(SMALL), Marks())
    assert [heard.message.version for heard in liar.heard] == [(2, 0), (1, 1), (1, 1), (1, 1)]


async def test_strings_of_a_device_come_out_plain(liar: HostileDevice, transport: IppTransport) -> None:
    said = Group(Tag.JOB, [attribute(A.JOB_STATE_MESSAGE, HOSTILE_TEXT), attribute(A.JOB_STATE_REASONS, HOSTILE_TEXT)])
    liar.printer.at_once = False
    receipt = await transport.deliver(parcel(), in_chunks(SMALL), Marks())
    liar.lie(Lie(Operation.GET_JOB_ATTRIBUTES, twist=with_job_attributes(*said)))
    seen = await transport.sight(receipt.device_job_id or 0)
    assert seen is not None
    assert seen.message.startswith("[2Jevil line")
    assert seen.message.isprintable()
    assert all(reason.isprintable() and len(reason) <= 80 for reason in seen.reasons)
    liar.lie(
        Lie(
            Operation.GET_PRINTER_ATTRIBUTES,
            twist=with_printer_attributes(
                attribute(A.PRINTER_MAKE_AND_MODEL, HOSTILE_TEXT), attribute(A.PRINTER_STATE_MESSAGE, HOSTILE_TEXT)
            ),
        )
    )
    report = await transport.probe()
    assert report.make_and_model.isprintable()
    assert report.message.isprintable()
    assert max(len(report.make_and_model), len(report.message)) <= 200


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        ({"twist": other_job(99)}, "answered about job 99"),
        ({"twist": without(A.JOB_STATE)}, "no state"),
        ({"twist": with_job_attributes(attribute(A.JOB_STATE, Value(Tag.ENUM, b"\0\0\0\xff")))}, "no state"),
        ({"twist": nested(100)}, "cannot be read"),
        ({"refuse": Status.CLIENT_ERROR_NOT_AUTHORIZED}, "not-authorized"),
        ({"refuse": Status.SERVER_ERROR_BUSY}, "server-error-busy"),
        ({"http_status": "403 Forbidden"}, "forbids"),
        ({"lose_answer": True}, "without an answer"),
    ],
    ids=lambda value: called(value)[:40],
)
async def test_an_answer_that_does_not_tell_about_the_job_is_no_sighting(
    liar: HostileDevice, transport: IppTransport, lie: dict[str, Any], sentence: str
) -> None:
    receipt = await transport.deliver(parcel(), in_chunks(SMALL), Marks())
    liar.lie(Lie(Operation.GET_JOB_ATTRIBUTES, **lie))
    with pytest.raises(Unreachable, match=sentence):
        await transport.sight(receipt.device_job_id or 0)


async def test_a_job_that_the_device_forgot_is_none_at_all(liar: HostileDevice, transport: IppTransport) -> None:
    sent = parcel()
    receipt = await transport.deliver(sent, in_chunks(SMALL), Marks())
    liar.printer.forget(receipt.device_job_id or 0)
    assert await transport.sight(receipt.device_job_id or 0) is None
    assert await transport.find(sent) is None


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        ({"twist": without(A.JOB_NAME)}, "hides the names of its jobs"),
        ({"refuse": Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED}, "lists no jobs that are completed"),
        ({"refuse": Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED}, "lists no jobs that are completed"),
    ],
)
async def test_a_list_that_cannot_tell_is_never_taken_for_no_such_job(
    liar: HostileDevice, transport: IppTransport, lie: dict[str, Any], sentence: str
) -> None:
    await transport.deliver(parcel(), in_chunks(SMALL), Marks())
    liar.lie(Lie(Operation.GET_JOBS))  # the jobs that wait: told honestly
    liar.lie(Lie(Operation.GET_JOBS, **lie))
    with pytest.raises(OutcomeUnknown, match=sentence):
        await transport.find(parcel())


async def test_a_job_that_was_listed_and_then_forgotten_is_not_called_absent(
    liar: HostileDevice, transport: IppTransport
) -> None:
    sent = parcel()
    await transport.deliver(sent, in_chunks(SMALL), Marks())
    liar.lie(Lie(Operation.GET_JOB_ATTRIBUTES, refuse=Status.CLIENT_ERROR_NOT_FOUND))
    with pytest.raises(OutcomeUnknown, match="knew it no more"):
        await transport.find(sent)


WELL_FORMED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"1f\r\n\x02\x00\x00\x00\x00\x00\x00\x01\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03\r\n1\r\n\x03\r\n0\r\n\r\n"
)


async def test_no_answer_however_broken_ends_in_another_error_than_the_ports_own(liar: HostileDevice) -> None:
    chance = random.Random(1)
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, raw=WELL_FORMED))
        assert (await transport.probe()).accepting
        for _ in range(150):
            broken = bytearray(WELL_FORMED[: chance.randrange(len(WELL_FORMED) + 1)])
            for _ in range(chance.randrange(4)):
                broken[chance.randrange(len(broken) + 1) :][:1] = chance.randbytes(chance.randrange(3))
                if broken:
                    broken[chance.randrange(len(broken))] = chance.randrange(256)
            liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, raw=bytes(broken)))
            with suppress(Unreachable, Refused):
                await transport.probe()
    assert len(liar.requests(Operation.GET_PRINTER_ATTRIBUTES)) == 151


async def test_a_redirect_is_refused_and_nobody_else_is_called(liar: HostileDevice) -> None:
    async with Sink() as elsewhere, aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        answer = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{elsewhere.port}/\r\n"
        liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, raw=f"{answer}Content-Length: 0\r\n\r\n".encode()))
        with pytest.raises(Refused, match="HTTP 307"):
            await transport.probe()
        assert elsewhere.jobs == []


async def test_a_device_gets_no_cookies_back_and_asks_in_vain_for_more(liar: HostileDevice) -> None:
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        answer = b"HTTP/1.1 503 Busy\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 0\r\n\r\n"
        liar.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, raw=answer))
        with pytest.raises(Unreachable):
            await transport.probe()
        await transport.probe()
    headers = liar.heard[-1].http.headers
    assert "cookie" not in headers
    assert "authorization" not in headers
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("size", [None, len(SMALL)], ids=["size unknown", "size known"])
async def test_a_document_of_known_size_goes_with_a_content_length_else_in_chunks(
    liar: HostileDevice, transport: IppTransport, size: int | None
) -> None:
    await transport.deliver(parcel(size=size), in_chunks(SMALL), Marks())
    request = liar.requests(Operation.SEND_DOCUMENT)[0].http
    assert request.chunked == (size is None)
    assert (request.length > len(SMALL)) == (size is not None)


async def test_what_the_device_could_not_do_is_told_with_the_receipt(
    liar: HostileDevice, transport: IppTransport
) -> None:
    template = (attribute(A.COPIES, 2), attribute(A.FINISHINGS, 4), attribute(A.JOB_HOLD_UNTIL, "indefinite"))
    receipt = await transport.deliver(parcel(template=template), in_chunks(SMALL), Marks())
    assert receipt.dropped == (A.FINISHINGS,)
    assert [item.name for item in liar.jobs[1].template] == [A.COPIES]
    assert liar.jobs[1].user == "jake"


async def test_a_format_that_the_device_does_not_list_is_refused_before_anything_is_sent(liar: HostileDevice) -> None:
    liar.printer.set(attribute(A.DOCUMENT_FORMAT_SUPPORTED, "image/urf"))
    marks = Marks()
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as transport:
        assert "does not print application/pdf" in str(await failure(transport, marks))
    assert marks.made == []
    assert liar.jobs == {}


def described(answer: Message) -> Group:
    group = answer.group(Tag.PRINTER)
    assert group is not None
    return group


async def test_a_device_known_from_its_registration_is_not_asked_again(liar: HostileDevice) -> None:
    async with aclosing(IppTransport(device(liar.uri), QUICK)) as first:
        report = await first.probe()
    liar.heard.clear()
    async with aclosing(IppTransport(device(liar.uri, report=report), QUICK)) as second:
        await second.deliver(parcel(), in_chunks(SMALL), Marks())
    assert [heard.operation for heard in liar.heard] == [Operation.CREATE_JOB, Operation.SEND_DOCUMENT]
