"""What a request must satisfy before anybody looks at what it wants (RFC 8011 section 4.1, IPP.md 6.2 steps 2 to 5).

Only requests are judged here. Devices break these rules, and their answers are still read.
"""

import re
from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

from ippgate.ipp.decoder import KNOWN_MAJORS
from ippgate.ipp.error import BadValueError, IppError, in_a_sentence
from ippgate.ipp.message import Group, Message
from ippgate.ipp.registry import OPERATION_NAMES, Status
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.syntaxes import SYNTAX
from ippgate.ipp.syntax import fits
from ippgate.ipp.tag import FIRST_VALUE_TAG, STRING_TAGS, Tag, is_out_of_band, tag_name
from ippgate.ipp.value import Attribute, Range, Value

SUPPORTED_CHARSETS = ("utf-8", "us-ascii")

# Most octets of a value, by tag (RFC 8011 section 5.1). Of a text or name with language: of the text.
LONGEST: dict[int, int] = {
    Tag.TEXT: 1023,
    Tag.NAME: 255,
    Tag.OCTET_STRING: 1023,
    Tag.KEYWORD: 255,
    Tag.MIME: 255,
    Tag.URI: 1023,
    Tag.URI_SCHEME: 63,
    Tag.CHARSET: 63,
    Tag.LANGUAGE: 63,
    Tag.MEMBER_NAME: 255,
    Tag.TEXT_LANG: 1023 + 4 + 63,
    Tag.NAME_LANG: 255 + 4 + 63,
}
SECRET = frozenset({A.JOB_PASSWORD, A.DOCUMENT_PASSWORD, A.ACCESS_PASSWORD})
"""Their values are in no sentence, so in no answer and no log."""

