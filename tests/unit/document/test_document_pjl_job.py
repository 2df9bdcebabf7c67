"""Jobs for raw connections: PJL and all parts behind it, in any language; hostile lines count for nothing."""

import pytest

from ippgate.document.examination import Examination
from ippgate.document.examiner import Examiner
from ippgate.document.pjl_job import MAX_LINE, PjlJobExaminer
from ippgate.document.postscript import PostScriptExaminer
from ippgate.document.text import TextExaminer
from ippgate.ipp.registry import Finishings
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.unit.document import xl
from tests.unit.document.feeding import cut_everywhere, examined

UEL = b"\x1b%-12345X"
PCL = b"@PJL ENTER LANGUAGE=PCL\r\n"
PCL_XL = b"@PJL ENTER LANGUAGE = PCLXL\n"
POSTSCRIPT = b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n"
PAGES = b"one\ftwo\f"
SCRIPT = b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\nshowpage\n%%Trailer\n%%EOF\n"
RED = xl.op("SetColorSpace", ColorSpace=xl.RGB) + xl.op("SetBrushSource", RGBColor=b"\xff\0\0") + xl.op("Rectangle")


def inner(document_format: str) -> Examiner | None:
    known: dict[str, type[Examiner]] = {"application/postscript": PostScriptExaminer, "text/plain": TextExaminer}
    return known[document_format]() if document_format in known else None


def found(document: bytes, step: int | None = None) -> DocumentFacts:
    return examined(lambda: PjlJobExaminer(inner), document, step)


def job(*lines: bytes, enter: bytes = PCL, document: bytes = PAGES) -> bytes:
    return UEL + b"".join(b"@PJL " + line + b"\r\n" for line in lines) + enter + document + UEL


def test_document_within_pjl_is_found_and_named() -> None:
    facts = found(job(b'JOB NAME = "Report" DISPLAY="x"', b"SET COPIES=3", b"SET DUPLEX=ON") + b"@PJL EOJ\r\n" + UEL)
    assert (facts.document_format, facts.pages, facts.unknown) == ("application/vnd.hp-PCL", 2, "")
    assert (facts.title, facts.copies, facts.sides) == ("Report", 3, "two-sided-long-edge")


@pytest.mark.parametrize("step", [1, 2, 5, 64])
def test_any_split_finds_the_same(step: int) -> None:
    document = (
        job(b"SET QTY=2") + job(enter=PCL_XL, document=xl.document(xl.page(RED))) + job(enter=b"", document=SCRIPT)
    )
    assert found(document, step) == found(document)
    assert found(document).pages == 4


def test_parts_in_several_languages_all_count() -> None:
    document = (
        job()
        + job(enter=PCL_XL, document=xl.document(xl.page(RED), xl.page()))
        + job(enter=POSTSCRIPT, document=SCRIPT)
    )
    facts = found(document)
    assert (facts.pages, facts.document_format) == (5, "application/octet-stream")


def test_part_without_pages_does_not_change_the_format() -> None:
    facts = found(job(document=b"\x1bE") + job(enter=PCL_XL, document=xl.document(xl.page())))
    assert (facts.pages, facts.document_format) == (1, "application/vnd.hp-PCLXL")


def test_early_uel_hides_no_pages() -> None:
    assert found(b"one\f" + UEL + b"two\f" + UEL + UEL + b"@PJL\r\n" + b"\x1bEthree\f").pages == 3
    assert found(job(document=b"\x1bEone\f") + b"\x1bEtwo\f").pages == 2
    assert found(SCRIPT + UEL + SCRIPT + UEL + job()).pages == 4


def test_uel_within_a_payload_ends_nothing() -> None:
    hidden = UEL + b"@PJL EOJ\r\n"
    raster = b"\x1b*r1A\x1b*b%dW%b\x1b*rB" % (len(hidden), hidden)
    assert found(job(document=b"\x1bE" + raster + b"\f\f\f")).pages == 3
    assert found(job(enter=PCL_XL, document=xl.document(xl.page(b"\x50" + xl.data(hidden)), xl.page()))).pages == 2


