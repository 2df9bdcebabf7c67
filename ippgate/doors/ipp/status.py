"""Errors of the services as IPP status. The table is the whole translation; services know no status."""

from typing import Final

from ippgate.intake.release_wish import UNSHOWN
from ippgate.ipp import IppError, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model import errors

STATUS: Final[dict[type[Exception], Status]] = {
    errors.NotFound: Status.CLIENT_ERROR_NOT_FOUND,
    errors.NotPossible: Status.CLIENT_ERROR_NOT_POSSIBLE,
    errors.WrongPassword: Status.CLIENT_ERROR_BAD_REQUEST,
    errors.Overtaken: Status.CLIENT_ERROR_NOT_POSSIBLE,
    errors.NotAuthorized: Status.CLIENT_ERROR_NOT_AUTHORIZED,
    errors.NotAuthenticated: Status.CLIENT_ERROR_NOT_AUTHENTICATED,
    errors.Forbidden: Status.CLIENT_ERROR_FORBIDDEN,
    errors.NotAccepting: Status.SERVER_ERROR_NOT_ACCEPTING_JOBS,
    errors.TooManyJobs: Status.SERVER_ERROR_TOO_MANY_JOBS,
    errors.TooManyDocuments: Status.SERVER_ERROR_TOO_MANY_DOCUMENTS,
    errors.OneDocument: Status.SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED,
    errors.TimedOut: Status.CLIENT_ERROR_TIMEOUT,
    errors.TooLarge: Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
    errors.FormatNotSupported: Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
    errors.NotBindable: Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
    errors.CompressionError: Status.CLIENT_ERROR_COMPRESSION_ERROR,
    errors.DeviceNotReady: Status.CLIENT_ERROR_NOT_POSSIBLE,
    errors.Refusal: Status.CLIENT_ERROR_NOT_POSSIBLE,
    errors.Busy: Status.SERVER_ERROR_BUSY,
    errors.SpoolFull: Status.SERVER_ERROR_BUSY,
    errors.Unavailable: Status.SERVER_ERROR_TEMPORARY_ERROR,
}
"""The nearest class counts. ClientGone is not here: nobody is left to answer."""


def refusal(error: errors.Refusal | errors.Unavailable) -> IppError:
    """What a service refused, as IPP refuses it. Job ids and attributes that it names are the unsupported group."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    offenders: list[int] = getattr(error, "job_ids", [])
    unsupported = [attribute(A.JOB_IDS, *offenders)] if offenders else []
    if isinstance(error, errors.NotBindable):
        unsupported += error.attributes
    if isinstance(error, errors.WrongPassword):
        unsupported.append(UNSHOWN)
    return IppError(status, str(error), unsupported or None)
