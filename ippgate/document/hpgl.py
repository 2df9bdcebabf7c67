"""HP-GL/2 within PCL 5: whether it draws, and in what colours. Pages are PCL's (PCL 5 Technical Reference, part II)."""

import re

from ippgate.document.pcl_palette import Palettes, pens

MAX_INSTRUCTION = 1024
"""Octets of an instruction that are kept to be read whole; of a longer one the rest is leapt over."""

_DRAWS = frozenset(
    {b"AA", b"AR", b"AT", b"BR", b"BZ", b"CI", b"EA", b"EP", b"ER", b"EW", b"FP", b"LB", b"PD", b"PE", b"RA", b"RR"}
    | {b"RT", b"SB", b"WG"}
)
_INSTRUCTION = re.compile(rb"([A-Za-z]{2})")
_NUMBER = re.compile(rb"[+-]?[0-9]*\.?[0-9]+|[+-]?[0-9]+")
_PARAMETERS = re.compile(rb"[^A-Za-z;\"]*")
_BLACK = 1


class HpglReader:
    """Reads instructions as they come. `marked` and `color` are about what was drawn since `begin`."""

    def __init__(self, palettes: Palettes) -> None:
        self.marked = False
        self.color: bool | None = False
        self._palettes = palettes
        self._pen = _BLACK
        self._kept = b""
        self._until: bytes | None = None  # what ends the label, comment or polyline being leapt over
        self._label_end = b"\x03"

    def begin(self) -> None:
        """A page, or HP-GL/2 within it, begins."""
        self.marked, self.color = False, False

    def leave(self) -> None:
        """PCL goes on: an instruction that is not whole is whole now."""
        if self._kept and self._until is None:
            self._instruct(self._kept[:2].upper(), self._kept[2:])
        self._kept, self._until = b"", None

    def read(self, octets: bytes) -> None:
        """Read what is whole of instructions and keep the rest, which is bounded."""
        data, at, end = self._kept + octets, 0, len(self._kept) + len(octets)
        self._kept = b""
        while at < end:
            if self._until is not None:
                found = data.find(self._until, at)
                if found < 0:
                    return
                at, self._until = found + len(self._until), None
                continue
            name = _INSTRUCTION.search(data, at)
            if not name:
                self._kept = data[-1:] if data[-1:].isalpha() else b""
                return
            if (at := self._one(name[1].upper(), data, name.end())) < 0:
                self._kept = data[name.start() : name.start() + MAX_INSTRUCTION]
                return

    def _one(self, name: bytes, data: bytes, at: int) -> int:
        """Take one instruction; return where the next begins, -1: it is not whole yet."""
        if name in {b"LB", b"PE"}:
            self._instruct(name, b"")
            self._until = self._label_end if name == b"LB" else b";"
            return at
        if name == b"CO":
            quote = data.find(b'"', at, at + MAX_INSTRUCTION)
            if quote < 0:
                return -1 if len(data) - at < MAX_INSTRUCTION else at
            self._until = b'"'
            return quote + 1
        if name == b"DT":
            if at >= len(data):
                return -1
            self._label_end = data[at : at + 1] if data[at : at + 1] != b";" else b"\x03"
            return at + 1
        parameters = _PARAMETERS.match(data, at)
        stop = parameters.end() if parameters else at
        if stop >= len(data) and stop - at < MAX_INSTRUCTION:
            return -1
        self._instruct(name, data[at:stop])
        return stop

    def _instruct(self, name: bytes, parameters: bytes) -> None:
        if name in _DRAWS:
            self.marked = True
            color = self._palettes.color(self._pen)
            if self.color is not True and color is not False:
                self.color = color
        elif name == b"SP":
            self._pen = int(numbers[0]) if (numbers := _numbers(parameters)) else 0
        elif name == b"IN":
            self._pen = _BLACK
            self._palettes.replace(pens())
        elif name == b"PC" and len(numbers := _numbers(parameters)) == 4:  # a pen, red, green, blue
            self._palettes.define(int(numbers[0]), len(set(numbers[1:])) > 1)


def _numbers(parameters: bytes) -> list[float]:
    return [float(number) for number in _NUMBER.findall(parameters)[:8] if len(number) <= 16]
