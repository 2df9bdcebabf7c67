"""The decoder against octets written by hand: what is read, what is refused and with which words."""

import pytest

from ippgate.ipp import Attribute, DecodeError, Decoder, Group, Limits, Message, Status, Tag, Value, decode
from tests.unit.ipp.wire import (
    CHARSET,
    COLLECTION_END,
    COPIES,
    END,
    HEADER,
    JOB,
    LANGUAGE,
    OPERATION,
    PRINTER,
    begin,
    counted,
    element,
    member,
    request,
)

BAD, TOO_LARGE = Status.CLIENT_ERROR_BAD_REQUEST, Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE


def only_attribute(octets: bytes) -> Attribute:
    message, rest = decode(request(octets))
    assert rest == b""
    (attribute,) = message.operation.attributes
    return attribute


def test_header_gives_version_code_and_request_id() -> None:
    message, _ = decode(bytes.fromhex("0101 000b 7fffffff") + OPERATION + END)
    assert (message.version, message.code, message.request_id) == ((1, 1), 0x000B, 2**31 - 1)


def test_groups_come_in_order_and_empty_ones_are_kept() -> None:
    message, _ = decode(HEADER + OPERATION + CHARSET + JOB + JOB + COPIES + PRINTER + END)
    assert [(group.tag, len(group.attributes)) for group in message.groups] == [(1, 1), (2, 0), (2, 1), (4, 0)]


def test_delimiter_nobody_registered_begins_a_group_of_its_own() -> None:
    message, _ = decode(HEADER + OPERATION + CHARSET + b"\x0e" + COPIES + JOB + END)
    assert [group.tag for group in message.groups] == [Tag.OPERATION, 0x0E, Tag.JOB]


def test_repeated_names_are_kept_for_the_reader_to_judge() -> None:
    message, _ = decode(request(COPIES, COPIES))
    assert [attribute.name for attribute in message.operation] == ["copies", "copies"]


def test_set_may_mix_tags() -> None:
    media = element(0x44, "media", b"iso_a4_210x297mm") + element(0x42, "", b"Blue") + element(0x12, "", b"")
    assert only_attribute(media).values == (
        Value(Tag.KEYWORD, b"iso_a4_210x297mm"),
        Value(Tag.NAME, b"Blue"),
        Value(Tag.UNKNOWN, b""),
    )


def test_tags_nobody_registered_are_carried() -> None:
    assert only_attribute(element(0xEE, "vendor-thing", b"\xff\x00")).values == (Value(0xEE, b"\xff\x00"),)


def test_extension_tag_is_carried_with_its_four_octets() -> None:
    assert only_attribute(element(0x7F, "far-out", b"\x40\x00\x00\x01abc")).first.raw == b"\x40\x00\x00\x01abc"


def test_out_of_band_value_with_octets_is_carried_because_devices_send_it() -> None:
    assert only_attribute(element(0x13, "printer-location", b"none")).first == Value(Tag.NO_VALUE, b"none")


def test_collections_nest_and_keep_their_order() -> None:
    octets = b"".join(
        [
            begin("media-col"),
            *(member("media-size"), begin(), member("x-dimension"), element(0x21, "", b"\0\0\0\1"), COLLECTION_END),
            *(member("media-color"), element(0x44, "", b"blue"), element(0x42, "", b"Sky")),
            COLLECTION_END,
            *(begin(), COLLECTION_END),
        ]
    )
    x_dimension = Attribute("x-dimension", (Value(Tag.INTEGER, b"\0\0\0\1"),))
    media_size = Attribute("media-size", (Value(Tag.BEG_COLLECTION, (x_dimension,)),))
    media_color = Attribute("media-color", (Value(Tag.KEYWORD, b"blue"), Value(Tag.NAME, b"Sky")))
    assert only_attribute(octets).values == (
        Value(Tag.BEG_COLLECTION, (media_size, media_color)),
        Value(Tag.BEG_COLLECTION, ()),
    )


def test_longest_lengths_are_positive() -> None:
    name, value = "n" * 0x7FFF, b"v" * 0x7FFF
    assert only_attribute(element(0x30, name, value)) == Attribute(name, (Value(0x30, value),))


def test_document_octets_that_came_along_are_the_rest() -> None:
    decoder = Decoder()
    assert decoder.feed(HEADER + OPERATION) is None
    assert decoder.feed(CHARSET + END + b"%PDF-1.7 \x03\x01") is not None
    assert decoder.rest == b"%PDF-1.7 \x03\x01"


