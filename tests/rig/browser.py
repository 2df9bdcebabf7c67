"""avahi-browse as a client that looks for printers: what it sees at once, and what comes and goes while it looks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.rig.avahi import Avahi
from tests.rig.command import run
from tests.rig.eventually import PATIENCE, eventually
from tests.rig.process import Process

_ESCAPED = re.compile(rb"\\([0-9]{3}|.)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """A service that was resolved."""

    name: str
    kind: str
    host: str
    address: str
    port: int
    text: dict[str, str]


async def seen(avahi: Avahi, kind: str, within: Sequence[str] = ()) -> list[Seen]:
    """What there is of a service type, or of a subtype such as _universal._sub._ipp._tcp."""
    done = await run(*within, "avahi-browse", "--resolve", "--parsable", "--terminate", kind, env=avahi.env)
    found = {_seen(line) for line in done.out.splitlines() if line.startswith("=")}
    return [Seen(*one[:-1], dict(one[-1])) for one in sorted(found)]


class Browser:
    """Looks at a service type until the end."""

    def __init__(self, avahi: Avahi, kind: str, log: Path) -> None:
        argv = ["avahi-browse", "--parsable", kind]
        self._process = Process(f"avahi-browse {kind}", argv, log=log, env=avahi.env)

    async def sees(self, name: str, *, within: float = PATIENCE) -> None:
        """Wait until a service of that name is there."""
        await eventually(lambda: self._last(name) == "+", f"{name} to be found", within=within)

    async def misses(self, name: str, *, within: float = PATIENCE) -> None:
        """Wait until one that was there is gone."""
        await eventually(lambda: self._last(name) == "-", f"{name} to be gone", within=within)

    @property
    def names(self) -> set[str]:
        """Those that are there."""
        return {name for name in {name for _, name in self._events()} if self._last(name) == "+"}

    def _last(self, name: str) -> str:
        return next((sign for sign, each in reversed(self._events()) if each == name), "")

    def _events(self) -> list[tuple[str, str]]:
        lines = self._process.log.read_text(errors="replace").splitlines()
        fields = (line.split(";") for line in lines if line[:2] in ("+;", "-;"))
        return [(field[0], _unescaped(field[3])) for field in fields]

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop()


def _seen(line: str) -> tuple[str, str, str, str, int, tuple[tuple[str, str], ...]]:
    _, _interface, _protocol, name, kind, _domain, host, address, port, text = line.split(";", 9)
    pairs = (string.partition("=") for string in map(_unescaped, _QUOTED.findall(text)))
    return _unescaped(name), kind, host, address, int(port), tuple((key, value) for key, _, value in pairs)


def _unescaped(text: str) -> str:
    r"""Avahi writes octets as \DDD, in decimal."""

    def octets(found: "re.Match[bytes]") -> bytes:
        return bytes([int(found[1])]) if len(found[1]) == 3 else found[1]

    return _ESCAPED.sub(octets, text.encode()).decode("utf-8", "replace")
