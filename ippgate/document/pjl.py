"""PJL: the lines before and after a document on a raw connection, and what a device answers when asked who it is.

HP's Printer Job Language Technical Reference. A job's name and owner are hostile (SECURITY S7): they enter a line only
through `quoted`, so a prologue has exactly the lines that this module wrote, whatever the attributes hold.

No ENTER LANGUAGE is sent: the format is the client's word, and the device looks at the document itself. What is set is
the device's default for this job, and a document that says otherwise prevails; so it is with PAPER nearly always. For
several pages on a side, staples and kinds of paper the reference has no words that devices share: nothing is sent.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from unicodedata import normalize

from ippgate.ipp import Attribute, BadValueError, Tag, Value
from ippgate.ipp.registry import PrinterState
from ippgate.ipp.registry import attributes as A
from ippgate.model.text import plain

UEL = b"\x1b%-12345X"
"""Universal Exit Language: ends whatever the device was reading and begins PJL."""

STRING_LIMIT = 80
"""Characters of a PJL string that devices keep (Technical Reference, JOB NAME)."""

MAX_COPIES = 999
"""COPIES beyond this are ignored by devices; one that asks for more gets none rather than a wrong number."""

QUESTION = UEL + b"@PJL\r\n@PJL INFO ID\r\n@PJL INFO STATUS\r\n" + UEL

_LINE = b"\r\n"
_UNQUOTABLE = re.compile(r"[^ !#-~]|%-12345X|@PJL", re.IGNORECASE)
_SIDES = {
    "one-sided": (b"DUPLEX=OFF",),
    "two-sided-long-edge": (b"DUPLEX=ON", b"BINDING=LONGEDGE"),
    "two-sided-short-edge": (b"DUPLEX=ON", b"BINDING=SHORTEDGE"),
}
_PAPER = {
    "iso_a3_297x420mm": b"PAPER=A3",
    "iso_a4_210x297mm": b"PAPER=A4",
    "iso_a5_148x210mm": b"PAPER=A5",
    "iso_b5_176x250mm": b"PAPER=B5",
    "iso_c5_162x229mm": b"PAPER=C5",
    "iso_dl_110x220mm": b"PAPER=DL",
    "jis_b4_257x364mm": b"PAPER=JISB4",
    "jis_b5_182x257mm": b"PAPER=JISB5",
    "jpn_hagaki_100x148mm": b"PAPER=JPOST",
    "jpn_oufuku_148x200mm": b"PAPER=JPOSTD",
    "na_executive_7.25x10.5in": b"PAPER=EXECUTIVE",
    "na_ledger_11x17in": b"PAPER=LEDGER",
    "na_legal_8.5x14in": b"PAPER=LEGAL",
    "na_letter_8.5x11in": b"PAPER=LETTER",
    "na_monarch_3.875x7.5in": b"PAPER=MONARCH",
    "na_number-10_4.125x9.5in": b"PAPER=COM10",
}
_OUTPUT_BIN = {
    "face-down": b"OUTBIN=UPPER",  # where both are, the upper bin is the one that keeps the order
    "face-up": b"OUTBIN=LOWER",
}
_COLOR = {"color": (b"RENDERMODE=COLOR",), "monochrome": (b"RENDERMODE=GRAYSCALE",)}


@dataclass(frozen=True, slots=True)
class PjlTicket:
    """What PJL can ask of a device. None: not asked for, the device's own default holds."""

    name: str
    user: str
    copies: int | None = None
    sides: str | None = None  # a keyword of `sides`
    color_mode: str | None = None  # a keyword of print-color-mode
    media: str | None = None  # a self-describing name of a size
    output_bin: str | None = None  # a keyword of output-bin


def ticket_of(name: str, user: str, template: Iterable[Attribute]) -> PjlTicket:
    """Read from job template attributes what PJL can say; values of a wrong type or range ask for nothing."""
    asked = {attribute.name: attribute.first for attribute in template}
    return PjlTicket(
        name,
        user,
        _copies(asked.get(A.COPIES)),
        _word(asked.get(A.SIDES), _SIDES),
        _word(asked.get(A.PRINT_COLOR_MODE), _COLOR),
        _word(asked.get(A.MEDIA), _PAPER),
        _word(asked.get(A.OUTPUT_BIN), _OUTPUT_BIN),
    )


def _copies(value: Value | None) -> int | None:
    try:
        number = value.python if value and value.tag == Tag.INTEGER else None
    except BadValueError:
        return None
    return number if isinstance(number, int) and 1 <= number <= MAX_COPIES else None


def _word(value: Value | None, known: Container[str]) -> str | None:
    word = value.text if value and value.tag == Tag.KEYWORD else None
    return word if word in known else None


