"""A password is typed twice at a terminal, or read from the first line of a pipe; never from the command's words."""

import io
import sys

import pytest

from ippgate.cli.password import typed_card, typed_password
from ippgate.cli.sentence import FailedError
from tests.unit.cli.conftest import Paper, Run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = iter(typed)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))


def test_what_is_typed_twice_is_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch, "correct horse", "correct horse")
    assert typed_password() == "correct horse"


def test_two_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch, "correct horse", "correct house")
    with pytest.raises(FailedError, match="not the same"):
        typed_password()


@pytest.mark.parametrize(
    ("piped", "password"), [("correct horse\n", "correct horse"), ("a b \r\nmore\n", "a b "), ("no end", "no end")]
)
def test_a_pipe_gives_its_first_line(monkeypatch: pytest.MonkeyPatch, piped: str, password: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
    assert typed_password() == password


@pytest.mark.parametrize("piped", ["", "\n"])
def test_no_password_is_refused(monkeypatch: pytest.MonkeyPatch, piped: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
    with pytest.raises(FailedError, match="no password was given"):
        typed_password()


@pytest.mark.parametrize("words", [("add", "olga", "secret"), ("add", "olga", "--password", "secret")])
def test_a_password_among_the_words_is_misuse(paper: Paper, run: Run, words: tuple[str, ...]) -> None:
    assert run("operator", *words).exit_code == 2


def test_a_card_is_typed_once_or_piped(monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch, "04A1B2C3")
    assert typed_card() == "04A1B2C3"
    monkeypatch.setattr(sys, "stdin", io.StringIO("04A1B2C4\r\nmore\n"))
    assert typed_card() == "04A1B2C4"
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    with pytest.raises(FailedError, match="no card was given"):
        typed_card()


def test_a_card_among_the_words_is_misuse(paper: Paper, run: Run) -> None:
    assert run("card", "add", "anna", "04A1B2C3").exit_code == 2
