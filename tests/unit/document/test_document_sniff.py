"""A document's format is told by its own first octets, also behind PJL and blanks; never by what a client says."""

import random

import pytest

from ippgate.document.sniff import (
    CUPS_RASTER,
    JPEG,
    LOOK,
    PCL,
    PCL_XL,
    PDF,
    PNG,
    POSTSCRIPT,
    PWG_RASTER,
    TEXT,
    URF,
    is_text,
    look,
    sniff,
)
from tests.rig.documents import FOLDER

UEL = b"\x1b%-12345X"
BEGINNINGS = [
    (b"%PDF-1.7\n", PDF),
    (b"%!PS-Adobe-3.0\n", POSTSCRIPT),
    (b"%!\n", POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6\x1e\0\0\0", POSTSCRIPT),
    (b"RaS2PwgRaster\0", PWG_RASTER),
    (b"RaS2other\0", CUPS_RASTER),
    (b"3SaR\0", CUPS_RASTER),
    (b"UNIRAST\0\0\0\0\1", URF),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", JPEG),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PNG),
    (b"\x1bE\x1b&l0O", PCL),
    (b"\x1b*t300R", PCL),
    (b"\x1b&l26A", PCL),
    (b") HP-PCL XL;3;0;Comment\n", PCL_XL),
    (b"( HP-PCL XL;2;1\n", PCL_XL),
    (b"Dear Jake,\r\n\tsee you.\f", TEXT),
    ("Grüße aus Köln €\n".encode(), TEXT),
    ("Grüße aus Köln\n".encode("latin-1"), TEXT),
]
NO_LANGUAGE = [
    b"",
    b"\0\0\0",
    b"   \n",
    b"\x1f\x8b\x08\0",
    b"PK\x03\x04",
    b"text with \x01 in it",
    b"\x93 quotes of Windows \x94",
    UEL,
    UEL + b"@PJL\r\n",
    b"\xff\xfeU\0T\0F\0-\x001\x006\0",
]


@pytest.mark.parametrize(("octets", "document_format"), BEGINNINGS)
def test_a_format_is_told_by_its_first_octets(octets: bytes, document_format: str) -> None:
    assert sniff(octets) == document_format


@pytest.mark.parametrize(("octets", "document_format"), BEGINNINGS)
@pytest.mark.parametrize("before", [UEL, UEL + b"@PJL\r\n@PJL SET COPIES=2\r\n", b"@PJL JOB\n", UEL + b"@PJL \n" + UEL])
def test_pjl_before_it_is_looked_through(before: bytes, octets: bytes, document_format: str) -> None:
    found = look(before + octets)
    assert (found.document_format, found.start) == (document_format, len(before))


@pytest.mark.parametrize(("octets", "document_format"), BEGINNINGS[:-3])
@pytest.mark.parametrize("blank", [b"\xef\xbb\xbf", b" \r\n\t", b"\0\0\0", b"\x04"])
def test_blanks_before_it_are_looked_through(blank: bytes, octets: bytes, document_format: str) -> None:
    found = look(blank + octets)
    assert (found.document_format, found.start) == (document_format, len(blank))


@pytest.mark.parametrize(
    ("language", "document_format"),
    [
        (b"PCL", PCL),
        (b"PCLXL", PCL_XL),
        (b"POSTSCRIPT", POSTSCRIPT),
        (b"postscript", POSTSCRIPT),
        (b"PDF", PDF),
        (b"URF", URF),
        (b"XPS", None),
    ],
)
def test_the_language_that_pjl_enters_counts(language: bytes, document_format: str | None) -> None:
    assert sniff(UEL + b"@PJL\r\n@PJL ENTER LANGUAGE = " + language + b"\r\nwhatever follows") == document_format


def test_behind_an_automatic_language_the_octets_tell() -> None:
    assert sniff(UEL + b"@PJL ENTER LANGUAGE=AUTO\r\n%PDF-1.4") == PDF


def test_a_word_that_only_begins_like_pjl_is_text() -> None:
    assert sniff(b"@PJLX is no command\n") == TEXT


@pytest.mark.parametrize("octets", NO_LANGUAGE)
def test_what_is_no_language_is_not_recognised(octets: bytes) -> None:
    assert sniff(octets) is None


def test_a_pdf_behind_a_mail_s_header_is_a_pdf_as_readers_hold_it() -> None:
    header = b"Content-Type: application/pdf\r\n\r\n"
    found = look(header + b"%PDF-1.4\n")
    assert (found.document_format, found.start) == (PDF, len(header))


def test_a_text_that_speaks_of_pdf_is_text() -> None:
    assert sniff(b"A file begins with %PDF-1.4, it says.") == TEXT


def test_no_more_than_the_look_is_looked_at() -> None:
    assert sniff(b" " * LOOK + b"%PDF-1.4") is None
    assert sniff(UEL + b"@PJL COMMENT " + b"x" * LOOK + b"\r\n%PDF-1.4") is None
    assert sniff(b"text " * LOOK + b"\0\1\2") == TEXT


def test_a_character_that_the_look_cuts_is_no_fault_of_the_text() -> None:
    assert sniff(("x" * (LOOK - 2) + "€").encode() * 2) == TEXT
    assert not is_text(b"x\xe2\x82", whole=True)


def test_random_octets_are_not_recognised() -> None:
    assert {sniff(random.Random(seed).randbytes(65_536)) for seed in range(200)} == {None}


@pytest.mark.parametrize(
    ("suffix", "document_format"), [("pdf", PDF), ("ps", POSTSCRIPT), ("jpg", JPEG), ("md", TEXT), ("pwg", None)]
)
def test_real_documents_are_recognised(suffix: str, document_format: str | None) -> None:
    """The PWG rasters of ipptool are gzipped, which the client says with `compression`."""
    files = sorted(FOLDER.glob(f"*.{suffix}"))
    assert files
    assert {sniff(file.read_bytes()) for file in files} == {document_format}
