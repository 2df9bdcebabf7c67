"""What a process that reads hostile documents says is taken for a stranger's word."""

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.examine.message import (
    HEADER,
    LARGEST_SAID,
    STRETCH,
    At,
    Done,
    Examine,
    Found,
    Next,
    Octets,
    ProtocolError,
    Ready,
    Said,
    Told,
    length_of,
    read_said,
    read_told,
    said,
    told,
)
from ippgate.model.facts import DocumentFacts, MediaUse

FACTS = DocumentFacts(
    "application/pdf", 4, 2, 3, "one-sided", (MediaUse(21000, 29700, 4),), (4, 5), "Word", "Letter", True, ""
)
RAW = {
    "document_format": "application/pdf",
    "pages": 4,
    "color_pages": None,
    "copies": None,
    "sides": None,
    "media": [],
    "finishings": [],
    "producer": "",
    "title": "",
    "encrypted": False,
    "unknown": "",
}
DONE = 4


def packed(*parts: object) -> bytes:
    octets: bytes = msgpack.packb(list(parts))
    return octets


@pytest.mark.parametrize(
    "message", [Examine("image/png", 9, 99, 2.5, 1000, laid=True), Octets(b""), Octets(b"x" * STRETCH)]
)
def test_what_is_told_arrives(message: Told) -> None:
    frame = told(message)
    assert int.from_bytes(frame[:HEADER], "big") == len(frame) - HEADER
    assert read_told(frame[HEADER:]) == message


@pytest.mark.parametrize(
    "message", [Ready(), Next(), At(5 * STRETCH, STRETCH), Found(FACTS), Done(FACTS), Done(DocumentFacts(), "KeyError")]
)
def test_what_is_said_arrives(message: Said) -> None:
    assert read_said(said(message)[HEADER:]) == message


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xc1",
        b"\xdf\xff\xff\xff\xff",
        packed(),
        packed(9),
        packed(-1),
        packed(True),
        packed("0"),
        packed(2, 1),
        packed(2, -1, 10),
        packed(2, 0, STRETCH + 1),
        packed(2, 0, 1.5),
        packed(DONE),
        packed(DONE, RAW),
        packed(DONE, [], ""),
        packed(DONE, {}, ""),
        packed(DONE, RAW | {"more": 1}, ""),
        packed(DONE, RAW, 5),
        *(packed(DONE, RAW | {"pages": value}, "") for value in (-1, 2**31, 1.0, "4", True, [4])),
        *(packed(DONE, RAW | {"title": value}, "") for value in (None, 5, b"x", ["x"])),
        *(
            packed(DONE, RAW | {"media": value}, "")
            for value in (None, [1], [{"x": 1}], [{"x": 1, "y": 2, "pages": "3"}])
        ),
        packed(DONE, RAW | {"media": [{"x": 1, "y": 2, "pages": 3}] * 1000}, ""),
        packed(DONE, RAW | {"finishings": [3] * 1000}, ""),
    ],
)
def test_what_may_not_be_said_is_an_error(octets: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_said(octets)


def test_texts_are_made_plain_and_short() -> None:
    message = read_said(packed(DONE, RAW | {"title": "a\x1b[2Jb\n\u202ec", "producer": "x" * 9999}, "Key\nError"))
    assert isinstance(message, Done)
    assert message.facts.title == "a[2Jb c"
    assert len(message.facts.producer) <= 512
    assert message.mishap == "Key Error"


def test_a_message_beyond_its_bound_is_not_waited_for() -> None:
    assert length_of(LARGEST_SAID.to_bytes(HEADER, "big"), LARGEST_SAID) == LARGEST_SAID
    with pytest.raises(ProtocolError):
        length_of((LARGEST_SAID + 1).to_bytes(HEADER, "big"), LARGEST_SAID)


def test_the_longest_facts_fit() -> None:
    media = tuple(MediaUse(10_000_000 - n, 10_000_000, 2**31 - 1) for n in range(64))
    facts = DocumentFacts("x" * 128, 2**31 - 1, 2**31 - 1, 999, "x" * 64, media, (3,) * 64, "€" * 512, "€" * 512)
    assert len(said(Done(facts))) < LARGEST_SAID


@given(st.binary(max_size=200))
def test_any_octets_are_a_message_or_one_error(octets: bytes) -> None:
    try:
        read_said(octets)
    except ProtocolError:
        return
    assert octets
