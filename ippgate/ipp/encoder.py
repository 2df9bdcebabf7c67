"""Messages → octets (RFC 8010 section 3.1). The inverse of the decoder, octet for octet.

An answer that is sent often (a printer's attributes) is composed from pieces encoded once:
`encode_header(…) + operation group + encode_group(PRINTER, …) + END`.
"""

import struct
from collections.abc import Iterable

from ippgate.ipp.message import Group, Message
from ippgate.ipp.tag import Tag
from ippgate.ipp.value import Attribute, Value

END = bytes([Tag.END])
_HEADER = struct.Struct(">BBHi")
_NAMED = struct.Struct(">BH")
_NAMELESS = struct.Struct(">BHH")
_LENGTH = struct.Struct(">H")
_MAX_LENGTH = 0x7FFF  # lengths are signed 16 bits
_STRUCTURE = frozenset((Tag.BEG_COLLECTION, Tag.END_COLLECTION, Tag.MEMBER_NAME))


def encode(message: Message) -> bytes:
    """The whole message, ready for document bytes to follow. Raises ValueError for what the wire cannot say."""
    parts = [encode_header(message.version, message.code, message.request_id)]
    parts.extend(encode_group(group) for group in message.groups)
    parts.append(END)
    return b"".join(parts)


def encode_header(version: tuple[int, int], code: int, request_id: int) -> bytes:
    """The first eight octets. Raises ValueError if a number does not fit."""
    try:
        return _HEADER.pack(*version, code, request_id)
    except struct.error as error:
        raise ValueError(f"no IPP header: version {version}, code {code}, request-id {request_id}") from error


def encode_group(group: Group) -> bytes:
    """A delimiter and its attributes. Raises ValueError."""
    if not 0 <= group.tag < 0x10 or group.tag == Tag.END:
        raise ValueError(f"0x{group.tag:02X} is no delimiter of a group")
    return bytes([group.tag]) + encode_attributes(group.attributes)


def encode_attributes(attributes: Iterable[Attribute]) -> bytes:
    """The attributes one after the other, without a delimiter. Raises ValueError."""
    parts: list[bytes] = []
    for name, values in attributes:
        octets = _name_octets(name, values)
        for value in values:
            _append_value(parts, octets, value)
            octets = b""  # only the first value of an attribute carries its name
    return b"".join(parts)


def _name_octets(name: str, values: tuple[Value, ...]) -> bytes:
    octets = name.encode("ascii")
    if not 0 < len(octets) <= _MAX_LENGTH:
        raise ValueError(f"{name[:40]!r} is no attribute name")
    if not values:
        raise ValueError(f"attribute {name} has no value; an out-of-band one says that there is none")
    return octets


def _append_value(parts: list[bytes], name: bytes, value: Value) -> None:
    tag, raw = value
    if isinstance(raw, tuple):
        _append_collection(parts, name, value)
        return
    if not 0x10 <= tag <= 0xFF or tag in _STRUCTURE:
        raise ValueError(f"a value cannot have tag 0x{tag:02X}: structure is the encoder's own")
    if len(raw) > _MAX_LENGTH:
        raise ValueError(f"{name!r}: {len(raw)} octets, where the wire has room for {_MAX_LENGTH}")
    if name:
        parts.append(_NAMED.pack(tag, len(name)) + name + _LENGTH.pack(len(raw)) + raw)
    else:
        parts.append(_NAMELESS.pack(tag, 0, len(raw)) + raw)


def _append_collection(parts: list[bytes], name: bytes, collection: Value) -> None:
    """What is still to be written lies on an explicit stack: a deep collection never costs the interpreter's."""
    pending: list[bytes | Value] = []
    _open_collection(parts, pending, name, collection)
    while pending:
        item = pending.pop()
        if isinstance(item, bytes):
            parts.append(item)
        elif isinstance(item.raw, tuple):
            _open_collection(parts, pending, b"", item)
        else:
            _append_value(parts, b"", item)


def _open_collection(parts: list[bytes], pending: list[bytes | Value], name: bytes, collection: Value) -> None:
    """Write the beginning; its members and end are pending, the first on top."""
    if collection.tag != Tag.BEG_COLLECTION or not isinstance(collection.raw, tuple):
        raise ValueError(f"a collection cannot have tag 0x{collection.tag:02X}")
    parts.append(_NAMED.pack(Tag.BEG_COLLECTION, len(name)) + name + b"\0\0")
    pending.append(_NAMELESS.pack(Tag.END_COLLECTION, 0, 0))
    for member in reversed(collection.raw):
        octets = _name_octets(member.name, member.values)
        pending.extend(reversed(member.values))
        pending.append(_NAMELESS.pack(Tag.MEMBER_NAME, 0, len(octets)) + octets)
