"""Which function answers which operation: the whole of what this door does, and of operations-supported."""

from typing import Final

from ippgate.doors.ipp.creation import create_job, print_job, resubmit_job, validate_job
from ippgate.doors.ipp.cups import GET_CLASSES, cups_get_classes, cups_get_default, cups_get_printers
from ippgate.doors.ipp.describing import get_printer_supported_values, set_printer_attributes
from ippgate.doors.ipp.device import get_device_attributes, identify_device
from ippgate.doors.ipp.document import close_job, send_document
from ippgate.doors.ipp.document_object import (
    cancel_document,
    get_document_attributes,
    get_documents,
    set_document_attributes,
    validate_document,
)
from ippgate.doors.ipp.exchange import Handler
from ippgate.doors.ipp.job import cancel_job, get_job_attributes, hold_job, release_job, resume_job, set_job_attributes
from ippgate.doors.ipp.listing import cancel_jobs, cancel_my_jobs, get_jobs
from ippgate.doors.ipp.notification import get_notifications
from ippgate.doors.ipp.printer import get_printer_attributes, get_user_printer_attributes, identify_printer
from ippgate.doors.ipp.subscription import (
    cancel_subscription,
    create_job_subscriptions,
    create_printer_subscriptions,
    get_subscription_attributes,
    get_subscriptions,
    renew_subscription,
)
from ippgate.doors.ipp.system import OPERATIONS, get_printers, get_system_attributes
from ippgate.doors.ipp.traffic import (
    cancel_current_job,
    disable_printer,
    enable_printer,
    hold_new_jobs,
    pause_printer,
    promote_job,
    release_held_new_jobs,
    resume_printer,
    schedule_job_after,
    suspend_current_job,
)
from ippgate.ipp import Operation

HANDLERS: Final[dict[int, Handler]] = {
    Operation.PRINT_JOB: print_job,
    Operation.VALIDATE_JOB: validate_job,
    Operation.CREATE_JOB: create_job,
    Operation.SEND_DOCUMENT: send_document,
    Operation.CANCEL_JOB: cancel_job,
    Operation.GET_JOB_ATTRIBUTES: get_job_attributes,
    Operation.GET_JOBS: get_jobs,
    Operation.GET_PRINTER_ATTRIBUTES: get_printer_attributes,
    Operation.HOLD_JOB: hold_job,
    Operation.RELEASE_JOB: release_job,
    Operation.SET_JOB_ATTRIBUTES: set_job_attributes,
    Operation.CANCEL_DOCUMENT: cancel_document,
    Operation.GET_DOCUMENT_ATTRIBUTES: get_document_attributes,
    Operation.GET_DOCUMENTS: get_documents,
    Operation.SET_DOCUMENT_ATTRIBUTES: set_document_attributes,
    Operation.CANCEL_MY_JOBS: cancel_my_jobs,
    Operation.RESUBMIT_JOB: resubmit_job,
    Operation.CLOSE_JOB: close_job,
    Operation.IDENTIFY_PRINTER: identify_printer,
    Operation.VALIDATE_DOCUMENT: validate_document,
    Operation.PAUSE_PRINTER: pause_printer,
    Operation.PAUSE_PRINTER_AFTER_CURRENT_JOB: pause_printer,  # what is being printed is finished in either case
    Operation.RESUME_PRINTER: resume_printer,
    Operation.ENABLE_PRINTER: enable_printer,
    Operation.DISABLE_PRINTER: disable_printer,
    Operation.HOLD_NEW_JOBS: hold_new_jobs,
    Operation.RELEASE_HELD_NEW_JOBS: release_held_new_jobs,
    Operation.CANCEL_JOBS: cancel_jobs,
    Operation.CANCEL_CURRENT_JOB: cancel_current_job,
    Operation.SUSPEND_CURRENT_JOB: suspend_current_job,
    Operation.RESUME_JOB: resume_job,
    Operation.PROMOTE_JOB: promote_job,
    Operation.SCHEDULE_JOB_AFTER: schedule_job_after,
    Operation.SET_PRINTER_ATTRIBUTES: set_printer_attributes,
    Operation.GET_PRINTER_SUPPORTED_VALUES: get_printer_supported_values,
    Operation.GET_USER_PRINTER_ATTRIBUTES: get_user_printer_attributes,
    Operation.GET_SYSTEM_ATTRIBUTES: get_system_attributes,
    Operation.GET_PRINTERS: get_printers,
    Operation.CREATE_PRINTER_SUBSCRIPTIONS: create_printer_subscriptions,
    Operation.CREATE_JOB_SUBSCRIPTIONS: create_job_subscriptions,
    Operation.GET_SUBSCRIPTION_ATTRIBUTES: get_subscription_attributes,
    Operation.GET_SUBSCRIPTIONS: get_subscriptions,
    Operation.RENEW_SUBSCRIPTION: renew_subscription,
    Operation.CANCEL_SUBSCRIPTION: cancel_subscription,
    Operation.GET_NOTIFICATIONS: get_notifications,
    Operation.CUPS_GET_DEFAULT: cups_get_default,
    Operation.CUPS_GET_PRINTERS: cups_get_printers,
    GET_CLASSES: cups_get_classes,
}

