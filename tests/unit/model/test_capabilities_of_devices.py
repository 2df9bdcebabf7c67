"""What real printers say of themselves, as what they can be asked for; and several of them as one."""

from uuid import UUID

import pytest

from ippgate.ipp import Attribute, Group, Resolution, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.capabilities import (
    PJL,
    RAW,
    SAFE,
    Between,
    Capabilities,
    Choice,
    Ranges,
    Rule,
    capabilities_of,
    intersection,
    read,
    union,
    urf,
)
from ippgate.model.capabilities.overrides import Overrides
from ippgate.model.capabilities.words import rule_in_words, value_in_words
from ippgate.model.device import Device, DeviceReport
from tests.property.model.printers import recorded

KYOCERA = "Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp"
XEROX = "Xerox-B235-Printer-Attributes.ipp"
BROTHER = "get-printer-attributes-brother-mfcj5320dw.bin"
EPSON = "get-printer-attributes-epsonxp6000.bin"
HP = "get-printer-attributes-hp6830.bin"


@pytest.fixture(scope="module")
def printers() -> dict[str, Capabilities]:
    return {name: read(group) for name, group in recorded().items()}


def possible(able: Capabilities, name: str) -> list[object]:
    offer = able.offer(name)
    assert offer is not None
    assert isinstance(offer.rule, Choice)
    return [value.text or value.python for value in offer.rule.values]


def usual(able: Capabilities, name: str) -> object:
    offer = able.offer(name)
    assert offer is not None
    return offer.default[0].text or offer.default[0].python


# ── one ──


def by_page(able: Capabilities) -> tuple[list[str], dict[str, Rule]]:
    """What may differ from page to page: selectors, and the rules of wishes."""
    offer = able.offer(A.OVERRIDES)
    assert offer is not None
    assert isinstance(offer.rule, Overrides)
    return list(offer.rule.selectors), dict(offer.rule.rules)


def overriding(*names: str) -> Capabilities:
    sides = attribute(A.SIDES_SUPPORTED, "one-sided", *(["two-sided-long-edge"] if A.SIDES in names else []))
    return read([sides, attribute(A.OVERRIDES_SUPPORTED, *names)])


def test_what_may_differ_from_page_to_page_is_what_a_device_says_and_can_be_asked_for() -> None:
    able = overriding(A.PAGES, A.DOCUMENT_COPIES, A.SIDES, A.MEDIA, A.JOB_PASSWORD)
    selectors, rules = by_page(able)
    assert (selectors, list(rules)) == ([A.PAGES, A.DOCUMENT_COPIES], [A.SIDES, A.MEDIA])
    assert rules[A.SIDES] is able.offer(A.SIDES).rule  # type: ignore[union-attr]


@pytest.mark.parametrize("names", [(A.MEDIA,), (A.DOCUMENT_NUMBERS, A.MEDIA), (A.PAGES,), (A.PAGES, "x-glitter")])
def test_a_device_that_cannot_tell_pages_apart_or_change_anything_offers_no_overrides(names: tuple[str, ...]) -> None:
    assert overriding(*names).offer(A.OVERRIDES) is None


def test_a_raw_device_offers_no_overrides() -> None:
    assert [able.offer(A.OVERRIDES) for able in (RAW, PJL)] == [None, None]


def test_of_several_devices_overrides_are_what_all_or_any_of_them_can() -> None:
    one, other = overriding(A.PAGES, A.SIDES, A.MEDIA), overriding(A.PAGES, A.DOCUMENT_NUMBERS, A.MEDIA)
    selectors, rules = by_page(intersection([one, other]))
    assert (selectors, list(rules)) == ([A.PAGES], [A.MEDIA])
    selectors, rules = by_page(union([one, other]))
    assert (selectors, list(rules)) == ([A.PAGES, A.DOCUMENT_NUMBERS], [A.SIDES, A.MEDIA])
    assert intersection([one, PJL]).offer(A.OVERRIDES) is None
    assert union([one, PJL]).offer(A.OVERRIDES) is not None


