"""Their fault, as types: every one carries the IPP status to answer and a sentence that helps."""

from typing import TYPE_CHECKING

from ippgate.ipp.registry import Status

_LONGEST_IN_A_SENTENCE = 48

if TYPE_CHECKING:
    from ippgate.ipp.value import Attribute


class IppError(Exception):
    """A request that is refused: doors turn it into the answer's status, status-message and unsupported group.

    `unsupported` holds the offending attributes as they go into the unsupported group (RFC 8011 section 4.1.7).
    """

    def __init__(self, status: Status, sentence: str, unsupported: "list[Attribute] | None" = None) -> None:
        super().__init__(status, sentence)
        self.status = status
        self.sentence = sentence
        self.unsupported: list[Attribute] = unsupported or []

    def __str__(self) -> str:
        return f"{self.status.keyword}: {self.sentence}"


class DecodeError(IppError):
    """Bytes that are no IPP message, or more than the limits allow.

    `version`, `code` and `request_id` are what the header said before things went wrong (None: the header itself was
    cut), so that the answer can echo them.
    """

    def __init__(
        self,
        status: Status,
        sentence: str,
        version: tuple[int, int] | None = None,
        request_id: int | None = None,
        code: int | None = None,
    ) -> None:
        super().__init__(status, sentence)
        self.version = version
        self.request_id = request_id
        self.code = code


def in_a_sentence(name: str) -> str:
    """An attribute's name as a sentence may hold it, whatever the sender made of it: short, and printable."""
    short = name if len(name) <= _LONGEST_IN_A_SENTENCE else name[:_LONGEST_IN_A_SENTENCE] + "…"
    return short if short.isprintable() else ascii(short)


class BadValueError(ValueError):
    """A value whose octets have the right size and tag but no meaning, such as a dateTime in month 13."""
