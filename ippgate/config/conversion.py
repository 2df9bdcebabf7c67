"""The keys of conversion, apart from the others: filters need many bounds."""

from dataclasses import dataclass

from ippgate.config import form
from ippgate.config.option import option
from ippgate.config.unit import DAY, GIB, MIB, MINUTE, TIB


@dataclass(frozen=True, slots=True)
class ConvertSettings:
    """Whether documents that a device cannot print are converted, by cups-filters, confined."""

    enabled: bool = option(
        False,
        "Whether they are. If not, their jobs are held with the reason. Needs the packages cups and cups-filters.",
    )
    command: str = option("/usr/sbin/cupsfilter", "The program that knows which filters lead where.", form=form.program)
    programs: str = option(
        "/usr/lib/cups", "CUPS's folder of programs; its folder filter has the filters.", form=form.folder
    )
    temp: str = option(
        "/dev/shm",  # noqa: S108 - in memory, not on a disk
        "Where filters keep their files: a folder in memory, so that no document lies on a disk in plain.",
        form=form.folder,
    )
    at_once: int = option(
        2, "Documents that one worker converts at the same time; others wait.", counts="documents", low=1, high=64
    )
    seconds: float = option(5 * MINUTE, "How long converting one document may take.", unit="seconds", low=1, high=DAY)
    memory: int = option(
        GIB, "The memory that the filters of one document may take.", unit="octets", low=128 * MIB, high=64 * GIB
    )
    room: int = option(
        GIB, "What the files of these filters may take of temp.", unit="octets", low=16 * MIB, high=64 * GIB
    )
    output: int = option(
        4 * GIB,
        "The largest document that may come out; a raster is many times larger than what it was made from.",
        unit="octets",
        low=MIB,
        high=4 * TIB,
    )
    processes: int = option(
        32, "The processes that converting one document may take.", counts="processes", low=4, high=1000
    )
