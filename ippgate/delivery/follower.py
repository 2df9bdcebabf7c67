"""A job is followed at its device until it has ended there, or nobody can know any more."""

import asyncio
import math
import time

from ippgate.delivery.outcome import Verdict, awaits_its_document, cancelled, given_up, seen, unknown, unsure_of_all
from ippgate.delivery.pace import Pace
from ippgate.delivery.settings import DeliverySettings
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import Unavailable
from ippgate.model.lifecycle import AT_DEVICE, Event
from ippgate.model.parcel import OutcomeUnknown, Refused, Sighting, Unreachable
from ippgate.store.jobs import JobStore, Move
from ippgate.store.lanes import LaneStore, Load
from ippgate.transport.port import Transport

_CHANGES = {
    (JobState.PROCESSING, JobState.PROCESSING_STOPPED): Event.STOP,
    (JobState.PROCESSING_STOPPED, JobState.PROCESSING): Event.RESUME,
}


class Follower:
    """One job at one device. `cancel(by)` has it cancelled there."""

    def __init__(
        self,
        load: Load,
        device: Device,
        transport: Transport,
        jobs: JobStore,
        lanes: LaneStore,
        settings: DeliverySettings,
    ) -> None:
        self.load, self._device, self.transport = load, device, transport
        self._jobs, self._lanes, self._settings = jobs, lanes, settings
        self._state: JobState = JobState.PROCESSING if load.state is JobState.PENDING else load.state
        self._cancel_by = load.cancel_by
        self._asked = asyncio.Event()
        if load.cancel_by:
            self._asked.set()

    def cancel(self, by: str) -> None:
        """Somebody wants the job cancelled: ask the device, and go on following."""
        self._cancel_by = by
        self._asked.set()

    async def trace(self, device_job_id: int | None, *, began: float, broke: str = "", by_us: bool = False) -> Verdict:
        """An attempt broke off after its document had begun to leave: find the job at the device, and follow it.

        Sent again only when the device says that it has no such job, and the attempt (`began`, monotonic) is so recent
        that it would still remember an ended one. broke: how the attempt broke off, where that is known. by_us: it was
        the gate that broke off, and whatever the device has of the job is cleared away.
        """
        try:
            sighting = await self._find(device_job_id)
        except OutcomeUnknown as error:
            why = f"{broke}; {error}" if broke else str(error)
            return self._again(why) if self._device.resend_unknown else unknown(self._device.name, why)
        if sighting is not None:
            return await self.follow(sighting.device_job_id, confirmed=False, clearing=by_us)
        if device_job_id is None and time.monotonic() - began < self._settings.history:
            return self._again("the device knows nothing of the job")
        return unknown(self._device.name, "the device no longer knows the job")

    async def follow(self, device_job_id: int, *, confirmed: bool, clearing: bool = False) -> Verdict:
        """Look at the job until it has ended.

        confirmed: the device is known to have the whole document. clearing: the job is cancelled there, for it will
        never have its document.
        """
        settings, told = self._settings, None
        looks = Pace(settings.follow_first, settings.follow_longest, math.inf)
        silence = Pace(settings.follow_first, settings.follow_longest, settings.follow_limit)
        while True:
            if self._asked.is_set() or clearing:
                await self._ask_cancel(device_job_id)
            try:
                sighting = await self.transport.sight(device_job_id)
            except Unreachable as error:
                told, pause = None, silence.next()
                if pause is None:
                    return unknown(self._device.name, f"it has not answered since the job was sent ({error})")
                await self._pause(pause)
                continue
            silence.again()
            if sighting is None:
                return self._forgotten()
            if verdict := self._seen(sighting, confirmed=confirmed):
                return self._cleared(verdict, sighting) if clearing and verdict.event is not Event.COMPLETE else verdict
            if not confirmed and awaits_its_document(sighting) and not clearing:
                if sighting.state in AT_DEVICE:
                    return await self._broken_off(device_job_id)
                clearing = True
            if sighting != told and await self._tell(sighting):
                looks.again()
                told = sighting
            await self._pause(looks.next() or settings.follow_longest)

    def _seen(self, sighting: Sighting, *, confirmed: bool) -> Verdict | None:
        name = self._device.name
        verdict = seen(name, sighting, cancel_by=self._cancel_by, confirmed=confirmed)
        if verdict is None or confirmed:
            return verdict
        return unsure_of_all(name, verdict, sighting, len(self.load.parcel.enclosed))

    async def _find(self, device_job_id: int | None) -> Sighting | None:
        """None: the device does not know the job, and has been asked for long enough to list it.

        Raises OutcomeUnknown when the device cannot be asked, or cannot say.
        """
        settings = self._settings
        silence = Pace(settings.retry_first, settings.retry_longest, settings.busy_limit)
        absence = Pace(settings.follow_first, settings.follow_longest, settings.appear)
        while True:
            try:
                sighting = await self._look_for(device_job_id)
            except (Unreachable, Refused) as error:
                pause = silence.next()
                if pause is None:
                    raise OutcomeUnknown(f"the device cannot be asked: {error}") from error
            else:
                pause = absence.next()
                if sighting is not None or device_job_id is not None or pause is None:
                    return sighting
            await asyncio.sleep(pause)

    async def _look_for(self, device_job_id: int | None) -> Sighting | None:
        if device_job_id is not None:
            return await self.transport.sight(device_job_id)
        return await self.transport.find(self.load.parcel)

    async def _broken_off(self, device_job_id: int) -> Verdict:
        """The device works on a document that it will never have whole: some of it may be on paper."""
        await self._ask_cancel(device_job_id)
        return unknown(self._device.name, "the connection broke while the device was printing")

    def _cleared(self, verdict: Verdict, sighting: Sighting) -> Verdict:
        if self._cancel_by:
            return verdict
        if len(self.load.parcel.enclosed) > 1 and sighting.documents != 0:
            return unknown(self._device.name, "the connection broke when it may have had some of the job's documents")
        if verdict.impressions:
            return unknown(
                self._device.name, f"it had printed {verdict.impressions} impressions when the document broke off"
            )
        return self._again("the connection broke before the device had the document")

    def _again(self, why: str) -> Verdict:
        begun = self.load.attempts + (self.load.edge is None)  # an inherited attempt is counted already
        if begun >= self._settings.attempts:
            return given_up(self._device.name, f"{why}, {begun} times")
        return Verdict(Event.RETRY, (), f"sent to {self._device.name} again: {why}")

    def _forgotten(self) -> Verdict:
        if self._cancel_by:
            return cancelled(self._cancel_by)
        return unknown(self._device.name, "the device no longer knows the job")

    async def _ask_cancel(self, device_job_id: int) -> None:
        self._asked.clear()
        try:
            await self.transport.cancel(device_job_id, self.load.parcel.user)
        except (Unreachable, Refused):
            return  # it is asked again when somebody asks again; the sightings tell how it ends

    async def _tell(self, sighting: Sighting) -> bool:
        """Let the store know; False: the database is away, and is told at the next look."""
        event = _CHANGES.get((self._state, sighting.state))
        try:
            if event is not None:
                job_id, lease = self.load.parcel.job_id, self.load.lease
                reasons, worker = sighting.reasons, self._lanes.worker
                await self._jobs.move(Move(job_id, event, reasons, sighting.message, worker=worker, lease=lease))
                self._state = sighting.state
            else:
                await self._lanes.report(self.load, sighting)
        except Unavailable:
            return False
        return True

    async def _pause(self, seconds: float) -> None:
        """Wait, or be woken by a wish to cancel."""
        try:
            async with asyncio.timeout(seconds):
                await self._asked.wait()
        except TimeoutError:
            return
