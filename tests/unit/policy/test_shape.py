"""Force wins over cap, cap over wish, wish over default; what is written is what IPP would have been sent."""

from typing import Any

import pytest

from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import Finishings, PrintQuality
from ippgate.model.capabilities.finishing import collected
from ippgate.policy.shape import How, Shape, asked, shaped
from tests.unit.policy.jobs import wish

A4, A3, A5 = "iso_a4_210x297mm", "iso_a3_297x420mm", "iso_a5_148x210mm"
STAPLE, PUNCH, NONE = int(Finishings.STAPLE), int(Finishings.PUNCH), int(Finishings.NONE)


def force(name: str, *worth: Any) -> Shape:
    return Shape(How.FORCE, name, worth, "f")


def cap(name: str, *worth: Any) -> Shape:
    return Shape(How.CAP, name, worth, "c")


def default(name: str, *worth: Any) -> Shape:
    return Shape(How.DEFAULT, name, worth, "d")


@pytest.mark.parametrize(
    ("template", "shapes", "becomes"),
    [
        ([], [default(A.SIDES, "two-sided-long-edge")], [wish(A.SIDES, "two-sided-long-edge")]),
        ([wish(A.SIDES, "one-sided")], [default(A.SIDES, "two-sided-long-edge")], [wish(A.SIDES, "one-sided")]),
        (
            [wish(A.SIDES, "one-sided"), wish(A.COPIES, 2)],
            [force(A.SIDES, "two-sided-long-edge")],
            [wish(A.SIDES, "two-sided-long-edge"), wish(A.COPIES, 2)],
        ),
        ([wish(A.COPIES, 30)], [cap(A.COPIES, 20)], [wish(A.COPIES, 20)]),
        ([wish(A.COPIES, 10)], [cap(A.COPIES, 20)], [wish(A.COPIES, 10)]),
        ([], [cap(A.COPIES, 20)], []),
        ([wish(A.COPIES, 30)], [cap(A.COPIES, 10), cap(A.COPIES, 20)], [wish(A.COPIES, 10)]),
        ([wish(A.COPIES, 30)], [cap(A.COPIES, 20), cap(A.COPIES, 10)], [wish(A.COPIES, 10)]),
        ([wish(A.COPIES, 30)], [force(A.COPIES, 50), cap(A.COPIES, 20)], [wish(A.COPIES, 50)]),
        ([], [force(A.COPIES, 5), force(A.COPIES, 6)], [wish(A.COPIES, 6)]),
        ([], [default(A.COPIES, 5), default(A.COPIES, 6)], [wish(A.COPIES, 6)]),
        ([], [default(A.COPIES, 30), cap(A.COPIES, 20)], [wish(A.COPIES, 20)]),
        (
            [wish(A.SIDES, "two-sided-short-edge")],
            [cap(A.SIDES, "one-sided")],
            [wish(A.SIDES, "one-sided")],
        ),
        ([], [cap(A.SIDES, "one-sided")], []),
        ([], [cap(A.PRINT_COLOR_MODE, "monochrome")], [wish(A.PRINT_COLOR_MODE, "monochrome")]),
        (
            [wish(A.PRINT_COLOR_MODE, "bi-level")],
            [cap(A.PRINT_COLOR_MODE, "monochrome")],
            [wish(A.PRINT_COLOR_MODE, "bi-level")],
        ),
        (
            [wish(A.PRINT_QUALITY, PrintQuality.HIGH)],
            [cap(A.PRINT_QUALITY, int(PrintQuality.NORMAL))],
            [wish(A.PRINT_QUALITY, PrintQuality.NORMAL)],
        ),
        ([], [cap(A.PRINT_QUALITY, int(PrintQuality.DRAFT))], [wish(A.PRINT_QUALITY, PrintQuality.DRAFT)]),
        (
            [wish(A.FINISHINGS, STAPLE, PUNCH)],
            [cap(A.FINISHINGS, STAPLE)],
            [wish(A.FINISHINGS, STAPLE)],
        ),
        ([wish(A.FINISHINGS, PUNCH), wish(A.COPIES, 2)], [cap(A.FINISHINGS, STAPLE)], [wish(A.COPIES, 2)]),
        ([wish(A.FINISHINGS, NONE)], [cap(A.FINISHINGS, STAPLE)], [wish(A.FINISHINGS, NONE)]),
        (
            [wish(A.FINISHINGS_COL, {"finishing-template": "x"})],
            [force(A.FINISHINGS, NONE)],
            [wish(A.FINISHINGS, NONE)],
        ),
        ([wish(A.MEDIA, A3)], [cap(A.MEDIA, A4, A5)], [wish(A.MEDIA, A4)]),
        ([wish(A.MEDIA, A5)], [cap(A.MEDIA, A4, A5)], [wish(A.MEDIA, A5)]),
        ([], [cap(A.MEDIA, A4)], []),
        ([], [force(A.MEDIA, A4)], [wish(A.MEDIA, A4)]),
    ],
)
def test_a_template_becomes_what_the_rules_say(
    template: list[Attribute], shapes: list[Shape], becomes: list[Attribute]
) -> None:
    after, changes = shaped(tuple(template), shapes)
    assert list(after) == becomes
    assert bool(changes) == (after != tuple(template))
    assert shaped(after, shapes) == (after, ())


