"""What can be converted, and what for: decided without running anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.convert import landlock, seccomp
from ippgate.convert.converter import Converter
from ippgate.convert.formats import PDF, POSTSCRIPT, PWG_RASTER, SOURCES, TARGETS, URF, best_target
from ippgate.convert.order import Order
from ippgate.convert.settings import ConvertSettings
from ippgate.convert.sheet import Sheet


@pytest.mark.parametrize(
    ("source", "taken", "target"),
    [
        ("image/jpeg", (URF, PWG_RASTER, PDF), PDF),
        (PDF, (URF, PWG_RASTER, PDF), PWG_RASTER),
        (PDF, (POSTSCRIPT, URF), URF),
        (PDF, (POSTSCRIPT,), POSTSCRIPT),
        (PDF, (PDF,), None),
        (PDF, ("image/jpeg", "application/vnd.hp-pcl"), None),
        (PDF, (), None),
        ("application/octet-stream", TARGETS, None),
        ("application/x-shell", TARGETS, None),
        ("text/html", TARGETS, None),
    ],
)
def test_the_best_that_the_device_takes_is_chosen(source: str, taken: tuple[str, ...], target: str | None) -> None:
    assert best_target(source, taken) == target


@given(st.sampled_from(sorted(SOURCES)), st.lists(st.sampled_from([*TARGETS, "image/jpeg"])))
def test_what_is_chosen_is_taken_and_is_another(source: str, taken: list[str]) -> None:
    target = best_target(source, taken)
    assert target is None or (target in taken and target != source)


def test_a_sheet_is_told_as_a_description_of_one_device() -> None:
    ppd = Sheet("iso_a3_297x420mm", color=False, resolution=600, sides="two-sided-long-edge").ppd()
    assert '*PaperDimension Sheet: "841.89 1190.55"\n' in ppd
    assert "*DefaultResolution: 600dpi\n" in ppd
    assert "cupsColorSpace 18/" in ppd
    assert "/Duplex true/Tumble false" in ppd
    assert ppd.isascii()
    assert max(map(len, ppd.splitlines())) < 256  # PPD specification 4.3, section 2.2
    assert "Duplex=DuplexNoTumble" in Sheet(sides="two-sided-long-edge").chosen()


@pytest.mark.parametrize(
    "said",
    [
        {"media": "A4"},
        {"media": 'iso_a4_210x297mm"\n*cupsFilter: "x'},
        {"media": "custom_endless_210x99999mm"},
        {"media": "custom_none_0x0mm"},
        {"media": "iso_a4_2.1.0x297mm"},
        {"media": "custom_" + "a" * 300 + "_210x297mm"},
        {"resolution": 0},
        {"resolution": 9600},
        {"sides": "three-sided"},
        {"sheet_back": "normal\n"},
    ],
)
def test_what_no_sheet_can_be_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+ .+"):
        Sheet(**said)  # type: ignore[arg-type]


def test_an_order_is_heard_as_it_was_said() -> None:
    order = Order(PDF, URF, Sheet().ppd(), Sheet().chosen(), "/dev/shm/x", "/a", "/b", 1, 2, 3, 4, 5)
    assert Order.heard(order.said()) == order


def test_a_processor_whose_calls_are_not_known_runs_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    with pytest.raises(NotImplementedError, match="pdp11"):
        seccomp.forbid()
    assert "filters cannot be confined on pdp11" in (Converter(ConvertSettings(True)).obstacle() or "")


def test_a_kernel_without_landlock_runs_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "_CREATE_RULESET", 5000)  # no kernel has so many calls
    with pytest.raises(OSError, match="landlock: Function not implemented"):
        landlock.confine_files(("/usr",), ())
    assert "filters cannot be confined here (landlock: Function not" in (
        Converter(ConvertSettings(True)).obstacle() or ""
    )
