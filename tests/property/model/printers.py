"""Printers of every kind, well and badly behaved, for the capabilities that are read from them."""

from pathlib import Path

from hypothesis import strategies as st

from ippgate.ipp import Attribute, Group, Range, Resolution, Tag, Value, decode
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import PJL, RAW, SAFE, Capabilities, read
from ippgate.model.capabilities.reading import RELEVANT

RECORDED = Path(__file__).parents[2] / "data" / "printers"

SIZES = ("iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in", "na_legal_8.5x14in", "custom_min_70x148mm")
FORMATS = ("application/pdf", "image/urf", "image/pwg-raster", "IMAGE/JPEG", "application/vnd.hp-PCL", "text/plain")
URF = ("W8", "SRGB24", "RS300-600", "RS600", "DM1", "DM3", "CP1", "CP255", "V1.4", "V1.5", "IS1-7", "PQ4")


def recorded() -> dict[str, Group]:
    """The printer attributes of every recording that has some, by the recording's name."""
    found = {}
    for file in sorted(RECORDED.iterdir()):
        message, _ = decode(file.read_bytes())
        found[file.name] = message.group(Tag.PRINTER) or Group(Tag.PRINTER)
    return found


def some(name: str, *values: object, least: int = 0) -> st.SearchStrategy[list[Attribute]]:
    """An attribute with some of these values in some order, or none."""
    chosen = st.lists(st.sampled_from(values), min_size=least, unique=True)
    return chosen.map(lambda them: [attribute(name, *them)] if them else [])  # type: ignore[arg-type]


PARTS = (
    some(A.DOCUMENT_FORMAT_SUPPORTED, *FORMATS),
    some(A.COPIES_SUPPORTED, Range(1, 1)) | some(A.COPIES_SUPPORTED, Range(1, 99)),
    some(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge", "two-sided-short-edge"),
    st.sampled_from(["one-sided", "two-sided-long-edge"]).map(lambda word: [attribute(A.SIDES_DEFAULT, word)]),
    some(A.PRINT_COLOR_MODE_SUPPORTED, "auto", "color", "monochrome"),
    some(A.FINISHINGS_SUPPORTED, 3, 4, 20, 74),
    some(A.NUMBER_UP_SUPPORTED, 1, 2, 4) | st.just([attribute(A.NUMBER_UP_SUPPORTED, Range(1, 16))]),
    some(A.OUTPUT_BIN_SUPPORTED, "auto", "face-up", "face-down"),
    some(A.PAGE_RANGES_SUPPORTED, True) | some(A.PAGE_RANGES_SUPPORTED, False),
    some(A.PRINTER_RESOLUTION_SUPPORTED, Resolution(300, 300), Resolution(600, 600)),
    some(A.MEDIA_SUPPORTED, *SIZES),
    some(A.MEDIA_READY, *SIZES),
    some(A.MEDIA_TYPE_SUPPORTED, "stationery", "labels", "cardstock"),
    some(A.MEDIA_SOURCE_SUPPORTED, "tray-1", "tray-2"),
    some(A.MEDIA_BOTTOM_MARGIN_SUPPORTED, 0, 300, 423),
    some(A.COLOR_SUPPORTED, True) | some(A.COLOR_SUPPORTED, False),
    some(A.PWG_RASTER_DOCUMENT_SHEET_BACK, "normal") | some(A.PWG_RASTER_DOCUMENT_SHEET_BACK, "rotated"),
    some(A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED, "black_1", "srgb_8"),
    st.lists(st.sampled_from(URF), unique=True).map(
        lambda words: (
            [Attribute(A.URF_SUPPORTED, tuple(Value(Tag.KEYWORD, word.encode()) for word in words))] if words else []
        )
    ),
)

PRINTERS: st.SearchStrategy[list[Attribute]] = st.tuples(*PARTS).map(
    lambda parts: [one for part in parts for one in part]
)
"""What a printer that says sensible things says."""

ABLE: st.SearchStrategy[Capabilities] = PRINTERS.map(read) | st.sampled_from(
    [SAFE, PJL, RAW, *(read(group) for group in recorded().values())]
)

_RAW = st.binary(max_size=12)
_VALUES = st.recursive(
    st.builds(Value, st.integers(0x10, 0x7F), _RAW),
    lambda inner: st.builds(
        lambda name, values: Value(Tag.BEG_COLLECTION, (Attribute(name, tuple(values)),)),
        st.sampled_from([A.MEDIA_SIZE, A.X_DIMENSION, A.MEDIA_TYPE, "media-bottom-margin", "x"]),
        st.lists(inner, min_size=1, max_size=2),
    ),
    max_leaves=3,
)
ANYTHING = st.lists(
    st.builds(
        lambda name, values: Attribute(name, tuple(values)),
        st.sampled_from(sorted(RELEVANT)),
        st.lists(_VALUES, min_size=1, max_size=4),
    ),
    max_size=12,
)
"""What no printer should say."""
