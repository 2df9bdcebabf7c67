"""Who made a device, read by pyipp's models from plain values; pyipp's trouble is not ours."""

import pytest
from pyipp.models import Printer

from ippgate.ipp import Attribute, Group, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.transport.printer_model import make_and_model


def printer(**said: str) -> Group:
    return Group(Tag.PRINTER, [attribute(name.replace("_", "-"), text) for name, text in said.items()])


def test_a_device_without_a_model_is_called_by_its_1284_device_id() -> None:
    told = Group(Tag.PRINTER, [attribute(A.PRINTER_DEVICE_ID, "MFG:ACME;MDL:Laser 9;CMD:PDF;")])
    assert make_and_model(told) == "ACME Laser 9"


def test_a_device_that_says_nothing_has_no_model() -> None:
    assert make_and_model(Group(Tag.PRINTER)) == ""


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError])
def test_where_pyipp_fails_the_model_is_read_without_it(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: dict[str, object]) -> Printer:
        raise error("cannot")

    monkeypatch.setattr(Printer, "from_dict", fail)
    assert make_and_model(printer(printer_make_and_model="Example 9000")) == "Example 9000"


def test_pyipp_sees_nothing_but_plain_short_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    real = Printer.from_dict

    def look(data: dict[str, object]) -> Printer:
        seen.update(data)
        return real(data)

    monkeypatch.setattr(Printer, "from_dict", look)
    hostile = Value(Tag.TEXT, b"\x1b[31m" + b"x" * 5000 + b"\r\n")
    broken = Value(Tag.TEXT_LANG, b"\xff\xff")
    make_and_model(
        Group(
            Tag.PRINTER,
            [
                Attribute(A.PRINTER_MAKE_AND_MODEL, (hostile,)),
                Attribute(A.PRINTER_INFO, (broken,)),
                Attribute(A.PRINTER_NAME, (Value(Tag.BEG_COLLECTION, ()),)),
                attribute(A.PRINTER_UP_TIME, 5),
            ],
        )
    )
    assert set(seen) == {A.PRINTER_MAKE_AND_MODEL}
    assert all(isinstance(value, str) and value.isprintable() and len(value) <= 1023 for value in seen.values())
