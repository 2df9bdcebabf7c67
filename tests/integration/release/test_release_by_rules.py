"""Rules have their say when a job is released: those that held it on arrival, and those that speak of the device."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgpack
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Attribute
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Forbidden, NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.policy import explain, from_plain
from tests.integration.gates import ALICE, OPERATOR, direct_queue, hold_queue, job_of, register, stream, submit
from tests.integration.intake.test_intake_examining import pdf
from tests.rig.documents import random_document
from tests.rig.sink import Sink

HALL = """
[[rule]]
name = "No colour in the hall"
when = 'device.location.like("*hall*")'
cap = { print_color_mode = "monochrome" }

[[rule]]
name = "Nothing long in the hall"
when = 'device.location.like("*hall*") && job.pages > 2'
refuse = "Long jobs are printed upstairs."
"""
LATER = """
[[rule]]
name = "Nobody prints at night"
stage = "release"
hold = "It is night: come back in the morning."
"""
PAGES = """
[[rule]]
name = "Long jobs"
when = "job.pages > 10"
tag = "long"
"""
ACCOUNT = """
[[rule]]
name = "Guests need an account"
when = 'user.name == "alice"'
require_account = true
"""
GROUP = """
[[rule]]
name = "To the print room"
send_to = "print-room"
"""
FORCED = """
[[rule]]
name = "Both sides"
force = { sides = "two-sided-long-edge" }
"""


Ruling = Callable[[str], Awaitable[Gate]]


async def asking(gate: Gate, document: bytes, *template: Attribute) -> Job:
    queue = await gate.fleet.default_queue() or await hold_queue(gate)
    new = NewJob(queue.id, ALICE.name, "report", ALICE.host, template)
    return await gate.intake.submit(queue, new, NewDocument(), stream(document))


async def placed(gate: Gate, uri: str, location: str, name: str = "printer") -> None:
    await gate.fleet.add_device(name, uri, location=location, pjl=True)


async def test_a_rule_of_the_device_changes_what_is_sent_there(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(HALL)
    await placed(gate, sink.uri, "entrance hall")
    await placed(gate, sink.uri, "second floor", "upstairs")
    color = attribute(A.PRINT_COLOR_MODE, "color")
    for device, mode in (("upstairs", "color"), ("printer", "monochrome")):
        job = await asking(gate, pdf(1), color)
        released = await gate.release.release(job.id, ALICE, device)
        assert released.template == (attribute(A.PRINT_COLOR_MODE, mode),)
        assert (await job_of(gate, job)).template == released.template


async def test_a_rule_of_the_device_asks_for_a_document_that_nobody_has_examined(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(HALL)
    await placed(gate, sink.uri, "entrance hall")
    job = await asking(gate, pdf(3))
    assert job.documents[0].facts is None
    with pytest.raises(Forbidden, match="Long jobs are printed upstairs"):
        await gate.release.release(job.id, ALICE, "printer")
    held = await job_of(gate, job)
    assert (held.state, held.pages) == (JobState.PENDING_HELD, 3)
    [decided] = await gate.judgements.decisions(job.id)
    assert decided.stage == "release"
    assert "Long jobs are printed upstairs." in explain(from_plain(msgpack.unpackb(decided.decision)))[-1]


async def test_a_rule_of_release_keeps_a_job_held(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(LATER)
    await register(gate, sink.uri)
    job = await asking(gate, pdf(1))
    with pytest.raises(NotPossible, match="It is night: come back in the morning"):
        await gate.release.release(job.id, ALICE, "printer")
    assert (await job_of(gate, job)).state is JobState.PENDING_HELD


async def test_a_job_that_could_not_be_judged_is_released_by_operators_alone(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(PAGES)
    await register(gate, sink.uri)
    job = await asking(gate, random_document(5000))
    with pytest.raises(Forbidden, match=r"job.pages is not known .* an operator has to release it"):
        await gate.release.release(job.id, ALICE, "printer")
    assert (await gate.release.release(job.id, OPERATOR, "printer")).state is JobState.PENDING


async def test_a_job_that_needs_an_account_is_released_once_it_names_one(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(ACCOUNT)
    await register(gate, sink.uri)
    job = await asking(gate, pdf(1))
    assert "account-info-needed" in job.reasons
    with pytest.raises(NotPossible, match=r"an account is needed: name one \(job-account-id\)"):
        await gate.release.release(job.id, ALICE, "printer")
    await gate.desk.change(job.id, ALICE, template=(attribute(A.JOB_ACCOUNT_ID, "project-7"),))
    assert (await gate.release.release(job.id, ALICE, "printer")).state is JobState.PENDING


async def test_a_job_that_a_rule_sends_to_a_group_goes_there_when_nobody_names_another_place(
    ruled: Ruling, sink: Sink
) -> None:
    gate = await ruled(GROUP)
    await register(gate, sink.uri)
    await gate.fleet.add_group("print-room", ["printer"])
    job = await asking(gate, pdf(1))
    assert (job.state, job.device_id) == (JobState.PENDING_HELD, None)
    released = await gate.release.release(job.id, ALICE)
    assert (released.state, released.device) == (JobState.PENDING, "printer")


async def test_what_a_rule_forces_cannot_be_changed_at_release(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(FORCED)
    await placed(gate, sink.uri, "")
    job = await asking(gate, pdf(1))
    one_sided = attribute(A.SIDES, "one-sided")
    with pytest.raises(NotPossible, match="a rule does not allow sides as it was asked for at printer"):
        await gate.release.release(job.id, ALICE, "printer", changes=[one_sided])
    released = await gate.release.release(job.id, ALICE, "printer", changes=[attribute(A.COPIES, 2)])
    assert set(released.template) == {attribute(A.SIDES, "two-sided-long-edge"), attribute(A.COPIES, 2)}


async def test_without_rules_that_can_be_used_jobs_are_held_and_operators_alone_let_them_go(
    gates: Callable[..., Awaitable[Gate]], tmp_path: Path, sink: Sink
) -> None:
    (tmp_path / "rules.toml").write_text("[[rule]]\nname = 'broken'\nwhen = 'job.pagse > 1'\n")
    gate = await gates(home=tmp_path)
    assert len(await gate.rules.reload()) == 1
    device = await register(gate, sink.uri)
    direct = await direct_queue(gate, device)
    job = await submit(gate, direct, pdf(1))
    assert (job.state, job.reasons) == (JobState.PENDING_HELD, ("job-held-for-review",))
    assert "the rules of this printer have faults" in job.message
    with pytest.raises(Forbidden, match="an operator has to release it"):
        await gate.release.release(job.id, ALICE)
    assert (await gate.release.release(job.id, OPERATOR)).state is JobState.PENDING
