"""What is said of a person is cleaned, and refused where it cannot be."""

import pytest

from ippgate.model.errors import NotPossible
from ippgate.model.person import MAX_GROUPS, Particulars, checked


def test_what_is_said_is_cleaned_and_what_is_not_stays_unsaid() -> None:
    said = Particulars(" Anna  Li\n", "anna@corp.example", language="PT_br", join=("staff", " lab", "staff"))
    seen = checked(said)
    assert (seen.full_name, seen.email, seen.language, seen.join) == (
        "Anna Li",
        "anna@corp.example",
        "pt-br",
        ("lab", "staff"),
    )
    assert (seen.department, seen.cost_center, seen.active, seen.auto_release) == (None, None, None, None)


@pytest.mark.parametrize("said", [Particulars(full_name=""), Particulars(active=False), Particulars(leave=("x",))])
def test_to_take_something_away_is_to_say_something(said: Particulars) -> None:
    assert not said.is_nothing
    assert checked(said) == said


def test_nothing_said_is_nothing() -> None:
    assert Particulars().is_nothing


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Particulars(email="anna"), "no e-mail address"),
        (Particulars(email="anna@corp\r\nBcc: x@y"), "no e-mail address"),
        (Particulars(email="a b@corp"), "no e-mail address"),
        (Particulars(email="anna@a@b"), "no e-mail address"),
        (Particulars(email="a" * 251 + "@b.c"), "that e-mail is too long: 254"),
        (Particulars(language="german!"), "no language"),
        (Particulars(full_name="x" * 256), "that name is too long: 255"),
        (Particulars(department="ü" * 128), "that department is too long"),
        (Particulars(cost_center="x" * 5000), "that cost centre is too long"),
        (Particulars(join=("staff", " \t")), "a group has a name"),
        (Particulars(join=("staff",), leave=("staff",)), "both joined and left"),
        (Particulars(join=tuple(map(str, range(MAX_GROUPS + 1)))), "512 groups at most"),
    ],
)
def test_what_cannot_be_is_refused(said: Particulars, words: str) -> None:
    with pytest.raises(NotPossible, match=words):
        checked(said)
