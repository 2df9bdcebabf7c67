"""A table fits the terminal it is shown on; a pipe gets every value whole."""

import io
import json
from contextlib import redirect_stdout

import pytest

from ippgate.cli import show
from ippgate.cli.show import Column

COLUMNS = (Column("id", "Id", right=True), Column("name", "Name", long=True), Column("state", "State"))
ROWS = [
    {"id": 1, "name": "a very long name " * 20, "state": "pending-held"},
    {"id": 22, "name": "[red]short[/red]", "state": "completed"},
]


class Terminal(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 60 columns without colours."""
    screen = Terminal()
    for name, value in {"COLUMNS": "60", "TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    return screen


def shown_on(terminal: Terminal, *, as_json: bool = False) -> str:
    with redirect_stdout(terminal):
        show.listing(ROWS, COLUMNS, as_json=as_json, nothing="")
    return terminal.getvalue()


def bare(text: str) -> list[str]:
    return [line.replace("\x1b[1m", "").replace("\x1b[0m", "").rstrip() for line in text.splitlines()]


def test_a_table_fits_a_narrow_terminal_and_only_long_columns_give_way(terminal: Terminal) -> None:
    head, first, second = bare(shown_on(terminal))
    assert max(len(line) for line in (head, first, second)) <= 60
    assert head.split() == ["Id", "Name", "State"]
    assert "…" in first
    assert first.endswith("pending-held")
    assert "[red]short[/red]" in second


def test_a_table_of_short_columns_alone_shows_them_all_however_narrow_it_gets(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns = [Column(name, name.capitalize()) for name in ("first", "second", "third")]
    rows = [dict.fromkeys(("first", "second", "third"), "twenty characters ab")]
    with redirect_stdout(terminal):
        show.listing(rows, columns, as_json=False, nothing="")
    head, row = bare(terminal.getvalue())
    assert head.split() == ["First", "Second", "Third"]
    assert row.count("…") == 3
    assert len(row) <= 40


def test_an_examination_is_not_cut(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        show.finding("fail", "disk", "x" * 100, "y" * 100)
    text = "".join(bare(terminal.getvalue()))
    assert text.count("x") == text.count("y") == 100


def test_colours_are_for_terminals_that_want_them(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[3" not in shown_on(terminal)
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b[3" in shown_on(terminal)


def test_a_pipe_gets_aligned_columns_with_every_value_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show.listing(ROWS, COLUMNS, as_json=False, nothing="")
    head, first, second = capsys.readouterr().out.splitlines()
    assert ROWS[0]["name"].strip() in first  # type: ignore[attr-defined]
    assert head.index("STATE") == first.index("pending-held") == second.index("completed")


def test_json_is_the_same_on_a_terminal_and_in_a_pipe(terminal: Terminal) -> None:
    assert json.loads(shown_on(terminal, as_json=True)) == ROWS
    assert terminal.getvalue().isascii()


def test_progress_is_silent_unless_somebody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with show.progress("Working", 10) as more:
        more(5)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


@pytest.mark.parametrize(
    ("octets", "text"), [(None, None), (0, "0 B"), (1023, "1023 B"), (65536, "64.0 KiB"), (1 << 40, "1.0 TiB")]
)
def test_sizes_read_as_people_say_them(octets: int | None, text: str | None) -> None:
    assert show.size(octets) == text