def test_banner_pages_are_offered_where_a_device_has_them() -> None:
    """A CUPS queue tells its banners as names."""
    cups = read([Attribute(A.JOB_SHEETS_SUPPORTED, (Value(Tag.NAME, b"none"), Value(Tag.NAME, b"standard")))])
    assert possible(cups, A.JOB_SHEETS) == ["none", "standard"]
    assert possible(read([]), A.JOB_SHEETS) == possible(PJL, A.JOB_SHEETS) == ["none"]
    assert possible(intersection([cups, read([])]), A.JOB_SHEETS) == ["none"]
    assert possible(union([cups, read([])]), A.JOB_SHEETS) == ["none", "standard"]
    assert usual(cups, A.JOB_SHEETS) == "none"


def test_a_real_printer_offers_what_it_says(printers: dict[str, Capabilities]) -> None:
    kyocera = printers[KYOCERA]
    assert possible(kyocera, A.PRINT_COLOR_MODE) == ["monochrome", "auto", "auto-monochrome"]
    assert possible(kyocera, A.OUTPUT_BIN) == ["top", "face-down", "auto"]
    assert possible(kyocera, A.PRINTER_RESOLUTION) == [Resolution(600, 600)]
    assert usual(kyocera, A.PRINT_COLOR_MODE) == "monochrome"
    assert usual(kyocera, A.MEDIA) == "iso_a4_210x297mm"
    assert (copies := kyocera.offer(A.COPIES)) is not None
    assert copies.rule == Between(1, 999)
    assert kyocera.fact(A.COLOR_SUPPORTED) == attribute(A.COLOR_SUPPORTED, False)
    assert kyocera.preferred_format == "application/pdf"
    assert "image/tiff" in kyocera.formats
    assert possible(printers[XEROX], A.NUMBER_UP) == [1, 2, 3, 4, 6, 9, 12, 16]
    assert possible(printers[HP], A.PRINT_QUALITY) == [3, 4, 5]


def test_paper_is_what_is_there_and_what_is_loaded(printers: dict[str, Capabilities]) -> None:
    epson, xerox, brother = printers[EPSON].media, printers[XEROX].media, printers[BROTHER].media
    assert [size.name for size in epson.ready] == ["na_letter_8.5x11in", "na_index-4x6_4x6in", "disc_12cm_18x120mm"]
    assert (xerox.types[0], xerox.sources[:2]) == ("stationery", ("auto", "tray-1"))
    assert brother.margins.bottom == (300, 0, 2200, 1200)
    assert not any(size.name.startswith("custom") for able in printers.values() for size in able.media.sizes)


def test_what_a_printer_does_not_say_it_cannot_be_asked_for(printers: dict[str, Capabilities]) -> None:
    assert printers[BROTHER].offer(A.PAGE_RANGES) is None
    assert (pages := printers[HP].offer(A.PAGE_RANGES)) is not None
    assert pages.rule == Ranges()
    assert possible(printers[KYOCERA], A.NUMBER_UP) == [1]


@pytest.mark.parametrize("file", sorted(recorded()))
def test_every_recording_is_read_even_those_that_are_no_description(
    printers: dict[str, Capabilities], file: str
) -> None:
    able = printers[file]
    assert able.template_names()[:4] == [A.COPIES, A.FINISHINGS, A.JOB_ACCOUNT_ID, A.JOB_CANCEL_AFTER]
    assert usual(able, A.SIDES) == "one-sided"
    assert able.formats[0] == "application/octet-stream"


