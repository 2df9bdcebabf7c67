"""Every command asks the services for what it says, and answers for people and for programs."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from ippgate.cli.facts import when
from ippgate.cli.job import until_when
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.job import Caller
from ippgate.model.job_password import Repertoire
from ippgate.model.lifecycle import TERMINAL
from ippgate.model.queue import Advertised, Queue, QueueMode
from ippgate.model.queue_options import USUAL, QueueOptions, Shown
from ippgate.model.release_action import DefaultAction, ReleaseAction
from tests.unit.cli.conftest import Paper, Run, paper_job

FOLLOWME = Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING, info="Held until you release it")
COPIER = Device(
    1,
    UUID(int=1),
    "copier",
    "ipp://copier.example/ipp/print",
    report=DeviceReport(PrinterState.STOPPED, ("media-empty-error",), "Out of paper", formats=("application/pdf",)),
)
WAITING = frozenset(JobState) - TERMINAL


@pytest.fixture(autouse=True)
def _furnished(paper: Paper) -> None:
    paper.queue_list = [FOLLOWME]
    paper.device_list = [COPIER]
    paper.jobs_by_id = {1: paper_job(1), 2: paper_job(2, owner="eve"), 3: paper_job(3, state=JobState.COMPLETED)}


def operator(asked: tuple[Any, ...]) -> bool:
    caller = next(part for part in asked if isinstance(part, Caller))
    return caller.operator and caller.host == "cli" and bool(caller.name)


# ── jobs ──


def test_job_list_shows_what_waits_and_goes(run: Run, paper: Paper) -> None:
    result = run("job", "list")
    assert result.exit_code == 0
    assert paper.asked == [("listing", None, WAITING, None, 100)]
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["ID", "QUEUE", "USER", "NAME", "STATE", "SIZE", "DEVICE", "CREATED", "WHY"]
    assert [row.split()[:3] for row in rows] == [["1", "followme", "jake"], ["2", "followme", "eve"]]
    assert "64.0 KiB" in rows[0]
    assert rows[0].endswith("job-held-for-release")


def test_job_list_narrows_by_queue_person_state_and_number(run: Run, paper: Paper) -> None:
    words = ("--queue", "followme", "--user", "jake", "--state", "completed", "--state", "aborted", "--limit", 5)
    assert run("job", "list", *words).exit_code == 0
    assert paper.asked == [("listing", 1, frozenset({JobState.COMPLETED, JobState.ABORTED}), "jake", 5)]


def test_job_list_all_is_every_state(run: Run, paper: Paper) -> None:
    assert run("job", "list", "--all").exit_code == 0
    assert paper.asked[0][2] == frozenset(JobState)


def test_a_list_that_was_cut_says_so(run: Run) -> None:
    result = run("job", "list", "--limit", 1)
    assert "Only the first 1 are shown" in result.stderr
    assert run("job", "list", "--limit", 1, "--json").stderr == ""


def test_job_list_as_json_is_one_document_with_plain_values(run: Run) -> None:
    [first, second] = json.loads(run("job", "list", "--json").stdout)
    assert (first["id"], first["state"], first["octets"], first["reasons"]) == (
        1,
        "pending-held",
        65536,
        ["job-held-for-release"],
    )
    assert second["user"] == "eve"


def test_an_empty_list_is_an_empty_list(run: Run, paper: Paper) -> None:
    paper.jobs_by_id = {}
    result = run("job", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "There are no such jobs.\n")
    assert run("job", "list", "--json").stdout == "[]\n"


def test_job_show_tells_the_story_with_its_attempts(run: Run) -> None:
    text = run("job", "show", 1).stdout
    assert "pending-held" in text
    assert "application/pdf" in text
    assert "out of paper" in text
    story = json.loads(run("job", "show", 1, "--json").stdout)
    assert story["documents"][0]["sha256"] == "00" * 32
    assert story["attempts"][0]["outcome"] == "hold"


def test_job_release_names_the_device_and_says_where_each_job_goes(run: Run, paper: Paper) -> None:
    result = run("job", "release", 1, 2, "--device", "copier")
    assert (result.exit_code, result.stdout) == (0, "Job 1 is pending at copier.\nJob 2 is pending at copier.\n")
    assert [asked[1] for asked in paper.asked] == [1, 2]
    assert all(operator(asked) for asked in paper.asked)


def test_a_release_that_nobody_will_deliver_yet_says_so(run: Run, paper: Paper) -> None:
    assert run("job", "release", 1, "--device", "copier").stderr == ""
    paper.served = False
    result = run("job", "release", 1, "--device", "copier")
    assert (result.exit_code, result.stderr) == (0, "No server is at work: what is released goes when one is.\n")
    assert run("job", "release", 1, "--device", "copier", "--json").stderr == ""


def test_job_release_all_takes_the_held_jobs_of_one_person(run: Run, paper: Paper) -> None:
    result = run("job", "release", "--all", "--user", "jake", "--device", "copier", "--json")
    assert [job["id"] for job in json.loads(result.stdout)] == [1]
    assert paper.asked[0][2:4] == (frozenset({JobState.PENDING_HELD}), "jake")
    nobody = run("job", "release", "--all", "--user", "nobody", "--device", "copier")
    assert (nobody.exit_code, nobody.stderr) == (1, "ippgate: nobody has no held jobs\n")


def test_a_job_that_refuses_does_not_keep_the_others(run: Run) -> None:
    result = run("job", "cancel", 3, 99, 1)
    assert result.exit_code == 1
    assert result.stdout == "Job 1 is canceled (job-canceled-by-operator).\n"
    assert result.stderr == ("ippgate: job 3 is completed: it cannot be cancelled\nippgate: there is no job 99\n")


def test_one_reason_for_many_jobs_is_said_once(run: Run) -> None:
    result = run("job", "release", 1, 2, "--device", "stopped")
    assert result.exit_code == 1
    assert result.stderr == "ippgate: stopped is stopped (out of paper): choose another device\n"


def test_job_hold_holds_until_somebody_releases(run: Run, paper: Paper) -> None:
    assert run("job", "hold", 1).exit_code == 0
    assert paper.asked[0][3] is None


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("weekend", "weekend"),
        ("Indefinite", "indefinite"),
        ("2199-12-31T18:30", datetime(2199, 12, 31, 17, 30, tzinfo=UTC)),
        ("2199-12-31T18:30+09:00", datetime(2199, 12, 31, 9, 30, tzinfo=UTC)),
    ],
)
def test_job_hold_takes_hours_by_their_names_and_moments_of_the_gate_s_time_zone(
    run: Run, paper: Paper, monkeypatch: pytest.MonkeyPatch, said: str, until: str | datetime
) -> None:
    monkeypatch.setenv("IPPGATE_SERVER_TIME_ZONE", "Europe/Zurich")
    assert run("job", "hold", 1, "--until", said).exit_code == 0
    assert paper.asked[0][3] == until


def test_job_hold_until_a_time_of_day_is_the_next_one_here() -> None:
    now = datetime(2026, 3, 28, 20, tzinfo=UTC)  # the clocks change in the night
    assert until_when("18:30", ZoneInfo("Europe/Zurich"), now) == datetime(2026, 3, 29, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "why"),
    [("soon", "is no time: write indefinite, day-time"), ("25:00", "is no time"), ("1999-12-31", "has passed")],
)
def test_job_hold_says_what_a_time_is(run: Run, paper: Paper, said: str, why: str) -> None:
    result = run("job", "hold", 1, "--until", said)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())
    assert paper.asked == []


def test_job_purge_goes_on_until_nothing_is_left(run: Run, paper: Paper) -> None:
    paper.ended = 2500
    result = run("job", "purge", "--older-than", "30 d")
    assert result.stdout == "2500 ended jobs are forgotten.\n"
    assert set(paper.asked) == {("purge", 30 * 86_400)}
    assert json.loads(run("job", "purge", "--json").stdout) == {"purged": 0}


# ── queues ──


def test_queue_add_holds_by_default(run: Run, paper: Paper) -> None:
    result = run("queue", "add", "followme2", "--info", "Held", "--location", "Floor 2")
    assert result.stdout == "The queue followme2 is there: release-printing.\n"
    more = {"group": None, "capabilities": Advertised.SAFE, "options": USUAL}
    assert paper.asked == [("add_queue", "followme2", QueueMode.RELEASE_PRINTING, None, "Held", "Floor 2", more)]


def test_queue_list_shows_how_many_wait(run: Run) -> None:
    [row] = json.loads(run("queue", "list", "--json").stdout)
    assert (row["name"], row["mode"], row["waiting"], row["accepting"]) == ("followme", "release-printing", 3, True)
    assert "Held until you release it" in run("queue", "list").stdout


def test_queue_set_says_how_its_jobs_are_released_and_shown(run: Run, paper: Paper) -> None:
    words = ("--release-action", "owner-authorized", "--password-repertoire", "iana_utf-8_any", "--shown", "completed")
    assert run("queue", "set", "followme", *words).exit_code == 0
    assert run("queue", "set", "followme", "--release-action", "none").exit_code == 0
    asked = {
        "release_action": DefaultAction.OWNER_AUTHORIZED,
        "password_repertoire": Repertoire.UTF_8_ANY,
        "shown": Shown.COMPLETED,
    }
    assert paper.asked == [
        ("set_queue", "followme", {"options": asked}),
        ("set_queue", "followme", {"options": {"release_action": DefaultAction.NONE}}),
    ]
    refused = run("queue", "set", "followme", "--release-action", "job-password")
    assert refused.exit_code == 2
    facts = json.loads(run("queue", "list", "--json").stdout)[0]
    told = [facts[key] for key in ("release_action", "password_repertoire", "shown")]
    assert told == ["none", "iana_us-ascii_digits", "pending-held"]


@pytest.mark.parametrize(("said", "meant"), [("12 h", 43_200), ("none", 0), ("usual", None), ("60 s", 60)])
def test_queue_set_says_how_long_held_jobs_may_wait(run: Run, paper: Paper, said: str, meant: int | None) -> None:
    assert run("queue", "set", "followme", "--retention", said).exit_code == 0
    assert paper.asked == [("set_queue", "followme", {"options": {"retention": meant}})]
    assert run("queue", "add", "secure", "--retention", said).exit_code == 0
    assert paper.asked[1][-1]["options"] == QueueOptions(retention=meant)


@pytest.mark.parametrize("said", ["soon", "59 s", "3651 d", "-1"])
def test_a_time_that_no_job_may_wait_is_wrong_usage(run: Run, paper: Paper, said: str) -> None:
    refused = run("queue", "set", "followme", "--retention", said)
    assert (refused.exit_code, paper.asked) == (2, [])


def test_job_show_tells_when_a_held_job_expires_and_the_queue_how_long_that_is(run: Run, paper: Paper) -> None:
    told = json.loads(run("job", "show", 1, "--json").stdout)
    assert told["expires"] == when(paper.jobs_by_id[1].created_at + timedelta(hours=48))
    paper.queue_list[0] = replace(paper.queue_list[0], options=QueueOptions(retention=0))
    assert json.loads(run("job", "show", 1, "--json").stdout)["expires"] is None
    assert json.loads(run("queue", "list", "--json").stdout)[0]["retention"] == "none"


def test_queue_add_takes_the_same(run: Run, paper: Paper) -> None:
    assert run("queue", "add", "secure", "--release-action", "button-press", "--shown", "completed").exit_code == 0
    options = QueueOptions(release_action=DefaultAction.BUTTON_PRESS, shown=Shown.COMPLETED)
    assert paper.asked[0][-1]["options"] == options


def test_job_show_tells_the_action_and_how_often_a_password_was_wrong(run: Run, paper: Paper) -> None:
    paper.jobs_by_id[1] = paper_job(1, release_action=ReleaseAction.JOB_PASSWORD, wrong_passwords=2)
    story = json.loads(run("job", "show", 1, "--json").stdout)
    assert (story["release_action"], story["wrong_passwords"]) == ("job-password", 2)
    assert "job-password" in run("job", "show", 1).stdout
    assert json.loads(run("job", "show", 2, "--json").stdout)["release_action"] is None


def test_job_unlock_lets_people_try_again(run: Run, paper: Paper) -> None:
    result = run("job", "unlock", 1)
    assert (result.exit_code, paper.asked) == (0, [("unlock", 1, True)])
    assert result.stdout.startswith("Job 1 is pending-held")
    refused = run("job", "unlock", 9)
    assert (refused.exit_code, refused.stderr) == (1, "ippgate: there is no job 9\n")


def test_queue_set_changes_what_is_named_and_nothing_else(run: Run, paper: Paper) -> None:
    assert run("queue", "set", "followme", "--rejecting", "--info", "").exit_code == 0
    assert paper.asked == [("set_queue", "followme", {"info": "", "accepting": False})]


def test_queue_set_changes_an_option(run: Run, paper: Paper) -> None:
    assert run("queue", "set", "followme", "--lenient").exit_code == 0
    assert paper.asked == [("set_queue", "followme", {"options": {"lenient": True}})]


def test_queue_set_sets_hours_and_list_tells_all_of_them(run: Run, paper: Paper) -> None:
    assert run("queue", "set", "followme", "--hours", "night=20:00-5:00", "--hours", "evening=").exit_code == 0
    assert paper.asked == [("set_queue", "followme", {"options": {"hours": (("night", "20:00-05:00"),)}})]
    [row] = json.loads(run("queue", "list", "--json").stdout)
    assert (row["hours"]["night"], row["hours"]["weekend"]) == ("22:00-06:00", "sat 00:00-mon 00:00")
    assert run("queue", "add", "late", "--hours", "day-time=mon-fri 08:00-17:00").exit_code == 0
    assert paper.asked[-1][-1]["options"].hours == (("day-time", "mon,tue,wed,thu,fri 08:00-17:00"),)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("night", "has no hours: write night=22:00-06:00"),
        ("noon=12:00-13:00", "is no name of hours: choose among day-time"),
        ("night=22", "are no hours: write hours as 22:00-06:00"),
    ],
)
def test_queue_set_says_how_hours_are_written(run: Run, paper: Paper, said: str, why: str) -> None:
    result = run("queue", "set", "followme", "--hours", said)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())
    assert paper.asked == []


def test_queue_remove_says_what_went(run: Run) -> None:
    assert run("queue", "remove", "followme").stdout == "The queue followme is gone.\n"
    absent = run("queue", "remove", "absent")
    assert (absent.exit_code, absent.stderr) == (1, "ippgate: there is no queue absent\n")


# ── devices ──


def test_device_add_passes_every_wish_on(run: Run, paper: Paper) -> None:
    result = run("device", "add", "copier2", "ipps://c/ipp/print", "--pin", "--no-pjl", "--force", "--location", "Hall")
    assert result.stdout == "The device copier2 (Copier 9000) is registered: idle.\n"
    wishes = {"info": "", "location": "Hall", "pjl": False, "resend_unknown": False, "pin": True, "force": True}
    assert paper.asked == [("add_device", "copier2", "ipps://c/ipp/print", wishes)]


def test_whether_a_device_speaks_pjl_is_found_out_unless_it_is_said(run: Run, paper: Paper) -> None:
    run("device", "add", "raw", "socket://c")
    run("device", "add", "raw", "socket://c", "--pjl")
    assert [asked[3]["pjl"] for asked in paper.asked] == [None, True]


def test_device_list_says_why_a_device_is_stopped(run: Run) -> None:
    row = run("device", "list").stdout.splitlines()[1]
    assert "stopped" in row
    assert row.endswith("Out of paper")


def test_device_show_has_what_it_said_of_itself(run: Run) -> None:
    facts = json.loads(run("device", "show", "copier", "--json").stdout)
    assert (facts["state"], facts["formats"], facts["pjl"]) == ("stopped", ["application/pdf"], False)


def test_device_test_fails_when_the_device_does_not_answer(run: Run, paper: Paper) -> None:
    result = run("device", "test", "copier")
    assert (result.exit_code, result.stderr) == (1, "ippgate: copier does not answer: connection refused\n")
    paper.device_list = [Device(1, UUID(int=1), "copier", "ipp://c")]
    assert json.loads(run("device", "test", "copier", "--json").stdout)["state"] == "idle"


# ── server ──


def test_serve_takes_workers_and_demo(run: Run, paper: Paper) -> None:
    assert run("serve", "--workers", 3, "--demo").exit_code == 0
    [(_, settings, demo)] = paper.asked
    assert (settings.server.workers, demo) == (3, True)


def test_serve_takes_the_rest_from_the_configuration(run: Run, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPPGATE_PORT", "9631")
    assert run("serve").exit_code == 0
    assert (paper.asked[0][1].server.port, paper.asked[0][1].server.workers) == (9631, 1)


def test_job_release_keeps_what_is_to_be_kept(run: Run, paper: Paper) -> None:
    assert run("job", "release", 1, "--device", "copier", "--keep").exit_code == 0
    assert [asked[6:] for asked in paper.asked] == [("keep",)]
