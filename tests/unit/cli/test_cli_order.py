"""`ippgate job promote, suspend, resume`: in which order jobs go, and which of them rest."""

import pytest

from ippgate.ipp.registry.enums import JobState
from tests.unit.cli.conftest import Paper, Run, paper_job


@pytest.fixture(autouse=True)
def _furnished(paper: Paper) -> None:
    paper.jobs_by_id = {number: paper_job(number, state=JobState.PENDING, device="copier") for number in (1, 2)}


def test_a_job_goes_before_all_others_or_behind_another(run: Run, paper: Paper) -> None:
    assert run("job", "promote", 2).exit_code == 0
    assert run("job", "promote", 1, "--after", 2).exit_code == 0
    assert paper.asked == [("schedule", 2, None), ("schedule", 1, 2)]


@pytest.mark.parametrize("verb", ["suspend", "resume"])
def test_jobs_rest_and_go_on(run: Run, paper: Paper, verb: str) -> None:
    assert run("job", verb, 1, 2).exit_code == 0
    assert paper.asked == [(verb, 1), (verb, 2)]


@pytest.mark.parametrize("words", [("promote",), ("promote", 0), ("promote", 1, "--after", "x"), ("suspend",)], ids=str)
def test_wrong_usage_is_2(run: Run, words: tuple[object, ...]) -> None:
    assert run("job", *words).exit_code == 2


def test_a_job_that_is_not_there_is_refused(run: Run) -> None:
    assert run("job", "suspend", 9).exit_code == 1
