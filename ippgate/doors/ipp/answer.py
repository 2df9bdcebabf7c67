"""What goes back: a status, a sentence if there is something to say, groups; and their octets (RFC 8011 4.1.6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ippgate.ipp import (
    END,
    Attribute,
    Group,
    IppError,
    Limits,
    Message,
    Status,
    Tag,
    Value,
    decode,
    encode,
    encode_group,
    encode_header,
)
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.tag import STRING_TAGS
from ippgate.model.text import cut

CHARSET: Final = "utf-8"
US_ASCII: Final = "us-ascii"
LANGUAGE: Final = "en"
MAX_MESSAGE: Final = 255
MAX_DETAILED: Final = 1023
"""Octets of status-message and of detailed-status-message (RFC 8011 sections 4.1.6.2 and 4.1.6.3)."""

_OWN: Final = Limits(header_octets=1 << 30, attributes=1 << 20, values=1 << 20, members=1 << 20)
"""An answer is the gate's own: a list of jobs has more attributes than any request may have."""

_FIRST: Final = (attribute(A.ATTRIBUTES_CHARSET, CHARSET), attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, LANGUAGE))
_PLAIN: Final = encode_group(Group(Tag.OPERATION, list(_FIRST)))  # of most answers


@dataclass(slots=True)
class Answer:
    """An outcome. `encoded`: groups that are octets already, delimiters included; they come last."""

    status: Status = Status.SUCCESSFUL_OK
    message: str = ""
    unsupported: Iterable[Attribute] = ()
    groups: list[Group] = field(default_factory=list)
    encoded: bytes = b""
    operation: Iterable[Attribute] = ()  # of this operation alone, after the sentence

    @classmethod
    def refused(cls, error: IppError) -> "Answer":
        """The answer to a request that is refused."""
        return cls(error.status, error.sentence, error.unsupported)

    def octets(self, version: tuple[int, int], request_id: int, charset: str) -> bytes:
        """The answer in the version, and in answer to the request, that are given."""
        parts = [encode_header(version, self.status, request_id), self._operation()]
        if unsupported := list(self.unsupported):
            parts.append(encode_group(Group(Tag.UNSUPPORTED_GROUP, unsupported)))
        parts.extend(encode_group(group) for group in self.groups)
        parts += (self.encoded, END)
        octets = b"".join(parts)
        return _in_ascii(octets) if charset == US_ASCII else octets

    def _operation(self) -> bytes:
        if not self.message and not self.operation:
            return _PLAIN
        return encode_group(Group(Tag.OPERATION, [*_FIRST, *self._sentence(), *self.operation]))

    def _sentence(self) -> list[Attribute]:
        if not self.message:
            return []
        told = [attribute(A.STATUS_MESSAGE, cut(self.message, MAX_MESSAGE))]
        if len(self.message.encode()) > MAX_MESSAGE:  # each of several devices has its reason
            told.append(attribute(A.DETAILED_STATUS_MESSAGE, cut(self.message, MAX_DETAILED)))
        return told


def _in_ascii(octets: bytes) -> bytes:
    """The same answer for a client that reads US-ASCII alone: rare, so it is the one that pays."""
    message, _ = decode(octets, _OWN)
    groups = [Group(group.tag, [_ascii(each) for each in group]) for group in message.groups]
    groups[0].attributes[0] = attribute(A.ATTRIBUTES_CHARSET, US_ASCII)
    return encode(Message(message.version, message.code, message.request_id, groups))


def _ascii(told: Attribute) -> Attribute:
    return Attribute(told.name, tuple(map(_ascii_value, told.values)))


def _ascii_value(value: Value) -> Value:
    """A string with signs that US-ASCII lacks; the members of collections are the gate's own and need no care."""
    if value.tag not in STRING_TAGS or not isinstance(value.raw, bytes) or value.raw.isascii():
        return value
    return Value(value.tag, value.raw.decode("utf-8", "replace").encode("ascii", "replace"))
