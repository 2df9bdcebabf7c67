"""What pages are dressed in: a closed set of files, read once, under names that change with what is in them.

No path is built from what a client says (SECURITY S4): a name is in the set or it is not there.
"""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    name: str  # with a part of its digest
    kind: str  # media type
    octets: bytes


class Assets:
    """The files of `static/`."""

    def __init__(self) -> None:
        self._by_name: dict[str, Asset] = {}
        self._paths: dict[str, str] = {}
        for file in sorted(files("ippgate.doors.web").joinpath("static").iterdir(), key=lambda each: each.name):
            stem, dot, ending = file.name.rpartition(".")
            octets = file.read_bytes()
            asset = Asset(
                f"{stem}.{hashlib.sha256(octets).hexdigest()[:_LENGTH]}.{ending}", _KINDS[dot + ending], octets
            )
            self._by_name[asset.name] = asset
            self._paths[file.name] = f"/static/{asset.name}"

    def get(self, name: str) -> Asset | None:
        """By the name under which it is served."""
        return self._by_name.get(name)

    def path(self, name: str) -> str:
        """Where a file is served; for templates. Raises KeyError."""
        return self._paths[name]
