"""A job ticket comes back from the store as it went in."""

import msgpack
import pytest
from hypothesis import given

from ippgate.ipp import NO_VALUE, Attribute, Range, Resolution, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.ticket import pack, unpack
from tests.property.ipp.wire_messages import VALUES, attributes_of

TEMPLATE = (
    attribute(A.COPIES, 3),
    attribute(A.PAGE_RANGES, Range(1, 4), Range(7, 7)),
    attribute(A.PRINTER_RESOLUTION, Resolution(600, 600)),
    attribute(A.MEDIA_COL, {A.MEDIA_TYPE: "stationery", A.MEDIA_SIZE: {A.X_DIMENSION: 21000, A.Y_DIMENSION: 29700}}),
    Attribute("sides", (NO_VALUE,)),
    Attribute("vendor-thing", (Value(Tag.KEYWORD, b"a"), Value(Tag.NAME, "Ä".encode()))),
)


def test_every_kind_of_value_survives() -> None:
    assert unpack(pack(TEMPLATE)) == TEMPLATE
    assert unpack(pack(())) == ()


@given(attributes_of(VALUES))
def test_whatever_was_accepted_survives(found: Attribute) -> None:
    assert unpack(pack((found,))) == (found,)


def test_a_version_that_is_not_known_is_refused() -> None:
    _version, encoded = msgpack.unpackb(pack(TEMPLATE))
    with pytest.raises(ValueError, match="version 2; this gate reads version 1"):
        unpack(msgpack.packb([2, encoded]))
