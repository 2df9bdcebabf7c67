"""What holds for every message and for any octets."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ippgate.ipp import DecodeError, Decoder, Message, decode, encode
from ippgate.ipp import decoder as decoder_module
from tests.property.ipp.wire_messages import ANY_OCTETS, MESSAGES, NEARLY_MESSAGES
from tests.unit.ipp.wire import COPIES, END, HEADER, OPERATION, begin, element, member

Outcome = tuple[Message, bytes] | tuple[int, str]
# A busy machine may be slow to think of messages: that is no failure of the decoder.
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome_of(pieces: list[bytes]) -> Outcome:
    decoder = Decoder()
    try:
        for index, piece in enumerate(pieces):
            if message := decoder.feed(piece):
                return message, decoder.rest + b"".join(pieces[index + 1 :])
        decoder.close()
    except DecodeError as error:
        return error.status, error.sentence
    raise AssertionError("close returned")


def pieces_of(octets: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(octets) + 1) for cut in cuts), len(octets)]
    return [octets[start:stop] for start, stop in pairwise(edges)]


@thorough
@given(MESSAGES, st.binary(max_size=20))
def test_message_survives_encoding_and_decoding(message: Message, document: bytes) -> None:
    assert decode(encode(message) + document) == (message, document)


@thorough
@given(MESSAGES)
def test_octets_survive_decoding_and_encoding(message: Message) -> None:
    octets = encode(message)
    assert encode(decode(octets)[0]) == octets


@thorough
@given(MESSAGES, st.binary(max_size=20), st.lists(st.integers(0, 5000), max_size=12))
def test_message_is_the_same_however_it_is_split(message: Message, document: bytes, cuts: list[int]) -> None:
    assert outcome_of(pieces_of(encode(message) + document, cuts)) == (message, document)


@thorough
@given(ANY_OCTETS, st.lists(st.integers(0, 500), max_size=12))
@example(HEADER + OPERATION + b"\x21\x80\x00", [9, 10])
def test_any_octets_are_a_message_or_a_decode_error_however_they_are_split(octets: bytes, cuts: list[int]) -> None:
    outcome = outcome_of([octets])
    assert outcome_of(pieces_of(octets, cuts)) == outcome
    assert outcome_of([bytes([octet]) for octet in octets]) == outcome


@thorough
@given(ANY_OCTETS)
def test_any_octets_that_are_a_message_are_encoded_to_the_same_octets(octets: bytes) -> None:
    outcome = outcome_of([octets])
    if isinstance(outcome[0], Message):
        assert encode(outcome[0]) + outcome[1] == octets


@thorough
@given(MESSAGES, st.integers(0, 10_000), st.integers(0, 255))
def test_message_with_one_octet_changed_is_a_message_or_a_decode_error(
    message: Message, place: int, octet: int
) -> None:
    octets = bytearray(encode(message))
    octets[place % len(octets)] = octet
    outcome = outcome_of([bytes(octets)])
    if isinstance(outcome[0], Message):
        assert encode(outcome[0]) + outcome[1] == bytes(octets)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40))
def test_depth_beyond_the_limit_is_refused_before_it_is_built(depth: int) -> None:
    octets = HEADER + OPERATION + begin("c") + (member("m") + begin()) * (depth - 1)
    outcome = outcome_of([octets])
    assert outcome == ((0x0408, "collections lie more than 16 deep") if depth > 16 else outcome)
    assert outcome[0] in (0x0400, 0x0408)


def steps_of(act: Callable[[], object]) -> int:
    """Lines of the decoder that the act runs: time, counted."""
    steps = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        if frame.f_code.co_filename != decoder_module.__file__:
            return None
        steps += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return steps


# Lines that one octet costs at most when octets come one by one: the feed itself, and a look at what it completes.
STEPS_PER_OCTET = 60


@settings(max_examples=60, deadline=None)
@given(NEARLY_MESSAGES)
def test_octets_that_drip_cost_a_bounded_number_of_steps_each(octets: bytes) -> None:
    pieces = [bytes([octet]) for octet in octets]
    assert steps_of(lambda: outcome_of(pieces)) <= STEPS_PER_OCTET * (len(octets) + 1)


def test_long_value_that_drips_is_looked_at_a_few_times_only() -> None:
    octets = HEADER + OPERATION + element(0x30, "n" * 0x7FFF, b"v" * 0x7FFF) + END
    looks = 0
    read = Decoder._read

    class Watched(Decoder):
        def _read(self, *arguments: Any) -> tuple[int, int]:
            nonlocal looks
            looks += 1
            return read(self, *arguments)

    decoder = Watched()
    message = [decoder.feed(bytes([octet])) for octet in octets][-1]
    assert message is not None
    assert looks <= 7  # header, delimiter, end, and for the element: its first octet, its lengths, name, value


def test_many_small_values_cost_the_same_each_wherever_they_stand() -> None:
    few, many = (HEADER + OPERATION + COPIES + element(0x21, "", bytes(4)) * count + END for count in (100, 900))
    per_value = steps_of(lambda: decode(few)) / 100
    assert steps_of(lambda: decode(many)) / 900 <= 1.1 * per_value
