"""PCL 5 (and the PCL 3 of DeskJets): text, escape sequences, binary payloads by their length, HP-GL/2.

HP, PCL 5 Printer Language Technical Reference. A page is counted when a form feed ends it, even a blank one, when text
runs over its end, and when what resets, ends the job or changes the paper finds marks on it: as Ghostscript's PCL
interpreter and HP's devices do. `rest` is where the language ended by UEL; one within a payload ends nothing.
"""

import re
from typing import ClassVar

from ippgate.document.octet_stream import StreamExaminer, cut_short
from ippgate.document.pcl_commands import commands
from ippgate.document.pcl_passing import HAS_CHARACTERS, PASSED, last_place
from ippgate.document.pcl_state import PclState, UnknownPagesError
from ippgate.document.pjl import UEL
from ippgate.document.tally import Size
from ippgate.model.facts import DocumentFacts

MAX_VALUE = 128
"""Characters of a number in an escape sequence."""

MAX_PAYLOAD = 32_767
"""Octets that one sequence may announce (Technical Reference, chapter 2); of more, devices take differently many."""

WRAP = 80
"""Columns of a line in the default font; with end-of-line wrap on, longer ones break where nobody can know."""

_ESC, _FF, _MORE = 0x1B, 0x0C, -1
_RUN = re.compile(rb"[^\x1b\x0c]+")
_PLOT = re.compile(rb"[^\x1b]+")
_INK = re.compile(rb"[^\x00-\x20]")
_ANY = re.compile(rb"[^\r]")
_LINE_ENDS = {False: (b"\n",), True: (b"\r", b"\n")}  # by whether a carriage return feeds a line as well
_DISPLAYED = (b"\r",)  # display functions: all else is printed
_PARAMETER = re.compile(rb"([ -?]{0,%d})([@-~])" % MAX_VALUE)
_NUMBER = re.compile(rb" *([+-]?) *([0-9]{0,9})[0-9]*(\.[0-9]{0,6})?")
_ROW = re.compile(rb"\x1b\*b(?:([0-9]{1,3})m)?([0-9]{1,5})W")
_PAYLOAD = frozenset({b"&pX", b"*bV"})  # beside all that end in W
_NO_PAYLOAD = frozenset({b"&kW"})  # DeskJets: print in both directions
_KEPT = frozenset({b"*bV", b"*bW", b"*vW", b"*gW", b"*cW"})
"""Payloads that are looked into, and so waited for; all others are leapt over."""


