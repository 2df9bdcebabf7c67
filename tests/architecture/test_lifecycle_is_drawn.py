"""The law of states as it is drawn in ARCHITECTURE.md is the law; SQL's copy is compared in the store's tests."""

import re
from pathlib import Path

from ippgate.intake.verdict import verdict_on
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import NewJob
from ippgate.model.lifecycle import LIFECYCLE, TERMINAL, Event
from ippgate.model.queue import QueueMode
from tests.unit.model.nouns import queue

DRAWING = Path(__file__).parents[2] / "ARCHITECTURE.md"
DIAGRAM = re.compile(r"^```mermaid\nstateDiagram-v2\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOVE = re.compile(r"    (\w+) --> (\w+) : (\w+)")
BIRTH = re.compile(r"    \[\*\] --> (\w+) : create")
END = re.compile(r"    (\w+) --> \[\*\]")


def lines() -> list[str]:
    [diagram] = DIAGRAM.findall(DRAWING.read_text(encoding="utf-8"))
    return str(diagram).splitlines()


def state(word: str) -> JobState:
    return JobState[word.upper()]


def drawn(pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    return [found.groups() for line in lines() if (found := pattern.fullmatch(line))]


def test_every_move_is_drawn_and_nothing_else() -> None:
    moves = [((state(before), Event(event)), state(after)) for before, after, event in drawn(MOVE)]
    assert len(moves) == len(set(moves))
    assert dict(moves) == LIFECYCLE


def test_the_ends_are_drawn_as_ends() -> None:
    assert {state(word) for (word,) in drawn(END)} == TERMINAL


def test_jobs_are_born_as_it_is_drawn() -> None:
    born = {verdict_on(queue(mode), NewJob(1, "alice", "report", ""), None).state for mode in QueueMode}
    assert {state(word) for (word,) in drawn(BIRTH)} == born


def test_every_line_of_the_drawing_is_understood() -> None:
    understood = (MOVE, BIRTH, END)
    assert [line for line in lines() if not any(pattern.fullmatch(line) for pattern in understood)] == []
