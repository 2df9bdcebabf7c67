"""What exceeds what may be held, as clients meet it: refused before it is read, or cut (SECURITY S17)."""

from ippgate.intake.allowance import Allowance, Bounds
from ippgate.ipp import Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.unit.doors.client import message_of, sentence_of, status_of
from tests.unit.doors.gate import ALICE, FOLLOWME, Gate

BUSY, TOO_LARGE = Status.SERVER_ERROR_BUSY, Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE
PRINT = message_of(Operation.PRINT_JOB, FOLLOWME, ALICE)
HEAD = b"POST /ipp/print/followme HTTP/1.1\r\nHost: gate\r\nContent-Type: application/ipp\r\n"
FAR = 10 << 20  # beyond the largest header by far


async def nothing() -> list[tuple[tuple[int, str], int, int]]:
    return []


def allowing(**bounds: int) -> Allowance:
    return Allowance(Bounds(**bounds), nothing, lambda: 1 << 20)


async def test_a_document_that_is_announced_and_has_no_room_is_refused_before_it_is_read() -> None:
    for bounds, status in (({"octets": 1 << 20}, BUSY), ({"person_octets": 1 << 20}, TOO_LARGE)):
        async with Gate(allowance=allowing(**bounds)) as gate, gate.client() as client:
            await client.say(HEAD + b"Content-Length: %d\r\n\r\n" % FAR + PRINT + b"%PDF")
            answer = (await client.hear()).ipp
            assert status_of(answer) == status
            assert sentence_of(answer)
            assert (gate.memory.received, gate.memory.jobs) == (0, {})


async def test_the_document_of_an_open_job_is_refused_before_it_is_read() -> None:
    async with Gate(allowance=allowing(octets=1 << 20)) as gate, gate.client() as client:
        await gate.operate(Operation.CREATE_JOB)
        sending = (FOLLOWME, ALICE, attribute(A.JOB_ID, 1), attribute(A.LAST_DOCUMENT, True))
        send = message_of(Operation.SEND_DOCUMENT, *sending)
        await client.say(HEAD + b"Content-Length: %d\r\n\r\n" % FAR + send + b"%PDF")
        assert status_of((await client.hear()).ipp) == BUSY
        assert gate.memory.received == 0


async def test_the_printer_says_that_its_spool_is_full() -> None:
    allowance = allowing(low_water=2 << 20)
    async with Gate(allowance=allowance) as gate:
        printer = (await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
        assert printer is not None
        assert printer.texts(A.PRINTER_STATE_REASONS) == ["none"]
        await allowance.refresh()
        printer = (await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
        assert printer is not None
        assert printer.texts(A.PRINTER_STATE_REASONS) == ["spool-area-full"]
        assert status_of(await gate.operate(Operation.PRINT_JOB, document=b"%PDF")) == BUSY
        assert not gate.memory.jobs


async def test_a_job_too_many_is_one_by_its_own_status() -> None:
    allowance = allowing(person_jobs=1)
    async with Gate(allowance=allowance) as gate:
        with allowance.admitted(1, "alice"):
            answer = await gate.operate(Operation.PRINT_JOB, document=b"%PDF")
            assert status_of(answer) == Status.SERVER_ERROR_TOO_MANY_JOBS
        assert status_of(await gate.operate(Operation.VALIDATE_JOB)) == Status.SUCCESSFUL_OK
