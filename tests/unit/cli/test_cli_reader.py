"""Readers at the command line: what comes of a tap is said, and a token is shown once and is no word of a command."""

import pytest

from tests.unit.cli.conftest import Run


@pytest.mark.parametrize(
    "words",
    [
        ("add", "hall"),
        ("add", "hall", "--device", "copier"),
        ("add", "hall", "--device", "copier", "--station", "panel", "--alone"),
        ("add", "hall", "--device", "copier", "--alone", "--token", "x"),
        ("set", "hall"),
        ("set", "hall", "--station", "panel", "--alone"),
        ("renew", "hall", "token"),
    ],
)
def test_what_does_not_say_what_comes_of_a_tap_is_misuse(run: Run, words: tuple[str, ...]) -> None:
    assert run("reader", *words).exit_code == 2
