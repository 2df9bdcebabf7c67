"""Every recorded answer of a real printer, and every seed: decoded without loss, or refused as stated here."""

from pathlib import Path

import pytest

from ippgate.ipp import DecodeError, Status, Tag, decode, encode
from ippgate.ipp.registry import attributes as names

DATA = Path(__file__).parents[2] / "data"

# file → status or operation code, attributes of each group
DECODED = {
    "printers/Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp": (0x0000, [2, 121]),
    "printers/Xerox-B235-Printer-Attributes.ipp": (0x0000, [2, 164]),
    "printers/get-jobs-kyocera-ecosys-m2540dn-000.bin": (0x0000, [2, 35]),
    "printers/get-printer-attributes-brother-mfcj5320dw.bin": (0x0000, [2, 90]),
    "printers/get-printer-attributes-empty-attribute-group.bin": (0x000B, [4, 0]),
    "printers/get-printer-attributes-epsonxp6000.bin": (0x0000, [2, 110]),
    "printers/get-printer-attributes-error-0x0503.bin": (0x0503, [2]),
    "printers/get-printer-attributes-hp6830.bin": (0x0000, [2, 133]),
    "printers/get-printer-attributes-kyocera-ecosys-m2540dn-001.bin": (0x0001, [2, 1, 7]),
    "printers/get-printer-attributes-response-000.bin": (0x000B, [4]),
    "decoder-seeds/collection.raw": (0x0002, [3, 1]),
    "decoder-seeds/mixed.raw": (0x0002, [1]),
}
REFUSED = {
    # members in an old way, as named values
    "decoder-seeds/bad_collection.raw": (Status.CLIENT_ERROR_BAD_REQUEST, "media-size stands inside a collection"),
    # words about a message, not a message: "[B" reads as version 91.66
    "decoder-seeds/get_printer_attributes.raw": (Status.SERVER_ERROR_VERSION_NOT_SUPPORTED, "IPP/91.66"),
}


def test_every_recording_is_in_the_table() -> None:
    files = {f"{folder}/{file.name}" for folder in ("printers", "decoder-seeds") for file in (DATA / folder).iterdir()}
    assert files == {*DECODED, *REFUSED}


@pytest.mark.parametrize("file", DECODED)
def test_recording_is_decoded_without_loss(file: str) -> None:
    octets = (DATA / file).read_bytes()
    code, counts = DECODED[file]
    message, rest = decode(octets)
    assert (message.code, [len(group.attributes) for group in message.groups]) == (code, counts)
    assert rest == b""
    assert encode(message) == octets


@pytest.mark.parametrize("file", DECODED)
def test_every_value_of_a_recording_reads_as_python(file: str) -> None:
    message, _ = decode((DATA / file).read_bytes())
    pending = [attribute for group in message.groups for attribute in group]
    while pending:
        for value in pending.pop().values:
            assert value.python is not None or value.tag < 0x20
            pending.extend(value.members)


@pytest.mark.parametrize("file", REFUSED)
def test_unsound_seed_is_refused_with_its_reason(file: str) -> None:
    status, sentence = REFUSED[file]
    with pytest.raises(DecodeError) as caught:
        decode((DATA / file).read_bytes())
    assert caught.value.status == status
    assert sentence in caught.value.sentence


def test_recorded_printer_says_what_it_is() -> None:
    message, _ = decode((DATA / "printers/Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp").read_bytes())
    printer = message.group(Tag.PRINTER)
    assert printer is not None
    assert printer.text(names.PRINTER_MAKE_AND_MODEL) == "ECOSYS M2040dn"
    assert printer.boolean(names.COLOR_SUPPORTED) is False
    orientation = printer.get(names.ORIENTATION_REQUESTED_SUPPORTED)
    assert orientation is not None
    assert 7 in orientation.integers()
    database = printer.get(names.MEDIA_COL_DATABASE)
    assert database is None or database.first.member(names.MEDIA_SIZE) is not None