def test_what_is_written_wrongly_is_passed_over() -> None:
    def keywords(*words: bytes) -> tuple[Value, ...]:
        return tuple(Value(Tag.KEYWORD, word) for word in words)

    number = Value(Tag.INTEGER, b"\0\0\0\1")
    wrong = [
        Attribute(A.SIDES_SUPPORTED, (*keywords(b"\xff", b"two-sided-long-edge"), Value(Tag.INTEGER, b"\0"))),
        Attribute(A.COPIES_SUPPORTED, (Value(Tag.RANGE, bytes.fromhex("0000006300000001")),)),
        Attribute(A.FINISHINGS_SUPPORTED, (Value(Tag.ENUM, b"\0\0"), Value(Tag.ENUM, b"\xff\xff\xff\xff"))),
        Attribute(A.MEDIA_SUPPORTED, (*keywords(b"iso_a4_210x297mm", b"paper", b""), number)),
        Attribute(A.MEDIA_SOURCE_SUPPORTED, keywords(b"1", b"tray-2")),
        Attribute(A.DOCUMENT_FORMAT_SUPPORTED, (Value(Tag.MIME, b"pdf"), Value(Tag.MIME, b"IMAGE/URF"))),
        Attribute(A.PRINTER_RESOLUTION_SUPPORTED, (Value(Tag.RESOLUTION, bytes(9)),)),
    ]
    able = read(wrong)
    assert possible(able, A.SIDES) == ["two-sided-long-edge", "one-sided"]
    assert (copies := able.offer(A.COPIES)) is not None
    assert copies.rule == Between(1, 1)
    assert possible(able, A.FINISHINGS) == [3]
    assert possible(able, A.MEDIA) == ["iso_a4_210x297mm"]
    assert able.media.sources == ("auto", "tray-2")
    assert able.formats == ("application/octet-stream", "image/urf")
    assert able.offer(A.PRINTER_RESOLUTION) is None


def test_a_printer_that_says_nothing_does_one_copy_on_one_side() -> None:
    able = read([])
    assert [possible(able, name) for name in (A.SIDES, A.FINISHINGS, A.NUMBER_UP)] == [["one-sided"], [3], [1]]
    assert able.media.sizes == SAFE.media.sizes
    raster = ("image/pwg-raster", "image/urf")  # nobody knows how it is to be made
    assert able.formats == tuple(each for each in SAFE.formats if each not in raster)


# ── which of them ──


def device(uri: str, said: Group | None = None, *, pjl: bool = False) -> Device:
    return Device(1, UUID(int=1), "d", uri, pjl=pjl, report=DeviceReport(PrinterState.IDLE, attributes=said))


def test_a_device_is_judged_by_how_it_is_reached_and_what_it_said() -> None:
    assert capabilities_of(device("socket://d")) is RAW
    assert capabilities_of(device("lpd://d/q", pjl=True)) is PJL
    assert capabilities_of(device("ipp://d/ipp/print")) is None
    said = capabilities_of(device("ipps://d/ipp/print", recorded()[KYOCERA]))
    assert said is not None
    assert said.offer(A.MEDIA) is not None


def test_a_raw_device_can_be_asked_for_what_pjl_has_words_for_or_nothing() -> None:
    assert possible(PJL, A.SIDES) == ["one-sided", "two-sided-long-edge", "two-sided-short-edge"]
    assert possible(PJL, A.PRINT_COLOR_MODE) == ["auto", "color", "monochrome"]
    assert possible(PJL, A.FINISHINGS) == possible(RAW, A.FINISHINGS) == [3]
    assert possible(RAW, A.SIDES) == ["one-sided"]
    assert (copies := RAW.offer(A.COPIES)) is not None
    assert copies.rule == Between(1, 1)
    assert possible(RAW, A.MEDIA) == possible(SAFE, A.MEDIA)  # documents are laid out for paper all the same
    assert {A.MEDIA, A.MEDIA_COL} <= RAW.laid_out & PJL.laid_out


# ── several ──


def test_two_real_printers_have_this_in_common_and_this_in_sum(printers: dict[str, Capabilities]) -> None:
    both = [printers[KYOCERA], printers[HP]]
    common, total = intersection(both), union(both)
    shared = ("image/urf", "image/jpeg", "application/vnd.hp-PCL")
    assert common.formats == ("application/octet-stream", *shared)
    assert possible(common, A.PRINT_COLOR_MODE) == ["monochrome", "auto"]
    assert (common.fact(A.COLOR_SUPPORTED), total.fact(A.COLOR_SUPPORTED)) == (
        attribute(A.COLOR_SUPPORTED, False),
        attribute(A.COLOR_SUPPORTED, True),
    )
    assert (one := common.offer(A.COPIES)) is not None
    assert (other := total.offer(A.COPIES)) is not None
    assert (one.rule, other.rule) == (Between(1, 99), Between(1, 999))
    assert "color" in possible(total, A.PRINT_COLOR_MODE)
    assert usual(common, A.PRINT_COLOR_MODE) == "auto"
    assert common.media.margins.left[0] == 400
    assert "application/pdf" in total.formats


