"""Codes that somebody reads off one screen and types at another."""

import pytest

from ippgate.identity.typed_code import ALPHABET, new_code, typed


def test_a_code_has_chance_enough_and_no_look_alikes() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all([len(group) for group in code.split("-")] == [4, 4, 4] for code in codes)
    assert len(ALPHABET) ** 12 > 2**59
    assert not set("0O1IL") & set(ALPHABET)


def test_case_dashes_and_spaces_do_not_count() -> None:
    assert typed(" wxyz 2345-abcd\r\n") == typed("WXYZ-2345-ABCD") == "WXYZ2345ABCD"


@pytest.mark.parametrize("code", ["", "WXYZ-2345", "WXYZ-2345-ABCDE", "WXYZ-2345-ABC0", "ＷXYZ-2345-ABCD", "A" * 10**6])
def test_what_is_no_code_is_not_looked_up(code: str) -> None:
    assert typed(code) is None
