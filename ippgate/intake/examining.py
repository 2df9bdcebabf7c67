"""What documents are found to be: at once for whoever must know before a job is taken, else in the background.

A document that nobody could make anything of costs a look at its beginning. Every other one is examined in a process
apart (`ippgate.examine`), and what was found is kept with the job. Whoever does the duty looks for documents nobody has
examined: those of jobs that were not waited for, and those that a crash left.
"""

import asyncio
from dataclasses import replace

from ippgate.document.examination import EMPTY, UNRECOGNISED
from ippgate.document.sniff import look
from ippgate.examine import Examiners
from ippgate.intake.whole import InMemory, Spooled
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Job
from ippgate.observe import Event as Noted
from ippgate.observe import about, mishap, note
from ippgate.spool import JobKey, Spool
from ippgate.store.judgements import JudgementStore, Unexamined
from ippgate.store.lanes import LaneStore

DUTY = "examine"
_BATCH = 64  # documents looked for at once
_START = (0, 0)

CLOSED = DocumentFacts(unknown="the stored document does not open")


class Examining:
    """The service that knows documents. interval: seconds between two looks for documents nobody has examined."""

    def __init__(
        self, judgements: JudgementStore, spool: Spool, examiners: Examiners, lanes: LaneStore, *, interval: float
    ) -> None:
        self._judgements, self._spool, self._examiners, self._lanes = judgements, spool, examiners, lanes
        self._interval = interval
        self._wanted = asyncio.Event()
        # One process is left to documents whose clients wait, where there is more than one.
        self._in_background = asyncio.Semaphore(max(1, examiners.settings.processes - 1))

    def glance(self, octets: bytes) -> DocumentFacts | None:
        """What a document is found to be at first sight; None: it takes an examination."""
        if not octets:
            return EMPTY
        return UNRECOGNISED if look(octets).document_format is None else None

    async def small(self, octets: bytes, *, drawn: bool = True) -> DocumentFacts:
        """Examine a document of one frame, in the clear. drawn: whether pages are drawn where their colours take that.

        Raises Unavailable when the gate stops.
        """
        return self.glance(octets) or await self._examiners.examine(InMemory(octets), drawn=drawn)

    async def stored(self, oid: int, number: int, key: JobKey, size: int, *, drawn: bool = True) -> DocumentFacts:
        """Examine a document of the spool; drawn: as for a small one. Raises Unavailable."""
        try:
            return await self._examiners.examine(Spooled(self._spool, oid, number, key, size), drawn=drawn)
        except DocumentDamaged:
            return CLOSED

    async def known(self, job: Job) -> Job:
        """The job with its stored documents examined, as far as they open. Raises Unavailable."""
        if all(document.facts is not None for document in job.documents):
            return job
        try:
            key = await self._spool.key_of(job.id)
        except DocumentDamaged:
            return job
        documents = []
        for document in job.documents:
            if document.facts is None and document.oid is not None and document.size is not None:
                facts = await self.stored(document.oid, document.number, key, document.size)
                await self._judgements.found(job.id, document.number, facts)
                document = replace(document, facts=facts)  # noqa: PLW2901 - the same document, known now
            documents.append(document)
        return replace(job, documents=tuple(documents))

    def look_soon(self) -> None:
        """A document came that was not waited for."""
        self._wanted.set()

    async def run(self) -> None:
        """Examine what nobody has, until cancelled; what goes wrong ends a round, never the duty."""
        while True:
            self._wanted.clear()
            try:
                if await self._lanes.take_duty(DUTY):
                    await self.round()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - one strange document must not keep all others unknown
                mishap(error)
            try:
                async with asyncio.timeout(self._interval):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Examine every document that nobody has; how many there were."""
        done, after = 0, _START
        while batch := await self._judgements.to_examine(after, _BATCH):
            async with asyncio.TaskGroup() as examinations:
                for document in batch:
                    examinations.create_task(self._when_there_is_time(document))
            done += len(batch)
            after = (batch[-1].job_id, batch[-1].number)
        return done

    async def _when_there_is_time(self, document: Unexamined) -> None:
        async with self._in_background:
            await self._examine(document)

    async def _examine(self, document: Unexamined) -> None:
        with about(job=document.job_id):
            try:
                key = self._spool.keys.unwrap(document.key)
                facts = await self.stored(document.oid, document.number, key, document.size)
            except DocumentDamaged:
                facts = CLOSED
            except Unavailable as error:  # the next round tries again
                note(Noted.DATABASE_LOST, reason=str(error))
                return
            await self._judgements.found(document.job_id, document.number, facts)
            note(Noted.DOCUMENT_EXAMINED, format=facts.document_format, pages=facts.pages, reason=facts.unknown)
