"""For which sheet a document is converted: its ticket's, its own, its device's; never one that the device has not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.convert.formats import PDF, POSTSCRIPT, PWG_RASTER, TARGETS, URF
from ippgate.convert.layout import FINEST, USUAL, sheet_for
from ippgate.convert.sheet import Sheet
from ippgate.ipp import Attribute, Group, Resolution, Tag, Value
from ippgate.ipp.builder import Plain, attribute, collection
from ippgate.ipp.registry import PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities, read
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.property.model.printers import recorded

A4, A3, LETTER = "iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in"
DOTS = (Resolution(150, 150), Resolution(300, 300), Resolution(600, 600), Resolution(1200, 1200), Resolution(600, 300))
USUALLY = {
    A.MEDIA_SUPPORTED: (A4, A3, LETTER),
    A.MEDIA_DEFAULT: LETTER,
    A.SIDES_SUPPORTED: ("one-sided", "two-sided-long-edge", "two-sided-short-edge"),
    A.SIDES_DEFAULT: "two-sided-long-edge",
    A.PRINT_COLOR_MODE_SUPPORTED: ("auto", "color", "monochrome"),
    A.PRINT_COLOR_MODE_DEFAULT: "auto",
    A.COLOR_SUPPORTED: True,
    A.PRINT_QUALITY_SUPPORTED: tuple(PrintQuality),
    A.PRINTER_RESOLUTION_SUPPORTED: DOTS,
    A.PRINTER_RESOLUTION_DEFAULT: Resolution(300, 300),
    A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED: DOTS,
    A.PWG_RASTER_DOCUMENT_SHEET_BACK: "rotated",
    A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED: ("black_1", "sgray_8", "srgb_8"),
}
URF_WORDS = ("V1.4", "CP1", "W8", "SRGB24", "RS300-600", "DM2")


def device(**says: Plain | tuple[Plain, ...] | None) -> Capabilities:
    """A device that says something else than usually; None: nothing of it. Underscores are hyphens."""
    told = {**USUALLY, **{name.replace("_", "-"): said for name, said in says.items()}}
    group = Group(Tag.PRINTER)
    for name, said in told.items():
        if said is not None:
            group.add(attribute(name, *(said if type(said) is tuple else (said,))))
    words = tuple(Value(Tag.KEYWORD, word.encode()) for word in URF_WORDS)
    return read([*group, Attribute(A.URF_SUPPORTED, words)])


def sheet(
    *asked: Attribute,
    target: str = PWG_RASTER,
    facts: DocumentFacts | None = None,
    able: Capabilities | None = None,
) -> Sheet:
    return sheet_for(target, asked, able or device(), facts)


def size(x: int, y: int) -> dict[str, int]:
    return {A.X_DIMENSION: x, A.Y_DIMENSION: y}


# ── paper ──

OF_A3 = DocumentFacts(pages=3, media=(MediaUse(21000, 29700, 1), MediaUse(29692, 41980, 2)))


@pytest.mark.parametrize(
    ("asked", "facts", "media"),
    [
        (attribute(A.MEDIA, A4), OF_A3, A4),
        (collection({A.MEDIA_SIZE: size(21000, 29700)}, A.MEDIA_COL), OF_A3, A4),
        (collection({A.MEDIA_SIZE: size(20990, 29704)}, A.MEDIA_COL), None, A4),
        (collection({A.MEDIA_SIZE_NAME: A3}, A.MEDIA_COL), None, A3),
        (collection({A.MEDIA_TYPE: "stationery"}, A.MEDIA_COL), OF_A3, A3),
        (attribute(A.MEDIA, "iso_a5_148x210mm"), OF_A3, A3),
        (attribute(A.MEDIA, "tray-7"), None, LETTER),
        (attribute(A.COPIES, 2), OF_A3, A3),
        (attribute(A.COPIES, 2), DocumentFacts(media=(MediaUse(42000, 29700, 1),)), A3),
        (attribute(A.COPIES, 2), DocumentFacts(media=(MediaUse(10000, 10000, 1),)), LETTER),
        (attribute(A.COPIES, 2), DocumentFacts(), LETTER),
    ],
)
def test_paper_is_what_is_asked_for_else_the_documents_own_else_the_devices(
    asked: Attribute | Value, facts: DocumentFacts | None, media: str
) -> None:
    ticket = asked if isinstance(asked, Attribute) else Attribute(A.MEDIA_COL, (asked,))
    assert sheet(ticket, facts=facts).media == media


# ── ink ──

GREY = DocumentFacts(pages=1, color_pages=0)
COLORFUL = DocumentFacts(pages=2, color_pages=1)
MONOCHROME = attribute(A.PRINT_COLOR_MODE, "monochrome")


@pytest.mark.parametrize(
    ("asked", "says", "facts", "color"),
    [
        ((), {}, COLORFUL, True),
        ((), {}, None, True),
        ((), {}, GREY, False),
        ((MONOCHROME,), {}, COLORFUL, False),
        ((), {"print_color_mode_default": "monochrome"}, COLORFUL, False),
        ((attribute(A.PRINT_COLOR_MODE, "color"),), {"print_color_mode_default": "monochrome"}, COLORFUL, True),
        ((), {"color_supported": False}, COLORFUL, False),
        ((MONOCHROME,), {"pwg_raster_document_type_supported": "srgb_8"}, COLORFUL, True),
        ((), {"pwg_raster_document_type_supported": ("black_1", "sgray_8")}, COLORFUL, False),
        ((), {"pwg_raster_document_type_supported": "black_1"}, COLORFUL, True),
        ((), {"pwg_raster_document_type_supported": None}, COLORFUL, True),
    ],
)
def test_colour_is_made_where_there_is_some_to_print(
    asked: tuple[Attribute, ...], says: dict[str, Plain], facts: DocumentFacts | None, color: bool
) -> None:
    assert sheet(*asked, facts=facts, able=device(**says)).color is color


# ── dots ──

QUALITY = {quality: attribute(A.PRINT_QUALITY, quality) for quality in PrintQuality}


@pytest.mark.parametrize(
    ("asked", "says", "dots"),
    [
        ((), {}, 300),
        ((), {"printer_resolution_default": Resolution(600, 600)}, 600),
        ((), {"printer_resolution_default": Resolution(1200, 1200)}, 300),
        ((attribute(A.PRINTER_RESOLUTION, Resolution(1200, 1200)),), {}, 1200),
        ((attribute(A.PRINTER_RESOLUTION, Resolution(600, 300)),), {}, 300),
        ((QUALITY[PrintQuality.DRAFT],), {}, 150),
        ((QUALITY[PrintQuality.NORMAL],), {}, 300),
        ((QUALITY[PrintQuality.HIGH],), {}, FINEST),
        ((), {"pwg_raster_document_resolution_supported": Resolution(1200, 1200)}, 1200),
        ((), {"pwg_raster_document_resolution_supported": Resolution(200, 200)}, 200),
        ((), {"pwg_raster_document_resolution_supported": Resolution(118, 118, 4)}, 300),
        ((), {"pwg_raster_document_resolution_supported": Resolution(50, 50)}, USUAL),
        ((), {"pwg_raster_document_resolution_supported": None}, USUAL),
    ],
)
def test_resolution_is_one_that_the_device_takes(
    asked: tuple[Attribute, ...], says: dict[str, Plain], dots: int
) -> None:
    assert sheet(*asked, able=device(**says)).resolution == dots


# ── sides, and the rest ──


def test_sides_are_what_is_asked_for_else_the_devices() -> None:
    assert sheet().sides == "two-sided-long-edge"
    assert sheet(attribute(A.SIDES, "two-sided-short-edge")).sides == "two-sided-short-edge"
    simplex = device(sides_supported="one-sided", sides_default="one-sided")
    assert sheet(attribute(A.SIDES, "two-sided-long-edge"), able=simplex).sides == "one-sided"
    odd = device(sides_supported="three-sided", sides_default="three-sided")
    assert sheet(attribute(A.SIDES, "three-sided"), able=odd).sides == "one-sided"


def test_each_raster_has_its_own_words_for_the_back_and_the_dots() -> None:
    assert (sheet().sheet_back, sheet(target=URF).sheet_back) == ("rotated", "flipped")
    assert sheet(target=URF, able=device(printer_resolution_default=Resolution(150, 150))).resolution == 300
    assert sheet(QUALITY[PrintQuality.HIGH], target=URF).resolution == 600
    for target in (PDF, POSTSCRIPT):
        assert sheet(MONOCHROME, target=target).color is False


def test_of_a_device_that_never_said_anything_the_usual_is_supposed() -> None:
    assert sheet_for(PDF, (), None, None) == Sheet(A4, resolution=600)


PRINTERS = {name: read(group) for name, group in recorded().items()}
TICKETS = st.lists(
    st.sampled_from(
        [
            attribute(A.MEDIA, A3),
            attribute(A.MEDIA, "na_index-4x6_4x6in"),
            attribute(A.PRINT_COLOR_MODE, "process-monochrome"),
            attribute(A.PRINTER_RESOLUTION, Resolution(4800, 1200)),
            attribute(A.SIDES, "two-sided-short-edge"),
            *QUALITY.values(),
        ]
    )
)


@given(st.sampled_from(sorted(PRINTERS)), TICKETS, st.sampled_from(TARGETS))
def test_a_real_printers_sheet_is_one_of_its_own(name: str, ticket: list[Attribute], target: str) -> None:
    able = PRINTERS[name]
    chosen = sheet_for(target, ticket, able, None)
    assert chosen.media in {one.name for one in able.media.sizes}
    assert chosen == sheet_for(target, ticket, able, None)
    assert str(chosen).startswith(f"{chosen.media} ")
