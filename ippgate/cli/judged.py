"""A job of the gate as rules see it, and what they decided of it."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgpack

from ippgate.cli.work import caller
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.policy import Decision, DeviceFacts, Facts, arriving, from_plain

if TYPE_CHECKING:
    from ippgate.app import Gate


async def facts_of_job(gate: "Gate", job_id: int, device: str | None, now: datetime) -> Facts:
    """The facts of a job as if it came now, and went to that device. Raises NotFound and Unavailable."""
    job = await gate.examining.known(await gate.desk.get(job_id, caller()))
    queue = await gate.fleet.queue(job.queue)
    new = NewJob(job.queue_id, job.owner, job.name, job.host, job.template, job.priority, job.hold_until)
    facts = arriving(queue, new, _announced(job), now, found=_found(job), size=job.size if job.documents else None)
    return facts if device is None else replace(facts, device=await _device(gate, device))


async def decisions_of(gate: "Gate", job_id: int) -> list[Decision]:
    """What rules decided of a job, in the order of its story. Raises NotFound."""
    await gate.desk.get(job_id, caller())
    return [from_plain(msgpack.unpackb(kept.decision)) for kept in await gate.judgements.decisions(job_id)]


def _announced(job: Job) -> NewDocument:
    if not job.documents:
        return NewDocument()
    return NewDocument(job.documents[0].document_format, job.documents[0].name)


def _found(job: Job) -> DocumentFacts | None:
    return job.documents[0].facts if job.documents else None


async def _device(gate: "Gate", name: str) -> DeviceFacts:
    device = await gate.fleet.device(name)
    return DeviceFacts.of(device, [group.name for group in await gate.fleet.groups() if device.id in group.members])
