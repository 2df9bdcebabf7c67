"""Resubmit-Job (PWG 5100.7): of an ended job whose documents are kept another is made, with its own key and octets.

What two jobs shared would go with the first of them, and open with the key of either. So the octets are read out of the
one and sealed into the other, frame by frame, on the way that every document takes.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ippgate.intake.intake import Intake
from ippgate.intake.ticket import Ticket, sifted
from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities
from ippgate.model.errors import DocumentDamaged, NotAuthorized, NotPossible
from ippgate.model.job import Caller, Document, Job, NewDocument, NewJob
from ippgate.model.job_password import JobPassword
from ippgate.model.lifecycle import TERMINAL, keyword
from ippgate.model.queue import Queue
from ippgate.model.release_action import ReleaseAction
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool import JobKey, Spool
from ippgate.spool.job_password import open_password
from ippgate.store.passwords import PasswordStore

_PATIENCE = 30.0  # seconds that the database may be away in the middle of a document
_EITHER = {A.MEDIA: A.MEDIA_COL, A.FINISHINGS: A.FINISHINGS_COL}
_EITHER |= {more: less for less, more in _EITHER.items()}  # who asks for the one anew does not want the other any more


class Resubmission:
    """The service that makes jobs of ended ones."""

    def __init__(self, intake: Intake, spool: Spool, passwords: PasswordStore) -> None:
        self._intake, self._spool, self._passwords = intake, spool, passwords

    async def resubmit(self, job: Job, caller: Caller, queue: Queue, new: NewJob, *, open_to: bool = False) -> Job:
        """Make `new` of the documents of a job that has ended; those that were cancelled stay out. A password that new
        is to have and does not bring is that of the job (PWG 5100.11). open_to: the job is stored, and for them too.

        Raises NotAuthorized, NotPossible (it has not ended, or its documents are kept no longer), and what a job that
        arrives is refused with.
        """
        check_copyable(job, caller, open_to=open_to)
        key = await self._key(job)
        if new.release_action is ReleaseAction.JOB_PASSWORD and new.password is None:
            new = replace(new, password=await self._password(job, key))
        copy = await self._copied(job, key, queue, new)
        note(Noted.JOB_RESUBMITTED, job=job.id, copy=copy.id, user=caller.name)
        return copy

    async def _copied(self, job: Job, key: JobKey, queue: Queue, new: NewJob) -> Job:
        if len(job.documents) == 1:
            [only] = job.documents
            return await self._intake.submit(queue, new, _announced(only), self._octets(job, only, key))
        copy, sender = await self._intake.create(queue, new), Caller(new.owner, new.host)
        for document in job.documents:
            octets, last = self._octets(job, document, key), document is job.documents[-1]
            copy = await self._intake.add_document(copy.id, sender, _announced(document), octets, last)
        return copy

    async def _key(self, job: Job) -> JobKey:
        try:
            return await self._spool.key_of(job.id)
        except DocumentDamaged as error:
            raise _gone(job) from error

    async def _password(self, job: Job, key: JobKey) -> JobPassword:
        sealed = await self._passwords.kept(job.id)
        if sealed is None:
            raise NotPossible(f"job {job.id} has no password: send one with the copy that is to have it")
        try:
            return open_password(key, sealed)
        except DocumentDamaged as error:
            raise NotPossible(f"job {job.id} cannot be resubmitted: {error}") from error

    async def _octets(self, job: Job, document: Document, key: JobKey) -> AsyncIterator[bytes]:
        assert document.oid is not None
        try:
            async for chunk in self._spool.read(document.oid, document.number, key, patience=_PATIENCE):
                yield chunk
        except DocumentDamaged as error:  # it was swept under our hands, or is damaged
            raise NotPossible(f"job {job.id} cannot be resubmitted: {error}") from error


def check_copyable(job: Job, caller: Caller, *, open_to: bool = False) -> None:
    """open_to: the job is stored, and for this caller too. Raises NotAuthorized, and NotPossible for a job that has not
    ended, or whose documents are gone.
    """
    if not caller.owns(job.owner) and not open_to:
        raise NotAuthorized(f"job {job.id} belongs to somebody else")
    if job.state not in TERMINAL:
        raise NotPossible(f"job {job.id} is {keyword(job.state)}: only a job that has ended can be resubmitted")
    if not job.documents or any(document.oid is None or document.size is None for document in job.documents):
        raise _gone(job)


def copied(
    template: Sequence[Attribute], ticket: Ticket, capabilities: Capabilities, now: datetime
) -> tuple[Attribute, ...]:
    """The template of the copy: what its original asked for, as far as that is still possible, and in its place what is
    asked for now.
    """
    kept, _ = sifted(template, capabilities, now)
    asked = {each.name for each in ticket.template}
    asked |= {_EITHER[name] for name in asked & _EITHER.keys()}
    return (*_without(kept, asked), *ticket.template)


def _without(template: Iterable[Attribute], names: set[str]) -> list[Attribute]:
    return [each for each in template if each.name not in names]


def _announced(document: Document) -> NewDocument:
    return NewDocument(document.document_format, document.name)


def _gone(job: Job) -> NotPossible:
    return NotPossible(f"job {job.id} cannot be resubmitted: its documents are kept no longer")
