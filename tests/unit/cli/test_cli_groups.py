"""Groups of devices, what queues offer of theirs, and what a release changes, as operators write them."""

import json
from typing import Any
from uuid import UUID

import pytest

from ippgate.ipp import Attribute
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.group import DeviceGroup
from ippgate.model.queue import Advertised, Queue, QueueMode
from ippgate.model.queue_options import USUAL
from tests.unit.cli.conftest import Paper, Run, paper_job

STOPPED = DeviceReport(PrinterState.STOPPED, message="Out of paper")


@pytest.fixture(autouse=True)
def _stocked(paper: Paper) -> None:
    paper.jobs_by_id = {1: paper_job(1)}
    paper.device_list = [
        Device(1, UUID(int=1), "copier", "ipp://c/ipp/print"),
        Device(2, UUID(int=2), "laser", "socket://l", report=STOPPED),
    ]
    paper.group_list = [DeviceGroup(1, UUID(int=3), "floor-2", (1, 2), "Second floor")]
    paper.queue_list = [Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING, group_id=1)]


def changes(paper: Paper) -> list[Attribute]:
    return list(paper.asked[-1][5])


# ── groups ──


def test_group_add_takes_its_devices(run: Run, paper: Paper) -> None:
    result = run("group", "add", "floor-3", "copier", "laser", "--location", "3rd floor")
    assert (result.exit_code, result.stdout) == (0, "The group floor-3 is there with 2 devices.\n")
    assert paper.asked == [("add_group", "floor-3", ("copier", "laser"), "", "3rd floor")]


def test_group_add_of_a_device_that_nobody_registered_is_refused(run: Run) -> None:
    result = run("group", "add", "floor-3", "attic")
    assert (result.exit_code, result.stderr) == (1, "ippgate: there is no device attic\n")


def test_group_list_and_show_tell_the_devices(run: Run) -> None:
    [row] = json.loads(run("group", "list", "--json").stdout)
    assert (row["name"], row["devices"], row["uuid"]) == ("floor-2", ["copier", "laser"], str(UUID(int=3)))
    assert "copier, laser" in run("group", "list").stdout
    told = json.loads(run("group", "show", "floor-2", "--json").stdout)
    facts = [(device["name"], device["state"], device["message"], device["waiting"]) for device in told["devices"]]
    assert facts == [("copier", "idle", "", 4), ("laser", "stopped", "Out of paper", 4)]


def test_group_set_takes_devices_in_and_out(run: Run, paper: Paper) -> None:
    result = run("group", "set", "floor-2", "--add", "copier", "--remove", "laser", "--info", "Two")
    assert result.exit_code == 0
    assert paper.asked == [("set_group", "floor-2", {"add": ["copier"], "remove": ["laser"], "info": "Two"})]
    assert run("group", "set", "floor-2").exit_code == 2


def test_group_remove_says_so(run: Run) -> None:
    assert run("group", "remove", "floor-2").stdout == "The group floor-2 is gone.\n"
    assert run("group", "remove", "nowhere").stderr == "ippgate: there is no group nowhere\n"


# ── queues ──


def test_a_queue_may_have_a_group_and_offer_what_its_devices_do(run: Run, paper: Paper) -> None:
    wishes = ("--mode", "passthrough", "--group", "floor-2", "--capabilities", "union")
    assert run("queue", "add", "direct", *wishes).exit_code == 0
    assert paper.asked[-1][6] == {"group": "floor-2", "capabilities": Advertised.UNION, "options": USUAL}
    assert run("queue", "set", "followme", "--capabilities", "intersection", "--all-devices").exit_code == 0
    expected = {"capabilities": Advertised.INTERSECTION, "all_devices": True}
    assert paper.asked[-1] == ("set_queue", "followme", expected)


@pytest.mark.parametrize(
    "wishes",
    [
        ("--group", "floor-2", "--device", "copier"),
        ("--group", "floor-2", "--all-devices"),
        ("--capabilities", "everything"),
    ],
)
def test_a_queue_has_one_kind_of_devices_and_of_offers(run: Run, wishes: tuple[str, ...]) -> None:
    assert run("queue", "set", "followme", *wishes).exit_code == 2


def test_queue_list_names_the_devices_of_each(run: Run, paper: Paper) -> None:
    assert " floor-2 " in run("queue", "list").stdout
    [row] = json.loads(run("queue", "list", "--json").stdout)
    assert (row["device"], row["group"], row["capabilities"]) == (None, "floor-2", "safe")


# ── what a release changes ──


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("--copies", 3), attribute(A.COPIES, 3)),
        (("--sides", "two"), attribute(A.SIDES, "two-sided-long-edge")),
        (("--sides", "Short"), attribute(A.SIDES, "two-sided-short-edge")),
        (("--sides", "one-sided"), attribute(A.SIDES, "one-sided")),
        (("--color", "mono"), attribute(A.PRINT_COLOR_MODE, "monochrome")),
        (("--color", "color"), attribute(A.PRINT_COLOR_MODE, "color")),
        (("--media", "A4"), attribute(A.MEDIA, "iso_a4_210x297mm")),
        (("--media", "na_5x7_5x7in"), attribute(A.MEDIA, "na_5x7_5x7in")),
        (("--number-up", 2), attribute(A.NUMBER_UP, 2)),
        (("--output-bin", "stacker-1"), attribute(A.OUTPUT_BIN, "stacker-1")),
        (("--finishings", "staple, punch-dual-left"), attribute(A.FINISHINGS, 4, 74)),
        (("--finishing", "none"), attribute(A.FINISHINGS, 3)),
    ],
)
def test_job_release_understands_the_words_that_people_have(
    run: Run, paper: Paper, words: tuple[Any, ...], asked: Attribute
) -> None:
    assert run("job", "release", 1, "--device", "copier", *words).exit_code == 0
    assert changes(paper) == [asked]


def test_job_release_without_a_change_changes_nothing(run: Run, paper: Paper) -> None:
    assert run("job", "release", 1, "--group", "floor-2").exit_code == 0
    assert (paper.asked[-1][3], paper.asked[-1][4], changes(paper)) == (None, "floor-2", [])


@pytest.mark.parametrize(
    "words",
    [
        ("--copies", "0"),
        ("--finishings", "origami"),
        ("--number-up", "0"),
        ("--group", "floor-2"),
    ],
)
def test_words_that_mean_nothing_release_nothing(run: Run, paper: Paper, words: tuple[str, ...]) -> None:
    assert run("job", "release", 1, "--device", "copier", *words).exit_code == 2
    assert paper.asked == []
