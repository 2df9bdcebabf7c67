"""The lines of card readers, read and written."""

import pytest

from ippgate.doors.reader.protocol import Hello, Ping, Tap, busy, denied, ok, read


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"HELLO reader~hall~x\r\n", Hello("reader~hall~x")),
        (b"HELLO\n", Hello("")),
        (b"TAP 04A1B2C3 17\n", Tap("04A1B2C3", 17)),
        (b"TAP ;04 A1 B2 C3? 9223372036854775807\r\n", Tap(";04 A1 B2 C3?", 2**63 - 1)),
        (b"PING\n", Ping()),
    ],
)
def test_a_line_says_one_thing(line: bytes, said: object) -> None:
    assert read(line) == said


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\n", b"hello x\n", b"PING x\n", b"TAP\n", b"TAP 04A1B2C3\n", b"TAP  17\n"),
        *(b"TAP 04A1B2C3 -1\n", b"TAP 04A1B2C3 1.5\n", b"TAP 04A1B2C3 " + b"9" * 20 + b"\n", b"GET / HTTP/1.1\r\n"),
        *("TAP 04A1B2C3 \u0661\n".encode(), b"TAP \xff\xfe 1\n", b"\x16\x03\x01\n"),
    ],
)
def test_anything_else_is_nothing(line: bytes) -> None:
    assert read(line) is None


def test_an_answer_is_one_line_whatever_is_in_it() -> None:
    assert ok("two\nlines\r\x07") == b"OK two lines\n"
    assert denied("x" * 10_000).count(b"\n") == 1
    assert len(denied("x" * 10_000)) < 300
    assert [busy(0.0), busy(0.2), busy(300.0)] == [b"BUSY 1\n", b"BUSY 1\n", b"BUSY 300\n"]


def test_neither_token_nor_number_is_shown() -> None:
    assert "04A1B2C3" not in repr(read(b"TAP 04A1B2C3 17\n"))
    assert "secret" not in repr(read(b"HELLO secret\n"))
