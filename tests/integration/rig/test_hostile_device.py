"""The IPP device is a faithful printer to real clients, and lies on cue."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from ippgate.ipp import Group, JobState, Message, Operation, Status, Tag, attribute, decode, encode
from ippgate.ipp.registry import attributes as A
from tests.rig.certificate import certificate
from tests.rig.cupsd import Cupsd
from tests.rig.documents import FOLDER, PDF, random_document
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipptool import ipptool
from tests.rig.lies import Lie, huge, nested, other_job, other_request, truncated, without

MANY = random_document(10_000_000)
"""More octets than the kernel's buffers on the way take in."""


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


def request(device: HostileDevice, operation: Operation, job_id: int | None = None, **rest: bool) -> bytes:
    head = [
        attribute(A.ATTRIBUTES_CHARSET, "utf-8"),
        attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en"),
        attribute(A.PRINTER_URI, device.uri),
        attribute(A.JOB_NAME, "one"),
    ]
    if job_id is not None:
        head.append(attribute(A.JOB_ID, job_id))
    head += [attribute(name.replace("_", "-"), value) for name, value in rest.items()]
    return encode(Message((2, 0), operation, 7, [Group(Tag.OPERATION, head)]))


async def post(device: HostileDevice, body: bytes) -> bytes:
    url = device.uri.replace("ipp://", "http://")
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers={"Content-Type": "application/ipp"}) as response,
    ):
        response.raise_for_status()
        return await response.read()


async def ask(device: HostileDevice, operation: Operation, document: bytes = b"", job_id: int | None = None) -> Message:
    answer, rest = decode(await post(device, request(device, operation, job_id) + document))
    assert rest == b""
    return answer


async def test_ipptool_finds_nothing_wrong_with_an_honest_one(device: HostileDevice) -> None:
    verdicts = await ipptool(device.uri, "ipp-1.1.test", document=FOLDER / "testfile.pdf")
    assert not verdicts.failed, verdicts
    assert len(verdicts.passed) > 30


async def test_cupsd_takes_it_as_a_driverless_printer(device: HostileDevice, cupsd: Cupsd) -> None:
    await cupsd.lpadmin("everywhere", device.uri, everywhere=True)
    job = await cupsd.lp("everywhere", PDF, user="anna", title="A page")
    printed = await device.job()
    assert (printed.name, printed.user, printed.state) == ("A page", "anna", JobState.COMPLETED)
    assert (await cupsd.wait_for(job, "completed")).impressions == 1
    assert printed.document.data == cupsd.sent(job)


async def test_it_speaks_tls(tmp_path: Path) -> None:
    async with HostileDevice(tls=certificate(tmp_path)) as device:
        assert device.uri.startswith("ipps://")
        verdicts = await ipptool(device.uri, "get-printer-attributes.test")
    assert not verdicts.failed, verdicts


async def test_a_job_waits_until_told_to_print(device: HostileDevice) -> None:
    device.printer.at_once = False
    await ask(device, Operation.PRINT_JOB, b"x")
    assert (await ask(device, Operation.GET_JOB_ATTRIBUTES, job_id=1)).groups[1].integer(A.JOB_STATE) == 5
    device.printer.finish(1, impressions=4)
    job = (await ask(device, Operation.GET_JOB_ATTRIBUTES, job_id=1)).groups[1]
    assert (job.integer(A.JOB_STATE), job.integer(A.JOB_IMPRESSIONS_COMPLETED)) == (9, 4)


async def test_a_job_is_cancelled_aborted_and_forgotten_at_its_panel(device: HostileDevice) -> None:
    device.printer.at_once = False
    for _ in range(2):
        await ask(device, Operation.PRINT_JOB, b"x")
    device.printer.cancel(1)
    device.printer.abort(2, "document-format-error", message="no such font")
    states = [(await ask(device, Operation.GET_JOB_ATTRIBUTES, job_id=job)).groups[1] for job in (1, 2)]
    assert [group.integer(A.JOB_STATE) for group in states] == [JobState.CANCELED, JobState.ABORTED]
    assert states[1].text(A.JOB_STATE_MESSAGE) == "no such font"
    device.printer.forget(1)
    gone = await ask(device, Operation.GET_JOB_ATTRIBUTES, job_id=1)
    assert gone.code == Status.CLIENT_ERROR_NOT_FOUND


async def test_it_lists_jobs_by_name_where_they_belong(device: HostileDevice) -> None:
    device.printer.at_once = False
    await ask(device, Operation.PRINT_JOB, b"x")
    listed = decode(await post(device, request(device, Operation.GET_JOBS, my_jobs=False)))[0]
    assert len(list(listed.groups_of(Tag.JOB))) == 1
    assert [job.id for job in device.printer.named("one")] == [1]