def test_media_that_is_forced_keeps_tray_and_type_of_a_media_col() -> None:
    size = {"x-dimension": 29700, "y-dimension": 42000}
    tray = wish(A.MEDIA_COL, {"media-size": size, "media-source": "tray-1", "media-type": "stationery"})
    assert asked((tray,), A.MEDIA) == (A3,)
    (after,), (change,) = shaped((tray,), [force(A.MEDIA, A4)])
    assert after == wish(
        A.MEDIA_COL,
        {
            "media-size": {"x-dimension": 21000, "y-dimension": 29700},
            "media-source": "tray-1",
            "media-type": "stationery",
        },
    )
    assert str(change) == f"media: {A3} → {A4}"


def test_media_without_dimensions_in_its_name_takes_the_place_of_a_media_col() -> None:
    tray = wish(A.MEDIA_COL, {"media-type": "stationery"})
    after, _ = shaped((tray,), [force(A.MEDIA, "letterhead")])
    assert after == (wish(A.MEDIA, "letterhead"),)


def test_a_change_names_what_was_and_what_is_and_who_did_it() -> None:
    template = (wish(A.FINISHINGS, STAPLE, PUNCH), wish(A.COPIES, 30))
    _, changes = shaped(
        template, [cap(A.FINISHINGS, STAPLE), default(A.COPIES, 1), cap(A.COPIES, 5), force(A.SIDES, "one-sided")]
    )
    assert [(str(change), change.how, change.rule) for change in changes] == [
        ("finishings: staple, punch → staple", How.CAP, "c"),
        ("copies: 30 → 5", How.CAP, "c"),
        ("sides: not asked for → one-sided", How.FORCE, "f"),
    ]


def test_finishings_that_come_as_templates_are_under_the_same_rules() -> None:
    def cols(*templates: str) -> tuple[Attribute, ...]:
        return (Attribute(A.FINISHINGS_COL, tuple(map(collected, templates))),)

    assert asked(cols("staple", "punch"), A.FINISHINGS) == (STAPLE, PUNCH)
    for template, kept in (
        (cols("staple", "punch"), (wish(A.FINISHINGS, STAPLE),)),
        (cols("staple", "vendor-corner"), (wish(A.FINISHINGS, STAPLE),)),
        (cols("vendor-corner"), ()),
        (cols("staple"), cols("staple")),
    ):
        assert shaped(template, [cap(A.FINISHINGS, STAPLE)])[0] == kept
    assert shaped(cols("staple"), [force(A.FINISHINGS, NONE)])[0] == (wish(A.FINISHINGS, NONE),)
    assert shaped(cols("punch"), [default(A.FINISHINGS, STAPLE)])[0] == cols("punch")
