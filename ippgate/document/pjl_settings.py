"""What PJL lines around a document ask of the device: hostile text, read for a closed list of variables only.

HP, Printer Job Language Technical Reference Manual. JOB, EOJ, RESET and INITIALIZE put the variables back to their
defaults, which DEFAULT sets. QTY multiplies: so many times what the language, or COPIES, asks for.
"""

import re
from dataclasses import dataclass, field

from ippgate.document.media_codes import NAMED
from ippgate.document.tally import MAX_COPIES, Size
from ippgate.ipp.registry import Finishings
from ippgate.model.facts import DocumentFacts
from ippgate.model.text import plain

TITLE_LIMIT = 127

_SET = re.compile(r"(SET|DEFAULT)\s+(?:LPARM\s*:\s*\w+\s+)?(\w+)\s*=\s*(\"[^\"]*\"?|\S+)", re.IGNORECASE)
_JOB = re.compile(r"JOB\b(?:.*?\bNAME\s*=\s*\"([^\"]*)\"?)?", re.IGNORECASE)
_BACK = re.compile(r"(?:EOJ|RESET|INITIALIZE)\b", re.IGNORECASE)
_ENTER = re.compile(r"ENTER\s+LANGUAGE\s*=\s*\"?([\w-]{1,32})", re.IGNORECASE)
_FILE = re.compile(r"(FSDOWNLOAD|FSAPPEND|UPGRADE)\b", re.IGNORECASE)

_READ = frozenset({"COPIES", "QTY", "DUPLEX", "BINDING", "RENDERMODE", "PAPER", "FINISH", "STAPLE", "PUNCH", "JOBNAME"})
_NOTHING = frozenset({"", "OFF", "NONE"})


@dataclass(slots=True)
class PjlSettings:
    """Variables as they stand when a language is entered."""

    title: str = ""  # of the first line that names the job
    _current: dict[str, str] = field(default_factory=dict)
    _defaults: dict[str, str] = field(default_factory=dict)

    def read(self, line: str) -> str | None:
        """Take what follows @PJL in one line; return the language it enters, in capitals, if it does."""
        line = line.strip()
        if entered := _ENTER.match(line):
            return entered[1].upper()
        if _BACK.match(line):
            self._current.clear()
        elif job := _JOB.match(line):
            self._current.clear()
            self._name(job[1] or "")
        elif setting := _SET.match(line):
            self._set(setting[1].upper(), setting[2].upper(), setting[3].strip('"'))
        return None

    def _set(self, verb: str, variable: str, value: str) -> None:
        if variable == "JOBNAME":
            self._name(value)
        elif variable in _READ:
            (self._current if verb == "SET" else self._defaults)[variable] = value[:64].upper()

    def _name(self, title: str) -> None:
        self.title = self.title or plain(title, TITLE_LIMIT)

    def _value(self, variable: str) -> str:
        return self._current.get(variable) or self._defaults.get(variable, "")

    def _number(self, variable: str) -> int | None:
        value = self._value(variable)
        return min(int(value[:9]), MAX_COPIES) or None if value.isascii() and value.isdigit() else None

    def copies(self, of_language: int | None) -> int | None:
        """Copies in all, given those that the language asks for; None: nobody asks."""
        each, sets = of_language or self._number("COPIES"), self._number("QTY")
        return each if sets is None else min(sets * (each or 1), MAX_COPIES)

    @property
    def sides(self) -> str | None:
        duplex = self._value("DUPLEX")
        if duplex == "OFF":
            return "one-sided"
        if duplex != "ON":
            return None
        return "two-sided-short-edge" if self._value("BINDING") == "SHORTEDGE" else "two-sided-long-edge"

    @property
    def is_grayscale(self) -> bool:
        """Whether the device is asked to print everything in grey."""
        return self._value("RENDERMODE") == "GRAYSCALE"

    @property
    def paper(self) -> Size | None:
        return NAMED.get(self._value("PAPER").replace(" ", ""))

    @property
    def finishings(self) -> tuple[int, ...]:
        finish = self._value("FINISH")
        staple = finish == "STAPLE" or self._value("STAPLE") not in _NOTHING
        punch = finish == "PUNCH" or self._value("PUNCH") not in _NOTHING
        return (Finishings.STAPLE,) * staple + (Finishings.PUNCH,) * punch

    def of_device(self, facts: DocumentFacts) -> int | None:
        """The pages in colour that a device with these settings makes of a document."""
        return 0 if self.is_grayscale and facts.pages is not None else facts.color_pages


def sent_file(line: str) -> str | None:
    """The PJL command that carries a file or a program in its wake, if the line is one."""
    command = _FILE.match(line.strip())
    return command[1].upper() if command else None
