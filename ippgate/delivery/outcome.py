"""What becomes of a job after what happened at its device: pure decisions, with their words.

The line that matters: before `sending` anything may be tried again; after it only what the device itself reports
counts, and what it cannot report is held and called unknown.
"""

from dataclasses import dataclass, replace

from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import DocumentDamaged
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Refused, Sighting, SourceBroken


@dataclass(frozen=True, slots=True)
class Verdict:
    """The event that ends an attempt, and why."""

    event: Event
    reasons: tuple[str, ...] = ()
    message: str = ""
    impressions: int | None = None
    sheets: int | None = None


HELD_AGAIN = (R.JOB_HELD_FOR_RELEASE,)
HELD_FOR_REVIEW = (R.JOB_HELD_FOR_REVIEW, R.JOB_HELD_FOR_RELEASE)

_CANCELED_BY = {
    "user": R.JOB_CANCELED_BY_USER,
    "operator": R.JOB_CANCELED_BY_OPERATOR,
    "timeout": R.JOB_CANCELED_AFTER_TIMEOUT,
}

CANCELED_THERE = frozenset({R.JOB_CANCELED_AT_DEVICE, R.JOB_CANCELED_BY_OPERATOR})
"""A person at the device did it. A device that names neither may mean a job whose document broke off."""


def taken_unseen() -> Verdict:
    """A raw device took the whole document and will never say more (PWG 5100.7: queued-in-device)."""
    return Verdict(Event.COMPLETE, (R.QUEUED_IN_DEVICE, R.JOB_COMPLETED_SUCCESSFULLY))


def unknown(device: str, why: str) -> Verdict:
    """Some of the document left the gate, and nobody can say what was printed."""
    message = f"outcome unknown: {why}. Look at {device} before you release the job again"
    return Verdict(Event.HOLD, HELD_FOR_REVIEW, message)


def given_up(device: str, why: str) -> Verdict:
    """The device was waited for as long as is reasonable; nothing was sent."""
    return Verdict(Event.HOLD, HELD_AGAIN, f"{device} could not take the job: {why}")


def failed(device: str, error: Exception) -> Verdict:
    """What an attempt's error means for its job."""
    match error:
        case Refused():
            return Verdict(Event.HOLD, HELD_AGAIN, f"{device} refused the job: {error}")
        case SourceBroken():
            return Verdict(Event.ABORT, (R.ABORTED_BY_SYSTEM, R.SUBMISSION_INTERRUPTED), str(error))
        case DocumentDamaged():
            return Verdict(Event.HOLD, (R.DOCUMENT_ACCESS_ERROR, *HELD_FOR_REVIEW), str(error))
        case _:
            return given_up(device, str(error))


def awaiting_conversion(device: str, target: str) -> str:
    """What is said of a job whose document is being converted."""
    return f"its document is being converted to {target} for {device}"


def unconverted(device: str, source: str, error: Exception) -> Verdict:
    """The device does not print the document, and it could not be converted; nothing was sent."""
    return Verdict(Event.HOLD, HELD_AGAIN, f"{device} does not print {source}, and {error}")


def of_a_leg(verdict: Verdict, number: int, documents: int) -> Verdict:
    """The verdict on one document of several that goes by itself: which one it is belongs to the words."""
    if verdict.event is not Event.HOLD:
        return verdict
    return replace(
        verdict, message=f"{verdict.message} (document {number} of {documents}; what came out is not sent again)"
    )


def unsure_of_all(device: str, verdict: Verdict, sighting: Sighting, documents: int) -> Verdict:
    """A job of several documents that ended at a device which may not have had them all: some print what they have when
    they wait too long for more.
    """
    if verdict.event is not Event.COMPLETE or documents < 2 or sighting.documents == documents:
        return verdict
    return replace(
        unknown(device, "it printed a job without having had all of its documents, as far as is known"),
        impressions=verdict.impressions,
        sheets=verdict.sheets,
    )


def all_came_out(device: str) -> Verdict:
    """Nothing is left to send."""
    return given_up(device, "each of its documents came out before, as often as it asks for: cancel it")


def cancelled(by: str | None) -> Verdict:
    """The job was cancelled while it was at its device."""
    return Verdict(Event.CANCEL, (_CANCELED_BY.get(by or "", R.JOB_CANCELED_AT_DEVICE),))


def seen(device: str, sighting: Sighting, *, cancel_by: str | None, confirmed: bool) -> Verdict | None:
    """What a sighting means; None: the job goes on. confirmed: the device is known to have had the whole document."""
    verdict = _ended(device, sighting, cancel_by=cancel_by, confirmed=confirmed)
    return verdict and replace(verdict, impressions=sighting.impressions, sheets=sighting.sheets)


def _ended(device: str, sighting: Sighting, *, cancel_by: str | None, confirmed: bool) -> Verdict | None:
    match sighting.state:
        case JobState.COMPLETED:
            return Verdict(Event.COMPLETE, (R.JOB_COMPLETED_SUCCESSFULLY,), sighting.message)
        case JobState.CANCELED | JobState.ABORTED if cancel_by:
            return replace(cancelled(cancel_by), message=sighting.message)
        case JobState.CANCELED if confirmed or CANCELED_THERE.intersection(sighting.reasons):
            return replace(cancelled(None), message=sighting.message)
        case JobState.CANCELED:
            return unknown(device, "it gave the job up when the connection broke")
        case JobState.ABORTED:
            why = sighting.message or ", ".join(sighting.reasons) or "it does not say why"
            return Verdict(Event.HOLD, HELD_AGAIN, f"{device} aborted the job: {why}")
    return None


def awaits_its_document(sighting: Sighting) -> bool:
    """Whether the device still waits for the rest of the document."""
    return bool({R.JOB_INCOMING, R.JOB_DATA_INSUFFICIENT} & set(sighting.reasons))
