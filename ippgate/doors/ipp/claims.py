"""What a queue may say of itself as a whole: the version of IPP, IPP Everywhere. Said only where all of it is so.

Each claim is a list of what must be there. Nothing is claimed by hand, so what is taken away takes its claim with it.
"""

from collections.abc import Collection, Mapping
from typing import Final

from ippgate.ipp import Attribute, Operation
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A

EVERYWHERE: Final = "ipp-everywhere"

_EVERYWHERE_OPERATIONS: Final = frozenset(
    {
        Operation.PRINT_JOB,
        Operation.VALIDATE_JOB,
        Operation.CREATE_JOB,
        Operation.SEND_DOCUMENT,
        Operation.CANCEL_JOB,
        Operation.GET_JOB_ATTRIBUTES,
        Operation.GET_JOBS,
        Operation.GET_PRINTER_ATTRIBUTES,
        Operation.CANCEL_MY_JOBS,
        Operation.CLOSE_JOB,
        Operation.IDENTIFY_PRINTER,
    }
)
_EVERYWHERE_ATTRIBUTES: Final = frozenset(
    {
        *(A.CHARSET_CONFIGURED, A.CHARSET_SUPPORTED, A.NATURAL_LANGUAGE_CONFIGURED),
        *(A.GENERATED_NATURAL_LANGUAGE_SUPPORTED, A.COLOR_SUPPORTED, A.JOB_IDS_SUPPORTED),
        *(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, A.PREFERRED_ATTRIBUTES_SUPPORTED, A.PRINTER_IS_ACCEPTING_JOBS),
        *(A.COMPRESSION_SUPPORTED, A.IPP_VERSIONS_SUPPORTED, A.JOB_CREATION_ATTRIBUTES_SUPPORTED),
        *(A.MULTIPLE_OPERATION_TIME_OUT, A.MULTIPLE_OPERATION_TIME_OUT_ACTION, A.PDL_OVERRIDE_SUPPORTED),
        *(A.PRINTER_GET_ATTRIBUTES_SUPPORTED, A.PRINTER_STATE_REASONS, A.URI_AUTHENTICATION_SUPPORTED),
        *(A.URI_SECURITY_SUPPORTED, A.WHICH_JOBS_SUPPORTED, A.IDENTIFY_ACTIONS_DEFAULT, A.IDENTIFY_ACTIONS_SUPPORTED),
        *(A.DOCUMENT_FORMAT_DEFAULT, A.DOCUMENT_FORMAT_SUPPORTED, A.PAGES_PER_MINUTE, A.PRINTER_CONFIG_CHANGE_TIME),
        *(A.PRINTER_STATE_CHANGE_TIME, A.PRINTER_UP_TIME, A.QUEUED_JOB_COUNT, A.PRINTER_CONFIG_CHANGE_DATE_TIME),
        *(A.PRINTER_CURRENT_TIME, A.PRINTER_STATE_CHANGE_DATE_TIME, A.OPERATIONS_SUPPORTED, A.PRINTER_STATE),
        *(A.PRINTER_GEO_LOCATION, A.PRINTER_ICONS, A.PRINTER_MORE_INFO, A.PRINTER_SUPPLY_INFO_URI),
        *(A.PRINTER_URI_SUPPORTED, A.PRINTER_UUID, A.PRINTER_INFO, A.PRINTER_LOCATION, A.PRINTER_MAKE_AND_MODEL),
        *(A.PRINTER_NAME, A.PRINTER_ORGANIZATION, A.PRINTER_ORGANIZATIONAL_UNIT, A.PRINTER_STATE_MESSAGE),
        *(A.PRINTER_SUPPLY, A.PRINTER_SUPPLY_DESCRIPTION, A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED),
        *(A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED, A.COPIES_DEFAULT, A.COPIES_SUPPORTED, A.MEDIA_DEFAULT, A.MEDIA_READY),
        *(A.MEDIA_SUPPORTED, A.MEDIA_COL_DEFAULT, A.MEDIA_COL_READY, A.MEDIA_COL_SUPPORTED, A.MEDIA_COL_DATABASE),
        *(A.MEDIA_SIZE_SUPPORTED, A.MEDIA_BOTTOM_MARGIN_SUPPORTED, A.MEDIA_LEFT_MARGIN_SUPPORTED),
        *(A.MEDIA_RIGHT_MARGIN_SUPPORTED, A.MEDIA_TOP_MARGIN_SUPPORTED, A.ORIENTATION_REQUESTED_DEFAULT),
        *(A.ORIENTATION_REQUESTED_SUPPORTED, A.OUTPUT_BIN_DEFAULT, A.OUTPUT_BIN_SUPPORTED),
        *(A.PRINT_COLOR_MODE_DEFAULT, A.PRINT_COLOR_MODE_SUPPORTED, A.PRINT_QUALITY_DEFAULT),
        *(A.PRINT_QUALITY_SUPPORTED, A.PRINTER_RESOLUTION_DEFAULT, A.PRINTER_RESOLUTION_SUPPORTED),
        *(A.SIDES_DEFAULT, A.SIDES_SUPPORTED, A.FINISHINGS_DEFAULT, A.FINISHINGS_SUPPORTED),
    }
)

