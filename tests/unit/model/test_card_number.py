"""A card's number from every kind of reader."""

import pytest

from ippgate.model.card_number import USUAL, CardProfile, Notation, number_of, profile_of
from ippgate.model.errors import NotPossible


def whole(read: str, profile: str) -> str:
    return number_of(read, profile_of(profile)).whole


@pytest.mark.parametrize(
    ("read", "profile"),
    [
        ("04A1B2C3", "hex"),
        ("04a1b2c3\r\n", "hex"),
        ("04:a1:b2:c3", "hex"),
        ("0004A1B2C3", "hex,octets=5"),
        ("C3B2A104", "hex,reversed"),
        ("C3B2A10400", "hex,octets=5,reversed"),
        ("77705923", "decimal"),
        ("0077705923", "decimal,octets=4"),
        ("3283263748", "decimal,octets=4,reversed"),
        (";0077705923?", "decimal,prefix=;,suffix=?"),
        ("%04A1B2C3,", "hex,prefix=%25,suffix=%2C"),
        ("M-04A1B2C3-", "HEX, prefix=M-,suffix=-"),
    ],
)
def test_one_card_is_one_number_from_every_reader(read: str, profile: str) -> None:
    assert whole(read, profile) == "number 4A1B2C3"


def test_letters_are_no_number_and_never_equal_one() -> None:
    assert whole("ab-12 x", "text") == "text AB-12 X"
    assert whole("1234", "text") != whole("1234", "hex")


@pytest.mark.parametrize(
    ("read", "profile", "words"),
    [
        ("", "hex", "too short"),
        ("123", "decimal", "too short"),
        ("A1B", "text", "4 characters at least"),
        ("ab\x00cd", "text", "all of them to be seen"),
        ("04A1B2CG", "hex", "that is no hex number"),
        ("04A1B2C3", "decimal", "that is no decimal number"),
        ("\u0661\u0662\u0663\u0664\u0665", "decimal", "that is no decimal number"),
        ("-12345", "decimal", "that is no decimal number"),
        ("1_000_000", "decimal", "that is no decimal number"),
        ("4294967296", "decimal,octets=4", "more octets than 4"),
        ("0104A1B2C3", "hex,octets=4", "more octets than 4"),
        ("00000000", "hex", "zeros"),
        ("04A1B2C3", "hex,prefix=;", "signs around the number that are not there"),
        (";04A1B2C3", "hex,prefix=;,suffix=?", "signs around the number that are not there"),
        (";", "hex,prefix=;,suffix=;", "signs around the number that are not there"),
        ("1" * 129, "hex", "too long"),
        ("F" * 66, "hex", "more octets than 32"),
    ],
)
def test_what_is_no_number_is_refused_without_saying_it(read: str, profile: str, words: str) -> None:
    with pytest.raises(NotPossible, match=words) as refused:
        whole(read, profile)
    assert not read or read not in str(refused.value) or read == ";"


@pytest.mark.parametrize(
    "text",
    [
        "octal",
        "hex,decimal",
        "octets=0",
        "octets=33",
        "octets=x",
        "octets=",
        "decimal,reversed",
        "text,octets=4",
        "text,reversed",
        "prefix=" + "x" * 17,
        "prefix=%07",
        "hex,,octets=4",
        "colour=red",
        "octets=4,octets=5",
    ],
)
def test_a_profile_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(NotPossible):
        profile_of(text)


def test_an_empty_profile_is_not_one_and_the_usual_one_is_hexadecimal() -> None:
    with pytest.raises(NotPossible):
        profile_of("")
    assert profile_of("hex") == USUAL == CardProfile(Notation.HEX)


def test_a_label_is_the_end_of_a_number_and_half_of_it_at_most() -> None:
    assert number_of("04A1B2C3D4E5F6").label == "E5F6"
    assert number_of("0012345").label == "45"
    assert number_of("0001").label == ""
    assert "A1B2" not in repr(number_of("04A1B2C3"))
