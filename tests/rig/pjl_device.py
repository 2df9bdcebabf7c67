"""How a device answers PJL: what a print gate asks before and after a document (HP's PJL Technical Reference)."""

import re
from dataclasses import dataclass, field

COMMAND = re.compile(rb"@PJL[ \t]+([^\r\n]+)\r?\n")
END_OF_ANSWER = b"\x0c"
LONGEST_LINE = 1024
"""A PJL line that is longer is not one: a document's octets."""

READY = 10001
"""The status code of a device that is ready to print."""


@dataclass
class PjlDevice:
    """A device's PJL side: feed it what arrives, send what it answers."""

    model: str = "Rig LaserJet"
    status: int = READY
    display: str = "READY"
    online: bool = True
    pages: int = 1
    """What it reports at the end of each job."""

    page_count: int = 1000
    heard: list[str] = field(default_factory=list)
    """Each command, without @PJL."""

    _rest: bytes = b""
    _says_jobs: bool = False

    def feed(self, data: bytes) -> bytes:
        """Take octets as they arrive, in pieces of any size, and return the answers to them."""
        text = self._rest + data
        answers, end = [], 0
        for found in COMMAND.finditer(text):
            end = found.end()
            command = found[1].decode("latin-1").strip()
            self.heard.append(command)
            answers.append(self._answer(command))
        self._rest = text[max(end, len(text) - LONGEST_LINE) :]
        return b"".join(answers)

    def _answer(self, command: str) -> bytes:
        words = command.upper().split()
        match words:
            case ["INFO", "ID", *_]:
                return _said(command, f'"{self.model}"')
            case ["INFO", "STATUS", *_]:
                return _said(command, *self._state())
            case ["INFO", "PAGECOUNT", *_]:
                return _said(command, f"PAGECOUNT={self.page_count}")
            case ["ECHO", *_]:
                return _said(command)
            case ["USTATUS", "DEVICE", *_] | ["USTATUS", "DEVICE=ON" | "DEVICE=VERBOSE"]:
                return _said("USTATUS DEVICE", *self._state())
            case ["USTATUS", "JOB=ON"]:
                self._says_jobs = True
            case ["USTATUSOFF"]:
                self._says_jobs = False
            case ["JOB", *_] if self._says_jobs:
                return _said("USTATUS JOB", "START", *_name(command))
            case ["EOJ", *_] if self._says_jobs:
                return _said("USTATUS JOB", "END", *_name(command), f"PAGES={self.pages}")
        return b""

    def _state(self) -> tuple[str, str, str]:
        online = "TRUE" if self.online else "FALSE"
        return f"CODE={self.status}", f'DISPLAY="{self.display}"', f"ONLINE={online}"


def _said(command: str, *lines: str) -> bytes:
    text = "".join(f"{line}\r\n" for line in (f"@PJL {command}", *lines))
    return text.encode("latin-1") + END_OF_ANSWER


def _name(command: str) -> list[str]:
    found = re.search(r'NAME\s*=\s*"([^"]*)"', command, re.IGNORECASE)
    return [f'NAME="{found[1]}"'] if found else []
