"""What services refuse, as HTTP says it (RFC 9110 section 15)."""

from http import HTTPStatus
from typing import Final

from ippgate.doors.web.form import BadForm
from ippgate.model import errors

_STATUS: Final[dict[type[Exception], HTTPStatus]] = {
    BadForm: HTTPStatus.BAD_REQUEST,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotPossible: HTTPStatus.CONFLICT,
    errors.NotAuthorized: HTTPStatus.FORBIDDEN,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.WrongPassword: HTTPStatus.FORBIDDEN,
    errors.NotAccepting: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TooManyJobs: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TimedOut: HTTPStatus.REQUEST_TIMEOUT,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.FormatNotSupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.DeviceNotReady: HTTPStatus.CONFLICT,
    errors.NotBindable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Refusal: HTTPStatus.BAD_REQUEST,
    errors.Busy: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: Exception) -> HTTPStatus:
    """The status of the nearest kind of error."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