def header(ticket: PjlTicket) -> bytes:
    """Return the lines that go before the document. One line for each thing asked, always in this order."""
    name, user = quoted(ticket.name), quoted(ticket.user)
    settings = [b"JOBNAME=" + name, b"USERNAME=" + user]
    if ticket.copies is not None:
        settings.append(b"COPIES=%d" % ticket.copies)
    settings += _SIDES.get(ticket.sides or "", ())
    settings += _COLOR.get(ticket.color_mode or "", ())
    if ticket.media in _PAPER:
        settings.append(_PAPER[ticket.media])
    if ticket.output_bin in _OUTPUT_BIN:
        settings.append(_OUTPUT_BIN[ticket.output_bin])
    lines = [b"@PJL", b"@PJL JOB NAME=" + name, *(b"@PJL SET " + setting for setting in settings)]
    return UEL + _LINE.join(lines) + _LINE


def footer(ticket: PjlTicket) -> bytes:
    """Return the lines that go after the document: end of job, and all settings back to the device's own."""
    return UEL + _LINE.join([b"@PJL", b"@PJL RESET", b"@PJL EOJ NAME=" + quoted(ticket.name)]) + _LINE + UEL


def quoted(text: str) -> bytes:
    """Return any text as a PJL string: printable ASCII in double quotes, at most STRING_LIMIT characters.

    Letters lose their accents; what is no ASCII becomes a question mark, a double quote an apostrophe. PJL has no
    escapes, so what could end the string or the line, or read as a command, cannot stay.
    """
    flat = normalize("NFKD", plain(text, STRING_LIMIT * 2)).replace('"', "'")
    ascii_only = "".join("?" if ord(sign) > 0x7E else sign for sign in flat if not 0x300 <= ord(sign) < 0x370)
    safe = _UNQUOTABLE.sub(" ", ascii_only)
    return b'"' + safe[:STRING_LIMIT].strip().encode("ascii") + b'"'


@dataclass(frozen=True, slots=True)
class PjlInfo:
    """What a device answered to INFO ID and INFO STATUS."""

    make_and_model: str
    state: PrinterState
    reasons: tuple[str, ...] = ()
    message: str = ""  # what its display shows


MODEL_LIMIT = 127  # printer-make-and-model is text(127)
DISPLAY_LIMIT = 200

_SECTION = re.compile(rb"@PJL INFO (ID|STATUS)\b[ \t]*\r?\n((?:(?!@PJL)[^\f\x1b])*)", re.IGNORECASE)
_CODE = re.compile(r"^CODE ?= ?([0-9]{5})\b", re.MULTILINE)
_DISPLAY = re.compile(r'^DISPLAY ?= ?"([^"\n]*)"', re.MULTILINE)
_OFFLINE = re.compile(r"^ONLINE ?= ?FALSE\b", re.MULTILINE)


def has_answered(octets: bytes) -> bool:
    """Whether both answers to QUESTION are there, each with the form feed that ends it."""
    return len(_SECTION.findall(octets)) == 2 and octets.rstrip(b"\r\n").endswith(b"\f")


def read_info(octets: bytes) -> PjlInfo | None:
    """Read what came back to QUESTION; None when it is no answer (our own words sent back are none): the device does
    not speak PJL. Any octets are allowed."""
    sections = {key.upper(): text.decode("utf-8", "replace") for key, text in _SECTION.findall(octets)}
    model = plain(sections.get(b"ID", "").strip().strip('"'), MODEL_LIMIT)
    status = sections.get(b"STATUS", "").replace("\r", "")
    code = _CODE.search(status)
    if not model and not code:
        return None
    display = _DISPLAY.search(status)
    state, reasons = _meaning(int(code[1]) if code else _READY, offline=bool(_OFFLINE.search(status)))
    return PjlInfo(model, state, reasons, plain(display[1], DISPLAY_LIMIT) if display else "")


_READY = 10001
_STATES = {
    10002: (PrinterState.STOPPED, "paused"),  # off line
    10007: (PrinterState.PROCESSING, ""),  # cancelling a job
    10023: (PrinterState.PROCESSING, ""),
    40000: (PrinterState.IDLE, ""),  # sleeps
    40021: (PrinterState.STOPPED, "cover-open"),
    40022: (PrinterState.STOPPED, "media-jam"),
    40079: (PrinterState.STOPPED, "paused"),
}
_FAMILIES = {
    41: (PrinterState.STOPPED, "media-needed"),
    42: (PrinterState.STOPPED, "media-jam"),
    43: (PrinterState.STOPPED, "other-error"),
    44: (PrinterState.STOPPED, "media-jam"),
}


def _meaning(code: int, *, offline: bool) -> tuple[PrinterState, tuple[str, ...]]:
    """Return what a status code means (Technical Reference, appendix D): 1x ready, 3x goes on, 4x waits, 5x broken."""
    if code in _STATES:
        state, reason = _STATES[code]
    elif code >= 40_000:  # an operator or a technician has to come
        state, reason = _FAMILIES.get(code // 1000, (PrinterState.STOPPED, "other-error"))
    elif code >= 30_000:
        state, reason = PrinterState.IDLE, "other-warning"
    else:
        state, reason = PrinterState.IDLE, ""
    if offline and state is not PrinterState.STOPPED and code not in _STATES:
        state, reason = PrinterState.STOPPED, "paused"
    return state, (reason,) if reason else ()