_FINISHING: Final = frozenset(
    {
        *(A.FINISHINGS_COL_DATABASE, A.FINISHINGS_COL_DEFAULT, A.FINISHINGS_COL_READY, A.FINISHINGS_COL_SUPPORTED),
        *(A.FINISHINGS_READY, A.FINISHING_TEMPLATE_SUPPORTED),
    }
)

_NEWER_OPERATIONS: Final = frozenset(
    {
        Operation.HOLD_JOB,
        Operation.RELEASE_JOB,
        Operation.SET_JOB_ATTRIBUTES,
        Operation.GET_PRINTER_SUPPORTED_VALUES,
        Operation.CREATE_PRINTER_SUBSCRIPTIONS,
        Operation.GET_SUBSCRIPTION_ATTRIBUTES,
        Operation.GET_SUBSCRIPTIONS,
        Operation.RENEW_SUBSCRIPTION,
        Operation.CANCEL_SUBSCRIPTION,
        Operation.GET_NOTIFICATIONS,
        Operation.CANCEL_MY_JOBS,
        Operation.RESUBMIT_JOB,
        Operation.CLOSE_JOB,
        Operation.GET_USER_PRINTER_ATTRIBUTES,
    }
)
"""IPP/2.1 (PWG 5100.12), but for operators' own, and for what is refused on purpose because it destroys counts."""

_NEWER_ATTRIBUTES: Final = frozenset(
    {
        *(A.JOB_HOLD_UNTIL_DEFAULT, A.JOB_HOLD_UNTIL_SUPPORTED, A.JOB_PRIORITY_DEFAULT, A.JOB_PRIORITY_SUPPORTED),
        *(A.JOB_SETTABLE_ATTRIBUTES_SUPPORTED, A.JOB_SHEETS_DEFAULT, A.JOB_SHEETS_SUPPORTED, A.MEDIA_COL_DEFAULT),
        *(A.MEDIA_COL_SUPPORTED, A.NOTIFY_EVENTS_DEFAULT, A.NOTIFY_EVENTS_SUPPORTED, A.NOTIFY_LEASE_DURATION_DEFAULT),
        *(A.NOTIFY_LEASE_DURATION_SUPPORTED, A.NOTIFY_MAX_EVENTS_SUPPORTED, A.NOTIFY_PULL_METHOD_SUPPORTED),
        *(A.IPPGET_EVENT_LIFE, A.MULTIPLE_OPERATION_TIME_OUT, A.PRINTER_SETTABLE_ATTRIBUTES_SUPPORTED),
    }
)


