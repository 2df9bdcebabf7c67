"""Facts come back as they were stored, or not at all."""

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.model.facts import DocumentFacts, MediaUse
from ippgate.model.packed_facts import pack, unpack

FACTS = DocumentFacts(
    "application/pdf", 3, 1, 2, "two-sided-long-edge", (MediaUse(21000, 29700, 3),), (20,), "a program", "a title"
)


def test_facts_come_back_as_they_were() -> None:
    assert unpack(pack(FACTS)) == FACTS
    assert unpack(pack(DocumentFacts(encrypted=True, unknown="it needs a password"))).encrypted


def test_another_version_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="version 9"):
        unpack(msgpack.packb([9, []]))


@given(st.binary(max_size=200))
def test_octets_that_are_no_facts_are_a_value_error(octets: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever sentence
        unpack(octets)


@pytest.mark.parametrize("size", range(len(pack(FACTS))))
def test_facts_that_were_cut_are_a_value_error(size: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever sentence
        unpack(pack(FACTS)[:size])


def test_color_is_known_when_its_pages_are() -> None:
    assert DocumentFacts().color is None
    assert FACTS.color is True
    assert DocumentFacts(pages=3, color_pages=0).color is False
