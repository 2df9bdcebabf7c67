"""Jobs brought into any state the way the gate does it."""

from typing import Any
from uuid import uuid4

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.job import NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.store.birth import Birth
from ippgate.store.jobs import Move
from ippgate.store.lanes import Load
from tests.integration.gates import hold_queue

DOCUMENT = b"%PDF-1.7 a page"


async def a_queue(gate: Gate) -> Queue:
    queues = await gate.fleet.queues()
    return queues[0] if queues else await hold_queue(gate)


async def a_device(gate: Gate, name: str = "printer") -> Device:
    """A device that is never called."""
    devices = [device for device in await gate.fleet.devices() if device.name == name]
    if devices:
        return devices[0]
    return await gate.fleet.add_device(name, "socket://127.0.0.1:9", pjl=False, force=True)


def birth(gate: Gate, queue: Queue, device: Device | None = None, **new: Any) -> Birth:
    """A job that is born pending with a device, held without."""
    state, reasons = (JobState.PENDING, ()) if device else (JobState.PENDING_HELD, (R.JOB_HELD_FOR_RELEASE,))
    asked = NewJob(queue.id, **({"owner": "alice", "name": "report", "host": "192.0.2.1"} | new))
    name = uuid4()
    return Birth(asked, name, state, reasons, device.id if device else None, gate.keys.new_key(name).wrapped)


async def born(gate: Gate, device: Device | None = None, *, document: bytes = DOCUMENT, **new: Any) -> int:
    """A job with a small document, whole."""
    made = birth(gate, await a_queue(gate), device, **new)
    sealed = await gate.spool.seal_small(gate.keys.unwrap(made.key), 1, document)
    return (await gate.jobs.accept(made, NewDocument("application/pdf"), sealed)).job_id


async def claimed(gate: Gate, device: Device | None = None, **new: Any) -> Load:
    """A job that this gate's worker has leased."""
    device = device or await a_device(gate)
    job_id = await born(gate, device, **new)
    await gate.lanes.beat()
    return next(load for load in await gate.lanes.claim(device.id, 100) if load.parcel.job_id == job_id)


def by_carrier(gate: Gate, load: Load, event: Event, *reasons: str, **facts: Any) -> Move:
    """An event of the worker that carries the job."""
    edge = {"edge": "sending"} if event is Event.START else {}
    return Move(load.parcel.job_id, event, reasons, worker=gate.lanes.worker, lease=load.lease, **(edge | facts))


PATHS: dict[JobState, tuple[Event, ...]] = {
    JobState.PENDING: (),
    JobState.PROCESSING: (Event.START,),
    JobState.PROCESSING_STOPPED: (Event.START, Event.STOP),
    JobState.COMPLETED: (Event.START, Event.COMPLETE),
    JobState.CANCELED: (Event.START, Event.CANCEL),
    JobState.ABORTED: (Event.START, Event.ABORT),
}


async def in_state(gate: Gate, state: JobState) -> tuple[int, Load | None]:
    """A job in this state, and its load where a worker carries it."""
    if state is JobState.PENDING_HELD:
        return await born(gate), None
    load = await claimed(gate)
    for event in PATHS[state]:
        assert await gate.jobs.move(by_carrier(gate, load, event)) is not None
    return load.parcel.job_id, load if state < JobState.CANCELED else None
