"""What a job asks for, as people read it."""

import pytest

from ippgate.cli.facts import attribute_words
from ippgate.ipp import Attribute, Range, Resolution, attribute
from ippgate.ipp.registry import attributes as A


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (attribute(A.COPIES, 2), "copies=2"),
        (attribute(A.FINISHINGS, 4, 5), "finishings=4,5"),
        (attribute(A.SIDES, "two-sided-long-edge"), "sides=two-sided-long-edge"),
        (attribute(A.MEDIA_COL, {"media-type": "stationery"}), "media-col={media-type=stationery}"),
        (attribute(A.PAGE_RANGES, Range(1, 4)), "page-ranges=1-4"),
        (attribute(A.PRINTER_RESOLUTION, Resolution(600, 300, 3)), "printer-resolution=600x300dpi"),
    ],
)
def test_an_attribute_is_shown_as_people_write_it(asked: Attribute, said: str) -> None:
    assert attribute_words(asked) == said
