"""The requests that a device gets: operation attributes in the order RFC 8011 section 4.1.4 asks for. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ippgate.ipp import Attribute, Group, Message, Operation, Tag
from ippgate.ipp import attribute as build
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import Parcel
from ippgate.model.text import cut, plain

GATE_USER = "ippgate"
"""requesting-user-name of questions that nobody's job asks."""

NAME_OCTETS = 255  # name(MAX), RFC 8011 section 5.1.3
MESSAGE_OCTETS = 127  # text(127), RFC 3998 section 4
TITLE_OCTETS = 95
"""Octets of the client's own job name in the name given to a device: with the token 120, less than any device cuts."""

FIND_LIMIT = 500
"""Jobs that a device is asked for when one is looked for."""

SIGHTED = (
    *(A.JOB_ID, A.JOB_STATE, A.JOB_STATE_REASONS, A.JOB_STATE_MESSAGE),
    *(A.JOB_IMPRESSIONS_COMPLETED, A.JOB_MEDIA_SHEETS_COMPLETED, A.NUMBER_OF_DOCUMENTS),
)


@dataclass(slots=True)
class Asker:
    """Makes requests to one device: its URI as registered, the IPP version it speaks, request ids that count up."""

    uri: str
    version: tuple[int, int] = (2, 0)
    _last: int = 0

    def printer_attributes(self) -> Message:
        return self._request(Operation.GET_PRINTER_ATTRIBUTES, GATE_USER, [build(A.REQUESTED_ATTRIBUTES, "all")])

    def identify(self, actions: Sequence[str], message: str) -> Message:
        rest = [build(A.IDENTIFY_ACTIONS, *actions)] if actions else []
        if message:
            rest.append(build(A.MESSAGE, cut(message, MESSAGE_OCTETS)))
        return self._request(Operation.IDENTIFY_PRINTER, GATE_USER, rest)

    def create_job(self, parcel: Parcel, ticket: Iterable[Attribute]) -> Message:
        return self._request(Operation.CREATE_JOB, parcel.user, _naming(parcel), ticket)

    def send_document(
        self, parcel: Parcel, job_id: int, document_format: str | None, *, name: str = "", last: bool = True
    ) -> Message:
        named = [build(A.DOCUMENT_NAME, title)] if (title := cut(plain(name, NAME_OCTETS), NAME_OCTETS).strip()) else []
        rest = [*named, *_formatted(document_format), build(A.LAST_DOCUMENT, last)]
        return self._request(Operation.SEND_DOCUMENT, parcel.user, rest, job_id=job_id)

    def print_job(self, parcel: Parcel, document_format: str | None, ticket: Iterable[Attribute]) -> Message:
        return self._request(Operation.PRINT_JOB, parcel.user, [*_naming(parcel), *_formatted(document_format)], ticket)

    def job_attributes(self, job_id: int) -> Message:
        return self._request(
            Operation.GET_JOB_ATTRIBUTES, GATE_USER, [build(A.REQUESTED_ATTRIBUTES, *SIGHTED)], job_id=job_id
        )

    def jobs(self, user: str, which: str) -> Message:
        """In the name of the job's owner: a device may hide job-name from everybody else (RFC 8011 section 9.3)."""
        rest = [
            build(A.LIMIT, FIND_LIMIT),
            build(A.REQUESTED_ATTRIBUTES, A.JOB_ID, A.JOB_NAME),
            build(A.WHICH_JOBS, which),
        ]
        return self._request(Operation.GET_JOBS, user, rest)

    def cancel_job(self, job_id: int, user: str) -> Message:
        return self._request(Operation.CANCEL_JOB, user, [], job_id=job_id)

    def suspend_job(self, job_id: int, user: str) -> Message:
        return self._request(Operation.SUSPEND_CURRENT_JOB, user, [], job_id=job_id)

    def resume_job(self, job_id: int, user: str) -> Message:
        return self._request(Operation.RESUME_JOB, user, [], job_id=job_id)

    def _request(
        self,
        operation: Operation,
        user: str,
        rest: list[Attribute],
        ticket: Iterable[Attribute] = (),
        *,
        job_id: int | None = None,
    ) -> Message:
        """The target comes third, the user next, and the job template in a group of its own."""
        self._last = self._last % 0x7FFF_FFFF + 1
        target = [build(A.JOB_ID, job_id)] if job_id is not None else []
        head = Group(
            Tag.OPERATION,
            [
                build(A.ATTRIBUTES_CHARSET, "utf-8"),
                build(A.ATTRIBUTES_NATURAL_LANGUAGE, "en"),
                build(A.PRINTER_URI, self.uri),
                *target,
                build(A.REQUESTING_USER_NAME, user_name(user)),
                *rest,
            ],
        )
        template = list(ticket)
        groups = [head, Group(Tag.JOB, template)] if template else [head]
        return Message(self.version, operation, self._last, groups)


def job_name(parcel: Parcel) -> str:
    """Return what a device calls the job: the client's name for people, then the token by which it is found."""
    title = cut(plain(parcel.name, TITLE_OCTETS), TITLE_OCTETS).strip()
    return f"{title} {parcel.token}".lstrip()


def user_name(user: str) -> str:
    """Return a name(255) that says who prints; never empty, for devices refuse that."""
    return cut(plain(user, NAME_OCTETS), NAME_OCTETS).strip() or GATE_USER


def _naming(parcel: Parcel) -> list[Attribute]:
    return [build(A.JOB_NAME, job_name(parcel)), build(A.IPP_ATTRIBUTE_FIDELITY, False)]


def _formatted(document_format: str | None) -> list[Attribute]:
    return [build(A.DOCUMENT_FORMAT, document_format)] if document_format else []
