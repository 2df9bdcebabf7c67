"""What the printer in this process says about itself and never changes: a small office device for A4 and letter."""

from collections.abc import Sequence

from ippgate.ipp import Range, Resolution, attribute
from ippgate.ipp.builder import Plain
from ippgate.ipp.registry import attributes as A

FORMATS = (
    "application/octet-stream",
    "application/pdf",
    "application/postscript",
    "image/jpeg",
    "image/pwg-raster",
    "image/urf",
    "text/plain",
)


def _media(x: int, y: int) -> dict[str, Plain | Sequence[Plain]]:
    """Return a media-col; sizes are hundredths of millimetres (PWG 5100.7)."""
    margins = dict.fromkeys(("bottom", "left", "right", "top"), 423)
    return {
        A.MEDIA_SIZE: {"x-dimension": x, "y-dimension": y},
        **{f"media-{side}-margin": margin for side, margin in margins.items()},
    }


A4, LETTER = (21000, 29700), (21590, 27940)

FIXED = (
    attribute(A.PRINTER_NAME, "Rig"),
    attribute(A.PRINTER_INFO, "A printer of the test rig"),
    attribute(A.PRINTER_LOCATION, "loopback"),
    attribute(A.PRINTER_MAKE_AND_MODEL, "Rig IPP Printer"),
    attribute(A.PRINTER_MORE_INFO, "http://127.0.0.1/"),
    attribute(A.PRINTER_STATE_MESSAGE, ""),
    attribute(A.IPP_VERSIONS_SUPPORTED, "1.1", "2.0"),
    attribute(A.CHARSET_CONFIGURED, "utf-8"),
    attribute(A.CHARSET_SUPPORTED, "us-ascii", "utf-8"),
    attribute(A.NATURAL_LANGUAGE_CONFIGURED, "en"),
    attribute(A.GENERATED_NATURAL_LANGUAGE_SUPPORTED, "en"),
    attribute(A.URI_AUTHENTICATION_SUPPORTED, "none"),
    attribute(A.DOCUMENT_FORMAT_DEFAULT, "application/octet-stream"),
    attribute(A.DOCUMENT_FORMAT_SUPPORTED, *FORMATS),
    attribute(A.COMPRESSION_SUPPORTED, "none"),
    attribute(A.PDL_OVERRIDE_SUPPORTED, "attempted"),
    attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, False),
    attribute(A.WHICH_JOBS_SUPPORTED, "completed", "not-completed"),
    attribute(A.JOB_CREATION_ATTRIBUTES_SUPPORTED, "copies", "media", "print-color-mode", "print-quality", "sides"),
    attribute(A.IDENTIFY_ACTIONS_SUPPORTED, "display", "flash"),
    attribute(A.COPIES_DEFAULT, 1),
    attribute(A.COPIES_SUPPORTED, Range(1, 99)),
    attribute(A.SIDES_DEFAULT, "one-sided"),
    attribute(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge", "two-sided-short-edge"),
    attribute(A.PRINT_COLOR_MODE_DEFAULT, "monochrome"),
    attribute(A.PRINT_COLOR_MODE_SUPPORTED, "auto", "color", "monochrome"),
    attribute(A.COLOR_SUPPORTED, True),
    attribute(A.PRINT_QUALITY_DEFAULT, 4),
    attribute(A.PRINT_QUALITY_SUPPORTED, 3, 4, 5),
    attribute(A.MEDIA_DEFAULT, "iso_a4_210x297mm"),
    attribute(A.MEDIA_SUPPORTED, "iso_a4_210x297mm", "na_letter_8.5x11in"),
    attribute(A.MEDIA_READY, "iso_a4_210x297mm"),
    attribute(A.MEDIA_COL_DEFAULT, _media(*A4)),
    attribute(A.MEDIA_COL_DATABASE, _media(*A4), _media(*LETTER)),
    attribute(A.MEDIA_COL_SUPPORTED, "media-bottom-margin", "media-left-margin", "media-right-margin", "media-size"),
    attribute(A.MEDIA_SIZE_SUPPORTED, *({"x-dimension": x, "y-dimension": y} for x, y in (A4, LETTER))),
    attribute(A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED, Resolution(300, 300)),
    attribute(A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED, "black_1", "sgray_8", "srgb_8"),
    attribute(A.PRINTER_RESOLUTION_DEFAULT, Resolution(600, 600)),
    attribute(A.PRINTER_RESOLUTION_SUPPORTED, Resolution(300, 300), Resolution(600, 600)),
)
