"""What monitoring is told of an attempt that ended."""

from collections.abc import Sequence
from typing import Final

from ippgate.ipp.registry import reasons as R
from ippgate.model.lifecycle import Event
from ippgate.observe import Event as Noted

_NOTED: Final = {
    Event.COMPLETE: Noted.DELIVERY_COMPLETED,
    Event.HOLD: Noted.DELIVERY_HELD,
    Event.CANCEL: Noted.DELIVERY_CANCELED,
    Event.ABORT: Noted.DELIVERY_ABORTED,
    Event.RETRY: Noted.DELIVERY_WAITING,
}


def noted(event: Event, reasons: Sequence[str]) -> Noted:
    """A job held because nobody knows, or because it cannot be read, is not just held."""
    if R.JOB_HELD_FOR_REVIEW not in reasons:
        return _NOTED[event]
    return Noted.DOCUMENT_DAMAGED if R.DOCUMENT_ACCESS_ERROR in reasons else Noted.DELIVERY_UNKNOWN
