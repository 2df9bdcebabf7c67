"""What documents are found to be: at once for whoever must know before a job is taken, else in the background.

A document that nobody could make anything of costs a look at its beginning. Every other one is examined in a process
apart (`ippgate.examine`), and what was found is kept with the job. Whoever does the duty looks for documents nobody has
examined: those of jobs that were not waited for, and those that a crash left.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from time import monotonic
from typing import Self

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
_CALM, _LOOKS = 0.1, 10
"""Seconds without a document that comes: then there is time for others. One waits for it as many times at the most."""

CLOSED = DocumentFacts(unknown="the stored document does not open")


class Examining:
    """The service that knows documents: `examiners` for those that somebody waits for, `patient` ones, which yield to
    everything else, for the others. interval: seconds between two looks for documents nobody has examined.
    """

    def __init__(
        self,
        judgements: JudgementStore,
        spool: Spool,
        examiners: Examiners,
        patient: Examiners,
        lanes: LaneStore,
        *,
        interval: float,
    ) -> None:
        self._judgements, self._spool, self._lanes = judgements, spool, lanes
        self._examiners, self._patient = examiners, patient
        self._interval, self._open = interval, AsyncExitStack()
        self._wanted = asyncio.Event()
        self._came = 0.0  # when the last document came, on the monotonic clock
        self._in_background = asyncio.Semaphore(patient.settings.processes)  # no more are in memory

    async def __aenter__(self) -> Self:
        """Processes may start."""
        await self._open.enter_async_context(self._examiners)
        await self._open.enter_async_context(self._patient)
        return self

    async def __aexit__(self, *raised: object) -> None:
        """End all processes; examinations under way raise Unavailable."""
        await self._open.aclose()

    def glance(self, octets: bytes) -> DocumentFacts | None:
        """What a document that comes is found to be at first sight; None: it takes an examination."""
        self._came = monotonic()
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
        self._came = monotonic()
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
            await self._calm()
            await self._examine(document)

    async def _calm(self) -> None:
        """Wait until no documents come any more, but not for ever."""
        for _ in range(_LOOKS):
            if monotonic() - self._came > _CALM:
                return
            await asyncio.sleep(_CALM)

    async def _examine(self, document: Unexamined) -> None:
        with about(job=document.job_id):
            try:
                key = self._spool.keys.unwrap(document.key)
                whole = Spooled(self._spool, document.oid, document.number, key, document.size)
                facts = await self._patient.examine(whole)
            except DocumentDamaged:
                facts = CLOSED
            except Unavailable as error:  # the next round tries again
                note(Noted.DATABASE_LOST, reason=str(error))
                return
            await self._judgements.found(document.job_id, document.number, facts)
            note(Noted.DOCUMENT_EXAMINED, format=facts.document_format, pages=facts.pages, reason=facts.unknown)
