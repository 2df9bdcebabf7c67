"""Octets → messages, fed as they arrive: need more, a message, or the error to answer (RFC 8010 section 3).

The decoder knows structure: lengths, fixed sizes, delimiters, names, balanced collections. Whether a sound message is a
proper request is `validate`'s to say, because devices break those rules and their answers must still be read.

Nothing here recurses, nothing is read twice: an element that has not arrived whole is waited for by its length. What
can grow has a bound in `Limits`.
"""

import struct
from dataclasses import dataclass
from typing import Final

from ippgate.ipp.error import DecodeError, in_a_sentence
from ippgate.ipp.message import Group, Message
from ippgate.ipp.registry import Status
from ippgate.ipp.registry.syntaxes import MEMBERS, SYNTAX
from ippgate.ipp.tag import FIXED_SIZES, LANGUAGE_TAGS, Tag, tag_name
from ippgate.ipp.value import Attribute, Value


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a message is believed. The largest answer of a device seen has 103 kB, 166 attributes, depth 2."""

    header_octets: int = 256 * 1024  # everything before the document
    depth: int = 16  # collections in collections
    attributes: int = 1000  # of all groups together, members of collections not counted
    values: int = 1000  # of one attribute
    members: int = 20_000  # of all collections together


DEFAULT_LIMITS: Final = Limits()

# Where the next element belongs: the attributes read so far of the group or innermost collection, the name of the one
# that is being read, and its values so far (None: there is none yet).
Place = tuple[list[Attribute], str, list[Value] | None]

_HEADER = struct.Struct(">BBHi")
_ELEMENT = struct.Struct(">BHH")
_LENGTH = struct.Struct(">H")
KNOWN_MAJORS: Final = (1, 2)  # of version-number
_BEFORE_GROUPS: Place = ([], "", None)
_ANY_SIZE, _LOOK_INSIDE = -1, -2
_BEGIN, _END, _MEMBER = int(Tag.BEG_COLLECTION), int(Tag.END_COLLECTION), int(Tag.MEMBER_NAME)


def _sizes() -> list[int]:
    """By tag: the size of its values, or that any will do, or that size alone cannot tell."""
    sizes = [_ANY_SIZE] * 256
    for tag, size in FIXED_SIZES.items():
        sizes[tag] = size
    for tag in (*LANGUAGE_TAGS, Tag.EXTENSION, _BEGIN, _END, _MEMBER):
        sizes[tag] = _LOOK_INSIDE
    return sizes


_SIZES = _sizes()

# How nearly every message goes on after its header, up to the length of its language: read in one look, since every
# request and every small answer pays for it.
_USUAL = b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x48\x00\x1battributes-natural-language"
_LANGUAGE = _HEADER.size + len(_USUAL) + 2  # where the language begins then
_LANGUAGE_MOST = 63  # octets of a usual language; one that is longer is read in the usual way
_UTF_8 = Attribute("attributes-charset", (Value(Tag.CHARSET, b"utf-8"),))

_KNOWN_NAMES = {name.encode(): name for table in (SYNTAX, *MEMBERS.values()) for name in table}


def decode(octets: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Message, bytes]:
    """The message at the beginning of `octets`, and the document octets after it. Raises DecodeError."""
    decoder = Decoder(limits)
    message = decoder.feed(octets) or decoder.close()
    return message, decoder.rest


class Decoder:
    """Reads one message. After `feed` has returned it, `rest` holds the document octets that came with it."""

    __slots__ = (
        "_base",
        "_held",
        "_held_octets",
        "_limits",
        "_members",
        "_message",
        "_need",
        "_place",
        "_stack",
        "rest",
    )

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.rest = b""
        self._limits = limits
        self._message: Message | None = None  # from the moment its header is known
        self._place: Place = _BEFORE_GROUPS
        self._stack: list[Place] = []  # the places of what the open collections are values of
        self._members = 0  # of all collections
        self._held: list[bytes] = []  # octets that wait for the rest of their element
        self._held_octets = 0
        self._need = 8  # octets that the element at hand takes, at first the header; 0 when the message has ended
        self._base = 0  # octets of the message before the held ones

    def feed(self, octets: bytes) -> Message | None:
        """Take the next octets: the message once it is whole, None while more are needed.

        Raises DecodeError when they cannot become a message, RuntimeError when the message has already ended.
        """
        if not self._need:
            raise RuntimeError("the message has ended: its document octets are in rest and in what follows")
        if self._held:
            self._held.append(octets)
            self._held_octets += len(octets)
            if self._held_octets < self._need:
                return None
            octets = b"".join(self._held)
        position = 0
        if self._message is None:
            if len(octets) < _HEADER.size:
                self._hold(octets, 0, _HEADER.size)
                return None
            major, minor, code, request_id = _HEADER.unpack_from(octets)
            self._message = Message((major, minor), code, request_id, [])
            position = self._begin(octets, self._message.groups)
        position, need = self._read(octets, position, self._message.groups)
        if need:
            self._hold(octets, position, need)
            return None
        self.rest = octets[position:]
        return self._finish(self._message)

    def close(self) -> Message:
        """Say that no octets follow. Raises DecodeError: a message that was whole has been returned by `feed`."""
        if self._message is None:
            raise self._error("the message ends inside its eight-octet header")
        raise self._error("the message ends before its end-of-attributes tag")

    def _begin(self, octets: bytes, groups: list[Group]) -> int:
        """Read past the usual beginning, if the message has it and all of it is here. Returns where to read on."""
        if not octets.startswith(_USUAL, 8) or len(octets) < _LANGUAGE:
            return 8
        size = octets[_LANGUAGE - 1]
        stop = _LANGUAGE + size
        if octets[_LANGUAGE - 2] or size > _LANGUAGE_MOST or stop > len(octets) or stop > self._limits.header_octets:
            return 8
        attributes = [_UTF_8]
        groups.append(Group(0x01, attributes))
        language = tuple.__new__(Value, (0x48, octets[_LANGUAGE:stop]))
        self._place = attributes, "attributes-natural-language", [language]
        return stop

    def _read(  # noqa: C901, PLR0912, PLR0915
        self, octets: bytes, position: int, groups: list[Group]
    ) -> tuple[int, int]:
        """Read elements into groups. Returns where the next begins and how many octets it takes, 0 after the last.

        The one hot loop of the room: a device's answer has thousands of elements, so its state lives in local variables
        and a plain value costs one pass without a call of our own. Hence its length, and its literals.
        """
        attributes, name, values = self._place
        unpack, unpack_length, new = _ELEMENT.unpack_from, _LENGTH.unpack_from, tuple.__new__
        stack, sizes, known_names = self._stack, _SIZES, _KNOWN_NAMES
        most_values, end, need = self._limits.values, self._limits.header_octets - self._base, 1
        if len(octets) < end:  # noqa: PLR1730 — min() costs a small message a twentieth of its time
            end = len(octets)
        last = end - 5  # where the smallest element still fits
        while position < end:
            if position <= last:
                tag, name_length, value_length = unpack(octets, position)
            elif (tag := octets[position]) >= 0x10:
                need = 5
                break
            if tag < 0x10:
                if stack:
                    raise self._error("a collection has no end")
                if values:
                    if len(values) > most_values:
                        raise self._too_many_values(name)
                    attributes.append(new(Attribute, (name, tuple(values))))
                position += 1
                if tag == 0x03:
                    return position, 0
                # A delimiter that nobody registered begins a group too: who does not know it passes over it.
                attributes, values = [], None
                groups.append(Group(tag, attributes))
                continue
            if name_length:
                name_start = position + 3
                name_end = name_start + name_length
                start = name_end + 2
                if name_length > 0x7FFF:  # lengths are signed
                    raise self._error("a name has a negative length")
                if start > end:
                    need = start - position
                    break
                (value_length,) = unpack_length(octets, name_end)
            else:
                start = position + 5
            stop = start + value_length
            if value_length > 0x7FFF:
                raise self._error("a value has a negative length")
            if stop > end:
                need = stop - position
                break
            position = stop
            if name_length or tag == 0x4A:  # an attribute, or a collection's member, begins: the one before it is whole
                raw_name = octets[name_start:name_end] if name_length else octets[start:stop]
                if (stack if name_length else not stack) or not groups:
                    raise self._misplaced_name(raw_name)
                if values:
                    if len(values) > most_values:
                        raise self._too_many_values(name)
                    attributes.append(new(Attribute, (name, tuple(values))))
                elif values is not None:
                    raise self._error(f"member {in_a_sentence(name)} has no value")
                name, values = known_names.get(raw_name) or self._vendor_name(raw_name), []
                if not name_length:
                    continue
            size = sizes[tag]
            if size != value_length and size != -1:  # noqa: PLR1714 — no tuple in the hot loop
                attributes, name, values = self._structure(tag, octets[start:stop], (attributes, name, values))
            elif values is not None:
                values.append(new(Value, (tag, octets[start:stop])))
            else:
                raise self._nameless()
        self._place = attributes, name, values
        return position, need

    def _structure(self, tag: int, raw: bytes, place: Place) -> Place:
        """An element that is more than a value. Returns the place of the next one."""
        _, name, values = place
        if tag == _END:
            return self._end_collection(raw, place)
        if values is None:
            raise self._nameless()
        if tag == _MEMBER:
            raise self._error(f"attribute {in_a_sentence(name)}: a member name is no value of an attribute")
        if tag == _BEGIN:
            if raw:
                raise self._wrong_size(name, tag, raw)
            if len(self._stack) >= self._limits.depth:
                raise self._too_much(f"collections lie more than {self._limits.depth} deep")
            self._stack.append(place)
            return [], "", None
        if not _is_sound_inside(tag, raw):
            raise self._wrong_size(name, tag, raw)
        values.append(Value(tag, raw))
        return place

    def _end_collection(self, raw: bytes, place: Place) -> Place:
        members, name, values = place
        if raw or not self._stack:
            raise self._error("a collection ends that never began" if not raw else "a collection's end has a value")
        if values is not None:
            members.append(self._attribute(name, values))
        self._members += len(members)
        if self._members > self._limits.members:
            raise self._too_much(f"collections have more than {self._limits.members} members")
        outer = self._stack.pop()
        assert outer[2] is not None
        outer[2].append(Value(_BEGIN, tuple(members)))
        return outer

    def _attribute(self, name: str, values: list[Value]) -> Attribute:
        if not values:
            raise self._error(f"member {in_a_sentence(name)} has no value")
        if len(values) > self._limits.values:
            raise self._too_many_values(name)
        return tuple.__new__(Attribute, (name, tuple(values)))

    def _finish(self, message: Message) -> Message:
        count = 0
        for group in message.groups:
            count += len(group.attributes)
        if count > self._limits.attributes:
            raise self._too_much(f"the message has more than {self._limits.attributes} attributes")
        self._need = 0
        return message

    def _hold(self, octets: bytes, position: int, need: int) -> None:
        """Keep what is left for the next feed, unless the element at hand cannot be whole within the limit."""
        self._base += position
        if self._base + need > self._limits.header_octets:
            raise self._too_much(f"the attributes take more than {self._limits.header_octets} octets")
        self._held = [octets[position:]]
        self._held_octets = len(octets) - position
        self._need = need

    def _vendor_name(self, raw: bytes) -> str:
        """A name that the registry does not have: vendors have their own."""
        if not raw:
            raise self._error("a member of a collection has an empty name")
        if not raw.isascii():
            raise self._error(f"an attribute name has octets that are not US-ASCII: {raw[:40]!r}")
        return raw.decode("ascii")

    def _nameless(self) -> DecodeError:
        return self._error("a value without a name comes first in its group or collection, or before any group")

    def _misplaced_name(self, raw: bytes) -> DecodeError:
        name = in_a_sentence(raw.decode("ascii", "replace"))
        if not self._message or not self._message.groups:
            return self._error(f"attribute {name} stands before any group")
        if self._stack:
            return self._error(f"attribute {name} stands inside a collection, whose members are named by values")
        return self._error(f"member name {name} stands outside a collection")

    def _wrong_size(self, name: str, tag: int, raw: bytes) -> DecodeError:
        attribute = f"attribute {in_a_sentence(name)}"
        if tag in FIXED_SIZES:
            return self._error(f"{attribute}: {tag_name(tag)} takes {FIXED_SIZES[tag]} octets, not {len(raw)}")
        return self._error(f"{attribute}: the lengths inside {tag_name(tag)} do not add up to {len(raw)} octets")

    def _too_many_values(self, name: str) -> DecodeError:
        return self._too_much(f"attribute {in_a_sentence(name)} has more than {self._limits.values} values")

    def _too_much(self, sentence: str) -> DecodeError:
        return self._error(sentence, Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE)

    def _error(self, sentence: str, status: Status = Status.CLIENT_ERROR_BAD_REQUEST) -> DecodeError:
        """The error with what the header said. In a version unknown here, the version is what is wrong."""
        self._need = 0
        self._held.clear()
        if self._message is None:
            return DecodeError(status, sentence)
        version, code, request_id = self._message.version, self._message.code, self._message.request_id
        if version[0] not in KNOWN_MAJORS:
            status = Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
            sentence = f"IPP/{version[0]}.{version[1]} is not known here"
        return DecodeError(status, sentence, version, request_id, code)


def _is_sound_inside(tag: int, raw: bytes) -> bool:
    """Whether the octets of a value whose size alone does not tell are what its tag announces."""
    if tag == Tag.EXTENSION:
        return len(raw) >= 4  # the real tag takes four octets (RFC 8010 section 3.5.2)
    if tag not in LANGUAGE_TAGS or len(raw) < 4:
        return False
    text_at = 4 + int.from_bytes(raw[:2], "big")
    return text_at <= len(raw) == text_at + int.from_bytes(raw[text_at - 2 : text_at], "big")
