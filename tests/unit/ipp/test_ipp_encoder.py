"""The encoder against octets written by hand, and what it refuses to write."""

import pytest

from ippgate.ipp import (
    END,
    NO_VALUE,
    Attribute,
    Group,
    Message,
    Tag,
    Value,
    attribute,
    decode,
    encode,
    encode_attributes,
    encode_group,
    encode_header,
)
from ippgate.ipp.decoder import Limits
from tests.unit.ipp.wire import CHARSET, COLLECTION_END, COPIES, JOB, LANGUAGE, begin, element, member, request

A4 = Value(Tag.KEYWORD, b"iso_a4_210x297mm")


def test_message_is_header_groups_and_end() -> None:
    group = Group(
        Tag.OPERATION,
        [
            attribute("attributes-charset", "utf-8"),
            attribute("attributes-natural-language", "en"),
            attribute("copies", 2),
        ],
    )
    assert encode(Message((2, 0), 2, 42, [group])) == request(CHARSET, LANGUAGE, COPIES)


def test_answer_composed_of_pieces_is_the_encoded_message() -> None:
    operation = Group(Tag.OPERATION, [attribute("attributes-charset", "utf-8")])
    printer = Group(Tag.PRINTER, [attribute("printer-name", "followme")])
    cached = encode_group(printer)
    assert cached == b"\x04" + encode_attributes(printer)
    composed = encode_header((1, 1), 0, 7) + encode_group(operation) + cached + END
    assert composed == encode(Message((1, 1), 0, 7, [operation, printer]))


def test_further_values_have_no_name() -> None:
    media = Attribute("media", (A4, NO_VALUE))
    assert encode_attributes([media]) == element(0x44, "media", b"iso_a4_210x297mm") + element(0x13, "", b"")


def test_collections_are_written_member_by_member() -> None:
    inner = Value(Tag.BEG_COLLECTION, (Attribute("b", (A4, A4)),))
    outer = Attribute("media-col", (Value(Tag.BEG_COLLECTION, (Attribute("a", (inner, NO_VALUE)),)), inner))
    a4 = element(0x44, "", b"iso_a4_210x297mm")
    inner_octets = begin() + member("b") + a4 + a4 + COLLECTION_END
    assert encode_attributes([outer]) == b"".join(
        [begin("media-col"), member("a"), inner_octets, element(0x13, "", b""), COLLECTION_END, inner_octets]
    )


def test_depth_costs_no_stack() -> None:
    depth = 20_000
    octets = request(begin("c") + (member("m") + begin()) * (depth - 1) + COLLECTION_END * depth)
    message, _ = decode(octets, Limits(header_octets=len(octets), depth=depth))
    assert encode(message) == octets


def test_empty_group_is_its_delimiter() -> None:
    assert encode_group(Group(Tag.JOB)) == JOB


REFUSED = {
    "attribute without values": Group(Tag.JOB, [Attribute("copies", ())]),
    "attribute without a name": Group(Tag.JOB, [Attribute("", (A4,))]),
    "name that is not US-ASCII": Group(Tag.JOB, [Attribute("größe", (A4,))]),
    "name too long for its length": Group(Tag.JOB, [Attribute("n" * 0x8000, (A4,))]),
    "value too long for its length": Group(Tag.JOB, [Attribute("a", (Value(0x30, bytes(0x8000)),))]),
    "value that is a delimiter": Group(Tag.JOB, [Attribute("a", (Value(Tag.END, b""),))]),
    "value that is a member name": Group(Tag.JOB, [Attribute("a", (Value(Tag.MEMBER_NAME, b"x"),))]),
    "value that ends a collection": Group(Tag.JOB, [Attribute("a", (Value(Tag.END_COLLECTION, b""),))]),
    "collection given as octets": Group(Tag.JOB, [Attribute("a", (Value(Tag.BEG_COLLECTION, b""),))]),
    "members under another tag": Group(Tag.JOB, [Attribute("a", (Value(Tag.NAME, ()),))]),
    "tag beyond an octet": Group(Tag.JOB, [Attribute("a", (Value(0x100, b""),))]),
    "member without values": Group(Tag.JOB, [Attribute("c", (Value(0x34, (Attribute("m", ()),)),))]),
    "member without a name": Group(Tag.JOB, [Attribute("c", (Value(0x34, (Attribute("", (A4,)),)),))]),
    "group that is the end": Group(Tag.END),
    "group that is a value": Group(0x21),
}


@pytest.mark.parametrize("group", REFUSED.values(), ids=REFUSED.keys())
def test_what_the_wire_cannot_say_is_refused(group: Group) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode(Message((2, 0), 2, 1, [group]))


@pytest.mark.parametrize("header", [((256, 0), 2, 1), ((2, -1), 2, 1), ((2, 0), 0x10000, 1), ((2, 0), 2, 2**31)])
def test_header_that_does_not_fit_is_refused(header: tuple[tuple[int, int], int, int]) -> None:
    with pytest.raises(ValueError, match="no IPP header"):
        encode_header(*header)
