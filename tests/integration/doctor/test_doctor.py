"""The doctor on a real gate: the causes are found there where they are."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.card_number import number_of
from ippgate.model.errors import NotFound
from ippgate.model.finding import Finding, Verdict
from ippgate.model.job import Caller
from ippgate.model.lifecycle import Event
from ippgate.model.person import Particulars
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, hold_queue, register, serving, submit, until
from tests.integration.stages import at_device
from tests.integration.stages import device as nowhere
from tests.rig.sink import Sink

PAGE = b"%PDF-1.7 a page"


def told(found: list[Finding]) -> str:
    return "\n".join(f"{each.verdict} {each.subject}: {each.found}" for each in found)


def troubles(found: list[Finding]) -> list[str]:
    assert all(each.remedy for each in found if each.verdict is not Verdict.OK), found
    return [each.found for each in found if each.verdict is not Verdict.OK]


async def test_a_released_job_that_waits_behind_another_and_no_server_is_at_work(gate: Gate) -> None:
    queue, here = await hold_queue(gate), await nowhere(gate)
    jobs = [await submit(gate, queue, PAGE) for _ in range(3)]
    for job in jobs[:2]:
        await gate.release.release(job.id, ALICE, here.name)
    found = await gate.doctor.job(jobs[1].id)
    assert troubles(found) == ["none is at work: jobs are held, none is delivered"]
    assert "1 jobs go to printer before it" in told(found)
    assert "was released by alice 0 minutes ago" in told(found)
    assert "2 jobs wait and 0 are at the device" in told(found)
    assert "waits until its owner releases it" in told(await gate.doctor.job(jobs[2].id))
    with pytest.raises(NotFound, match="there is no job 99"):
        await gate.doctor.job(99)


async def test_what_was_tried_and_why_it_is_held_again(gate: Gate) -> None:
    job = await at_device(gate)
    await gate.jobs.move(Move(job.id, Event.HOLD, (R.JOB_HELD_FOR_RELEASE,), "printer aborted the job: jam"))
    found = troubles(await gate.doctor.job(job.id))
    assert found[0] == "it is held: printer aborted the job: jam"
    assert found[1].endswith("hold (printer aborted the job: jam)")
    assert troubles(await gate.doctor.device("printer", ask=False))[-1].endswith("UTC: printer aborted the job: jam")


async def test_a_device_is_asked_and_one_that_does_not_answer_says_why(gate: Gate, sink: Sink) -> None:
    queue, well = await hold_queue(gate), await register(gate, sink.uri, "well")
    await nowhere(gate)
    [trouble, *_] = troubles(await gate.doctor.device("printer"))
    assert trouble.startswith("does not answer at socket://127.0.0.1:9 (printer does not answer: ")
    job = await submit(gate, queue, PAGE)
    async with serving(gate):
        await gate.release.release(job.id, ALICE, well.name)
        await until(gate, job, JobState.COMPLETED)
        found = await gate.doctor.device("well")
        assert troubles(found) == []
        assert "0 of the last 1 failed; the last was printed" in told(found)
        assert "was printed at well, released by alice" in told(await gate.doctor.job(job.id))


async def test_somebody_whose_jobs_came_under_other_names_expired_or_are_nobody_s(
    gates: Callable[..., Awaitable[Gate]], tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    gate = await gates(settings=replace(settings, limits=replace(settings.limits, person_jobs=1)))
    queue = await hold_queue(gate)
    await gate.people.add("anna.li", Particulars("Anna Li"), password="correct horse battery")
    for owner in ("annali", "hans", "ali"):
        await submit(gate, queue, PAGE, owner=Caller(owner))
    await gate.owners.add("ali", "anna.li")
    found = await gate.doctor.person("CORP\\Anna.Li")
    assert troubles(found) == [
        "nothing of theirs waits",
        "jobs that came before ali was another name of anna.li are still ali's",
        "jobs wait for annali, a name like theirs",
    ]
    await submit(gate, queue, PAGE, owner=Caller("anna.li"))
    assert "they hold 1 jobs, and one may hold 1: further ones are refused" in troubles(await gate.doctor.person("ali"))
    assert "can log in by name and password" in told(found)
    stranger = troubles(await gate.doctor.person("hans"))
    assert stranger[:1] == ["hans is no person here: what they print is held all the same, and they log in nowhere"]


async def test_a_card_that_the_reader_of_a_device_writes_otherwise(gate: Gate) -> None:
    await nowhere(gate)
    for name in ("anna", "bea"):
        await gate.people.add(name, Particulars())
    await gate.cards.add("anna", number_of("04A1B2C3"))
    read = str(int.from_bytes(bytes.fromhex("04A1B2C3"), "little"))
    await gate.fleet.set_logins("printer", card_profile="decimal")
    found = await gate.doctor.person("anna", device="printer", card=read)
    (trouble,) = [each for each in found if each.subject == "card"]
    assert trouble.remedy == "ippgate device logins printer --profile 'decimal,octets=4,reversed'"
    assert read not in told(found)
    await gate.fleet.set_logins("printer", card_profile="decimal,octets=4,reversed")
    assert "is anna's (card 1)" in told(await gate.doctor.login("printer", read))
    assert troubles(await gate.doctor.person("anna", device="printer", card=read)) == ["nothing of theirs waits"]
    assert "nobody has the card" in told(await gate.doctor.login("printer", "99887766"))
    assert "bea has no card, no PIN and no password: they log in nowhere" in troubles(await gate.doctor.person("bea"))
