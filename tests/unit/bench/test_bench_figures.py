"""What the bench says of its measurements is what was measured."""

import importlib
import inspect
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench.__main__ import QUESTIONS, main
from bench.figure import Bar, Figure
from bench.load import Intake
from bench.quantile import median, percentile, spread
from bench.table import number, save, table


def test_the_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 99) == 99
    assert percentile(values, 100) == 100
    assert percentile([7.0], 50) == 7
    assert percentile([3.0, 1.0, 2.0], 50) == 2


def test_the_percentile_of_few_values_is_the_highest() -> None:
    assert percentile([1.0, 2.0, 9.0], 99) == 9


def test_the_median_of_an_even_number_of_values_lies_between_the_middle_two() -> None:
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.5


def test_a_spread_tells_the_edges_and_how_many_there_were() -> None:
    assert spread([1.0, 2.0, 3.0]) == {"median": 2, "lowest": 1, "highest": 3, "count": 3, "p95": 3, "p99": 3}


@pytest.mark.parametrize("percent", [0, 101, -1])
def test_a_percentage_is_more_than_nothing_and_no_more_than_all(percent: int) -> None:
    with pytest.raises(ValueError, match="percentage"):
        percentile([1.0], percent)


def test_nothing_measured_has_no_middle() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        median([])
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("bar", "ours", "verdict"),
    [
        (Bar("at least", 1.5), 15, "met"),
        (Bar("at least", 1.5), 14.9, "missed"),
        (Bar("at most", 1.3), 13, "met"),
        (Bar("at most", 1.3), 13.1, "missed"),
        (None, 1, ""),
    ],
)
def test_a_figure_beside_a_peer_is_judged_by_its_ratio(bar: Bar | None, ours: float, verdict: str) -> None:
    assert Figure("P1", "rate", "jobs/s", ours, "cupsd", 10, bar).verdict == verdict


def test_a_figure_without_a_peer_is_judged_as_it_is() -> None:
    assert Figure("P4", "memory", "MiB", 32, bar=Bar("at most", 32)).verdict == "met"
    assert Figure("P4", "memory", "MiB", 33, bar=Bar("at most", 32)).verdict == "missed"


def test_rounds_that_took_turns_are_compared_round_by_round() -> None:
    figure = Figure.of_rounds("P1", "rate", "jobs/s", [100, 40, 90], "cupsd", [50, 10, 30])  # the machine was busy once
    assert (figure.ours, figure.beside) == (90, 30)
    assert figure.ratio == 3


def test_rounds_without_their_turn_are_no_figure() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Figure.of_rounds("P1", "rate", "jobs/s", [1, 2], "cupsd", [1])


def test_the_file_keeps_machine_verdict_and_every_round(tmp_path: Path) -> None:
    figure = Figure.of_rounds(
        "P1", "rate", "jobs/s", [30], "cupsd", [10], bar=Bar("at least", 1.5), raw={"gate": [_round()]}
    )
    save(tmp_path / "results.json", {"cores": 2}, [figure])
    read = json.loads((tmp_path / "results.json").read_text())
    assert read["machine"] == {"cores": 2}
    (line,) = read["figures"]
    assert (line["ratio"], line["bar"], line["verdict"], line["rounds"]) == (3, "≥ 1.5", "met", [[30, 10]])
    assert line["raw"]["gate"][0]["accepted"] == 10


def test_the_table_shows_ratio_bar_and_verdict() -> None:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(table([Figure("P3", "delivery", "jobs/s", 1230, "cupsd", 300, Bar("at least", 4))]))
    for part in ("P3", "delivery", "1,230", "300 (cupsd)", "4.1", "≥ 4", "met"):
        assert part in captured.get()


@pytest.mark.parametrize(("value", "shown"), [(1234.5, "1,234"), (12.345, "12.3"), (0.8512, "0.851"), (None, "")])
def test_a_number_shows_the_digits_that_count(value: float | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize("module", QUESTIONS.values())
def test_every_question_can_be_asked(module: str) -> None:
    assert inspect.iscoroutinefunction(importlib.import_module(f"bench.{module}").ask)


def test_a_question_that_there_is_not_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "p1", "p12"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "there is no p12" in capsys.readouterr().err


def _round() -> Intake:
    return Intake(rate=10, accepted=10, p50=0.01, p99=0.02, held_before=0)