def test_document_that_begins_without_pjl_is_read_to_its_end() -> None:
    facts = found(b"\x1bE" + PAGES + job(b"SET COPIES=2"))
    assert (facts.pages, facts.copies) == (6, 1)  # two, and two twice


@pytest.mark.parametrize(
    ("lines", "copies"),
    [
        ([], None),
        ([b"SET COPIES=3"], 3),
        ([b"set copies = 3"], 3),
        ([b"SET QTY=4"], 4),
        ([b"SET QTY=4", b"SET COPIES=3"], 12),
        ([b"DEFAULT COPIES=5"], 5),
        ([b"DEFAULT COPIES=5", b"SET COPIES=2"], 2),
        ([b"SET LPARM : PCL COPIES=6"], 6),
        ([b"SET COPIES=7", b"RESET"], None),
        ([b"SET COPIES=7", b'JOB NAME="x"'], None),
        ([b"DEFAULT COPIES=5", b"RESET"], 5),
        ([b"SET COPIES=0"], None),
        ([b"SET COPIES=-1"], None),
        ([b"SET COPIES=\xd9\xa3"], None),
        ([b"SET COPIES=99999999999999999999"], 1_000_000),
        ([b'COMMENT "@PJL SET COPIES=9"'], None),
    ],
)
def test_copies(lines: list[bytes], copies: int | None) -> None:
    assert found(job(*lines)).copies == copies


def test_copies_of_the_language_go_before_those_of_pjl_and_quantity_multiplies() -> None:
    document = b"\x1b&l3X" + PAGES
    assert found(job(b"SET COPIES=9", document=document)).copies == 3
    assert found(job(b"SET QTY=2", b"SET COPIES=9", document=document)).copies == 6


@pytest.mark.parametrize(
    ("lines", "sides"),
    [
        ([b"SET DUPLEX=OFF"], "one-sided"),
        ([b"SET DUPLEX=ON", b"SET BINDING=LONGEDGE"], "two-sided-long-edge"),
        ([b"SET BINDING=SHORTEDGE", b"SET DUPLEX=ON"], "two-sided-short-edge"),
        ([b"SET BINDING=SHORTEDGE"], None),
        ([b"SET DUPLEX=MAYBE"], None),
    ],
)
def test_sides(lines: list[bytes], sides: str | None) -> None:
    assert found(job(*lines)).sides == sides
    assert found(job(*lines, document=b"\x1b&l2S" + PAGES)).sides == "two-sided-short-edge"  # the language says


def test_grayscale_prints_no_page_in_colour() -> None:
    red = {"enter": PCL_XL, "document": xl.document(xl.page(RED))}
    assert found(job(**red)).color_pages == 1
    assert found(job(b"SET RENDERMODE=COLOR", **red)).color_pages == 1
    assert found(job(b"SET RENDERMODE=GRAYSCALE", **red)).color_pages == 0


@pytest.mark.parametrize(
    ("lines", "finishings"),
    [
        ([b"SET FINISH=STAPLE"], (Finishings.STAPLE,)),
        ([b"SET STAPLE=LEFTTOP", b"SET PUNCH=TWO"], (Finishings.STAPLE, Finishings.PUNCH)),
        ([b"SET FINISH=NONE", b"SET STAPLE=OFF"], ()),
    ],
)
def test_finishings(lines: list[bytes], finishings: tuple[int, ...]) -> None:
    assert found(job(*lines)).finishings == finishings


def test_paper_of_pjl_is_that_of_a_language_that_names_none() -> None:
    assert found(job(b"SET PAPER=A4")).media == (MediaUse(21000, 29700, 2),)
    assert found(job(b"SET PAPER=A4", document=b"\x1b&l2A" + PAGES)).media == (MediaUse(21590, 27940, 2),)
    assert found(job(b"SET PAPER=LETTER", document=b"line\r\n" * 61)).pages == 2
    assert found(job(b"SET PAPER=A4", document=b"line\r\n" * 61)).pages == 1


def test_media_are_those_of_all_parts() -> None:
    document = job(b"SET PAPER=A4") + job(b"SET PAPER=A3", b"SET QTY=2")
    facts = found(document)
    assert (facts.pages, facts.copies) == (6, 1)
    assert facts.media == (MediaUse(21000, 29700, 2), MediaUse(29700, 42000, 4))


