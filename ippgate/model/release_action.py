"""What somebody has to do before a held job may go (job-release-action, PWG 5100.11-2024 section 5.3)."""

from enum import StrEnum
from typing import Final

from ippgate.ipp.registry import reasons as R


class ReleaseAction(StrEnum):
    """How a job is released; IPP's `none` is no action at all."""

    BUTTON_PRESS = "button-press"  # somebody is at the device
    JOB_PASSWORD = "job-password"  # whoever knows the password that came with the job  # noqa: S105 - IPP's keyword
    OWNER_AUTHORIZED = "owner-authorized"  # its owner, who has proven to be that


class DefaultAction(StrEnum):
    """What a queue may ask for where a job says nothing (job-release-action-default): never a password, which nobody
    would know.
    """

    NONE = "none"
    BUTTON_PRESS = "button-press"
    OWNER_AUTHORIZED = "owner-authorized"

    @property
    def action(self) -> ReleaseAction | None:
        """The action itself."""
        return None if self is DefaultAction.NONE else ReleaseAction(self)


NO_ACTION: Final = "none"
"""The keyword of job-release-action that asks for nothing."""

RELEASE_ACTIONS: Final = (NO_ACTION, *ReleaseAction)
"""job-release-action-supported."""

_WAITS_FOR: Final = {
    ReleaseAction.BUTTON_PRESS: R.JOB_HELD_FOR_BUTTON_PRESS,
    ReleaseAction.JOB_PASSWORD: R.JOB_PASSWORD_WAIT,
    ReleaseAction.OWNER_AUTHORIZED: R.JOB_HELD_FOR_AUTHORIZATION,
}


def action_reasons(action: ReleaseAction | None) -> tuple[str, ...]:
    """The job-state-reasons of a job that is held for an action. The SQL function of the same name says the same."""
    return () if action is None else (_WAITS_FOR[action], R.JOB_HELD_FOR_RELEASE)
