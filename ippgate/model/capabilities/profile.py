"""The fixed safe profile: what nearly every office device does, so a job made for it prints wherever it is released.

Formats are the ones that go through untouched. What the gate itself decides (hold, priority) is its own to offer. What
devices differ in (stapling, punching, trays, borderless) is left out until a queue's devices are looked at.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ippgate.ipp import NO_VALUE, Range, Resolution, Tag, Value
from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import Finishings, OrientationRequested, PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.finishing import NONE, collected
from ippgate.model.capabilities.hold import HoldUntil, Moment
from ippgate.model.capabilities.media import Margins, MediaCol, MediaSize
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.overrides import Overrides
from ippgate.model.capabilities.rule import AnyName, Between, Choice, Ranges, Rule
from ippgate.model.hours import USUAL as USUAL_HOURS
from ippgate.model.until import (
    DELAYS,
    END_OF_DAY,
    END_OF_MONTH,
    END_OF_WEEK,
    HOLDS,
    INDEFINITE,
    NO_DELAY,
    NO_HOLD,
    RETAIN_NONE,
    RETENTIONS,
)

OCTET_STREAM: Final = "application/octet-stream"
MAX_COPIES: Final = 999
MAX_INTEGER: Final = 2**31 - 1
MONTH: Final = 31 * 86_400
"""Seconds: how long a client may have its ended jobs retained, where an operator does not say otherwise."""

_FORMATS = (
    OCTET_STREAM,
    "application/pdf",
    "image/pwg-raster",
    "image/urf",
    "image/jpeg",
    "application/postscript",
    "application/vnd.hp-PCL",
    "application/vnd.hp-PCLXL",
    "text/plain",
)
_SIZES = tuple(
    MediaSize.of(name)
    for name in (
        "iso_a4_210x297mm",
        "iso_a3_297x420mm",
        "iso_a5_148x210mm",
        "iso_a6_105x148mm",
        "iso_b5_176x250mm",
        "jis_b4_257x364mm",
        "jis_b5_182x257mm",
        "na_letter_8.5x11in",
        "na_legal_8.5x14in",
        "na_ledger_11x17in",
        "na_executive_7.25x10.5in",
        "na_invoice_5.5x8.5in",
        "na_index-4x6_4x6in",
        "iso_c5_162x229mm",
        "iso_dl_110x220mm",
        "na_number-10_4.125x9.5in",
    )
)
_READY = tuple(size for size in _SIZES if size.name in ("iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in"))
_MEDIA = MediaCol(
    sizes=_SIZES,
    ready=_READY,
    types=("stationery", "stationery-letterhead", "cardstock", "envelope", "labels", "transparency", "auto"),
    sources=("auto",),  # which trays there are is the device's to know
    margins=Margins.even(423),  # a sixth of an inch: the narrowest that old laser printers keep
)
_DOTS = (Resolution(300, 300), Resolution(600, 600))


def _offer(name: str, *possible: Plain, default: Plain | None = None) -> Offer:
    chosen = () if default is None else attribute(name, default).values
    return Offer(name, Choice(attribute(f"{name}-supported", *possible).values), chosen)


def _until(name: str, *keywords: str) -> Offer:
    return Offer(
        name, HoldUntil(Choice(attribute(f"{name}-supported", *keywords).values)), attribute(name, keywords[0]).values
    )


def retention(limit: int, *, indefinite: bool = False) -> tuple[Offer, ...]:
    """How long clients may have ended jobs retained (PWG 5100.7). limit: seconds; indefinite: beyond that, too."""
    periods = [name for name, seconds in _PERIODS.items() if seconds <= limit]
    keywords = (RETAIN_NONE, *periods, *([INDEFINITE] if indefinite else []))
    return (
        _offer(A.JOB_RETAIN_UNTIL, *keywords, default=RETAIN_NONE),
        Offer(A.JOB_RETAIN_UNTIL_INTERVAL, Between(0, limit)),
        Offer(A.JOB_RETAIN_UNTIL_TIME, Moment(limit)),
    )


_PERIODS: Final = {END_OF_DAY: 86_400, END_OF_WEEK: 7 * 86_400, END_OF_MONTH: MONTH}

_OFFERS = (
    Offer(A.COPIES, Between(1, MAX_COPIES), attribute(A.COPIES, 1).values),
    _offer(A.FINISHINGS, Finishings.NONE, default=Finishings.NONE),
    Offer(A.JOB_ACCOUNT_ID, AnyName(), (NO_VALUE,)),
    Offer(A.JOB_CANCEL_AFTER, Between(0, MAX_INTEGER), attribute(A.JOB_CANCEL_AFTER, 0).values),
    _until(A.JOB_DELAY_OUTPUT_UNTIL, NO_DELAY, INDEFINITE, *USUAL_HOURS),
    Offer(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, Between(0, MAX_INTEGER)),
    Offer(A.JOB_DELAY_OUTPUT_UNTIL_TIME, Moment(MAX_INTEGER)),
    _until(A.JOB_HOLD_UNTIL, NO_HOLD, INDEFINITE, *USUAL_HOURS),
    Offer(A.JOB_HOLD_UNTIL_TIME, Moment()),
    Offer(A.JOB_PRIORITY, Between(1, 100, levels=True), attribute(A.JOB_PRIORITY, 50).values),
    *retention(MONTH),
    _offer(A.JOB_SHEETS, "none", default="none"),
    _offer(A.MEDIA, *(size.name for size in _SIZES), default=_SIZES[0].name),
    Offer(A.MEDIA_COL, _MEDIA, (_MEDIA.collection(_SIZES[0]),)),
    _offer(
        A.MULTIPLE_DOCUMENT_HANDLING,
        "separate-documents-collated-copies",
        "separate-documents-uncollated-copies",
        default="separate-documents-collated-copies",
    ),
    _offer(A.NUMBER_UP, 1, default=1),
    _offer(
        A.ORIENTATION_REQUESTED,
        OrientationRequested.PORTRAIT,
        OrientationRequested.LANDSCAPE,
        OrientationRequested.REVERSE_LANDSCAPE,
        OrientationRequested.REVERSE_PORTRAIT,
        default=OrientationRequested.PORTRAIT,
    ),
    _offer(A.OUTPUT_BIN, "auto", default="auto"),
    Offer(A.PAGE_RANGES, Ranges()),
    _offer(A.PRINT_COLOR_MODE, "auto", "color", "monochrome", default="auto"),
    _offer(A.PRINT_CONTENT_OPTIMIZE, "auto", default="auto"),
    _offer(A.PRINT_QUALITY, *PrintQuality, default=PrintQuality.NORMAL),
    _offer(A.PRINT_RENDERING_INTENT, "auto", default="auto"),
    _offer(A.PRINT_SCALING, "auto", "auto-fit", "fill", "fit", "none", default="auto"),
    _offer(A.PRINTER_RESOLUTION, *_DOTS, default=_DOTS[1]),
    _offer(A.SIDES, "one-sided", "two-sided-long-edge", "two-sided-short-edge", default="one-sided"),
)

_OVERRIDDEN: Final = (A.MEDIA, A.MEDIA_COL, A.ORIENTATION_REQUESTED)


def overrides(selectors: Iterable[str], names: Iterable[str], offers: Iterable[Offer]) -> Offer | None:
    """What may differ from page to page: of the named attributes those that may be asked for at all."""
    able = {offer.name: offer.rule for offer in offers}
    rules: tuple[tuple[str, Rule], ...] = tuple((name, able[name]) for name in dict.fromkeys(names) if name in able)
    selectors = tuple(dict.fromkeys(selectors))
    return Offer(A.OVERRIDES, Overrides(selectors, rules)) if A.PAGES in selectors and rules else None


_BY_PAGE: Final = overrides((A.PAGES, A.DOCUMENT_NUMBERS), _OVERRIDDEN, _OFFERS)

_URF = ("V1.4", "CP1", "W8", "SRGB24", "RS300-600", "DM1", "IS1", "MT1", "PQ3-4-5")

SAFE: Final = Capabilities(
    formats=_FORMATS,
    default_format=OCTET_STREAM,
    preferred_format="application/pdf",
    compressions=("none", "gzip", "deflate"),
    offers=(*_OFFERS, *([_BY_PAGE] if _BY_PAGE else [])),
    media=_MEDIA,
    description=(
        attribute(A.COLOR_SUPPORTED, True),
        attribute(A.PAGES_PER_MINUTE, 30),
        attribute(A.PAGES_PER_MINUTE_COLOR, 30),
        attribute(A.PDF_K_OCTETS_SUPPORTED, Range(0, MAX_INTEGER)),
        attribute(A.PDF_VERSIONS_SUPPORTED, "adobe-1.3", "adobe-1.4", "adobe-1.5", "adobe-1.6", "iso-32000-1_2008"),
        attribute(A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED, *_DOTS),
        attribute(A.PWG_RASTER_DOCUMENT_SHEET_BACK, "normal"),
        attribute(A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED, "black_1", "sgray_8", "srgb_8"),
        # Apple's keywords have capitals, which the grammar of keywords does not know.
        attribute(A.URF_SUPPORTED, *(Value(Tag.KEYWORD, word.encode()) for word in _URF)),
    ),
)
"""The capabilities of a queue whose devices are not looked at."""

OWN: Final = (A.JOB_ACCOUNT_ID, A.JOB_CANCEL_AFTER, A.JOB_PRIORITY, *DELAYS, *HOLDS, *RETENTIONS)
"""What the gate itself offers, whatever its devices do."""

_NEUTRAL: Final[dict[str, Plain]] = {
    A.COPIES: 1,
    A.FINISHINGS: Finishings.NONE,
    A.JOB_SHEETS: "none",
    A.MULTIPLE_DOCUMENT_HANDLING: "separate-documents-collated-copies",
    A.NUMBER_UP: 1,
    A.ORIENTATION_REQUESTED: OrientationRequested.PORTRAIT,
    A.OUTPUT_BIN: "auto",
    A.PRINT_COLOR_MODE: "auto",
    A.PRINT_CONTENT_OPTIMIZE: "auto",
    A.PRINT_QUALITY: PrintQuality.NORMAL,
    A.PRINT_RENDERING_INTENT: "auto",
    A.PRINT_SCALING: "auto",
    A.SIDES: "one-sided",
}
NEUTRAL: Final = {name: attribute(name, value).first for name, value in _NEUTRAL.items()} | {
    A.FINISHINGS_COL: collected(NONE)
}
"""The value that asks for nothing special: every device does it, whether it says so or not."""


def in_order(formats: Iterable[str]) -> tuple[str, ...]:
    """Formats as they are told: those of the safe profile first and as it writes them, each once; one of unknown kind
    is always taken, for the device finds out itself.
    """
    found = {each.lower(): each for each in formats}
    known = [each for each in _FORMATS if each == OCTET_STREAM or each.lower() in found]
    return (*known, *(each for key, each in found.items() if key not in {one.lower() for one in _FORMATS}))


def preferred(formats: Sequence[str]) -> str:
    """What clients should send of these: PDF says most about itself, then what was made for printing."""
    return next((each for each in (*_PREFERRED, *formats) if each in formats and each != OCTET_STREAM), OCTET_STREAM)


_PREFERRED: Final = ("application/pdf", "image/urf", "image/pwg-raster", "application/postscript")
