"""PJL around a document: exactly the expected lines whatever the attributes hold (SECURITY S7); a device's answers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.document.pjl import (
    QUESTION,
    STRING_LIMIT,
    UEL,
    PjlTicket,
    footer,
    has_answered,
    header,
    quoted,
    read_info,
    ticket_of,
)
from ippgate.ipp import Attribute, LangString, Tag, Value, attribute
from ippgate.ipp.registry import PrinterState
from ippgate.ipp.registry import attributes as A

HOSTILE = [
    'quote" QUOTE',
    'end"\r\n@PJL SET COPIES=999\r\n@PJL COMMENT "',
    "\x1b%-12345X@PJL FSDELETE NAME=0:/pwd",
    "%-12345X",
    "%-123%-12345X45X",
    "@PJL @pjl @@PJLPJL",
    "line\nline\rline\x0bline\x0cline\x85line\u2028line",
    "".join(chr(code) for code in range(0x300)),
    "A" * 10_240,
    '"' * 10_240,
    "\uff02 fullwidth quote, \uff00",
    "\u2033 double prime \u201cquotes\u201d",
    "\u202egnp.eciovni",
    "\ud800 surrogate",
    "ﷺ" * 100,
    "",
]


def lines_of(block: bytes) -> list[bytes]:
    assert block.startswith(UEL)
    return block.removeprefix(UEL).split(b"\r\n")


def test_header_says_what_the_ticket_asks_one_line_each() -> None:
    ticket = ticket_of(
        "Report.pdf",
        "jake",
        [
            attribute(A.COPIES, 3),
            attribute(A.SIDES, "two-sided-short-edge"),
            attribute(A.PRINT_COLOR_MODE, "monochrome"),
            attribute(A.MEDIA, "iso_a4_210x297mm"),
            attribute(A.OUTPUT_BIN, "face-up"),
            attribute(A.NUMBER_UP, 2),
            attribute(A.FINISHINGS, 4),
        ],
    )
    assert lines_of(header(ticket)) == [
        b"@PJL",
        b'@PJL JOB NAME="Report.pdf"',
        b'@PJL SET JOBNAME="Report.pdf"',
        b'@PJL SET USERNAME="jake"',
        b"@PJL SET COPIES=3",
        b"@PJL SET DUPLEX=ON",
        b"@PJL SET BINDING=SHORTEDGE",
        b"@PJL SET RENDERMODE=GRAYSCALE",
        b"@PJL SET PAPER=A4",
        b"@PJL SET OUTBIN=LOWER",
        b"",
    ]


def test_footer_ends_the_job_and_leaves_the_device_as_it_was() -> None:
    assert footer(PjlTicket("Report.pdf", "jake")) == (
        UEL + b'@PJL\r\n@PJL RESET\r\n@PJL EOJ NAME="Report.pdf"\r\n' + UEL
    )


def test_what_is_not_asked_for_is_left_to_the_device() -> None:
    assert len(lines_of(header(PjlTicket("a", "b")))) == 5


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_no_name_or_user_adds_a_line_or_ends_a_string(text: str) -> None:
    block = header(PjlTicket(text, text))
    first, job, job_name, user, end = lines_of(block)
    assert first == b"@PJL"
    assert job.startswith(b'@PJL JOB NAME="')
    assert job_name.startswith(b'@PJL SET JOBNAME="')
    assert user.startswith(b'@PJL SET USERNAME="')
    assert end == b""
    for line in (job, job_name, user):
        assert line.count(b'"') == 2
        assert line.endswith(b'"')
        assert line.count(b"@PJL") == 1
    assert block.count(b"\x1b") == block.count(b"%-12345X") == 1


@given(st.text())
def test_a_quoted_string_is_printable_ascii_between_two_quotes(text: str) -> None:
    string = quoted(text)
    assert string[:1] == string[-1:] == b'"'
    inner = string[1:-1]
    assert len(inner) <= STRING_LIMIT
    assert all(0x20 <= octet <= 0x7E and octet != 0x22 for octet in inner)
    assert b"%-12345x" not in inner.lower()
    assert b"@pjl" not in inner.lower()


def test_letters_lose_their_accents_and_the_rest_becomes_question_marks() -> None:
    assert quoted("Café Müller 中文.pdf") == b'"Cafe Muller ??.pdf"'


@pytest.mark.parametrize(
    "template",
    [
        [attribute(A.COPIES, 1000)],
        [Attribute(A.COPIES, (Value(Tag.INTEGER, b"\xff\xff\xff\xff"),))],
        [Attribute(A.COPIES, (Value(Tag.INTEGER, b"\0"),))],
        [Attribute(A.COPIES, (Value(Tag.TEXT, b"2\r\n@PJL"),))],
        [Attribute(A.COPIES, (Value(Tag.NO_VALUE, b""),))],
        [Attribute(A.SIDES, (Value(Tag.KEYWORD, b"two-sided-long-edge\r\n@PJL"),))],
        [Attribute(A.SIDES, (Value(Tag.NAME_LANG, b"\xff\xff"),))],
        [attribute(A.PRINT_COLOR_MODE, "auto")],
        [attribute(A.MEDIA, "iso_a4_210x298mm")],
        [Attribute(A.MEDIA, (Value(Tag.KEYWORD, b"iso_a4_210x297mm\r\n@PJL FSDELETE"),))],
        [Attribute(A.OUTPUT_BIN, (Value(Tag.KEYWORD, b"face-up\x1b%-12345X"),))],
        [attribute(A.OUTPUT_BIN, "auto")],
        [Attribute(A.PRINT_COLOR_MODE, (Value(Tag.BEG_COLLECTION, ()),))],
        [attribute(A.JOB_NAME, LangString("en", "other"))],
    ],
)
def test_values_of_a_wrong_type_or_range_ask_for_nothing(template: list[Attribute]) -> None:
    assert ticket_of("a", "b", template) == PjlTicket("a", "b")


TICKETS = st.builds(
    PjlTicket,
    name=st.text(),
    user=st.text(),
    copies=st.none() | st.integers(1, 999),
    sides=st.none() | st.text() | st.sampled_from(["one-sided", "two-sided-long-edge"]),
    color_mode=st.none() | st.text() | st.just("color"),
    media=st.none() | st.text() | st.sampled_from(["iso_a4_210x297mm", "na_letter_8.5x11in"]),
    output_bin=st.none() | st.text() | st.just("face-down"),
)
SETTING = re.compile(
    rb'@PJL SET (JOBNAME="[^"]*"|USERNAME="[^"]*"|COPIES=[0-9]{1,3}|DUPLEX=(ON|OFF)|BINDING=(LONG|SHORT)EDGE'
    rb"|RENDERMODE=(COLOR|GRAYSCALE)|PAPER=[A-Z0-9]+|OUTBIN=(UPPER|LOWER))"
)


@given(TICKETS)
def test_whatever_a_ticket_holds_each_line_is_one_that_is_known(ticket: PjlTicket) -> None:
    block = header(ticket)
    first, job, *settings, end = lines_of(block)
    assert (first, job[:15], end) == (b"@PJL", b'@PJL JOB NAME="', b"")
    assert all(SETTING.fullmatch(line) for line in settings)
    assert block.count(b"\x1b") == 1


def answered(code: str, model: str = '"HP LaserJet 4"', online: str = "TRUE") -> bytes:
    return (
        f'@PJL INFO ID\r\n{model}\r\n\f@PJL INFO STATUS\r\nCODE={code}\r\nDISPLAY="00 READY"\r\nONLINE={online}\r\n\f'
    ).encode()


@pytest.mark.parametrize(
    ("code", "state", "reasons"),
    [
        ("10001", PrinterState.IDLE, ()),
        ("10002", PrinterState.STOPPED, ("paused",)),
        ("10003", PrinterState.IDLE, ()),
        ("10023", PrinterState.PROCESSING, ()),
        ("11104", PrinterState.IDLE, ()),
        ("30016", PrinterState.IDLE, ("other-warning",)),
        ("40000", PrinterState.IDLE, ()),
        ("40021", PrinterState.STOPPED, ("cover-open",)),
        ("40022", PrinterState.STOPPED, ("media-jam",)),
        ("41304", PrinterState.STOPPED, ("media-needed",)),
        ("42202", PrinterState.STOPPED, ("media-jam",)),
        ("40079", PrinterState.STOPPED, ("paused",)),
        ("50001", PrinterState.STOPPED, ("other-error",)),
    ],
)
def test_a_status_code_means_a_state_and_a_reason(code: str, state: PrinterState, reasons: tuple[str, ...]) -> None:
    info = read_info(answered(code))
    assert info is not None
    assert (info.state, info.reasons) == (state, reasons)
    assert (info.make_and_model, info.message) == ("HP LaserJet 4", "00 READY")


def test_a_device_that_is_off_line_is_stopped() -> None:
    info = read_info(answered("10001", online="FALSE"))
    assert info is not None
    assert (info.state, info.reasons) == (PrinterState.STOPPED, ("paused",))


def test_model_without_quotes_and_without_status_is_read() -> None:
    info = read_info(b"@PJL INFO ID\nFS-1020D\n\f")
    assert info is not None
    assert (info.make_and_model, info.state) == ("FS-1020D", PrinterState.IDLE)


@pytest.mark.parametrize("octets", [b"", b"\f\f", b"HTTP/1.1 400 Bad Request\r\n\r\n", QUESTION, b"\xff" * 1000])
def test_what_is_no_pjl_says_nothing(octets: bytes) -> None:
    assert read_info(octets) is None


@given(st.binary(), st.binary())
def test_any_octets_are_read_without_an_error_and_strings_come_out_plain(model: bytes, display: bytes) -> None:
    info = read_info(b"@PJL INFO ID\r\n" + model + b'\r\n\f@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="' + display)
    assert info is not None
    assert len(info.make_and_model) <= 127
    assert info.make_and_model.isprintable()
    assert info.message.isprintable()


def test_the_answer_is_complete_when_both_form_feeds_are_there() -> None:
    whole = answered("10001")
    assert has_answered(whole)
    assert not any(has_answered(whole[:end]) for end in range(len(whole)))
