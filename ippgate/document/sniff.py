"""What language a document is written in, by its first octets; never the client's word.

White space, a byte order mark and PJL may stand before it. Behind `@PJL ENTER LANGUAGE` the language is the one named
there, for that is what a device goes by; behind other PJL lines it is told from the octets that follow.
"""

import re
from dataclasses import dataclass

LOOK = 16 * 1024
"""Octets looked at: drivers write some kilobytes of PJL before the document, seldom ten."""

PDF = "application/pdf"
POSTSCRIPT = "application/postscript"
PWG_RASTER = "image/pwg-raster"
CUPS_RASTER = "application/vnd.cups-raster"
URF = "image/urf"
JPEG = "image/jpeg"
PNG = "image/png"
PCL = "application/vnd.hp-PCL"
PCL_XL = "application/vnd.hp-PCLXL"
TEXT = "text/plain"

_UEL = b"\x1b%-12345X"
_LANGUAGES = {
    b"PCL": PCL,
    b"PCL5": PCL,
    b"PCL5C": PCL,
    b"PCL5E": PCL,
    b"PCLXL": PCL_XL,
    b"PCL6": PCL_XL,
    b"POSTSCRIPT": POSTSCRIPT,
    b"PS": POSTSCRIPT,
    b"PDF": PDF,
    b"URF": URF,
    b"APPLERASTER": URF,
    b"PWGRASTER": PWG_RASTER,
    b"PWG": PWG_RASTER,
    b"JPEG": JPEG,
    b"JPG": JPEG,
    b"PNG": PNG,
    b"TEXT": TEXT,
    b"TXT": TEXT,
}
_UP_TO_THE_DEVICE = (b"AUTO", b"AUTOMATIC")

_MAGIC = (
    (re.compile(rb"%PDF-"), PDF),
    (re.compile(rb"%!|\xc5\xd0\xd3\xc6"), POSTSCRIPT),  # the second is EPS with a preview
    (re.compile(rb"RaS2PwgRaster\0"), PWG_RASTER),
    (re.compile(rb"RaS[23t]|[23t]SaR"), CUPS_RASTER),
    (re.compile(rb"UNIRAST\0"), URF),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"[()'] HP-PCL XL;"), PCL_XL),
    (re.compile(rb"\x1b(?:E|[%&*()][0-9a-zA-Z-])"), PCL),
)
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[\0\x04\t\n\f\r ]*")  # ^D ends a job that a PostScript device still waits for
_PJL_WORD = re.compile(rb"@PJL(?![0-9A-Za-z])", re.IGNORECASE)
_PJL_LINE = re.compile(_PJL_WORD.pattern + rb"([^\n]*)\n[\t\r\n ]*", re.IGNORECASE)
_ENTER = re.compile(rb"[ \t]+ENTER[ \t]+LANGUAGE[ \t]*=[ \t]*\"?([0-9A-Za-z_-]+)", re.IGNORECASE)
_LATE_PDF = re.compile(rb"(?:^|[\r\n\0])%PDF-[12]\.[0-9]")
_LATE = 1024  # octets before %PDF that readers put up with (ISO 32000-1, Annex H, implementation note 13)

_TEXT_OCTETS = bytes({*b"\b\t\n\f\r", *range(0x20, 0x7F), *range(0x80, 0x100)})
_GLANCE = 64  # what is no text nearly always shows here
_CONTROLS = frozenset(range(0x80, 0xA0))  # as ISO 8859-1


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the first octets tell. start: where the language begins, behind PJL and blanks."""

    document_format: str | None
    start: int = 0


def sniff(head: bytes) -> str | None:
    """Return the MIME media type that the first octets (of LOOK, or all there are) show; None: not recognised."""
    return look(head).document_format


def look(head: bytes) -> Sniffed:
    """Tell the format and where it begins. Octets beyond LOOK are not looked at."""
    head = head[:LOOK]
    start, language = _behind_pjl(head, _blank(head, 0))
    if language is not None and language not in _UP_TO_THE_DEVICE:
        return Sniffed(_LANGUAGES.get(language), start)
    start = _blank(head, start)
    if _PJL_WORD.match(head, start):  # a line without end
        return Sniffed(None, start)
    for magic, document_format in _MAGIC:
        if magic.match(head, start):
            return Sniffed(document_format, start)
    if head.find(b"%PDF-", start, start + _LATE) >= 0 and (late := _LATE_PDF.search(head, start, start + _LATE)):
        return Sniffed(PDF, head.index(b"%", late.start()))
    return Sniffed(TEXT if is_text(head[start:], whole=len(head) < LOOK) else None, start)


def is_text(octets: bytes, *, whole: bool = True) -> bool:
    """Whether octets are printable text of UTF-8 or ISO 8859-1. whole: its end is the end, and no cut."""
    if not octets or octets[:_GLANCE].translate(None, _TEXT_OCTETS) or octets.translate(None, _TEXT_OCTETS):
        return False
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        cut_short = not whole and error.end == len(octets) and error.start >= len(octets) - 3
        return cut_short or _CONTROLS.isdisjoint(octets)
    return True


def _behind_pjl(head: bytes, at: int) -> tuple[int, bytes | None]:
    """Where PJL ends, and the language it enters; None when it names none."""
    while True:
        if head.startswith(_UEL, at):
            at += len(_UEL)
        elif line := _PJL_LINE.match(head, at):
            if entered := _ENTER.match(line[1]):
                return line.end(1) + 1, entered[1].upper()
            at = line.end()
        else:
            return at, None


def _blank(head: bytes, at: int) -> int:
    blank = _BLANK.match(head, at)
    return blank.end() if blank else at