NEWEST_OPERATIONS: Final = _NEWER_OPERATIONS | {
    Operation.CREATE_JOB_SUBSCRIPTIONS,
    Operation.PAUSE_PRINTER,
    Operation.RESUME_PRINTER,
    Operation.PAUSE_PRINTER_AFTER_CURRENT_JOB,
    Operation.ENABLE_PRINTER,
    Operation.DISABLE_PRINTER,
    Operation.SET_PRINTER_ATTRIBUTES,
    Operation.HOLD_NEW_JOBS,
    Operation.RELEASE_HELD_NEW_JOBS,
    Operation.RESTART_PRINTER,
    Operation.SHUTDOWN_PRINTER,
    Operation.CANCEL_CURRENT_JOB,
    Operation.SUSPEND_CURRENT_JOB,
    Operation.RESUME_JOB,
    Operation.PROMOTE_JOB,
    Operation.SCHEDULE_JOB_AFTER,
    Operation.GET_DOCUMENT_ATTRIBUTES,
    Operation.GET_DOCUMENTS,
    Operation.SET_DOCUMENT_ATTRIBUTES,
    Operation.CANCEL_JOBS,
}
"""IPP/2.2 (PWG 5100.12), but for what is refused on purpose. Not claimed: a client must not stop or restart a gate that
many share, so Restart-Printer and Shutdown-Printer have no handler.
"""

_NEWEST_ATTRIBUTES: Final = _NEWER_ATTRIBUTES | {
    *(A.NUMBER_UP_DEFAULT, A.NUMBER_UP_SUPPORTED, A.OVERRIDES_SUPPORTED, A.PAGE_RANGES_SUPPORTED, A.PRINTER_ALERT),
    *(A.PRINTER_ALERT_DESCRIPTION, A.PRINTER_DEVICE_ID, A.PRINTER_MESSAGE_FROM_OPERATOR, A.MEDIA_READY),
}


def versions(operations: Collection[int], names: Collection[str]) -> tuple[str, ...]:
    """ipp-versions-supported of a printer that answers these operations and tells these attributes."""
    newer = set(operations) >= _NEWER_OPERATIONS and set(names) >= _NEWER_ATTRIBUTES
    newest = newer and set(operations) >= NEWEST_OPERATIONS and set(names) >= _NEWEST_ATTRIBUTES
    return ("1.1", "2.0", *(["2.1"] if newer else []), *(["2.2"] if newest else []))


def is_everywhere(told: Mapping[str, Attribute], changing: Collection[str]) -> bool:
    """Whether a printer that tells these attributes, and those of `changing` anew each time, is all that IPP Everywhere
    1.1 asks for.
    """
    operations, formats = told[A.OPERATIONS_SUPPORTED].integers(), told[A.DOCUMENT_FORMAT_SUPPORTED].texts()
    return (
        set(operations) >= _EVERYWHERE_OPERATIONS
        and {*told, *changing} >= _EVERYWHERE_ATTRIBUTES
        and "image/pwg-raster" in formats
        and _has_colors(told, formats)
        and _has_backs(told)
        and ("application/pdf" not in formats or _has_pages(told))
        and _has_finishings(told)
    )


def _has_colors(told: Mapping[str, Attribute], formats: Collection[str]) -> bool:
    color = told[A.COLOR_SUPPORTED].boolean()
    return bool(color) == (A.PAGES_PER_MINUTE_COLOR in told) and (not color or "image/jpeg" in formats)


def _has_backs(told: Mapping[str, Attribute]) -> bool:
    """A printer of both sides says how it turns the sheet."""
    duplex = any(word.startswith("two-sided") for word in told[A.SIDES_SUPPORTED].texts())
    return not duplex or A.PWG_RASTER_DOCUMENT_SHEET_BACK in told


def _has_pages(told: Mapping[str, Attribute]) -> bool:
    overrides, ranges = told.get(A.OVERRIDES_SUPPORTED), told.get(A.PAGE_RANGES_SUPPORTED)
    by_page = overrides is not None and "pages" in overrides.texts()
    return by_page and ranges is not None and bool(ranges.boolean()) and A.DOCUMENT_PASSWORD_SUPPORTED in told


def _has_finishings(told: Mapping[str, Attribute]) -> bool:
    """Whoever does more than none says so in a collection too."""
    more = set(told[A.FINISHINGS_SUPPORTED].integers()) - {Finishings.NONE}
    return not more or told.keys() >= _FINISHING
