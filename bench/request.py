"""The IPP requests of the bench: made once, sent many times."""

from uuid import UUID

from ippgate.ipp import Attribute, Group, Message, Operation, Tag, attribute, encode
from ippgate.ipp.registry import attributes as A

CONTENT_TYPE = "application/ipp"
USER = "bench"


def print_job(uri: str, document: bytes, *, document_format: str, user: str = USER) -> bytes:
    """Print-Job, to be held; with an empty `document` it is the head that a document's octets follow."""
    asked = [attribute(A.JOB_NAME, "bench"), attribute(A.DOCUMENT_FORMAT, document_format)]
    return _request(Operation.PRINT_JOB, uri, user, asked, [attribute(A.JOB_HOLD_UNTIL, "indefinite")]) + document


def print_job_at_once(uri: str, document: bytes, *, document_format: str, user: str = USER) -> bytes:
    """Print-Job without a hold: what a stopped queue keeps until it is resumed."""
    asked = [attribute(A.JOB_NAME, "bench"), attribute(A.DOCUMENT_FORMAT, document_format)]
    return _request(Operation.PRINT_JOB, uri, user, asked) + document


def release_job(uri: str, job: int, *, device: UUID | None = None, user: str = USER) -> bytes:
    """Release-Job; with `device` it also says where to (PWG 5100.18)."""
    asked = [attribute(A.JOB_ID, job)]
    if device is not None:
        asked.append(attribute(A.OUTPUT_DEVICE_UUID, device.urn))
    return _request(Operation.RELEASE_JOB, uri, user, asked, target_first=True)


def get_jobs(uri: str, user: str) -> bytes:
    """Get-Jobs of the person's own jobs, with what a panel shows of them."""
    wanted = attribute(A.REQUESTED_ATTRIBUTES, A.JOB_ID, A.JOB_NAME, A.JOB_STATE, A.JOB_STATE_REASONS)
    return _request(Operation.GET_JOBS, uri, user, [attribute(A.MY_JOBS, True), wanted])


def count_jobs(uri: str) -> bytes:
    """Get-Printer-Attributes of the number of jobs that have not ended."""
    return _request(
        Operation.GET_PRINTER_ATTRIBUTES, uri, USER, [attribute(A.REQUESTED_ATTRIBUTES, A.QUEUED_JOB_COUNT)]
    )


def on_queue(operation: Operation, uri: str) -> bytes:
    """An operation that needs no more than a queue: Pause-Printer, Resume-Printer, Purge-Jobs."""
    return _request(operation, uri, USER, [])


def _request(
    operation: Operation,
    uri: str,
    user: str,
    asked: list[Attribute],
    template: list[Attribute] | None = None,
    *,
    target_first: bool = False,
) -> bytes:
    head = [
        attribute(A.ATTRIBUTES_CHARSET, "utf-8"),
        attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en"),
        attribute(A.PRINTER_URI, uri),
    ]
    who = [attribute(A.REQUESTING_USER_NAME, user)]
    operands = [*asked, *who] if target_first else [*who, *asked]  # RFC 8011 section 4.1.5: job-id follows its printer
    groups = [Group(Tag.OPERATION, [*head, *operands])]
    if template:
        groups.append(Group(Tag.JOB, template))
    return encode(Message((2, 0), operation, 1, groups))
