"""Octets written by hand, so that the decoder and the encoder are not each other's only witness."""

HEADER = bytes.fromhex("0200 0002 0000002a")  # IPP/2.0, Print-Job, request-id 42
OPERATION, JOB, END, PRINTER = b"\x01", b"\x02", b"\x03", b"\x04"


def element(tag: int, name: str, value: bytes) -> bytes:
    """One value with its tag and name; without a name, it belongs to the attribute or collection before it."""
    return bytes([tag]) + counted(name.encode("latin-1")) + counted(value)


def counted(octets: bytes) -> bytes:
    """Octets after their length in two octets."""
    return len(octets).to_bytes(2, "big") + octets


def member(name: str) -> bytes:
    """The name of a collection's member."""
    return element(0x4A, "", name.encode("latin-1"))


def begin(name: str = "") -> bytes:
    """The beginning of a collection."""
    return element(0x34, name, b"")


COLLECTION_END = element(0x37, "", b"")
CHARSET = element(0x47, "attributes-charset", b"utf-8")
LANGUAGE = element(0x48, "attributes-natural-language", b"en")
COPIES = element(0x21, "copies", bytes.fromhex("00000002"))


def request(*elements: bytes) -> bytes:
    """A whole message: header, the operation group with these elements, end."""
    return HEADER + OPERATION + b"".join(elements) + END
