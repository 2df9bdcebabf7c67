"""`ippgate queue describe`: what Set-Printer-Attributes does, by the same law."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.queue import Description, Queue, QueueMode
from tests.unit.cli.conftest import Paper, Run

FOLLOWME = Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING, contact_name="Olga", message="closed")
SIDES = attribute(A.SIDES, "two-sided-long-edge")


@pytest.fixture(autouse=True)
def _furnished(paper: Paper) -> None:
    paper.queue_list = [FOLLOWME]


def test_texts_and_contact(run: Run, paper: Paper) -> None:
    words = ("--geo", "geo:1,2", "--organization", "Example", "--unit", "Physics", "--message", "")
    result = run("queue", "describe", "followme", *words, "--contact-uri", "mailto:olga@example.org")
    assert result.exit_code == 0, result.stderr
    wanted = Description(
        geo_location="geo:1,2",
        organization="Example",
        organizational_unit="Physics",
        message="",
        contact_name="Olga",
        contact_uri="mailto:olga@example.org",
    )
    assert paper.asked == [("describe_queue", "followme", wanted)]


def test_defaults_are_chosen_by_the_words_that_ipp_has(run: Run, paper: Paper) -> None:
    chosen = (
        "sides=two-sided-long-edge",
        "copies=2",
        "print-quality=high",
        "printer-resolution=300x300dpi",
        "media-default=iso_a5_148x210mm",
    )
    words = [word for each in chosen for word in ("--default", each)]
    result = run("queue", "describe", "followme", *words)
    assert result.exit_code == 0, result.stderr
    ((_, _, said),) = paper.asked
    assert [each.name for each in said.defaults] == [A.SIDES, A.COPIES, A.PRINT_QUALITY, A.PRINTER_RESOLUTION, A.MEDIA]
    assert said.defaults[:3] == (SIDES, attribute(A.COPIES, 2), attribute(A.PRINT_QUALITY, PrintQuality.HIGH))


def test_what_was_chosen_is_taken_back_and_told(run: Run, paper: Paper) -> None:
    paper.queue_list = [replace(FOLLOWME, defaults=(SIDES, attribute(A.COPIES, 2)))]
    result = run("queue", "describe", "followme", "--default", "sides=", "--contact-name", "", "--json")
    assert result.exit_code == 0, result.stderr
    ((_, _, said),) = paper.asked
    assert (said.defaults, said.contact_name, said.contact_uri) == ((attribute(A.COPIES, 2),), "", "")
    told = json.loads(result.stdout)
    assert told["defaults"] == ["sides=two-sided-long-edge", "copies=2"]
    assert (told["contact_name"], told["message"]) == ("Olga", "closed")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--default", "sides"), "sides: write NAME=VALUE, where NAME is one of copies, "),
        (("--default", "colour=red"), "colour=red: write NAME=VALUE"),
        (("--default", "job-hold-until=indefinite"), "write NAME=VALUE"),
        (("--default", "sides=both"), "sides-default cannot be both: it is one of one-sided, "),
        (("--default", "copies=two"), "copies-default cannot be two: it is one of 1 to 999"),
        (("--default", "copies=100000"), "copies-default: not possible here"),
        (("--geo", "Berlin"), "printer-geo-location"),
        (("--message", "x" * 128), "printer-message-from-operator has 128 octets"),
        (("--contact-uri", "javascript:alert(1)"), "printer-contact-col"),
    ],
    ids=str,
)
def test_what_is_not_possible_is_refused_with_a_sentence(
    run: Run, paper: Paper, words: tuple[str, ...], says: str
) -> None:
    result = run("queue", "describe", "followme", *words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert paper.asked == []


def test_whoever_says_nothing_is_asked_what_to_say(run: Run) -> None:
    result = run("queue", "describe", "followme")
    assert result.exit_code == 2
    assert "Name what to say" in result.stderr


def test_a_queue_that_is_not_there(run: Run) -> None:
    assert run("queue", "describe", "absent", "--message", "x").exit_code == 1
