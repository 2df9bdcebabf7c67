"""What a TXT record tells, and that no queue, however it is called and whatever it can do, makes a bad one."""

from dataclasses import replace
from uuid import UUID

import pytest

from ippgate.discovery.place import Place
from ippgate.discovery.service import IPP, IPPS, PRINTER, announcement
from ippgate.discovery.text import MOST, record, text_of
from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE, Capabilities, Choice, Offer
from ippgate.model.capabilities.media import MediaSize
from ippgate.model.queue import Queue, QueueMode

PLACE = Place("gate-ippgate.local", 631, 443)
QUEUE = Queue(
    1, UUID("f0e1d2c3-0000-4000-8000-000000000001"), "followme", QueueMode.RELEASE_PRINTING, info="Follow me",
    location="Room 12",
)  # fmt: skip


def strings(octets: bytes) -> list[bytes]:
    """The strings of a record, as a client reads them."""
    found = []
    while octets:
        length = octets[0]
        found.append(octets[1 : 1 + length])
        assert len(found[-1]) == length
        octets = octets[1 + length :]
    return found


def told(queue: Queue = QUEUE, able: Capabilities = SAFE, place: Place = PLACE) -> dict[str, str]:
    pairs = [string.decode().partition("=") for string in strings(record(text_of(queue, able, place)))]
    return {key: value for key, _, value in pairs}


def test_a_record_tells_what_airprint_mopria_and_ipp_everywhere_look_for() -> None:
    assert told() == {
        "txtvers": "1",
        "qtotal": "1",
        "rp": "ipp/print/followme",
        "ty": "ippgate print gate",
        "product": "(ippgate print gate)",
        "adminurl": "https://gate-ippgate.local:443/",
        "note": "Room 12",
        "priority": "50",
        "pdl": "application/pdf,image/urf,image/pwg-raster,image/jpeg,application/octet-stream,application/postscript,"
        "application/vnd.hp-PCL,application/vnd.hp-PCLXL,text/plain",
        "Color": "T",
        "Duplex": "T",
        "Copies": "T",
        "Collate": "T",
        "Staple": "F",
        "Punch": "F",
        "Sort": "F",
        "PaperMax": "tabloid-A3",
        "kind": "document",
        "UUID": "f0e1d2c3-0000-4000-8000-000000000001",
        "TLS": "1.3",
        "air": "none",
        "URF": "V1.4,CP1,W8,SRGB24,RS300-600,DM1,IS1,MT1,PQ3-4-5",
        "mopria-certified": "1.3",
    }


def test_txtvers_is_the_first_string() -> None:
    assert strings(record(text_of(QUEUE, SAFE, PLACE)))[0] == b"txtvers=1"


def test_without_tls_none_is_promised() -> None:
    found = told(place=Place("gate-ippgate.local", 631))
    assert "TLS" not in found
    assert found["adminurl"] == "http://gate-ippgate.local:631/"


@pytest.mark.parametrize(
    "location",
    ["x" * 300, "🖨" * 300, "ü" * 127, "nul\0\0 and\nlines", "a=b=c", "back\\slash", "r\u202eevil", "", "." * 300],
)
def test_no_location_breaks_a_record(location: str) -> None:
    octets = record(text_of(replace(QUEUE, location=location), SAFE, PLACE))
    found = strings(octets)
    assert all(0 < len(string) <= MOST for string in found)
    assert all(string.decode().isprintable() for string in found)
    assert len([string for string in found if string.startswith(b"note=")]) == 1


def test_a_long_list_of_formats_is_cut_between_them_and_keeps_those_that_clients_look_for() -> None:
    many = tuple(f"application/vnd.example-format-{number}" for number in range(40))
    pdl = told(able=replace(SAFE, formats=(*many, "image/urf", "application/pdf")))["pdl"]
    assert pdl.startswith("application/pdf,image/urf,application/vnd.example-format-0,")
    assert len(f"pdl={pdl}") <= MOST
    assert set(pdl.split(",")) < {*many, "image/urf", "application/pdf"}


def test_what_devices_can_do_is_told() -> None:
    staples = Offer(A.FINISHINGS, Choice(attribute(A.FINISHINGS_SUPPORTED, Finishings.STAPLE, Finishings.PUNCH).values))
    sides = Offer(A.SIDES, Choice(attribute(A.SIDES_SUPPORTED, "one-sided").values))
    others = tuple(offer for offer in SAFE.offers if offer.name not in (A.FINISHINGS, A.SIDES, A.COPIES))
    grey = tuple(fact for fact in SAFE.description if fact.name != A.COLOR_SUPPORTED)
    found = told(able=replace(SAFE, offers=(*others, staples, sides), description=grey))
    assert {key: found[key] for key in ("Color", "Duplex", "Copies", "Collate", "Staple", "Punch")} == {
        "Color": "F", "Duplex": "F", "Copies": "F", "Collate": "F", "Staple": "T", "Punch": "T",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (["iso_a6_105x148mm"], "<legal-A4"),
        (["iso_a4_210x297mm"], "legal-A4"),
        (["na_legal_8.5x14in"], "legal-A4"),
        (["iso_a4_210x297mm", "iso_a3_297x420mm"], "tabloid-A3"),
        (["na_ledger_11x17in"], "tabloid-A3"),
        (["iso_a2_420x594mm"], "isoC-A2"),
        (["iso_a0_841x1189mm"], ">isoC-A2"),
    ],
)
def test_the_largest_paper_is_told(names: list[str], most: str) -> None:
    media = replace(SAFE.media, sizes=tuple(MediaSize.of(name) for name in names))
    assert told(able=replace(SAFE, media=media))["PaperMax"] == most


def test_services_are_ipp_ipps_and_the_name_of_lpr() -> None:
    found = announcement(QUEUE, SAFE, PLACE)
    assert [(service.kind, service.port) for service in found.services] == [(PRINTER, 0), (IPP, 631), (IPPS, 443)]
    assert [service.subtypes for service in found.services] == [
        (), ("_print", "_universal"), ("_print", "_universal"),
    ]  # fmt: skip
    assert found.services[0].text == b""
    assert (found.base, found.uuid) == ("Follow me", QUEUE.uuid)


def test_without_tls_there_is_no_ipps() -> None:
    found = announcement(QUEUE, SAFE, Place("gate-ippgate.local", 631))
    assert [service.kind for service in found.services] == [PRINTER, IPP]


def test_without_apple_raster_there_is_no_airprint() -> None:
    plain = [fact for fact in SAFE.description if fact.name != A.URF_SUPPORTED]
    for able in (replace(SAFE, description=tuple(plain)), replace(SAFE, formats=("application/pdf",))):
        found = announcement(QUEUE, able, PLACE)
        assert found.services[1].subtypes == ("_print",)


@pytest.mark.parametrize(("info", "base"), [("", "followme"), ("\0", "followme"), ("A.B", "A․B")])
def test_a_queue_without_a_title_is_announced_by_its_name(info: str, base: str) -> None:
    assert announcement(replace(QUEUE, info=info), SAFE, PLACE).base == base


def test_a_device_that_tells_a_hostile_list_makes_no_long_string() -> None:
    urf = Attribute(A.URF_SUPPORTED, tuple(Value(Tag.KEYWORD, b"RS" + b"9" * 100) for _ in range(50)))
    others = tuple(fact for fact in SAFE.description if fact.name != A.URF_SUPPORTED)
    able = replace(SAFE, description=(*others, urf))
    assert all(len(string) <= MOST for string in strings(record(text_of(QUEUE, able, PLACE))))
