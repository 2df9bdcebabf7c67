"""Jobs as they are born: judged already, or waiting for their document to be judged."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from ippgate.intake.judge import Sentence
from ippgate.intake.verdict import STORING, waiting_reasons
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Document, Job, NewJob
from ippgate.model.queue import Queue
from ippgate.model.until import held_words
from ippgate.spool import JobKey
from ippgate.spool.job_password import seal_password
from ippgate.store.birth import Birth

LOOKED_AT: Final = "waits until its document is here and has been looked at"


def judged(name: UUID, new: NewJob, sentence: Sentence, key: JobKey) -> Birth:
    """A job about which all is decided."""
    verdict = sentence.verdict
    new, sealed = _sealed(new, key)
    new = replace(new, template=verdict.template, priority=verdict.priority)
    delayed = (R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED,) if verdict.goes and new.times.delayed_until else ()
    return Birth(
        new,
        name,
        verdict.state,
        (*verdict.reasons, *delayed),
        sentence.device_id,
        key.wrapped,
        verdict.message,
        verdict.decision,
        verdict.tags,
        verdict.waits_for,
        password=sealed,
    )


def unjudged(name: UUID, queue: Queue, new: NewJob, key: JobKey) -> Birth:
    """A job that goes nowhere before its document has been looked at, whatever its queue's mode."""
    new, sealed = _sealed(new, key)
    reasons = waiting_reasons(queue, hold_until=new.hold_until, action=new.release_action, unclaimed=new.unclaimed)
    if new.storage is not None and new.storage.only:
        reasons = STORING
    return Birth(new, name, JobState.PENDING_HELD, reasons, None, key.wrapped, LOOKED_AT, judged=False, password=sealed)


def opened(birth: Birth) -> Birth:
    """The same job, open for documents."""
    awaited = R.JOB_INCOMING if birth.state is JobState.PENDING_HELD else R.JOB_DATA_INSUFFICIENT
    return replace(birth, reasons=(*birth.reasons, awaited))


def _sealed(new: NewJob, key: JobKey) -> tuple[NewJob, bytes | None]:
    """The job without its password, and that as it is stored."""
    return replace(new, password=None), None if new.password is None else seal_password(key, new.password)


def job_of(queue: Queue, birth: Birth, job_id: int, created_at: datetime, documents: tuple[Document, ...] = ()) -> Job:
    """The job that came of it."""
    new = birth.new
    return Job(
        id=job_id,
        uuid=birth.uuid,
        queue_id=queue.id,
        queue=queue.name,
        owner=new.owner,
        name=new.name,
        state=birth.state,
        reasons=birth.reasons,
        created_at=created_at,
        host=new.host,
        message=birth.message,
        priority=new.priority,
        hold_until=new.hold_until,
        hold_ends=new.times.hold_ends,
        held_until=held_words(new.hold_until),
        delayed_until=new.times.delayed_until,
        device_id=birth.device_id,
        template=new.template,
        documents=documents,
        tags=birth.tags,
        judged=birth.judged,
        ruled=birth.decision is not None,
        release_action=new.release_action,
        said=new.said,
        unclaimed=new.unclaimed,
        storage=new.storage,
    )
