"""What a person wants of everything they send: a few attributes, within bounds."""

import pytest

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings, PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotPossible
from ippgate.model.preferences import MAX_COPIES, PREFERABLE, merged, preference

SIDES, COPIES = attribute(A.SIDES, "two-sided-long-edge"), attribute(A.COPIES, 2)


def test_what_is_said_takes_the_place_of_what_was_and_the_order_is_always_the_same() -> None:
    assert merged((), (SIDES, COPIES)) == (COPIES, SIDES)
    assert merged((COPIES, SIDES), (attribute(A.COPIES, 3),)) == (attribute(A.COPIES, 3), SIDES)
    assert merged((COPIES, SIDES), (), (A.COPIES, A.MEDIA)) == (SIDES,)


@pytest.mark.parametrize(
    "bad",
    [
        attribute(A.JOB_HOLD_UNTIL, "indefinite"),
        attribute(A.JOB_PRIORITY, 100),
        attribute(A.COPIES, 0, tag=Tag.INTEGER),
        attribute(A.COPIES, MAX_COPIES + 1),
        attribute(A.COPIES, "two", tag=Tag.KEYWORD),
        Attribute(A.COPIES, (*COPIES.values, *COPIES.values)),
        Attribute(A.SIDES, (Value(Tag.NO_VALUE, b""),)),
        Attribute(A.SIDES, ()),
        Attribute(A.SIDES, (Value(Tag.KEYWORD, b"x" * 256),)),
        Attribute(A.FINISHINGS, attribute(A.FINISHINGS, Finishings.STAPLE).values * 17),
    ],
    ids=str,
)
def test_what_nobody_may_prefer_is_refused(bad: Attribute) -> None:
    with pytest.raises(NotPossible):
        merged((), (bad,))


@pytest.mark.parametrize(
    ("name", "words", "meant"),
    [
        (A.COPIES, "2", attribute(A.COPIES, 2)),
        (A.SIDES, "two-sided-short-edge", attribute(A.SIDES, "two-sided-short-edge")),
        (A.PRINT_QUALITY, "High", attribute(A.PRINT_QUALITY, PrintQuality.HIGH)),
        (A.FINISHINGS, "staple, punch", attribute(A.FINISHINGS, Finishings.STAPLE, Finishings.PUNCH)),
        (A.MEDIA, "iso_a4_210x297mm", attribute(A.MEDIA, "iso_a4_210x297mm")),
    ],
)
def test_words_are_understood(name: str, words: str, meant: Attribute) -> None:
    assert preference(name, words) == meant
    assert merged((), (meant,)) == (meant,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (A.COPIES, "many"),
        (A.COPIES, "\u0662"),
        (A.COPIES, "9" * 30),
        (A.PRINT_QUALITY, "best"),
        (A.FINISHINGS, "glue"),
        (A.JOB_NAME, "mine"),
        ("x" * 500, "1"),
        (A.SIDES, ""),
    ],
)
def test_words_that_mean_nothing_are_refused(name: str, words: str) -> None:
    with pytest.raises(NotPossible) as refused:
        merged((), (preference(name, words),))
    assert len(str(refused.value)) < 400


def test_whatever_may_be_preferred_is_a_template_attribute_that_is_not_kept_beside_the_ticket() -> None:
    assert A.JOB_PRIORITY not in PREFERABLE
    assert A.JOB_HOLD_UNTIL not in PREFERABLE
