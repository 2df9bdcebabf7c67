"""Whether a job that was sent with a release action may go: a button, a password, its owner proven (PWG 5100.11-2024).

The standard has no status for a wrong password: it is an invalid value, so client-error-bad-request, with the same
words whatever was wrong about it. Guessing is slowed and then locked for each job, and bounded for each source over all
jobs, so that nobody can lock those of a whole house; all of it is kept in the database (SECURITY S21).
"""

from typing import Final

from ippgate.identity.source import neighbourhood
from ippgate.model.errors import Busy, NotAuthenticated, NotFound, NotPossible, WrongPassword
from ippgate.model.job import Caller, Job
from ippgate.model.job_password import JobPassword, same
from ippgate.model.release_action import ReleaseAction
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool import KeyRing
from ippgate.spool.job_password import open_password
from ippgate.store.passwords import PasswordStore

NEEDED: Final = "send job-password and job-password-encryption"
LOCKED: Final = "its password was wrong too often: an operator can release it, or `ippgate job unlock` it"


class Guard:
    """The service at the gate of a release."""

    def __init__(self, passwords: PasswordStore, keys: KeyRing) -> None:
        self._passwords, self._keys = passwords, keys

    async def admit(self, job: Job, caller: Caller, password: JobPassword | None) -> None:
        """Return if this caller, whose job it is or who stands for its owner, has done what the job waits for.

        An operator may release any job without; that is noted. Whoever has been made a delegate by its owner is
        authorised by them, and proves who they are. Raises WrongPassword, NotPossible when the password was
        wrong too often, Busy when the next try is to wait, NotAuthenticated for an owner who has not proven to be that.
        """
        action = job.release_action
        if action is None:
            return
        if caller.operator and password is None:
            note(Noted.JOB_OVERRIDDEN, job=job.id, user=caller.name, action=action.value)
        elif action is ReleaseAction.OWNER_AUTHORIZED and not (caller.operator or caller.proven):
            raise NotAuthenticated(f"job {job.id} is released by its owner, who proves it over TLS")
        elif action is ReleaseAction.JOB_PASSWORD:
            if password is None:
                raise WrongPassword(f"job {job.id} is held for its password: {NEEDED}")
            await self._check(job, caller, password)

    async def unlock(self, job_id: int, by: str) -> None:
        """Let people try the password of a job again. Raises NotFound when it has none (any more)."""
        if not await self._passwords.unlock(job_id):
            raise NotFound(f"there is no job {job_id} that waits for a password")
        note(Noted.JOB_UNLOCKED, job=job_id, user=by)

    async def _check(self, job: Job, caller: Caller, password: JobPassword) -> None:
        source = neighbourhood(caller.host)
        found = await self._passwords.begin(job.id, source)
        if found is None:
            raise NotPossible(f"job {job.id} has no password any more")
        if found.locked:
            note(Noted.PASSWORD_LOCKED, job=job.id, user=caller.name, client=caller.host)
            raise NotPossible(f"job {job.id} is locked: {LOCKED}")
        if found.wait:
            raise Busy(f"too many passwords were wrong: try again in {max(1, round(found.wait))} seconds")
        kept = open_password(self._keys.unwrap(found.key), found.sealed)
        if not same(kept, password):
            note(Noted.PASSWORD_WRONG, job=job.id, user=caller.name, client=caller.host)
            raise WrongPassword(f"that is not the password of job {job.id}")
        await self._passwords.right(job.id, source)
