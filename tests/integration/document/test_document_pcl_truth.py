"""PCL 5 by Ghostscript's devices and CUPS's drivers, against the pages it was made of."""

from pathlib import Path

import pytest

from tests.integration.document.producers import BLACK, RED, postscript
from tests.integration.document.raw_languages import SOURCES, Produce, Producer, check, device, driver, found, table

FORMAT = "application/vnd.hp-PCL"
LOW = "-r150"
SCREENED = "it screens grey with dots of all inks, so these pages have coloured dots"
SCREEN = {"grey of RGB": (2, 1), "pictures": (3, 3)}
DRIVER_SCREEN = {"grey of RGB": (2, 1), "pictures": (3, 2)}  # it prints a picture in one channel with black alone
FOUR_INKS = driver("deskjet", "rastertohp", options="ColorModel=CMYK")
PRODUCERS = [
    Producer("ljet4", device("ljet4", LOW), color=0),
    Producer("ljet4d", device("ljet4d", LOW), color=0),
    Producer("ljet3", device("ljet3", LOW), color=0),
    Producer("laserjet", device("laserjet", LOW), color=0, sizes=False),
    Producer("deskjet", device("deskjet", LOW), color=0),
    Producer("cljet5c", device("cljet5c", LOW)),
    Producer("cljet5", device("cljet5", LOW), None, SCREEN, SCREENED, lacks=("A3",)),
    Producer("cdj550", device("cdj550", LOW)),
    Producer("rastertohp, black", driver("laserjet", "rastertohp"), color=0, sizes=False),
    Producer("rastertohp, four inks", FOUR_INKS, None, DRIVER_SCREEN, SCREENED, sizes=False),
]  # fmt: skip


@pytest.mark.parametrize(("producer", "name"), table(PRODUCERS), ids=str)
def test_pages_and_colours_are_those_of_the_source(producer: Producer, name: str, tmp_path: Path) -> None:
    check(producer, name, FORMAT, tmp_path)


@pytest.mark.parametrize(
    ("produce", "setup", "sides"),
    [
        (device("ljet4", LOW), "", None),
        (device("ljet4d", LOW), "", "two-sided-long-edge"),
        (device("ljet4d", LOW), "<< /Duplex false >> setpagedevice\n", "one-sided"),
        (driver("laserjet", "rastertohp", options="Duplex=DuplexNoTumble"), "", "two-sided-long-edge"),
        (driver("laserjet", "rastertohp", options="Duplex=None"), "", "one-sided"),
    ],
)
def test_sides_are_those_that_were_asked_for(produce: Produce, setup: str, sides: str | None, tmp_path: Path) -> None:
    facts = found(produce(postscript(BLACK, RED, BLACK, setup=setup)(tmp_path), tmp_path))
    assert (facts.pages, facts.sides) == (3, sides)


def test_copies_are_those_that_were_asked_for(tmp_path: Path) -> None:
    source = postscript(BLACK, RED, setup="<< /NumCopies 3 >> setpagedevice\n")(tmp_path)
    facts = found(device("ljet4", LOW)(source, tmp_path))
    assert (facts.pages, facts.copies) == (2, 3)


def test_every_source_is_in_the_table() -> None:
    assert {name for _, name in table(PRODUCERS)} == set(SOURCES)
