"""What filters are called with: words of the gate, and none of a client's (SECURITY S6)."""

import re

import pytest

from ippgate.convert.converter import Converter
from ippgate.convert.formats import SOURCES, TARGETS, best_target
from ippgate.convert.layout import sheet_for
from ippgate.convert.order import Order
from ippgate.convert.settings import ConvertSettings
from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE

WORDS = ("-o/etc/passwd", "--help", "x\r\ny", "x\ny", "x\0y", "$(id)", "`id`", "; id", "../../x", 'a" "b', "\u2028")
NAMES = (A.MEDIA, A.SIDES, A.PRINT_COLOR_MODE, A.OUTPUT_BIN, A.JOB_NAME, A.MEDIA_TYPE, A.PRINT_SCALING, "x-vendor")
OPTION = re.compile(r"[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9._-]+")


@pytest.mark.parametrize("word", WORDS)
def test_no_word_of_a_client_is_an_argument_of_a_filter(word: str) -> None:
    for tag in (Tag.KEYWORD, Tag.NAME):
        ticket = [Attribute(name, (Value(tag, word.encode()),)) for name in NAMES]
        sheet = sheet_for("image/urf", ticket, SAFE, None)
        order = Converter(ConvertSettings(enabled=True))._order("/dev/shm/x", "application/pdf", "image/urf", sheet)
        assert all(OPTION.fullmatch(option) for option in order.options.split()), order.options
        assert order.ppd.isascii()
        assert word not in order.ppd
        assert word not in order.said()
        assert Order.heard(order.said()) == order


@pytest.mark.parametrize("word", WORDS)
def test_a_format_is_one_of_a_list_or_nothing_is_converted(word: str) -> None:
    assert best_target(word, TARGETS) is None
    assert all(best_target(source, [word]) is None for source in SOURCES)