class PclExaminer(StreamExaminer):
    """Reads text and commands. Keeps one payload of MAX_PAYLOAD octets at most."""

    document_format: ClassVar[str] = "application/vnd.hp-PCL"

    def __init__(self, paper: Size | None = None) -> None:
        """paper: what PJL said before; None: the device's own."""
        super().__init__()
        self.rest: bytes | None = None  # from the UEL that ended the language
        self._state = PclState(paper)
        self._commands = commands(self._state)
        self._sequence: bytes | None = None  # class and group of the escape sequence being read
        self._display = False
        self._column = 0

    def _read(self, data: bytes) -> int:
        at, end = 0, len(data)
        try:
            while at < end and not self._over:
                if self._sequence is not None:
                    reached = self._parameter(data, at, self._sequence)
                elif self._is_plain and (passed := PASSED.match(data, at)):
                    reached = self._pass(passed)
                elif data[at] == _ESC:
                    reached = self._escape(data, at)
                elif self._state.graphics.plotting and not self._display:
                    reached = self._plot(data, at)
                else:
                    reached = self._text(data, at)
                if reached == _MORE:
                    break
                at = reached
        except UnknownPagesError as unknown:
            self._give_up(str(unknown))
        return at

    @property
    def _is_plain(self) -> bool:
        """Whether text is text, and lines do not wrap."""
        return not (self._display or self._state.graphics.plotting or self._state.wraps)

    def _pass(self, passed: re.Match[bytes]) -> int:
        if HAS_CHARACTERS.match(passed[0]):
            self._state.mark_text()
        if place := last_place(passed[0]):
            self._state.move_to(*place)
        return passed.end()

    def _plot(self, data: bytes, at: int) -> int:
        instructions = _PLOT.match(data, at)
        assert instructions
        self._state.graphics.plot(instructions[0])
        return instructions.end()

    def _text(self, data: bytes, at: int) -> int:
        if data[at] == _FF and not self._display:
            self._state.form_feed()
            return at + 1
        run = (_PLOT if self._display else _RUN).match(data, at)
        assert run
        text, breaks = run[0], _DISPLAYED if self._display else _LINE_ENDS[self._state.cr_feeds]
        ink = _ANY if self._display else _INK
        if self._state.wraps:
            self._measure(text)
        feeds = sum(text.count(end) for end in breaks)
        if not feeds or self._state.feeds_fit(feeds):
            if ink.search(text):
                self._state.mark_text()
            self._state.line_feeds(feeds)
            return run.end()
        first, *others = re.split(b"[" + b"".join(breaks) + b"]", text)
        if ink.search(first):
            self._state.mark_text()
        for line in others:
            self._state.line_feeds(1)
            if ink.search(line):
                self._state.mark_text()
        return run.end()

    def _measure(self, text: bytes) -> None:
        first, *others = re.split(rb"[\r\n]", text)
        columns = [self._column + len(first), *map(len, others)]
        if max(columns) > WRAP:
            raise UnknownPagesError("its lines wrap where the device's margin is")
        self._column = columns[-1]

    def _escape(self, data: bytes, at: int) -> int:
        while not (self._display or self._state.looks_at_rows) and (row := _ROW.match(data, at)):
            length = int(row[2])
            if length > MAX_PAYLOAD:
                break
            self._state.graphics.row_passed(int(row[1]) if row[1] else None)
            at = row.end() + length
            if at >= len(data) or data[at] != _ESC:
                return at
        if at + 2 > len(data):
            return _MORE
        kind = data[at + 1]
        if self._display:
            self._displayed_escape(kind)
            return at + (2 if kind == ord("Z") else 1)
        if not 0x21 <= kind <= 0x2F:
            self._two_characters(kind)
            return at + (2 if 0x30 <= kind <= 0x7E else 1)
        if at + 3 > len(data):
            return _MORE
        has_group = 0x60 <= data[at + 2] <= 0x7E
        self._sequence = data[at + 1 : at + 2 + has_group]
        return at + 2 + has_group

    def _two_characters(self, kind: int) -> None:
        if kind == ord("E"):
            self._state.reset()
        elif kind == ord("="):
            self._state.half_line_feed()
        elif kind == ord("Y"):
            self._display = True

    def _displayed_escape(self, kind: int) -> None:
        """With display functions on (ESC Y) an escape character is printed; ESC Z switches them off."""
        self._state.mark_text()
        self._display = kind != ord("Z")

    def _parameter(self, data: bytes, at: int, sequence: bytes) -> int:
        """A value and the letter behind it; a capital ends the sequence, a small one joins the next to it."""
        parameter = _PARAMETER.match(data, at)
        if not parameter:
            return self._no_parameter(data, at)
        stop, letter = parameter.end(), parameter[2].upper()
        key = sequence + letter
        number = _NUMBER.match(parameter[1])
        assert number
        sign, value = number[1], float((number[2] or b"0") + (number[3] or b""))
        if key == b"%X" and (sign, value) == (b"-", 12345):
            return self._end_language(data, stop)
        payload = b""
        if (letter == b"W" or key in _PAYLOAD) and key not in _NO_PAYLOAD:
            length = 0 if sign == b"-" else int(value)
            if length > MAX_PAYLOAD:
                raise UnknownPagesError(f"a payload longer than {MAX_PAYLOAD} octets is announced")
            if key in _KEPT and (key[:2] != b"*b" or self._state.looks_at_rows):
                if stop + length > len(data):
                    return _MORE
                payload = data[stop : stop + length]
            stop += length
        self._sequence = None if parameter[2].isupper() or not parameter[2].isalpha() else sequence
        if act := self._commands.get(key):
            act(-value if sign == b"-" else value, payload, bool(sign))
        return stop

    def _no_parameter(self, data: bytes, at: int) -> int:
        if len(data) - at <= MAX_VALUE and not data[at:].strip(_VALUE_SIGNS):
            return _MORE
        if len(data) - at > MAX_VALUE and not data[at : at + MAX_VALUE].strip(_VALUE_SIGNS):
            raise UnknownPagesError(f"a number of more than {MAX_VALUE} digits")
        self._sequence = None  # a control character ends what was begun
        while data[at] in _VALUE_SIGNS:
            at += 1
        return at

    def _end_language(self, data: bytes, at: int) -> int:
        self._sequence = None
        self._state.end()
        self.rest = UEL + data[at:]
        self._over = True
        return len(data)

    def _facts(self, *, cut: bool) -> DocumentFacts:
        if cut or self._sequence is not None:
            return self._unknown_facts(cut_short(self._state.tally.pages))
        try:
            self._state.end()
        except UnknownPagesError as unknown:
            return self._unknown_facts(str(unknown))
        return self._state.tally.facts(self.document_format)


_VALUE_SIGNS = bytes(range(0x20, 0x40))