_LONGEST_NAME = 255
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")  # vendors write capitals; the rest of the grammar holds
# RFC 5646 section 2.1, as far as octets go, and the underscore of POSIX (SECURITY S31); RFC 2978 section 2.3.
_LANGUAGE = re.compile(rb"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
_CHARSET = re.compile(rb"[A-Za-z0-9][A-Za-z0-9!#$%&'+^_`{}~.:()-]{0,62}")
_KNOWN_GROUPS = frozenset(tag for tag in Tag if tag < FIRST_VALUE_TAG)
_BAD = Status.CLIENT_ERROR_BAD_REQUEST


class JobTarget(NamedTuple):
    """What a job operation is aimed at: a job's own URI, or a printer's URI and a job-id."""

    uri: str
    job_id: int | None


def check_request(message: Message, operations: Container[int]) -> None:
    """Version, operation, request-id, groups, charset and language, values, charset support: the first fault wins.

    `operations` are those that the door supports. Raises IppError with the status to answer.
    """
    check_version(message.version)
    if message.code not in operations:
        sentence = f"operation {operation_name(message.code)} is not supported"
        raise IppError(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, sentence)
    if message.request_id < 1:
        raise IppError(_BAD, f"request-id {message.request_id} is not greater than 0")
    _check_groups(message.groups)
    _check_first_two(message.operation)
    for group in message.groups:
        if group.tag in _KNOWN_GROUPS:  # others are passed over (RFC 8010 section 3.5.1)
            _check_names(group)
            check_values(group)
    _check_operation_syntaxes(message.operation)
    charset = message.operation.text(A.ATTRIBUTES_CHARSET) or ""
    if charset.lower() not in SUPPORTED_CHARSETS:
        sentence = f"charset {charset} is not supported; use {SUPPORTED_CHARSETS[0]}"
        raise IppError(Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED, sentence, [message.operation.attributes[0]])


def check_version(version: tuple[int, int]) -> None:
    """Any minor of the majors 1 and 2 is accepted (RFC 8011 section 4.1.8). Raises IppError 0x0503."""
    if version[0] not in KNOWN_MAJORS:
        sentence = f"IPP/{version[0]}.{version[1]} is not supported; use 1.0 to 2.2"
        raise IppError(Status.SERVER_ERROR_VERSION_NOT_SUPPORTED, sentence)


def answer_version(version: tuple[int, int] | None) -> tuple[int, int]:
    """The version of the answer: the request's own, or the nearest supported; 1.1 if the request had none to read."""
    if version is None:
        return 1, 1
    if version[0] in KNOWN_MAJORS:
        return version
    return (1, 0) if version[0] < 1 else (2, 2)


def operation_name(code: int) -> str:
    """An operation as a sentence calls it: "Print-Job", or its number."""
    return OPERATION_NAMES.get(code, f"0x{code:04X}")


def printer_target(operation: Group) -> str:
    """The printer-uri. Raises IppError 0x0400 if it is missing or no single uri."""
    return _uri(operation, A.PRINTER_URI)


def system_target(operation: Group) -> str:
    """The system-uri (PWG 5100.22). Raises IppError 0x0400 if it is missing or no single uri."""
    return _uri(operation, A.SYSTEM_URI)


def job_target(operation: Group) -> JobTarget:
    """printer-uri with job-id, or job-uri alone (RFC 8011 section 4.1.5). Raises IppError 0x0400 for other mixtures."""
    if A.JOB_URI in operation:
        if A.JOB_ID in operation:
            raise IppError(_BAD, "job-uri and job-id name the job twice: send job-uri alone, or printer-uri and job-id")
        return JobTarget(_uri(operation, A.JOB_URI), None)
    uri, job_id = _uri(operation, A.PRINTER_URI), operation.integer(A.JOB_ID)
    if job_id is None:
        raise IppError(_BAD, "the job is missing: send printer-uri and job-id, or job-uri")
    return JobTarget(uri, job_id)


def check_values(attributes: Iterable[Attribute]) -> None:
    """Names and values of the attributes, and of their collections' members, mean something and are not too long.

    Raises IppError: 0x0409 for what is longer than its syntax allows, 0x0400 for the rest.
    """
    pending = list(attributes)
    while pending:
        name, values = pending.pop()
        if name not in SYNTAX:  # a registered name is sound
            _check_name(name)
        for value in values:
            _check_value(name, value)
            pending.extend(value.members)


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise IppError(Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG, f"attribute name {in_a_sentence(name)} is too long")
    if not _NAME.fullmatch(name):
        raise IppError(_BAD, f"{in_a_sentence(name)} is no attribute name")


def _check_groups(groups: list[Group]) -> None:
    if not groups or groups[0].tag != Tag.OPERATION:
        raise IppError(_BAD, "the operation attributes do not come first")
    if sum(group.tag == Tag.OPERATION for group in groups) > 1:
        raise IppError(_BAD, "there are two groups of operation attributes")


def _check_first_two(operation: Group) -> None:
    """attributes-charset is the first, attributes-natural-language the second (RFC 8011 section 4.1.4)."""
    for place, (name, tag) in enumerate(
        ((A.ATTRIBUTES_CHARSET, Tag.CHARSET), (A.ATTRIBUTES_NATURAL_LANGUAGE, Tag.LANGUAGE))
    ):
        found = operation.attributes[place] if len(operation.attributes) > place else None
        if found is None or found.name != name:
            raise IppError(_BAD, f"{name} is not the {('first', 'second')[place]} operation attribute")
        if [value.tag for value in found.values] != [tag]:
            raise IppError(_BAD, f"{name} is not one value of syntax {tag_name(tag)}")


def _check_names(group: Group) -> None:
    seen: set[str] = set()
    for attribute in group:
        if attribute.name in seen:
            raise IppError(_BAD, f"attribute {in_a_sentence(attribute.name)} is repeated in its group")
        seen.add(attribute.name)


def _check_operation_syntaxes(operation: Group) -> None:
    for attribute in operation:
        if not fits(attribute):
            given = ", ".join(tag_name(value.tag) for value in attribute.values[:3])
            raise IppError(_BAD, f"operation attribute {attribute.name} does not take {given}")


def _check_value(name: str, value: Value) -> None:
    tag, raw = value
    if isinstance(raw, tuple):
        return
    if len(raw) > LONGEST.get(tag, len(raw)):
        sentence = (
            f"attribute {in_a_sentence(name)} has {len(raw)} octets, where {tag_name(tag)} takes {LONGEST[tag]} at most"
        )
        raise IppError(Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG, sentence)
    if is_out_of_band(tag):
        sound = not raw
    elif tag in _MEANINGS:
        sound = _MEANINGS[tag](value)
    else:
        sound = tag not in STRING_TAGS or _is_utf8(raw)
    if not sound:
        secret = tag == Tag.URI or name in SECRET  # a URI may have a secret in it
        given = "what it has" if secret else raw[:40].hex()
        raise IppError(_BAD, f"attribute {in_a_sentence(name)}: {given} is no valid {tag_name(tag)}")


def _uri(operation: Group, name: str) -> str:
    attribute = operation.get(name)
    if attribute is None:
        raise IppError(_BAD, f"{name} is missing")
    if [value.tag for value in attribute.values] != [Tag.URI]:
        raise IppError(_BAD, f"{name} is not one value of syntax uri")
    return attribute.text() or ""


def _is_utf8(raw: bytes) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _language_octets(raw: bytes) -> bytes:
    return raw[2 : 2 + int.from_bytes(raw[:2], "big")]


def _text_octets(raw: bytes) -> bytes:
    return raw[4 + int.from_bytes(raw[:2], "big") :]


def _is_boolean(value: Value) -> bool:
    return value.raw in (b"\0", b"\1")


def _is_range(value: Value) -> bool:
    return isinstance(python := value.python, Range) and python.low <= python.high


def _is_date_time(value: Value) -> bool:
    try:
        return value.python is not None
    except BadValueError:
        return False


def _is_language(value: Value) -> bool:
    """By grammar alone: a language that nobody knows is no error (RFC 8011 section 5.1.9)."""
    return _LANGUAGE.fullmatch(value.raw) is not None  # type: ignore[arg-type]  # a collection has another tag


def _is_charset(value: Value) -> bool:
    return _CHARSET.fullmatch(value.raw) is not None  # type: ignore[arg-type]


def _is_text_of_a_language(value: Value) -> bool:
    raw = value.raw
    assert isinstance(raw, bytes)
    return _is_utf8(_text_octets(raw)) and _LANGUAGE.fullmatch(_language_octets(raw)) is not None


_MEANINGS: dict[int, Callable[[Value], bool]] = {
    Tag.BOOLEAN: _is_boolean,
    Tag.RANGE: _is_range,
    Tag.DATE_TIME: _is_date_time,
    Tag.LANGUAGE: _is_language,
    Tag.CHARSET: _is_charset,
    Tag.TEXT_LANG: _is_text_of_a_language,
    Tag.NAME_LANG: _is_text_of_a_language,
}