OF_PRINTERS: Final = tuple(code for code in HANDLERS if code not in OPERATIONS)
"""operations-supported of a queue: the others are the system's."""

NEW: Final = frozenset({Operation.GET_USER_PRINTER_ATTRIBUTES})
"""What clients of some years ago have never heard of (PWG 5100.11-2024)."""

FOR_OPERATORS: Final = frozenset(
    {
        Operation.PAUSE_PRINTER,
        Operation.PAUSE_PRINTER_AFTER_CURRENT_JOB,
        Operation.RESUME_PRINTER,
        Operation.ENABLE_PRINTER,
        Operation.DISABLE_PRINTER,
        Operation.HOLD_NEW_JOBS,
        Operation.RELEASE_HELD_NEW_JOBS,
        Operation.CANCEL_JOBS,
        Operation.CANCEL_CURRENT_JOB,
        Operation.SUSPEND_CURRENT_JOB,
        Operation.PROMOTE_JOB,
        Operation.SCHEDULE_JOB_AFTER,
        Operation.SET_PRINTER_ATTRIBUTES,
    }
)
"""Operations that nobody else may ask for: Get-User-Printer-Attributes leaves them out for others."""

AT_DEVICE: Final[dict[int, Handler]] = {
    Operation.PRINT_JOB: print_job,
    Operation.VALIDATE_JOB: validate_job,
    Operation.CREATE_JOB: create_job,
    Operation.SEND_DOCUMENT: send_document,
    Operation.CLOSE_JOB: close_job,
    Operation.GET_JOBS: get_jobs,
    Operation.GET_JOB_ATTRIBUTES: get_job_attributes,
    Operation.SET_JOB_ATTRIBUTES: set_job_attributes,
    Operation.HOLD_JOB: hold_job,
    Operation.RELEASE_JOB: release_job,
    Operation.CANCEL_JOB: cancel_job,
    Operation.GET_PRINTER_ATTRIBUTES: get_device_attributes,
    Operation.IDENTIFY_PRINTER: identify_device,
}
"""The same for a device: what whoever stands there may want."""

_FETCHES_NOTHING: Final = "this printer fetches nothing from an address: send the document itself, with Print-Job"
_DESTROYS: Final = "it would destroy what was counted: use Cancel-My-Jobs, or send the document again"

_OF_ITS_HOST: Final = "a gate that many share is not for its clients to stop: use Pause-Printer and Resume-Printer"

REASONS: Final[dict[int, str]] = {
    Operation.PRINT_URI: _FETCHES_NOTHING,
    Operation.SEND_URI: _FETCHES_NOTHING,
    Operation.PURGE_JOBS: _DESTROYS,
    Operation.RESTART_JOB: _DESTROYS,
    Operation.REPROCESS_JOB: _DESTROYS,
    Operation.DELETE_DOCUMENT: _DESTROYS,
    Operation.RESTART_PRINTER: _OF_ITS_HOST,
    Operation.SHUTDOWN_PRINTER: _OF_ITS_HOST,
    Operation.STARTUP_PRINTER: _OF_ITS_HOST,
}
"""Operations that are left out on purpose, and why (SECURITY S5, PWG 5100.18 section 7)."""
