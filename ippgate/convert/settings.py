"""Bounds of conversions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ConvertSettings:
    """Bounds of conversions. Sizes in octets, times in seconds."""

    enabled: bool = False
    command: Path = Path("/usr/sbin/cupsfilter")
    programs: Path = Path("/usr/lib/cups")  # ServerBin of CUPS: its folder `filter` has the filters
    temp: Path = Path("/dev/shm")  # noqa: S108 - filters' files: in memory, so that no document lies on a disk
    seconds: float = 300.0  # for a conversion, from its first octet to the last of its result
    memory: int = 1024 * MIB  # of all filters of a conversion together
    room: int = 1024 * MIB  # of their files
    output: int = 4096 * MIB  # of the result
    processes: int = 32
    at_once: int = 2  # conversions of one worker; others wait
