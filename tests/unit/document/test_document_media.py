"""Pages are counted by size; sizes that can't be are counted in none, and there are never too many."""

from math import inf, nan

import pytest

from ippgate.document.media import MAX_SIZES, MediaTally
from ippgate.model.facts import MediaUse


def test_points_become_hundredths_of_a_millimetre() -> None:
    tally = MediaTally()
    tally.add(595.2756, 841.8898)
    tally.add(612, 792, pages=2)
    assert tally.media() == (MediaUse(21000, 29700, 1), MediaUse(21590, 27940, 2))


def test_other_units_are_understood() -> None:
    tally = MediaTally()
    tally.add(2480, 3508, per_inch=300)
    assert tally.media() == (MediaUse(20997, 29701, 1),)


def test_sizes_that_differ_by_rounding_alone_are_one() -> None:
    tally = MediaTally()
    for width, height in ((595.2756, 841.8898), (595, 842), (595.32, 841.92)):
        tally.add(width, height)
    assert tally.media() == (MediaUse(21000, 29700, 3),)


def test_a_page_on_its_side_is_a_size_of_its_own() -> None:
    tally = MediaTally()
    tally.add(595, 842)
    tally.add(842, 595)
    assert [use.pages for use in tally.media()] == [1, 1]


@pytest.mark.parametrize("size", [(0, 842), (595, -1), (nan, 842), (inf, 842), (1e9, 842), (595, 1e300)])
def test_a_size_that_can_not_be_is_not_counted(size: tuple[float, float]) -> None:
    tally = MediaTally()
    tally.add(*size)
    tally.add(595, 842, per_inch=0)
    tally.add(595, 842, per_inch=nan)
    assert tally.media() == ()


def test_a_thousand_sizes_are_not_kept() -> None:
    tally = MediaTally()
    for width in range(1000):
        tally.add(100 + width * 10, 842)
    assert len(tally.media()) == MAX_SIZES
