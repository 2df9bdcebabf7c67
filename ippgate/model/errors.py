"""What services refuse, and why: their fault (`Refusal`) and ours (`Unavailable`), never mixed.

Every error carries one sentence for the person who asked. Doors alone turn them into IPP or HTTP status; the table is
in `doors.ipp.status`.
"""

from ippgate.ipp import Attribute


class Refusal(Exception):
    """The request cannot be granted as it stands. The text is a sentence that helps."""


class NotFound(Refusal):
    """No such job, queue or device (client-error-not-found)."""


class NotPossible(Refusal):
    """The job's state forbids it (client-error-not-possible)."""


class WrongPassword(Refusal):
    """Not the job's password, or none where one is needed (client-error-bad-request)."""


class Overtaken(NotPossible):
    """Another request about the same job was quicker; the job is none the worse (client-error-not-possible)."""


class NotAuthorized(Refusal):
    """Somebody else's job (client-error-not-authorized)."""


class NotAuthenticated(Refusal):
    """An operator's business, and nobody has proved to be one (client-error-not-authenticated; over TLS HTTP 401)."""


class Forbidden(Refusal):
    """Not in this way, whoever asks (client-error-forbidden)."""


class NotAccepting(Refusal):
    """The queue takes no jobs (server-error-not-accepting-jobs)."""


class TooManyDocuments(Refusal):
    """The job has as many documents as this gate takes in one (server-error-too-many-documents)."""


class OneDocument(TooManyDocuments):
    """This gate takes one document in a job (server-error-multiple-document-jobs-not-supported)."""


class TooManyJobs(Refusal):
    """So many jobs wait that no more are taken (server-error-too-many-jobs)."""


class TimedOut(Refusal):
    """The job was closed because its client was silent too long (client-error-timeout)."""


class TooLarge(Refusal):
    """The document exceeds the limit (client-error-request-entity-too-large)."""


class FormatNotSupported(Refusal):
    """The device cannot print this format (client-error-document-format-not-supported)."""


class CompressionError(Refusal):
    """The compressed document is damaged or unreasonable (client-error-compression-error)."""


class DeviceNotReady(Refusal):
    """The device is stopped or unknown: the release is refused before anything is sent (client-error-not-possible)."""


class NotBindable(Refusal):
    """What was asked for at release, the device cannot do (client-error-attributes-or-values-not-supported)."""

    def __init__(self, sentence: str, attributes: tuple[Attribute, ...] = ()) -> None:
        super().__init__(sentence)
        self.attributes = attributes  # as the unsupported group has them


class ClientGone(Refusal):
    """The client closed the connection or fell silent in the middle of its document: nobody is left to answer."""


class Unavailable(Exception):
    """The gate cannot do it now (database out of reach, full): server-error-temporary-error; try again."""


class Busy(Unavailable):
    """More at once than the gate takes (server-error-busy). seconds: after which it is worth trying again."""

    def __init__(self, sentence: str, seconds: float = 1.0) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class SpoolFull(Unavailable):
    """No room for another document (server-error-busy, printer-state-reasons spool-area-full)."""


class DocumentDamaged(Exception):
    """A stored document does not open: altered, reordered, cut, or its key is gone. Never printed."""
