"""What a device is asked for: only what it lists, value by value."""

from pathlib import Path
from uuid import uuid4

import pytest

from ippgate.ipp import NO_VALUE, Attribute, Group, Range, Resolution, Tag, Value, attribute, decode
from ippgate.ipp.builder import Plain
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.finishing import collected
from ippgate.model.parcel import Parcel, Refused
from ippgate.transport.ipp_ticket import KEPT_BACK, format_for, ticket_for

RECORDINGS = Path(__file__).parents[2] / "data" / "printers"

MEDIA_SIZES = attribute(
    A.MEDIA_SIZE_SUPPORTED,
    {A.X_DIMENSION: 21000, A.Y_DIMENSION: 29700},
    {A.X_DIMENSION: Range(10000, 20000), A.Y_DIMENSION: Range(10000, 30000)},
    tag=Tag.BEG_COLLECTION,
)
DEVICE = Group(
    Tag.PRINTER,
    [
        attribute(A.COPIES_SUPPORTED, Range(1, 99)),
        attribute(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge"),
        attribute(A.MEDIA_SUPPORTED, "iso_a4_210x297mm", "custom"),
        attribute(A.PRINT_QUALITY_SUPPORTED, 4, 5),
        attribute(A.FINISHINGS_SUPPORTED, 3, 4, 20),
        attribute(A.NUMBER_UP_SUPPORTED, Value(Tag.INTEGER, b"\0\0\0\1"), Value(Tag.RANGE, b"\0\0\0\4\0\0\0\10")),
        attribute(A.PRINTER_RESOLUTION_SUPPORTED, Resolution(600, 600), Resolution(300, 300)),
        attribute(A.PAGE_RANGES_SUPPORTED, True),
        attribute(A.JOB_PAGES_PER_SET_SUPPORTED, False),
        attribute(A.MEDIA_COL_SUPPORTED, A.MEDIA_SIZE, A.MEDIA_TYPE, A.MEDIA_TOP_MARGIN),
        attribute(A.MEDIA_TYPE_SUPPORTED, "stationery", "labels"),
        MEDIA_SIZES,
        attribute(A.OUTPUT_BIN_SUPPORTED, "face-down", Value(Tag.NAME, b"Bin 5")),
        attribute(A.JOB_HOLD_UNTIL_SUPPORTED, "no-hold", "indefinite"),
        attribute(A.JOB_PRIORITY_SUPPORTED, 100),
        attribute(A.DOCUMENT_FORMAT_SUPPORTED, "application/pdf"),
    ],
)


def parcel(*template: Attribute) -> Parcel:
    return Parcel(1, uuid4(), "a", "b", "application/pdf", template)


def media_col(**members: object) -> Attribute:
    named = {name.replace("_", "-"): value for name, value in members.items()}
    return attribute(A.MEDIA_COL, named)  # type: ignore[arg-type]


A4 = {A.X_DIMENSION: 21000, A.Y_DIMENSION: 29700}

GOES_OUT = [
    attribute(A.COPIES, 99),
    attribute(A.SIDES, "two-sided-long-edge"),
    attribute(A.MEDIA, "iso_a4_210x297mm"),
    attribute(A.PRINT_QUALITY, 5),
    attribute(A.FINISHINGS, 4, 20),
    attribute(A.NUMBER_UP, 1),
    attribute(A.NUMBER_UP, 6),
    attribute(A.PRINTER_RESOLUTION, Resolution(600, 600)),
    attribute(A.PAGE_RANGES, Range(1, 3), Range(7, 9)),
    attribute(A.OUTPUT_BIN, Value(Tag.NAME, b"Bin 5")),
    Attribute(A.OUTPUT_BIN, (Value(Tag.NAME_LANG, b"\0\2en\0\5Bin 5"),)),
    media_col(media_size=A4, media_type="labels"),
    media_col(media_size={A.X_DIMENSION: 15000, A.Y_DIMENSION: 10000}),
    media_col(media_top_margin=500),
]


@pytest.mark.parametrize("asked", GOES_OUT, ids=lambda item: item.name)
def test_what_the_device_lists_goes_out_as_it_is(asked: Attribute) -> None:
    ticket = ticket_for(DEVICE, parcel(asked))
    assert ticket.attributes == (asked,)
    assert ticket.dropped == ()


STAYS_BEHIND = [
    attribute(A.COPIES, 100),
    attribute(A.SIDES, "two-sided-short-edge"),
    attribute(A.MEDIA, "na_letter_8.5x11in"),
    attribute(A.PRINT_QUALITY, 3),
    attribute(A.NUMBER_UP, 2),
    attribute(A.PRINTER_RESOLUTION, Resolution(1200, 1200)),
    attribute(A.JOB_PAGES_PER_SET, 2),
    attribute(A.PRINT_COLOR_MODE, "color"),
    attribute(A.ORIENTATION_REQUESTED, 4),
    attribute(A.FINISHINGS, 5),
    Attribute(A.COPIES, (Value(Tag.KEYWORD, b"1"),)),
    Attribute(A.COPIES, (Value(Tag.BOOLEAN, b"\1"),)),
    Attribute(A.COPIES, (Value(Tag.INTEGER, b"\0"),)),
    Attribute(A.OUTPUT_BIN, (Value(Tag.NAME_LANG, b"\xff\xff"),)),
    Attribute(A.SIDES, (NO_VALUE,)),
    Attribute(A.SIDES, (Value(Tag.BEG_COLLECTION, ()),)),
    Attribute("x-vendor-mode", (Value(Tag.KEYWORD, b"fast"),)),
    Attribute(A.DOCUMENT_FORMAT, (Value(Tag.MIME, b"application/pdf"),)),
]


@pytest.mark.parametrize("asked", STAYS_BEHIND, ids=lambda item: item.name)
def test_what_the_device_does_not_list_stays_behind_and_is_named(asked: Attribute) -> None:
    ticket = ticket_for(DEVICE, parcel(asked))
    assert ticket.attributes == ()
    assert ticket.dropped == (asked.name,)


def test_of_a_set_the_supported_values_go_out_and_the_name_is_told() -> None:
    ticket = ticket_for(DEVICE, parcel(attribute(A.FINISHINGS, 4, 5, 20)))
    assert ticket.attributes == (attribute(A.FINISHINGS, 4, 20),)
    assert ticket.dropped == (A.FINISHINGS,)


def test_of_a_collection_the_members_that_the_device_knows_go_out() -> None:
    asked = media_col(media_size=A4, media_type="photographic", media_color="blue", media_top_margin=0)
    ticket = ticket_for(DEVICE, parcel(asked))
    assert ticket.attributes == (media_col(media_size=A4, media_top_margin=0),)
    assert ticket.dropped == ("media-col/media-type", "media-col/media-color")


OVERRIDES = attribute(A.OVERRIDES_SUPPORTED, A.PAGES, A.MEDIA, A.SIDES)
FIRST_PAGE: dict[str, Plain] = {A.PAGES: Range(1, 1)}


def test_wishes_for_some_pages_go_out_to_a_device_that_tells_pages_apart() -> None:
    asked = attribute(
        A.OVERRIDES, {**FIRST_PAGE, A.MEDIA: "iso_a4_210x297mm"}, {A.PAGES: Range(2, 9), A.SIDES: "one-sided"}
    )
    assert ticket_for(Group(Tag.PRINTER, [*DEVICE, OVERRIDES]), parcel(asked)).attributes == (asked,)
    ticket = ticket_for(DEVICE, parcel(asked))
    assert (ticket.attributes, ticket.dropped) == ((), (A.OVERRIDES,))


@pytest.mark.parametrize(
    "members",
    [
        {**FIRST_PAGE, A.DOCUMENT_NUMBERS: Range(2, 2), A.SIDES: "one-sided"},  # it would count in every document
        {**FIRST_PAGE, A.SIDES: "two-sided-short-edge"},  # and here nothing is left to wish
        {**FIRST_PAGE, A.PRINT_QUALITY: 5},
    ],
)
def test_an_override_that_a_device_would_understand_otherwise_stays_behind(members: dict[str, Plain]) -> None:
    sound: dict[str, Plain] = {A.PAGES: Range(3, 3), A.SIDES: "one-sided"}
    ticket = ticket_for(Group(Tag.PRINTER, [*DEVICE, OVERRIDES]), parcel(attribute(A.OVERRIDES, members, sound)))
    assert ticket.attributes == (attribute(A.OVERRIDES, sound),)
    assert A.OVERRIDES in ticket.dropped


def test_a_collection_of_which_nothing_is_left_stays_behind() -> None:
    ticket = ticket_for(DEVICE, parcel(media_col(media_size={A.X_DIMENSION: 1, A.Y_DIMENSION: 1})))
    assert ticket.attributes == ()
    assert ticket.dropped == ("media-col/media-size", "media-col")


def test_media_and_media_col_never_go_out_together() -> None:
    ticket = ticket_for(DEVICE, parcel(attribute(A.MEDIA, "iso_a4_210x297mm"), media_col(media_type="labels")))
    assert [item.name for item in ticket.attributes] == [A.MEDIA_COL]
    assert ticket.dropped == (A.MEDIA,)


@pytest.mark.parametrize("name", sorted(KEPT_BACK))
def test_what_is_the_gates_own_business_is_never_sent_nor_called_dropped(name: str) -> None:
    device = Group(Tag.PRINTER, [Attribute(f"{name}-supported", (Value(Tag.BOOLEAN, b"\1"),))])
    ticket = ticket_for(device, parcel(Attribute(name, (Value(Tag.KEYWORD, b"indefinite"),))))
    assert (ticket.attributes, ticket.dropped) == ((), ())


def test_a_device_that_says_nothing_is_asked_for_nothing() -> None:
    ticket = ticket_for(Group(Tag.PRINTER), parcel(*GOES_OUT))
    assert ticket.attributes == ()
    assert set(ticket.dropped) == {item.name for item in GOES_OUT}


@pytest.mark.parametrize(
    ("formats", "document", "sent"),
    [
        (("application/pdf", "application/octet-stream"), "application/pdf", "application/pdf"),
        (("application/PDF",), "application/pdf", "application/pdf"),
        (("image/urf", "application/octet-stream"), "application/pdf", "application/octet-stream"),
        (("image/urf", "application/octet-stream"), "application/octet-stream", "application/octet-stream"),
        (("image/urf",), "application/octet-stream", None),
        ((), "application/pdf", "application/pdf"),
        ((), "application/octet-stream", None),
    ],
)
def test_the_format_is_named_as_the_device_knows_it(formats: tuple[str, ...], document: str, sent: str | None) -> None:
    listed = [attribute(A.DOCUMENT_FORMAT_SUPPORTED, *formats)] if formats else []
    assert format_for(Group(Tag.PRINTER, listed), document) == sent


def test_a_format_that_the_device_cannot_take_is_refused_with_those_it_can() -> None:
    device = Group(Tag.PRINTER, [attribute(A.DOCUMENT_FORMAT_SUPPORTED, "image/urf", "image/jpeg")])
    with pytest.raises(Refused, match="does not print application/pdf: it takes image/urf, image/jpeg"):
        format_for(device, "application/pdf")


def test_real_printers_get_the_part_of_a_rich_ticket_that_they_can_do() -> None:
    rich = parcel(
        attribute(A.COPIES, 2),
        attribute(A.SIDES, "two-sided-long-edge"),
        attribute(A.PRINT_COLOR_MODE, "color"),
        attribute(A.FINISHINGS, 4),
        attribute(A.PAGE_RANGES, Range(1, 2)),
        media_col(media_size=A4),
    )
    taken = {}
    for recording in RECORDINGS.iterdir():
        printer = decode(recording.read_bytes())[0].group(Tag.PRINTER)
        if printer is not None and A.COPIES_SUPPORTED in printer:
            name = recording.name.partition(".")[0].removeprefix("get-printer-attributes-")
            taken[name] = {item.name for item in ticket_for(printer, rich).attributes}
    everything = {A.COPIES, A.SIDES, A.PRINT_COLOR_MODE, A.PAGE_RANGES, A.MEDIA_COL}
    assert taken == {
        "Kyocera-ECOSYS-M2040dn-Printer-Attributes": everything - {A.PRINT_COLOR_MODE},
        "Xerox-B235-Printer-Attributes": everything - {A.PRINT_COLOR_MODE},
        "brother-mfcj5320dw": everything - {A.PAGE_RANGES},
        "epsonxp6000": everything - {A.PAGE_RANGES},
        "hp6830": everything,
    }


# ── finishings-col ──

WITH_TEMPLATES = Group(
    Tag.PRINTER,
    [
        *DEVICE,
        attribute(A.FINISHINGS_COL_SUPPORTED, "finishing-template"),
        Attribute(A.FINISHINGS_COL_DATABASE, (collected("staple"), collected("vendor-corner"))),
    ],
)
NOTHING = Group(Tag.PRINTER, [attribute(A.COPIES_SUPPORTED, Range(1, 99))])


def cols(*templates: str) -> Attribute:
    return Attribute(A.FINISHINGS_COL, tuple(map(collected, templates)))


@pytest.mark.parametrize(
    ("device", "asked", "sent", "dropped"),
    [
        (WITH_TEMPLATES, cols("staple", "vendor-corner"), (cols("staple", "vendor-corner"),), ()),
        (DEVICE, cols("staple", "staple-top-left"), (attribute(A.FINISHINGS, 4, 20),), ()),
        (DEVICE, cols("staple", "vendor-corner"), (attribute(A.FINISHINGS, 4),), (A.FINISHINGS_COL,)),
        (WITH_TEMPLATES, cols("staple", "staple-top-left"), (attribute(A.FINISHINGS, 4, 20),), ()),
        (WITH_TEMPLATES, cols("vendor-corner", "laminate"), (cols("vendor-corner"),), (A.FINISHINGS_COL,)),
        (DEVICE, cols("vendor-corner"), (), (A.FINISHINGS_COL,)),
        (NOTHING, cols("staple"), (), (A.FINISHINGS_COL,)),
    ],
)
def test_finishings_go_out_in_the_way_that_the_device_understands(
    device: Group, asked: Attribute, sent: tuple[Attribute, ...], dropped: tuple[str, ...]
) -> None:
    ticket = ticket_for(device, parcel(asked))
    assert (ticket.attributes, ticket.dropped) == (sent, dropped)


def test_finishings_never_go_out_twice() -> None:
    ticket = ticket_for(WITH_TEMPLATES, parcel(attribute(A.FINISHINGS, 4), cols("staple")))
    assert (ticket.attributes, ticket.dropped) == ((cols("staple"),), (A.FINISHINGS,))