def test_a_raster_document_fits_devices_that_turn_the_back_of_a_sheet_alike(printers: dict[str, Capabilities]) -> None:
    alike, otherwise = [printers[KYOCERA], printers[XEROX]], [printers[KYOCERA], printers[EPSON]]
    for combine in (intersection, union):
        assert "image/pwg-raster" in combine(alike).formats
        at_odds = combine(otherwise)
        assert "image/pwg-raster" not in at_odds.formats
        assert at_odds.fact(A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED) is None


def test_nothing_is_said_of_no_devices() -> None:
    with pytest.raises(ValueError, match="no devices"):
        intersection([])


@pytest.mark.parametrize(
    ("several", "common", "total"),
    [
        ([["W8", "RS300-600", "DM1"], ["W8-16", "RS600", "DM1"]], ("W8", "RS600", "DM1"),
         ("W8-16", "RS300-600", "DM1")),
        ([["W8", "RS600", "DM1"], ["W8", "RS600", "DM3"]], ("W8", "RS600"), ("W8", "RS600")),
        ([["W8", "RS300"], ["W8", "RS600"]], (), ("W8", "RS300-600")),
        ([["W8", "RS600", "CP255", "V1.5"], ["SRGB24", "W8", "RS600", "CP1", "V1.4"]], ("W8", "RS600", "CP1", "V1.4"),
         ("W8", "RS600", "CP1", "V1.4", "SRGB24")),
        ([["RS600"], ["RS600"]], (), ()),
        ([["nonsense", "W8", "RS600"], ["W8", "RS600"]], ("W8", "RS600"), ("W8", "RS600")),
    ],
)  # fmt: skip
def test_apples_raster_has_words_in_common_and_in_sum(
    several: list[list[str]], common: tuple[str, ...], total: tuple[str, ...]
) -> None:
    assert urf.combined(several, common=True) == common
    assert urf.combined(several, common=False) == total


# ── in words ──


def test_values_and_rules_are_said_as_people_read_them() -> None:
    assert value_in_words(A.FINISHINGS, attribute(A.FINISHINGS, 20).first) == "staple-top-left"
    assert value_in_words(A.FINISHINGS, attribute(A.FINISHINGS, 999).first) == "999"
    assert (
        value_in_words(A.PRINTER_RESOLUTION, attribute(A.PRINTER_RESOLUTION, Resolution(300, 600)).first)
        == "300x600dpi"
    )
    assert value_in_words(A.SIDES, Value(Tag.KEYWORD, b"a\x1b[31m\nb")) == "a[31m b"
    assert value_in_words(A.COPIES, Value(Tag.INTEGER, b"\0")) == "nonsense"
    assert rule_in_words(A.COPIES, Between(1, 99)) == "1 to 99"
    assert rule_in_words(A.COPIES, Between(1, 1)) == "1"
    assert (media := SAFE.offer(A.MEDIA)) is not None
    assert rule_in_words(A.MEDIA, media.rule).endswith("and 8 more")
    assert rule_in_words(A.MEDIA_COL, SAFE.media) == "what media-col-supported says"


def test_a_default_that_no_decoder_lets_pass_is_passed_over() -> None:
    broken = Value(
        Tag.BEG_COLLECTION,
        (
            Attribute(A.MEDIA_TYPE, (Value(Tag.NAME_LANG, b""),)),
            Attribute(A.MEDIA_TOP_MARGIN, (Value(Tag.INTEGER, b"\1"),)),
        ),
    )
    told = [
        attribute(A.MEDIA_SUPPORTED, "iso_a4_210x297mm"),
        attribute(A.MEDIA_TOP_MARGIN_SUPPORTED, 300),
        Attribute(A.MEDIA_COL_DEFAULT, (broken,)),
    ]
    assert read(told).media.types[0] == "auto"