def test_title_is_plain_text() -> None:
    facts = found(job(b'JOB NAME="a\x1b[31m\xe2\x80\xae\x07b' + b"c" * 500 + b'"'))
    assert facts.title.startswith("a[31mbc")
    assert len(facts.title) <= 127
    assert found(job(b'SET JOBNAME="late"')).title == "late"
    assert found(job(b'JOB NAME="first"', b'SET JOBNAME="second"')).title == "first"


def test_language_is_told_by_its_octets_when_no_line_names_it() -> None:
    assert found(job(enter=b"", document=b"\x1bE" + PAGES)).document_format == "application/vnd.hp-PCL"
    assert found(job(enter=b"@PJL ENTER LANGUAGE=AUTO\n", document=SCRIPT)).document_format == "application/postscript"
    assert found(job(enter=b"", document=xl.document(xl.page()))).pages == 1


def test_named_language_is_believed() -> None:
    facts = found(job(document=SCRIPT))  # a device prints it as text
    assert (facts.document_format, facts.pages) == ("application/vnd.hp-PCL", 1)
    assert found(job(enter=PCL_XL, document=SCRIPT)).unknown == "it does not begin as PCL XL does"
    assert found(job(document=b"@PJL SET COPIES=9\f")).copies is None  # text, behind ENTER LANGUAGE


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (job(enter=b"@PJL ENTER LANGUAGE=ZJS\n"), "its language is not read: ZJS"),
        (job(enter=b"@PJL ENTER LANGUAGE=PNG\n"), "its language is not read: PNG"),
        (job(enter=b"", document=b"\xff\xfe\0\1nonsense"), "its format is not recognised"),
        (
            UEL + b'@PJL FSDOWNLOAD FORMAT:BINARY SIZE=9 NAME="0:/x"\r\n' + PAGES,
            "its PJL sends something else than a document (FSDOWNLOAD)",
        ),
        (
            job() + job(enter=PCL_XL, document=xl.HEADER + b"\x41\x43"),
            "part 2 of the job: cut short before the end of its first page",
        ),
    ],
)
def test_what_is_not_read_is_unknown(document: bytes, reason: str) -> None:
    for step in (None, 1):
        facts = found(document, step)
        assert (facts.pages, facts.color_pages, facts.media, facts.unknown) == (None, None, (), reason)


def test_lines_longer_than_any_driver_writes_are_cut() -> None:
    long = b"COMMENT " + b"x" * (3 * MAX_LINE) + b"@PJL SET COPIES=9"
    for step in (1000, None):
        facts = found(job(long, b"SET QTY=2"), step)
        assert (facts.pages, facts.copies) == (2, 2)


def test_thousands_of_parts_cost_no_memory_and_all_count() -> None:
    assert found(job() * 2000, 4096).pages == 4000
    assert found((UEL + b"x\f") * 2000).pages == 2000


def test_form_feed_between_pjl_and_the_document_is_a_page() -> None:
    assert found(UEL + b"@PJL\r\n\f\x1bE" + PAGES).pages == 3


def test_job_without_a_document_has_no_pages() -> None:
    facts = found(UEL + b"@PJL INFO ID\r\n" + UEL)
    assert (facts.pages, facts.document_format, facts.unknown) == (0, None, "")


def test_job_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    document = job(b"SET COPIES=2", enter=PCL_XL, document=xl.document(xl.page(RED)))
    start = document.index(xl.HEADER)
    end = document.rindex(UEL)
    for at, facts in enumerate(cut_everywhere(lambda: PjlJobExaminer(inner), document)):
        if start + len(xl.HEADER) < at < end:
            assert facts.unknown.startswith("cut short"), at


def test_examination_hands_such_jobs_on() -> None:
    facts = examined(Examination, b"\x1bE" + PAGES + job(b"SET COPIES=2"))
    assert (facts.document_format, facts.pages) == ("application/vnd.hp-PCL", 6)
    assert examined(Examination, job(enter=PCL_XL, document=xl.document(xl.page(RED)))).color_pages == 1
