"""How a job moves from state to state: one literal table, and the only law about it.

The states are IPP's own (RFC 8011 section 5.3.7). The SQL function `job_may_move` and the drawing in ARCHITECTURE.md
say the same; a test compares the three.
"""

from enum import StrEnum

from ippgate.ipp.registry.enums import JobState


class Event(StrEnum):
    """What happens to a job."""

    HOLD = "hold"  # a person or an operator holds it, or delivery gives it back with a reason
    RELEASE = "release"  # its owner names a device
    START = "start"  # a lane begins to carry it to its device
    RETRY = "retry"  # nothing reached the device: back into the lane
    STOP = "stop"  # the device stopped in the middle of it
    RESUME = "resume"  # the device goes on
    COMPLETE = "complete"
    STORE = "store"  # a job that is only to be stored is here (job-storage): it goes to no device
    CANCEL = "cancel"
    ABORT = "abort"


class IllegalMove(Exception):
    """The event cannot happen to a job in this state; nothing was changed (IPP: client-error-not-possible)."""

    def __init__(self, state: JobState, event: Event) -> None:
        super().__init__(f"a job that is {keyword(state)} cannot {event}")
        self.state = state
        self.event = event


_HELD, _PENDING = JobState.PENDING_HELD, JobState.PENDING
_PROCESSING, _STOPPED = JobState.PROCESSING, JobState.PROCESSING_STOPPED
_COMPLETED, _CANCELED, _ABORTED = JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED

LIFECYCLE: dict[tuple[JobState, Event], JobState] = {
    (_HELD, Event.RELEASE): _PENDING,
    (_HELD, Event.STORE): _COMPLETED,
    (_HELD, Event.CANCEL): _CANCELED,
    (_HELD, Event.ABORT): _ABORTED,
    (_PENDING, Event.HOLD): _HELD,
    (_PENDING, Event.START): _PROCESSING,
    (_PENDING, Event.CANCEL): _CANCELED,
    (_PENDING, Event.ABORT): _ABORTED,
    (_PROCESSING, Event.HOLD): _HELD,
    (_PROCESSING, Event.RETRY): _PENDING,
    (_PROCESSING, Event.STOP): _STOPPED,
    (_PROCESSING, Event.COMPLETE): _COMPLETED,
    (_PROCESSING, Event.CANCEL): _CANCELED,
    (_PROCESSING, Event.ABORT): _ABORTED,
    (_STOPPED, Event.RESUME): _PROCESSING,
    (_STOPPED, Event.HOLD): _HELD,
    (_STOPPED, Event.COMPLETE): _COMPLETED,
    (_STOPPED, Event.CANCEL): _CANCELED,
    (_STOPPED, Event.ABORT): _ABORTED,
}
"""(state, event) → the next state. What is not here cannot happen."""

TERMINAL = frozenset({_CANCELED, _ABORTED, _COMPLETED})
AT_DEVICE = frozenset({_PROCESSING, _STOPPED})
WAITS = frozenset({_HELD, _PENDING})


def after(state: JobState, event: Event) -> JobState:
    """The state that follows `event`; raises IllegalMove and changes nothing when there is none."""
    try:
        return LIFECYCLE[state, event]
    except KeyError:
        raise IllegalMove(state, event) from None


def origins(event: Event) -> tuple[JobState, ...]:
    """The states in which `event` may happen."""
    return tuple(state for state, happening in LIFECYCLE if happening is event)


def keyword(state: JobState) -> str:
    """The state as IPP spells it: `pending-held`."""
    return state.name.lower().replace("_", "-")