async def test_a_small_printer_takes_one_job_at_a_time() -> None:
    async with HostileDevice(at_once=False, single=True) as device:
        assert (await ask(device, Operation.CREATE_JOB)).code == Status.SUCCESSFUL_OK
        assert (await ask(device, Operation.CREATE_JOB)).code == Status.SERVER_ERROR_BUSY


async def test_it_is_busy_so_many_times(device: HostileDevice) -> None:
    device.lie(Lie(Operation.PRINT_JOB, times=2, refuse=Status.SERVER_ERROR_BUSY))
    codes = [(await ask(device, Operation.PRINT_JOB, b"x")).code for _ in range(3)]
    assert codes == [Status.SERVER_ERROR_BUSY, Status.SERVER_ERROR_BUSY, Status.SUCCESSFUL_OK]
    assert len(device.jobs) == 1


async def test_it_cuts_in_the_middle_of_a_document_and_aborts_the_job(device: HostileDevice) -> None:
    device.lie(Lie(Operation.PRINT_JOB, cut_after=12_345))
    with pytest.raises(aiohttp.ClientError):
        await ask(device, Operation.PRINT_JOB, MANY)
    job = await device.job()
    assert (job.state, job.document.data) == (JobState.ABORTED, MANY[:12_345])


async def test_it_stalls_in_the_middle_of_a_document_until_it_resumes(device: HostileDevice) -> None:
    device.lie(Lie(Operation.PRINT_JOB, stall_after=1_000))
    asking = asyncio.ensure_future(ask(device, Operation.PRINT_JOB, MANY))
    assert (await device.hears(Operation.PRINT_JOB, octets=1_000)).octets == 1_000
    device.resume()
    assert (await asking).code == Status.SUCCESSFUL_OK
    assert device.jobs[1].document.data == MANY


async def test_an_answer_is_lost_though_the_job_is_printed(device: HostileDevice) -> None:
    device.lie(Lie(Operation.PRINT_JOB, lose_answer=True))
    with pytest.raises(aiohttp.ClientError):
        await ask(device, Operation.PRINT_JOB, b"x")
    assert (await device.job()).state == JobState.COMPLETED
    assert not device.requests(Operation.PRINT_JOB)[0].answered


async def test_it_refuses_before_the_document_has_come(device: HostileDevice) -> None:
    device.lie(Lie(Operation.PRINT_JOB, refuse=Status.CLIENT_ERROR_FORBIDDEN, refuse_early=True))
    assert (await ask(device, Operation.PRINT_JOB, b"x")).code == Status.CLIENT_ERROR_FORBIDDEN


async def test_its_answers_are_wrong_as_told(device: HostileDevice) -> None:
    get = Operation.GET_PRINTER_ATTRIBUTES
    device.lie(
        Lie(Operation.PRINT_JOB, twist=other_job(99)),
        Lie(get, twist=without(A.PRINTER_STATE)),
        Lie(get, twist=other_request),
        Lie(get, twist=nested(40)),
        Lie(get, twist=huge(500)),
        Lie(get, twist=truncated(100)),
        Lie(get, drip=1000, drip_every=0.001),
    )
    assert (await ask(device, Operation.PRINT_JOB, b"x")).groups[1].integer(A.JOB_ID) == 99
    assert A.PRINTER_STATE not in (await ask(device, get)).groups[1]
    assert (await ask(device, get)).request_id == 8
    assert (await post(device, request(device, get))).count(b"media-col\0\0") >= 1
    assert len(await post(device, request(device, get))) > 500_000
    assert len(await post(device, request(device, get))) == 100
    assert A.PRINTER_STATE in (await ask(device, get)).groups[1]


async def test_it_breaks_http_as_told(device: HostileDevice) -> None:
    get = Operation.GET_PRINTER_ATTRIBUTES
    device.lie(
        Lie(get, http_status="503 Service Unavailable"),
        Lie(get, raw=b"\0\1\2 no HTTP at all"),
        Lie(get, cut_answer_after=10),
    )
    for error in (aiohttp.ClientResponseError, aiohttp.ClientError, aiohttp.ClientError):
        with pytest.raises(error):
            await ask(device, get)


async def test_an_answer_never_ends(device: HostileDevice) -> None:
    device.lie(Lie(Operation.GET_PRINTER_ATTRIBUTES, endless=True))
    url, body = device.uri.replace("ipp://", "http://"), request(device, Operation.GET_PRINTER_ATTRIBUTES)
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as response:
        read = 0
        async for piece in response.content.iter_any():
            read += len(piece)
            if read > 5_000_000:
                break
    assert read > 5_000_000


async def test_it_sleeps_and_wakes_with_its_jobs(device: HostileDevice) -> None:
    await ask(device, Operation.PRINT_JOB, b"x")
    await device.sleep()
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(device, Operation.GET_JOBS)
    await device.wake()
    assert (await ask(device, Operation.GET_JOB_ATTRIBUTES, job_id=1)).code == Status.SUCCESSFUL_OK
