"""Jobs at each stage of their life, with nothing running that would move them on."""

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import NotFound
from ippgate.model.job import Job
from ippgate.model.lifecycle import Event
from ippgate.model.queue import QueueMode
from ippgate.store.jobs import Move
from tests.integration.gates import OPERATOR, hold_queue, submit

ENDED = (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)
_ENDING = {JobState.CANCELED: Event.CANCEL, JobState.ABORTED: Event.ABORT, JobState.COMPLETED: Event.COMPLETE}
_NOWHERE = "socket://127.0.0.1:9"


async def device(gate: Gate, name: str = "printer", report: DeviceReport | None = None) -> Device:
    """A registered device that is asked for nothing; with a report, one that has said that of itself."""
    try:
        return await gate.fleet.device(name)
    except NotFound:
        added = await gate.fleet.add_device(name, _NOWHERE, pjl=False, force=True)
        await gate.fleet.keep_report(added, report or DeviceReport(PrinterState.IDLE))
        gate.fleet.forget()
        return await gate.fleet.device(name)


async def held(gate: Gate) -> Job:
    """pending-held, for release."""
    return await submit(gate, await hold_queue(gate), b"held")


async def waiting(gate: Gate) -> Job:
    """pending, on a passthrough queue."""
    target = await device(gate)
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, target.name)
    return await submit(gate, queue, b"waiting")


async def at_device(gate: Gate) -> Job:
    """processing."""
    job = await waiting(gate)
    assert job.device_id is not None
    (load,) = await gate.lanes.claim(job.device_id, 1)
    move = Move(job.id, Event.START, (), worker=gate.lanes.worker, lease=load.lease, edge="sending")
    assert await gate.jobs.move(move) is not None
    return await gate.desk.get(job.id, OPERATOR)


async def ended(gate: Gate, state: JobState) -> Job:
    """Ended so."""
    job = await at_device(gate)
    assert await gate.jobs.move(Move(job.id, _ENDING[state], ())) is not None
    return await gate.desk.get(job.id, OPERATOR)
