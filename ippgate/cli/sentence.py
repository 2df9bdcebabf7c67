"""Errors as sentences: those that were foreseen carry one; the others get an id."""

import traceback
from uuid import uuid4

from ippgate.config import ConfigError
from ippgate.model.errors import DocumentDamaged, Refusal, Unavailable
from ippgate.model.parcel import DeliveryError
from ippgate.observe.safe import safe_text, safe_trace


class FailedError(Exception):
    """A command's own refusal. The text is the sentence."""


FORESEEN = (FailedError, Refusal, Unavailable, DocumentDamaged, DeliveryError)


def sentence(error: BaseException, *, debug: bool) -> str:
    """What to tell the operator about an error."""
    return foreseen(error) or unforeseen(error, debug=debug)


def foreseen(error: BaseException) -> str | None:
    """What to tell the operator; None for an error that nobody expected."""
    if isinstance(error, ConfigError):
        return "\n".join(f"ippgate: {safe_text(str(problem))}" for problem in error.problems)
    if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        return foreseen(error.exceptions[0])  # task groups wrap what one of their tasks raised
    if isinstance(error, FORESEEN):
        return f"ippgate: {safe_text(str(error), 2000)}"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"ippgate: {safe_text(f'{where}{error.strerror}')}"
    return None


def unforeseen(error: BaseException, *, debug: bool) -> str:
    """A sentence with an id; with `debug` the trace stands before it."""
    error_id = uuid4().hex[:12]
    trace = "".join(traceback.format_exception(error))
    said = f"ippgate: an unexpected error ({type(error).__name__}, id {error_id})"
    if debug:
        return f"{safe_trace(trace)}\n{said}; the trace stands above"
    return f"{said}; run the command again as `ippgate --debug …` to see where it comes from"
