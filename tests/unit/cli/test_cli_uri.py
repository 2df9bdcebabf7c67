"""`ippgate uri`: the secret is shown once, by the command that issues it, and never again."""

import json

import pytest

from ippgate.model.private_uri import PrivateUri
from ippgate.model.queue_options import QueueOptions
from tests.unit.cli.conftest import NOON, Paper, Run

SECRET = "s" * 32
ANNAS, DESK = PrivateUri(1, "followme", "anna", "", NOON), PrivateUri(2, "followme", "", "desk", NOON)


@pytest.fixture
def issuing(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Paper:
    async def add(queue: str, *, person: str = "", workstation: str = "") -> tuple[PrivateUri, str]:
        paper.asked.append(("uri add", queue, person, workstation))
        return (ANNAS if person else DESK), SECRET

    async def every() -> list[PrivateUri]:
        return [ANNAS, DESK]

    async def revoke(uri_id: int) -> PrivateUri:
        paper.asked.append(("uri revoke", uri_id))
        return ANNAS

    paper.private_uris.add = add
    paper.private_uris.all = every
    paper.private_uris.revoke = revoke
    return paper


def test_one_is_issued_to_a_person(issuing: Paper, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPPGATE_SERVER_PUBLIC_NAME", "print.example.org")
    done = run("uri", "add", "FollowMe", "--person", "anna")
    assert done.exit_code == 0, done
    assert issuing.asked == [("uri add", "followme", "anna", "")]
    assert done.stdout.splitlines() == [
        "The printer URI 1 of anna, which is not shown again:",
        f"  ipps://print.example.org:8632/ipp/print/followme/~{SECRET}",
        f"  ipp://print.example.org:8631/ipp/print/followme/~{SECRET}",
    ]


def test_one_is_issued_to_a_workstation_as_json(issuing: Paper, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPPGATE_SERVER_TLS", "false")
    monkeypatch.setenv("IPPGATE_SERVER_HOST", "::1")
    told = json.loads(run("uri", "add", "followme", "--workstation", "desk", "--json").stdout)
    assert told.pop("created")
    assert told == {
        "id": 2,
        "queue": "followme",
        "person": None,
        "workstation": "desk",
        "uris": [f"ipp://[::1]:8631/ipp/print/followme/~{SECRET}"],
    }


@pytest.mark.parametrize("words", [(), ("--person", "anna", "--workstation", "desk")])
def test_it_is_for_one_of_the_two(issuing: Paper, run: Run, words: tuple[str, ...]) -> None:
    done = run("uri", "add", "followme", *words)
    assert done.exit_code == 2
    assert issuing.asked == []


def test_those_issued_are_listed_without_their_secrets(issuing: Paper, run: Run) -> None:
    done = run("uri", "list")
    assert [line.split()[:4] for line in done.stdout.splitlines()] == [
        ["ID", "QUEUE", "PERSON", "WORKSTATION"],
        ["1", "followme", "anna", "-"],
        ["2", "followme", "-", "desk"],
    ]
    assert {row["id"] for row in json.loads(run("uri", "list", "--json").stdout)} == {1, 2}


def test_one_is_revoked(issuing: Paper, run: Run) -> None:
    assert run("uri", "revoke", "1").stdout == "The printer URI 1 of anna is worth nothing any more.\n"
    assert json.loads(run("uri", "revoke", "1", "--json").stdout) == {"revoked": 1}
    assert issuing.asked == [("uri revoke", 1)] * 2


def test_a_queue_is_told_whom_it_takes_jobs_of_and_whether_it_is_announced(paper: Paper, run: Run) -> None:
    for words, options in (
        (("--known-only",), {"known_only": True}),
        (("--anybody", "--hidden"), {"known_only": False, "hidden": True}),
        (("--announced",), {"hidden": False}),
    ):
        run("queue", "set", "followme", *words)
        assert paper.asked[-1] == ("set_queue", "followme", {"options": options})
    run("queue", "add", "other", "--hidden", "--known-only")
    assert paper.asked[-1][-1]["options"] == QueueOptions(known_only=True, hidden=True)
