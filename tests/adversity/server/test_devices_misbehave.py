"""Devices that cut, stall, drip, sleep and lie: each job ends as what really happened, or is held and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ippgate.ipp import JobState, Operation, PrinterState, Status, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Job
from tests.adversity.server.house import House, digest, document, documents, printed, receiving
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import Lie, huge, nested, other_job, truncated, with_job_attributes
from tests.rig.sink import Manners, Sink

SIZE = 2_000_000
ENV = {
    "IPPGATE_DELIVERY_STALL_TIMEOUT": "1",
    "IPPGATE_DELIVERY_CLOSE_TIMEOUT": "1",
    "IPPGATE_DELIVERY_ANSWER_TIMEOUT": "1",
    "IPPGATE_DELIVERY_BUSY_LIMIT": "2",
    "IPPGATE_DEVICE_WATCH_INTERVAL": "1",
}
"""What a device is given here to come round; and it is looked at often."""

COMPLETED, HELD, CANCELED = JobState.COMPLETED, JobState.PENDING_HELD, JobState.CANCELED


async def ended(house: House, job_id: int) -> Job:
    return await house.job_in(job_id, COMPLETED, HELD, CANCELED)


# ── raw ──

RAW: dict[str, tuple[Manners, str]] = {
    "cuts at once": (Manners(cut_after=1), "cut the connection"),
    "cuts half-way": (Manners(cut_after=SIZE // 2), "cut the connection"),
    "closes half-way": (Manners(close_after=SIZE // 2), "the connection"),  # the kernel may make a cut of it
    "stalls half-way": (Manners(stall_after=SIZE // 2), "took nothing for 1 s"),
}


@pytest.mark.parametrize("how", RAW)
async def test_what_a_raw_device_did_with_half_a_document_is_not_guessed(house: House, how: str) -> None:
    manners, words = RAW[how]
    async with Sink() as sink:
        await house.add_device(sink)
        sink.manners = manners
        job_id = await house.held(document(SIZE))
        await house.release(job_id)
        job = await ended(house, job_id)
        assert job.state is HELD
        assert job.message.startswith("outcome unknown: ")
        assert words in job.message
        assert f"Look at {house.device} before you release the job again" in job.message
        await house.audit(sink)
        assert len(documents(sink)) == 1


async def test_a_raw_device_that_drips_gets_it_all(house: House) -> None:
    async with Sink(keep="hash") as sink:
        await house.add_device(sink)
        sink.manners = Manners(drip=40_000, drip_every=0.04)
        octets = document(SIZE)
        job_id = await house.held(octets)
        await house.release(job_id)
        assert (await ended(house, job_id)).state is COMPLETED
        await house.audit(sink)
        assert printed(sink) == {digest(octets): 1}


async def test_a_sleeping_device_is_waited_for_and_delays_no_other(house: House) -> None:
    async with Sink(keep="hash") as sleeper, Sink(keep="hash") as other:
        asleep, awake = await house.add_device(sleeper), await house.add_device(other)
        await sleeper.sleep()
        waits, goes = await house.held(), await house.held()
        await house.release(waits, asleep)
        await house.gate.logged("delivery.waiting", job=waits)
        await house.release(goes, awake)
        await house.job_in(goes, COMPLETED)
        assert (await house.job(waits)).state is JobState.PENDING
        sleeper.wake()
        await house.job_in(waits, COMPLETED)
        await house.audit(sleeper, other)


async def test_a_device_that_does_not_wake_gives_the_job_back_with_the_reason(house: House) -> None:
    async with Sink() as sink:
        await house.add_device(sink)
        await sink.sleep()
        job_id = await house.held()
        await house.release(job_id)
        job = await ended(house, job_id)
        assert job.state is HELD
        assert job.message.startswith(f"{house.device} could not take the job: the device at 127.0.0.1:")
        assert job.reasons == ("job-held-for-release",)
        await house.audit(sink)


# ── ipp ──


@dataclass(frozen=True, slots=True)
class Story:
    """What an IPP device does with a job, and how the job ends."""

    lies: tuple[Lie, ...] = ()
    state: JobState = COMPLETED
    words: str = ""
    prints: int = 1
    cue: Callable[[HostileDevice], None] | None = None
    """Done once the device has the document of a job that it does not print by itself."""


def aborts(device: HostileDevice) -> None:
    device.printer.abort(1, "aborted-by-system", message="out of toner")


def is_cancelled_at_its_panel(device: HostileDevice) -> None:
    device.printer.cancel(1)


def forgets(device: HostileDevice) -> None:
    device.printer.forget(1)


FILLS, MAKES, TELLS = Operation.SEND_DOCUMENT, Operation.CREATE_JOB, Operation.GET_JOB_ATTRIBUTES
STORIES: dict[str, Story] = {
    "refuses connections of Create-Job twice": Story((Lie(MAKES, raw=b"", times=2),)),
    "is busy for a while": Story((Lie(MAKES, refuse=Status.SERVER_ERROR_BUSY, times=2),)),
    "is busy for ever": Story(
        (Lie(MAKES, refuse=Status.SERVER_ERROR_BUSY, times=None),), HELD, "could not take the job", 0
    ),
    "refuses the job": Story(
        (Lie(MAKES, refuse=Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED),), HELD, "refused the job", 0
    ),
    "refuses the document": Story(
        (Lie(FILLS, refuse=Status.CLIENT_ERROR_DOCUMENT_FORMAT_ERROR),), HELD, "refused the job", 0
    ),
    "loses the answer to Create-Job": Story((Lie(MAKES, lose_answer=True),)),
    "loses the answer to Send-Document": Story((Lie(FILLS, lose_answer=True),)),
    "never answers Send-Document": Story((Lie(FILLS, answer_after=4),)),
    "cuts its answer": Story((Lie(FILLS, cut_answer_after=5),)),
    "drips its answers": Story((Lie(FILLS, drip=3, drip_every=0.01), Lie(TELLS, drip=3, drip_every=0.01))),
    "answers in HTTP": Story((Lie(FILLS, http_status="500 Internal Server Error"),)),
    "answers no HTTP": Story((Lie(FILLS, raw=b"\x00\xff" * 50),)),
    "answers without end": Story((Lie(FILLS, endless=True),)),
    "answers too much": Story((Lie(FILLS, twist=huge(5000)),)),
    "answers nested beyond reason": Story((Lie(FILLS, twist=nested(100)),)),
    "answers half a message": Story((Lie(FILLS, twist=truncated(20)), Lie(TELLS, twist=truncated(30)))),
    "talks of another job": Story((Lie(TELLS, twist=other_job(77), times=2),)),
    "tells a state that does not exist": Story(
        (Lie(TELLS, twist=with_job_attributes(attribute(A.JOB_STATE, 42, tag=0x23)), times=2),)
    ),
    "counts below zero": Story(
        (Lie(TELLS, twist=with_job_attributes(attribute(A.JOB_IMPRESSIONS_COMPLETED, -5, tag=0x21)), times=None),)
    ),
    "cuts the document": Story((Lie(FILLS, cut_after=SIZE // 2),), HELD, "aborted the job", 0),
    "aborts": Story((), HELD, "aborted the job: out of toner", 0, aborts),
    "is told at its panel to cancel": Story((), CANCELED, "", 0, is_cancelled_at_its_panel),
    "forgets": Story((), HELD, "outcome unknown: the device no longer knows the job", 0, forgets),
}


@pytest.mark.parametrize("what", STORIES)
async def test_a_job_ends_as_what_an_ipp_device_really_did(house: House, what: str) -> None:
    story, octets = STORIES[what], document(SIZE)
    async with HostileDevice(keep="hash", at_once=story.cue is None) as device:
        await house.add_device(device)
        device.lie(*story.lies)
        job_id = await house.held(octets)
        await house.release(job_id)
        if story.cue:
            await house.gate.logged("delivery.sent", job=job_id)
            story.cue(device)
        job = await ended(house, job_id)
        assert (job.state, printed(device)[digest(octets)]) == (story.state, story.prints), job.message
        assert story.words in job.message
        assert (job.impressions or 0) == (0 if what == "counts below zero" else story.prints)
        await house.audit(device)
    assert house.gate.log("mishap") == []


async def test_a_device_that_stops_in_the_middle_is_told_of_and_followed(house: House) -> None:
    async with HostileDevice(at_once=False) as device:
        await house.add_device(device)
        job_id = await house.held()
        await house.release(job_id)
        await house.job_in(job_id, JobState.PROCESSING)
        await house.gate.logged("delivery.sent", job=job_id)
        device.jobs[1].state, device.jobs[1].reasons = JobState.PROCESSING_STOPPED, ("printer-stopped",)
        device.printer.state = PrinterState.STOPPED
        assert (await house.job_in(job_id, JobState.PROCESSING_STOPPED)).reasons == ("printer-stopped",)
        device.jobs[1].state = JobState.PROCESSING
        await house.job_in(job_id, JobState.PROCESSING)
        device.printer.finish(1)
        assert (await ended(house, job_id)).state is COMPLETED
        await house.audit(device)


async def test_a_slow_device_gets_a_document_that_still_arrives(house: House) -> None:
    """Passed through while the client sends: the device's pace does not become the client's fate."""
    async with Sink(keep="hash") as sink:
        direct = await house.passing_to(sink)
        sink.manners = Manners(drip=100_000, drip_every=0.02)
        octets = document(3 * SIZE)
        house.sent.add(digest(octets))
        async with house.client.printing(direct) as sending:
            await sending.send(octets[:SIZE])
            await receiving(sink, 1)  # the first of it is printed before the rest is there
            await sending.send(octets[SIZE:])
            house.promised[digest(octets)] = (await sending.finish()).job_id
        [job_id] = house.promised.values()
        await house.job_in(job_id, COMPLETED)
        await house.audit(sink)
        assert printed(sink) == {digest(octets): 1}


async def test_the_gate_follows_what_a_device_says_of_itself(house: House) -> None:
    async with HostileDevice() as device:
        await house.add_device(device)
        uuid, job_id = (await house.services.fleet.device(house.device)).uuid, await house.held()

        async def state(number: int) -> None:
            def told() -> list[dict[str, Any]]:
                changes = house.gate.log("device.state_changed")
                return [line for line in changes if line["device"] == house.device][number - 1 :]

            await eventually(told, f"change {number} to be noticed")

        device.printer.state, device.printer.state_reasons = PrinterState.STOPPED, ("media-jam-error",)
        await state(1)
        answer = await house.client.release(job_id, uuid)
        assert answer.sentence.startswith(f"{house.device} is stopped (media-jam-error)"), answer
        device.printer.state, device.printer.state_reasons = PrinterState.IDLE, ("none",)
        await state(2)
        await house.release(job_id)
        await house.job_in(job_id, COMPLETED)
        await house.audit(device)
