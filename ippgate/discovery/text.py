"""A queue's TXT record: what clients learn before they ask (Bonjour Printing 1.2.1 section 9, PWG 5100.14 section 4.2).

Strings of at most 255 octets each (RFC 6763 section 6): what is longer is cut between characters, a list between its
items. Nothing in here is trusted by anybody: the same is asked again over IPP.
"""

from collections.abc import Iterable
from typing import Final

from ippgate.discovery.place import Place
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities
from ippgate.model.capabilities import printer_type as bits
from ippgate.model.queue import MAKE_AND_MODEL, Queue
from ippgate.model.text import cut, plain

MOST: Final = 255
"""Octets of one string, key and equals sign included."""

MOPRIA: Final = "1.3"
TLS: Final = "1.3"
PRIORITY: Final = 50
"""Of several services of one printer the lowest goes first; they are all the same here."""

URF: Final = "image/urf"
_FIRST: Final = ("application/pdf", URF, "image/pwg-raster", "image/jpeg")
"""Formats that clients look for; if there is no room for all, these are in it."""

_PAPER: Final = ((29_000, "<legal-A4"), (35_600, "legal-A4"), (43_200, "tabloid-A3"), (61_000, "isoC-A2"))
"""PaperMax by the longest side, in hundredths of a millimetre."""

_LONGEST: Final = ">isoC-A2"

Pair = tuple[str, str]


def text_of(queue: Queue, able: Capabilities, place: Place) -> list[Pair]:
    """Keys and values, in the order in which clients like them: txtvers first."""
    return [
        ("txtvers", "1"),
        ("qtotal", "1"),
        ("rp", f"ipp/print/{queue.name}"),
        ("ty", MAKE_AND_MODEL),
        ("product", f"({MAKE_AND_MODEL})"),
        ("adminurl", place.page),
        ("note", plain(queue.location, MOST)),
        ("priority", str(PRIORITY)),
        ("pdl", _listed("pdl", _formats(able))),
        *_can(able),
        ("PaperMax", _paper(able)),
        ("kind", "document"),
        ("UUID", str(queue.uuid)),
        *([("TLS", TLS)] if place.tls_port is not None else []),
        ("air", "none"),
        *([("URF", urf)] if (urf := _urf(able)) else []),
        ("mopria-certified", MOPRIA),
    ]


def record(pairs: Iterable[Pair]) -> bytes:
    """The record's octets."""
    strings = (cut(f"{key}={value}", MOST).encode() for key, value in pairs)
    return b"".join(bytes([len(string)]) + string for string in strings)


def takes_urf(able: Capabilities) -> bool:
    """Whether AirPrint's clients can print to it."""
    return able.format_of(URF) is not None and bool(_urf(able))


def _formats(able: Capabilities) -> list[str]:
    first = [known for wanted in _FIRST if (known := able.format_of(wanted)) is not None]
    return list(dict.fromkeys([*first, *able.formats]))


def _urf(able: Capabilities) -> str:
    fact = able.fact(A.URF_SUPPORTED)
    return _listed("URF", fact.texts()) if fact else ""


def _listed(key: str, items: Iterable[str]) -> str:
    """As many items as fit, each whole."""
    told = ""
    for item in items:
        longer = f"{told},{item}" if told else item
        if len(f"{key}={longer}".encode()) > MOST:
            break
        told = longer
    return told


def _can(able: Capabilities) -> list[Pair]:
    found = bits.printer_type(able)
    can = {
        "Color": bits.COLOR,
        "Duplex": bits.DUPLEX,
        "Copies": bits.COPIES,
        "Collate": bits.COLLATE,
        "Staple": bits.STAPLE,
        "Punch": bits.PUNCH,
        "Sort": 0,  # no device is asked to
    }
    return [(key, "T" if found & bit else "F") for key, bit in can.items()]


def _paper(able: Capabilities) -> str:
    longest = max((max(size.x, size.y) for size in able.media.sizes), default=0)
    return next((name for most, name in _PAPER if longest <= most), _LONGEST)
