"""Any document is examined by whoever knows its language; what PJL around it asks for is added."""

import pytest

from ippgate.document.examination import EMPTY, NEEDS_WHOLE, UNRECOGNISED, Examination, in_job
from ippgate.document.sniff import LOOK, PDF
from ippgate.model.facts import DocumentFacts
from tests.rig.documents import JPEG, POSTSCRIPT
from tests.rig.documents import PDF as A_PDF

UEL = b"\x1b%-12345X"
HEADER = UEL + b"@PJL\r\n@PJL SET COPIES=3\r\n@PJL SET DUPLEX=ON\r\n"
PS = b"%!PS-Adobe-3.0\n%%Page: 1 1\nshowpage\n%%EOF\n"
FOUND = DocumentFacts(PDF, pages=7, color_pages=2)


def examined(octets: bytes, whole: DocumentFacts | None = None, step: int = 0) -> DocumentFacts:
    examination = Examination(whole)
    for start in range(0, len(octets), step or len(octets) or 1):
        if not examination.feed(octets[start : start + (step or len(octets))]):
            break
    return examination.close()


@pytest.mark.parametrize("step", [0, 1000])
def test_the_language_decides_who_examines(step: int) -> None:
    assert examined(POSTSCRIPT.read_bytes(), step=step).pages == 1
    assert examined(JPEG.read_bytes(), step=step).pages == 1
    assert examined(b"hello\f", step=step).pages == 1
    assert examined(b"\x1bEhello\f\x1bE", step=step).pages == 1


@pytest.mark.parametrize("step", [0, 1000])
def test_a_pdf_needs_whole(step: int) -> None:
    examination = Examination()
    octets = A_PDF.read_bytes()
    assert not examination.feed(octets)
    assert not examination.feed(octets)
    assert examination.close() == NEEDS_WHOLE
    assert examined(octets, step=step) == NEEDS_WHOLE


def test_what_is_not_recognised_ends_at_once() -> None:
    examination = Examination()
    assert not examination.feed(b"\1" * LOOK)
    assert not examination.feed(b"%PDF-1.4")
    assert examination.close() == UNRECOGNISED


def test_nothing_is_empty() -> None:
    assert examined(b"") == EMPTY


def test_pjl_s_wishes_are_added() -> None:
    facts = examined(HEADER + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + PS + UEL)
    assert (facts.pages, facts.copies, facts.sides) == (1, 3, "two-sided-long-edge")


def test_facts_of_a_whole_part_take_its_place() -> None:
    job = HEADER + b"@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4\n" + UEL
    facts = examined(job, FOUND)
    assert (facts.pages, facts.color_pages, facts.copies, facts.document_format) == (7, 2, 3, PDF)
    more = examined(job + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + PS + UEL, FOUND)
    assert more.pages == 8


def test_a_second_part_that_nobody_looked_at_makes_the_job_unknown() -> None:
    part = HEADER + b"@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4\n" + UEL
    facts = examined(part + part, FOUND)
    assert facts.pages is None
    assert facts.unknown


def test_a_uel_within_hides_nothing() -> None:
    facts = examined(b"%PDF-1.4\n" + UEL + PS, FOUND)
    assert facts.pages == 8


def test_facts_are_joined_with_the_pjl_before_them() -> None:
    facts = in_job(HEADER + b"@PJL ENTER LANGUAGE=PDF\r\n", FOUND)
    assert (facts.pages, facts.copies, facts.sides) == (7, 3, "two-sided-long-edge")
    assert in_job(b" \r\n", FOUND) is FOUND
