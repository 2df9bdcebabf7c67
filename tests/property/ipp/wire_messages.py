"""Messages and octets of every shape that hypothesis can think of."""

from hypothesis import strategies as st

from ippgate.ipp import Attribute, Group, Message, Tag, Value
from ippgate.ipp.tag import FIXED_SIZES
from tests.unit.ipp.wire import counted

STRUCTURE = {Tag.BEG_COLLECTION, Tag.END_COLLECTION, Tag.MEMBER_NAME}
NAMES = st.sampled_from(["copies", "job-name", "media-col", "x-vendor", "A.b_c", "n" * 300, "\x00\x7f", "%"])
FREE_TAGS = st.integers(0x10, 0xFF).filter(lambda tag: tag not in {*FIXED_SIZES, *STRUCTURE, 0x35, 0x36, 0x7F})


def with_language(language: bytes, text: bytes) -> bytes:
    """Two lengths inside one value."""
    return counted(language) + counted(text)


PLAIN_VALUES = st.one_of(
    st.builds(Value, FREE_TAGS, st.binary(max_size=12)),
    st.sampled_from(sorted(set(FIXED_SIZES) - STRUCTURE)).flatmap(
        lambda tag: st.builds(Value, st.just(tag), st.binary(min_size=FIXED_SIZES[tag], max_size=FIXED_SIZES[tag]))
    ),
    st.builds(
        Value,
        st.sampled_from([0x35, 0x36]),
        st.builds(with_language, st.binary(max_size=5), st.binary(max_size=12)),
    ),
    st.builds(Value, st.just(0x7F), st.binary(min_size=4, max_size=9)),
)


def attributes_of(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Attribute]:
    """Attributes of one to four values."""
    return st.builds(Attribute, NAMES, st.lists(values, min_size=1, max_size=4).map(tuple))


VALUES = st.recursive(
    PLAIN_VALUES,
    lambda values: st.builds(
        Value, st.just(Tag.BEG_COLLECTION), st.lists(attributes_of(values), max_size=4).map(tuple)
    ),
    max_leaves=12,
)
GROUPS = st.builds(
    Group,
    st.integers(0x00, 0x0F).filter(lambda tag: tag != Tag.END),
    st.lists(attributes_of(VALUES), max_size=5),
)
MESSAGES = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
    st.lists(GROUPS, max_size=4),
)

# Octets that look like a message for a while: elements in any order, sound and unsound ones.
ELEMENTS = st.one_of(
    st.integers(0, 0x0F).map(lambda tag: bytes([tag])),
    st.builds(
        lambda tag, name, value: bytes([tag]) + counted(name) + counted(value),
        st.sampled_from([0x10, 0x21, 0x22, 0x33, 0x34, 0x35, 0x37, 0x41, 0x44, 0x4A, 0x7F, 0x99]),
        st.sampled_from([b"", b"", b"", b"copies", b"\xff"]),
        st.sampled_from([b"", b"a", b"\0\0\0\1", b"\0\0\0\0\0\0\0\1", b"\0\2en\0\1x"]),
    ),
    st.binary(max_size=6),
)
NEARLY_MESSAGES = st.builds(
    lambda header, elements: header + b"\x01" + b"".join(elements),
    st.sampled_from([b"\2\0\0\2\0\0\0\1", b"\1\1\0\xb0\0\0\0\0", b"\7\0\0\2\0\0\0\1"]),
    st.lists(ELEMENTS, max_size=30),
)
ANY_OCTETS = st.binary(max_size=300) | NEARLY_MESSAGES
