"""Times that come: a job that was held until a moment waits no longer, one whose output was delayed goes, one that
has been processing for longer than it was to is cancelled, and so is one that nobody released in the time it had.
One that is only to be stored is.

What else a job waits for stays: on a queue that holds, for its release at a device.
"""

import asyncio

from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import Unavailable
from ippgate.model.expiry import FOR_EVER, expired_words
from ippgate.model.lifecycle import Event
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.store.jobs import JobStore, Move
from ippgate.store.lanes import LaneStore

DUTY = "hold"
_AT_ONCE = 500  # jobs of each kind in one round; more are left to the next
INTERVAL = 2.0  # seconds between two rounds: the looking costs nothing, and people name minutes


class HoldClock:
    """The duty of ending what has an end. interval: seconds between two rounds; retention: seconds that held jobs may
    wait where neither a rule nor their queue says.
    """

    def __init__(
        self, jobs: JobStore, lanes: LaneStore, *, interval: float = INTERVAL, retention: float = FOR_EVER
    ) -> None:
        self._jobs, self._lanes, self._interval, self._retention = jobs, lanes, interval, retention

    async def run(self) -> None:
        """Look until cancelled; what goes wrong ends a round."""
        while True:
            try:
                if await self._lanes.take_duty(DUTY):
                    await self.strike()
                    await self.expire()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - one strange job must not hold all others for ever
                mishap(error)
            await asyncio.sleep(self._interval)

    async def strike(self) -> int:
        """One round; how many holds and delays ended. A hold that somebody changes at this moment is left as it is
        then.
        """
        ended = await self._jobs.end_delays(_AT_ONCE)
        for job_id in await self._jobs.processing_too_long(_AT_ONCE):
            if await self._jobs.ask_cancel(
                job_id, "timeout", (R.PROCESSING_TO_STOP_POINT, R.JOB_CANCELED_AFTER_TIMEOUT)
            ):
                note(Noted.JOB_TIMED_OUT, job=job_id)
        for job_id in await self._jobs.storing(_AT_ONCE):  # whoever took it was interrupted
            if await self._jobs.move(Move(job_id, Event.STORE, (R.JOB_COMPLETED_SUCCESSFULLY,))) is not None:
                note(Noted.JOB_STORED, job=job_id)
        for job_id in await self._jobs.held_over(_AT_ONCE):
            if await self._jobs.end_hold(job_id) or await self._release(job_id):
                note(Noted.JOB_HOLD_ENDED, job=job_id)
                ended += 1
        return ended

    async def expire(self) -> int:
        """End jobs that nobody released in the time they had; how many. Who releases one at this moment wins."""
        ended = 0
        for job_id, seconds in await self._jobs.expired(_AT_ONCE, self._retention):
            reasons = (R.JOB_CANCELED_AFTER_TIMEOUT,)
            move = Move(job_id, Event.CANCEL, reasons, expired_words(seconds), overdue=True)
            if await self._jobs.move(move) is not None:
                note(Noted.JOB_EXPIRED, job=job_id)
                ended += 1
        return ended

    async def _release(self, job_id: int) -> bool:
        return await self._jobs.move(Move(job_id, Event.RELEASE, (), overdue=True)) is not None