def test_message_without_groups_is_a_message() -> None:
    assert decode(HEADER + END) == (Message((2, 0), 2, 42, []), b"")


MALFORMED = {
    # every wire rule once: octets after the header, status, part of the sentence
    "name of negative length": (OPERATION + b"\x44\x80\x00" + bytes(40), "a name has a negative length"),
    "value of negative length": (OPERATION + b"\x44" + counted(b"sides") + b"\xff\xff" + bytes(9), "negative length"),
    "further value of negative length": (OPERATION + COPIES + b"\x21\0\0\x80\x00" + bytes(9), "negative length"),
    "attribute before any group": (COPIES, "attribute copies stands before any group"),
    "nameless value before any group": (element(0x21, "", b"\0\0\0\1"), "without a name"),
    "first value of a group without a name": (OPERATION + element(0x21, "", b"\0\0\0\1"), "without a name"),
    "nameless value after a new delimiter": (
        OPERATION + COPIES + JOB + element(0x21, "", b"\0\0\0\1"),
        "without a name",
    ),
    "integer of 3 octets": (OPERATION + element(0x21, "copies", b"abc"), "copies: integer takes 4 octets, not 3"),
    "integer of no octets": (OPERATION + element(0x21, "copies", b""), "integer takes 4 octets, not 0"),
    "boolean of 2 octets": (OPERATION + element(0x22, "last-document", b"\0\0"), "boolean takes 1 octets, not 2"),
    "enum of 5 octets": (OPERATION + element(0x23, "finishings", bytes(5)), "enum takes 4 octets, not 5"),
    "dateTime of 10 octets": (OPERATION + element(0x31, "date", bytes(10)), "date-time takes 11 octets, not 10"),
    "resolution of 8 octets": (OPERATION + element(0x32, "res", bytes(8)), "resolution takes 9 octets, not 8"),
    "range of 4 octets": (OPERATION + element(0x33, "page-ranges", bytes(4)), "range takes 8 octets, not 4"),
    "second value of a wrong size": (OPERATION + COPIES + element(0x21, "", b"\0"), "copies: integer takes 4"),
    "text with language too short": (OPERATION + element(0x35, "job-name", b"\0\2e"), "do not add up to 3 octets"),
    "name with language too long inside": (OPERATION + element(0x36, "job-name", b"\0\2en\0\5abcd"), "do not add up"),
    "language longer than its value": (OPERATION + element(0x36, "job-name", b"\xff\xffen\0\0"), "do not add up"),
    "octets left after the text": (OPERATION + element(0x35, "job-name", b"\0\2en\0\1abcd"), "do not add up"),
    "extension of 3 octets": (OPERATION + element(0x7F, "far-out", b"\0\0\0"), "do not add up to 3 octets"),
    "collection's beginning with a value": (OPERATION + element(0x34, "media-col", b"x"), "takes 0 octets, not 1"),
    "collection's end with a value": (OPERATION + begin("media-col") + element(0x37, "", b"x"), "end has a value"),
    "collection's end with a name": (OPERATION + begin("media-col") + element(0x37, "x", b""), "inside a collection"),
    "collection's end without beginning": (OPERATION + COPIES + COLLECTION_END, "ends that never began"),
    "named end without beginning": (OPERATION + element(0x37, "media-col", b""), "ends that never began"),
    "member name outside a collection": (OPERATION + COPIES + member("x"), "x stands outside a collection"),
    "member name as an attribute": (OPERATION + element(0x4A, "x", b"y"), "member name is no value"),
    "member name before any group": (member("x"), "before any group"),
    "collection without end at the end": (OPERATION + begin("media-col") + END, "a collection has no end"),
    "collection without end at a delimiter": (OPERATION + begin("media-col") + JOB, "a collection has no end"),
    "collection in the old way, with names": (
        OPERATION + begin("media-col") + element(0x34, "media-size", b""),
        "media-size stands inside a collection",
    ),
    "member without a name": (OPERATION + begin("media-col") + element(0x21, "", bytes(4)), "without a name"),
    "member whose name is empty": (OPERATION + begin("media-col") + member(""), "empty name"),
    "member without a value": (OPERATION + begin("c") + member("a") + COLLECTION_END, "member a has no value"),
    "member without a value, then another": (
        OPERATION + begin("c") + member("a") + member("b"),
        "member a has no value",
    ),
    "attribute name that is not US-ASCII": (OPERATION + element(0x21, "größe", bytes(4)), "not US-ASCII"),
    "member name that is not US-ASCII": (OPERATION + begin("c") + member("größe"), "not US-ASCII"),
}


