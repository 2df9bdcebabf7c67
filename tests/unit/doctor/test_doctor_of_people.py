"""Why somebody's jobs do not show and why they cannot log in: each cause is named, with what to do."""

from dataclasses import replace
from typing import Any

import pytest

from ippgate.doctor.alike import MOST, alike
from ippgate.doctor.card import CardCase, masked, of_card, readings
from ippgate.doctor.device import logins
from ippgate.doctor.person import PersonCase, of_person
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.card import Card
from ippgate.model.card_number import USUAL, number_of, profile_of
from ippgate.model.diagnosis import Holding
from ippgate.model.finding import Finding, Verdict
from ippgate.model.owner import Alias, Goes
from ippgate.model.person import Person
from ippgate.model.queue import QueueMode
from ippgate.model.queue_options import QueueOptions
from ippgate.model.session import LoginBy
from tests.unit.model.nouns import NOON, device, job, queue

HELD = JobState.PENDING_HELD
ANNA = Person(1, "anna", NOON, "Anna Li", "a.li@corp.example", has_password=True)
BADGE = Card(3, 1, "anna", "3748", NOON)
WELL = PersonCase("anna", "anna", ANNA, holdings=(Holding("followme", HELD, 2),), queues=(queue(),), owners=("anna",))


def troubles(found: list[Finding]) -> list[str]:
    assert all(each.remedy for each in found if each.verdict is not Verdict.OK), found
    return [each.found for each in found if each.verdict is not Verdict.OK]


def told(found: list[Finding]) -> str:
    return "\n".join(each.found for each in found)


def test_somebody_with_whom_all_is_well() -> None:
    found = list(of_person(WELL))
    assert troubles(found) == []
    assert "2 pending-held in followme" in told(found)
    assert "can log in by name and password; they never have" in told(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": None}, "anna is no person here"),
        ({"person": replace(ANNA, active=False)}, "anna is shut out"),
        ({"person": replace(ANNA, has_password=False)}, "no card, no PIN and no password"),
        ({"nobodys": Goes.CLAIM}, "waits until somebody claims it"),
        ({"nobodys": Goes.REFUSE}, "is refused"),
        ({"holdings": ()}, "nothing of theirs waits"),
        ({"limit": 2}, "they hold 2 jobs, and one may hold 2"),
        ({"owners": ("anna", "bea", "corp\\anna")}, "jobs wait for corp\\anna, a name like theirs"),
        ({"owners": ("ali",), "aliases": (Alias("ali", "anna"),)}, "are still ali's"),
        ({"unclaimed": 4}, "4 jobs are nobody's"),
        ({"expired": 2}, "2 of their jobs expired within a week"),
        ({"queues": (queue(accepting=False),)}, "takes no jobs at the moment"),
        ({"slowed": 40.0}, "waits 40 seconds"),
        ({"device": device(logins=frozenset({LoginBy.CARD}))}, "anna has none of it"),
        ({"ended": (replace(job(state=JobState.ABORTED), message="it broke off"),)}, "was given up (it broke off)"),
    ],
)
def test_each_cause_is_told_alone(changes: dict[str, Any], words: str) -> None:
    (trouble,) = troubles(list(of_person(replace(WELL, **changes))))
    assert words in trouble


def test_what_is_no_trouble_is_told_as_well() -> None:
    direct = replace(queue(QueueMode.PASSTHROUGH), name="direct", options=QueueOptions(known_only=True))
    done = replace(job(state=JobState.COMPLETED), queue="direct", device="printer", reasons=(R.NONE,))
    canceled = job(state=JobState.CANCELED)
    case = replace(WELL, asked="CORP\\Anna", queues=(direct,), ended=(done, canceled), cards=(BADGE,), device=device())
    found = list(of_person(case))
    assert troubles(found) == []
    for words in (
        "CORP\\Anna is anna",
        "direct prints at once and holds nothing",
        "takes jobs of those alone",
        "by card,",
    ):
        assert words in told(found)
    assert "report" not in told(found)  # a title


@pytest.mark.parametrize(
    ("name", "other", "like"),
    [
        ("anna.li", "annali", True),
        ("anna.li", "li-anna", True),
        ("anna", "corp\\anna", True),
        ("anna", "anna@other.example", True),
        ("anna", "anna2", True),
        ("anna", "amna", True),
        ("anna", "anan", True),
        ("annabella", "anabela", True),
        ("anna", "hans", False),
        ("anna", "annabella", False),
        ("bo", "po", False),
        ("anna", "...", False),
        ("", "anna", False),
    ],
)
def test_names_that_may_be_the_same_person_s(name: str, other: str, like: bool) -> None:
    assert alike({name}, [other, name]) == ([other] if like else [])


def test_so_many_names_are_told_and_no_more() -> None:
    assert len(alike({"anna"}, [f"anna{number}" for number in range(1000)])) == MOST


# ── cards ──


def card_case(read: str, profile: str = "hex", **facts: Any) -> CardCase:
    return CardCase(read, profile_of(profile), **facts)


def test_a_card_that_is_known_or_another_s_or_nobody_s() -> None:
    assert troubles(list(of_card(card_case("04A1B2C3", card=BADGE, person="anna")))) == []
    (others,) = troubles(list(of_card(card_case("04A1B2C3", card=BADGE, person="bea"))))
    assert others.endswith("is anna's (card 3)")
    (unknown,) = of_card(card_case("04A1B2C3", person="bea"))
    assert unknown.found == "nobody has the card ••••B2C3, read as hex"
    assert unknown.remedy.startswith("ippgate card add bea --profile 'hex'")


def test_a_reader_that_writes_otherwise_than_its_profile_says() -> None:
    other = profile_of("decimal,octets=4,reversed")
    case = card_case("3283263748", otherwise=((other, BADGE),), device="printer")
    (found,) = of_card(case)
    assert found.found.endswith("read as decimal,octets=4,reversed it is anna's")
    assert found.remedy == "ippgate device logins printer --profile 'decimal,octets=4,reversed'"
    (unread,) = of_card(card_case(";3283263748?"))
    assert "cannot be read: that is no hex number" in unread.found
    assert "32832637" not in f"{case!r}{found}{unread}"


@pytest.mark.parametrize(
    "written", ["hex", "decimal", "hex,reversed", "decimal,octets=4,reversed", "decimal,prefix=;,suffix=?"]
)
def test_whatever_a_reader_makes_of_a_card_is_among_the_readings(written: str) -> None:
    profile = profile_of(written)
    value = int.from_bytes(bytes.fromhex("04A1B2C3"), "little" if profile.reversed else "big")
    digits = f"{value:08X}" if profile.notation == "hex" else str(value)
    found = readings(f"{profile.prefix}{digits}{profile.suffix}", profile_of("text"))
    assert number_of("04A1B2C3").whole in [number.whole for _, number in found]
    assert len({number.whole for _, number in found}) == len(found)


@pytest.mark.parametrize("read", ["", ";?", "\x00", "x" * 4000, "12"])
def test_what_is_no_card_has_few_readings_and_is_masked(read: str) -> None:
    assert len(readings(read, USUAL)) <= 1
    assert len(masked(read)) <= 128
    troubles(list(of_card(card_case(read))))


def test_how_people_log_in_at_a_device() -> None:
    assert troubles(list(logins(device(), ()))) == []
    assert "what stands there: app" in told(list(logins(device(), ("app",))))
    assert troubles(list(logins(device(logins=frozenset()), ()))) == ["nobody can log in there"]
