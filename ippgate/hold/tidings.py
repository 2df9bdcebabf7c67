"""Owners are told, when they log in next, what happened to their jobs without their doing: what expired, what was given
up, and what was released and is held again, with the reason.

The statement that moves a job marks it as untold; the one that tells it takes the mark away. So each is told once,
wherever and in whichever worker its owner logs in.
"""

from typing import Final

from ippgate.model.happening import Happening
from ippgate.store.jobs import JobStore

MOST: Final = 50
"""What is told at once; what is left is told the next time."""


class Tidings:
    """The service that tells them, for whatever page or panel somebody logs in at."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs

    async def tell(self, owner: str, *, limit: int = MOST) -> list[Happening]:
        """What happened since they were last told, newest first; they count as told. Raises Unavailable."""
        return await self._jobs.tell(owner, min(limit, MOST))