@pytest.mark.parametrize(("octets", "sentence"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_octets_are_a_bad_request_that_says_why(octets: bytes, sentence: str) -> None:
    with pytest.raises(DecodeError) as caught:
        Decoder().feed(HEADER + octets)
    assert caught.value.status == BAD
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(("octets", "sentence"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_octets_are_the_same_error_when_they_drip(octets: bytes, sentence: str) -> None:
    with pytest.raises(DecodeError) as caught:
        drip(Decoder(), HEADER + octets)
    assert sentence in caught.value.sentence


def test_name_in_a_sentence_is_short_and_printable() -> None:
    with pytest.raises(DecodeError) as caught:
        decode(HEADER + OPERATION + element(0x21, "x\n" + "n" * 1000, b"") + END)
    assert caught.value.sentence == "attribute 'x\\n" + "n" * 46 + "\\u2026': integer takes 4 octets, not 0"


def drip(decoder: Decoder, octets: bytes) -> None:
    for octet in octets:
        decoder.feed(bytes([octet]))


def test_error_carries_the_header_so_that_the_answer_can_echo_it() -> None:
    with pytest.raises(DecodeError) as caught:
        decode(HEADER + COPIES)
    error = caught.value
    assert (error.version, error.code, error.request_id) == ((2, 0), 0x0002, 42)


@pytest.mark.parametrize("length", range(8))
def test_cut_header_is_an_error_that_knows_no_version(length: int) -> None:
    with pytest.raises(DecodeError, match="eight-octet header") as caught:
        decode(HEADER[:length])
    assert (caught.value.version, caught.value.request_id) == (None, None)


def test_message_cut_anywhere_is_a_bad_request() -> None:
    whole = request(CHARSET, LANGUAGE, begin("media-col"), member("x"), element(0x21, "", bytes(4)), COLLECTION_END)
    for length in range(8, len(whole)):
        with pytest.raises(DecodeError, match="before its end-of-attributes tag") as caught:
            decode(whole[:length])
        assert caught.value.status == BAD
        assert caught.value.request_id == 42


@pytest.mark.parametrize("major", [0, 3, 0x5B, 255])
def test_malformed_octets_in_an_unknown_version_are_about_the_version(major: int) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(bytes([major]) + HEADER[1:] + COPIES)
    assert caught.value.status == Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
    assert caught.value.version == (major, 0)


def test_decoder_takes_nothing_after_the_message_has_ended() -> None:
    decoder = Decoder()
    decoder.feed(request())
    with pytest.raises(RuntimeError, match="has ended"):
        decoder.feed(b"")


def test_decoder_takes_nothing_after_an_error() -> None:
    decoder = Decoder()
    with pytest.raises(DecodeError):
        decoder.feed(HEADER + COPIES)
    with pytest.raises(RuntimeError, match="has ended"):
        decoder.feed(END)


def nested(depth: int) -> bytes:
    opening = begin("deep") + b"".join(member("m") + begin() for _ in range(depth - 1))
    return opening + COLLECTION_END * depth


LIMITS = Limits(header_octets=200, depth=3, attributes=4, values=5, members=6)
NUMBER = element(0x21, "", bytes(4))
AT_THE_LIMIT = {
    "octets": (element(0x30, "a", bytes(200 - 10 - 6)), element(0x30, "a", bytes(200 - 10 - 5)), "200 octets"),
    "depth": (nested(3), nested(4), "more than 3 deep"),
    "attributes": (COPIES * 4, COPIES * 5, "more than 4 attributes"),
    "values": (COPIES + NUMBER * 4, COPIES + NUMBER * 5, "copies has more than 5 values"),
    "values of the attribute before": (
        COPIES + NUMBER * 4 + COPIES,
        COPIES + NUMBER * 5 + COPIES,
        "more than 5 values",
    ),
    "values of a member": (
        begin("c") + member("m") + NUMBER * 5 + COLLECTION_END,
        begin("c") + member("m") + NUMBER * 6 + COLLECTION_END,
        "m has more than 5 values",
    ),
    "members": (
        begin("c")
        + (member("m") + NUMBER) * 3
        + COLLECTION_END
        + begin()
        + (member("m") + NUMBER) * 3
        + COLLECTION_END,
        begin("c")
        + (member("m") + NUMBER) * 3
        + COLLECTION_END
        + begin()
        + (member("m") + NUMBER) * 4
        + COLLECTION_END,
        "more than 6 members",
    ),
}


@pytest.mark.parametrize(("fits", "exceeds", "sentence"), AT_THE_LIMIT.values(), ids=AT_THE_LIMIT.keys())
def test_limit_admits_what_reaches_it_and_refuses_one_more(fits: bytes, exceeds: bytes, sentence: str) -> None:
    limits = Limits(header_octets=1000, depth=3, attributes=4, values=5, members=6)
    if "octets" in sentence:
        limits = LIMITS
    decode(request(fits), limits)
    with pytest.raises(DecodeError, match=sentence) as caught:
        decode(request(exceeds), limits)
    assert caught.value.status == TOO_LARGE


def test_attributes_are_counted_over_all_groups() -> None:
    with pytest.raises(DecodeError, match="more than 4 attributes"):
        decode(HEADER + OPERATION + COPIES * 2 + JOB + COPIES * 3 + END, LIMITS)


def test_header_limit_does_not_count_the_document() -> None:
    message, rest = decode(request(COPIES) + bytes(10_000), Limits(header_octets=len(request(COPIES))))
    assert message.operation.integer("copies") == 2
    assert len(rest) == 10_000


def test_element_that_cannot_fit_is_refused_before_its_octets_arrive() -> None:
    decoder = Decoder(LIMITS)
    with pytest.raises(DecodeError, match="200 octets"):
        decoder.feed(HEADER + OPERATION + b"\x30" + counted(b"a") + b"\x7f\xff")


def test_stream_of_values_without_end_is_cut_at_the_header_limit() -> None:
    decoder = Decoder()
    decoder.feed(HEADER + OPERATION + COPIES)
    fitting = 256 * 1024 // len(NUMBER) - len(HEADER + OPERATION + COPIES)
    decoder.feed(NUMBER * fitting)
    with pytest.raises(DecodeError, match="262144 octets"):
        decoder.feed(NUMBER * (256 * 1024 // len(NUMBER) - fitting))


def test_defaults_are_those_of_the_security_table() -> None:
    limits = Limits()
    assert (limits.header_octets, limits.depth, limits.attributes, limits.values) == (256 * 1024, 16, 1000, 1000)


def test_known_names_are_the_registry_s_own_strings() -> None:
    message, _ = decode(request(COPIES, element(0x21, "x-vendor", bytes(4))))
    assert [attribute.name for attribute in message.operation] == ["copies", "x-vendor"]
    assert message.groups == [
        Group(
            Tag.OPERATION,
            [Attribute("copies", (Value(0x21, b"\0\0\0\2"),)), Attribute("x-vendor", (Value(0x21, bytes(4)),))],
        )
    ]


@pytest.mark.parametrize("octets", [0, 1, 2, 63, 64, 255, 300])
def test_the_usual_beginning_is_read_alike_whole_and_octet_by_octet(octets: int) -> None:
    language = element(0x48, "attributes-natural-language", b"e" * octets)
    message = request(CHARSET, language, element(0x48, "", b"de"), COPIES)
    decoder = Decoder()
    slowly = [decoder.feed(message[at : at + 1]) for at in range(len(message))]
    assert decode(message)[0] == slowly[-1]
    assert decode(message)[0].operation.attributes == [
        Attribute("attributes-charset", (Value(Tag.CHARSET, b"utf-8"),)),
        Attribute("attributes-natural-language", (Value(0x48, b"e" * octets), Value(0x48, b"de"))),
        Attribute("copies", (Value(Tag.INTEGER, b"\0\0\0\2"),)),
    ]


def test_a_language_of_negative_length_is_refused() -> None:
    with pytest.raises(DecodeError, match="negative length"):
        decode(request(CHARSET, element(0x48, "attributes-natural-language", b"e" * 40_000)))


def test_the_usual_beginning_counts_towards_the_limit() -> None:
    with pytest.raises(DecodeError, match="60 octets"):
        decode(request(CHARSET, LANGUAGE), Limits(header_octets=60))
