"""Rules decide about jobs that arrive, with what the request says and with what the document is found to be."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgpack
import pytest

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.intake.ticket import judge
from ippgate.ipp import Group, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Forbidden
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.policy import explain, from_plain
from tests.integration.gates import ALICE, Connection, direct_queue, hold_queue, job_of, register, stream
from tests.integration.intake.test_intake_examining import pdf
from tests.rig.documents import random_document
from tests.rig.sink import Sink

Ruling = Callable[[str], Awaitable[Gate]]
"""Opens a gate on which these rules are in force."""

LONG = """
[[rule]]
name = "Long jobs on both sides"
when = "job.pages > 2"
default = { sides = "two-sided-long-edge" }

[[rule]]
name = "Very long jobs"
when = "job.pages > 4"
refuse = "More than 4 pages: print it in parts."
"""
OFFICE = """
[[rule]]
name = "Mail in black and white"
when = 'job.name.like("*mail*")'
force = { print_color_mode = "monochrome" }
priority = 20
tag = ["mail", "office"]

[[rule]]
name = "No games"
when = 'job.name.like("*game*")'
refuse = "No games here."
"""
HOLD = """
[[rule]]
name = "In colour"
when = "job.color"
hold = "Colour waits for the head of the office."
"""
DIRECT = """
[[rule]]
name = "Short ones go at once"
when = "job.pages < 3"
print_directly = true
send_to = "{target}"
"""


@pytest.fixture(params=["one request", "two requests", "three requests"])
def send(request: pytest.FixtureRequest) -> Callable[..., Awaitable[Job]]:
    """Prints by Print-Job, by Create-Job and Send-Document, or with Close-Job beside them."""
    return {"one request": at_once, "two requests": in_two, "three requests": in_three}[request.param]


async def at_once(gate: Gate, queue: Queue, document: bytes, name: str = "report") -> Job:
    new = NewJob(queue.id, ALICE.name, name, ALICE.host)
    return await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(document))


async def in_two(gate: Gate, queue: Queue, document: bytes, name: str = "report") -> Job:
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, name, ALICE.host))
    return await gate.intake.add_document(job.id, ALICE, NewDocument("application/pdf"), stream(document), True)


async def in_three(gate: Gate, queue: Queue, document: bytes, name: str = "report") -> Job:
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, name, ALICE.host))
    await gate.intake.add_document(job.id, ALICE, NewDocument("application/pdf"), stream(document), False)
    return await gate.intake.close(job.id, ALICE)


async def explained(gate: Gate, job: Job) -> str:
    [decided] = await gate.judgements.decisions(job.id)
    return "\n".join(explain(from_plain(msgpack.unpackb(decided.decision))))


async def all_jobs(gate: Gate) -> list[Job]:
    return await gate.desk.listing(None, tuple(JobState), None, 100)


@pytest.mark.parametrize("octets", [0, 2_500_000], ids=["one frame", "several frames"])
async def test_a_rule_speaks_of_what_the_document_is(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], octets: int
) -> None:
    gate = await ruled(LONG)
    queue = await hold_queue(gate)
    short, long = [await send(gate, queue, pdf(pages, octets=octets)) for pages in (2, 3)]
    for job in (short, long):
        seen = await job_of(gate, job)
        assert (seen.state, seen.reasons, seen.incoming) == (JobState.PENDING_HELD, ("job-held-for-release",), False)
    assert (await job_of(gate, short)).template == ()
    assert (await job_of(gate, long)).template == (attribute(A.SIDES, "two-sided-long-edge"),)
    assert not (await job_of(gate, short)).ruled
    assert "“Long jobs on both sides” applied" in await explained(gate, long)


@pytest.mark.parametrize("octets", [0, 2_500_000], ids=["one frame", "several frames"])
async def test_what_a_rule_refuses_is_refused_with_its_sentence_and_waits_for_nobody(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], octets: int
) -> None:
    gate = await ruled(LONG)
    queue = await hold_queue(gate)
    with pytest.raises(Forbidden, match=r"More than 4 pages: print it in parts\."):
        await send(gate, queue, pdf(5, octets=octets))
    for job in await all_jobs(gate):
        assert (job.state, job.message) == (JobState.ABORTED, "More than 4 pages: print it in parts.")
        assert job.reasons == ("aborted-by-system",)


async def test_a_rule_about_the_request_alone_decides_before_the_document_comes(
    ruled: Ruling, send: Callable[..., Awaitable[Job]]
) -> None:
    gate = await ruled(OFFICE)
    queue = await hold_queue(gate)
    job = await job_of(gate, await send(gate, queue, pdf(1), "my mail"))
    assert job.template == (attribute(A.PRINT_COLOR_MODE, "monochrome"),)
    assert (job.priority, job.tags, job.ruled) == (20, ("mail", "office"), True)
    with pytest.raises(Forbidden, match="No games here"):
        await gate.intake.create(queue, NewJob(queue.id, "alice", "a game", ""))
    with pytest.raises(Forbidden, match="No games here"):
        await gate.intake.validate(queue, NewJob(queue.id, "alice", "a game", ""), NewDocument())


async def test_a_rule_holds_a_job_that_its_queue_would_forward(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], sink: Sink
) -> None:
    gate = await ruled(HOLD)
    queue = await direct_queue(gate, await register(gate, sink.uri))
    grey, color = [await job_of(gate, await send(gate, queue, pdf(pages))) for pages in (1, 2)]
    assert (grey.state, grey.device_id is not None) == (JobState.PENDING, True)
    assert (color.state, color.message) == (JobState.PENDING_HELD, "Colour waits for the head of the office.")
    assert color.reasons == ("job-held-for-release",)


TURNING = """
[[rule]]
name = "Long ones in colour"
when = "job.pages > 2 && job.color"
hold = "Long ones in colour wait."
"""
ASKING = """
[[rule]]
name = "Where colours are known"
when = "has(job.color)"
tag = ["known"]
"""


@pytest.mark.parametrize("octets", [0, 2_500_000], ids=["one frame", "several frames"])
async def test_pages_are_drawn_before_a_job_is_judged_only_if_a_rule_turns_on_their_colours(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], octets: int
) -> None:
    gate = await ruled(TURNING)
    queue = await hold_queue(gate)
    short, long = [await job_of(gate, await send(gate, queue, pdf(pages, octets=octets))) for pages in (2, 3)]
    assert (short.message, long.message) == ("", "Long ones in colour wait.")
    assert [document.facts for document in short.documents] == [None]
    assert [document.facts and document.facts.color_pages for document in long.documents] == [1]
    assert await gate.examining.round() == 1
    [document] = (await job_of(gate, short)).documents
    assert document.facts is not None
    assert (document.facts.pages, document.facts.color_pages) == (2, 1)


async def test_a_rule_that_asks_whether_colours_are_known_is_told_of_the_drawn_pages(
    ruled: Ruling, send: Callable[..., Awaitable[Job]]
) -> None:
    gate = await ruled(ASKING)
    job = await job_of(gate, await send(gate, await hold_queue(gate), pdf(1)))
    assert job.tags == ("known",)


async def test_a_rule_lets_a_job_go_that_its_queue_would_hold(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], sink: Sink
) -> None:
    gate = await ruled(DIRECT.format(target="printer"))
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    short, long = [await job_of(gate, await send(gate, queue, pdf(pages))) for pages in (1, 4)]
    assert (short.state, short.device_id) == (JobState.PENDING, device.id)
    assert (long.state, long.device_id) == (JobState.PENDING_HELD, None)


async def test_a_job_that_a_rule_sends_to_nowhere_waits_and_says_so(
    ruled: Ruling, send: Callable[..., Awaitable[Job]]
) -> None:
    gate = await ruled(DIRECT.format(target="gone"))
    job = await job_of(gate, await send(gate, await hold_queue(gate), pdf(1)))
    assert job.state is JobState.PENDING_HELD
    assert "job-held-for-review" in job.reasons
    assert "there is no group gone" in job.message


async def test_what_cannot_be_judged_is_held_and_says_which_fact_is_not_known(
    ruled: Ruling, send: Callable[..., Awaitable[Job]], sink: Sink
) -> None:
    gate = await ruled(LONG)
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await job_of(gate, await send(gate, queue, random_document(5000)))
    assert (job.state, job.reasons) == (JobState.PENDING_HELD, ("job-held-for-review",))
    assert "job.pages is not known (its format is not recognised)" in job.message


async def test_a_job_goes_nowhere_before_it_is_judged(ruled: Ruling, sink: Sink) -> None:
    gate = await ruled(LONG)
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ALICE.host))
    assert (job.state, job.reasons, job.judged) == (JobState.PENDING_HELD, ("job-incoming",), False)
    assert (await job_of(gate, job)).message == "waits until its document is here and has been looked at"
    await gate.intake.add_document(job.id, ALICE, NewDocument(), stream(pdf(1)), True)
    assert (await job_of(gate, job)).state is JobState.PENDING


async def test_a_job_that_nobody_releases_in_its_time_is_given_up(ruled: Ruling, sql: Connection) -> None:
    gate = await ruled('[[rule]]\nname = "Two hours"\nretention = "2 h"\n')
    job = await job_of(gate, await at_once(gate, await hold_queue(gate), pdf(1)))
    assert job.expires_at is not None
    assert (job.expires_at - job.created_at).total_seconds() == 7200
    clock = HoldClock(gate.jobs, gate.lanes)
    assert await clock.expire() == 0
    assert (await job_of(gate, job)).state is JobState.PENDING_HELD
    await sql.execute("UPDATE job SET expires_at = now() - interval '1 second'")
    assert await clock.expire() == 1
    ended = await job_of(gate, job)
    assert (ended.state, ended.reasons) == (JobState.CANCELED, ("job-canceled-after-timeout",))
    assert ended.message.startswith("it expired: nobody released it within ")


async def test_what_its_owner_prefers_is_judged_like_what_they_asked_for(ruled: Ruling) -> None:
    gate = await ruled(OFFICE)
    queue = await hold_queue(gate)
    preferred = (attribute(A.PRINT_COLOR_MODE, "color"), attribute(A.COPIES, 2))
    ticket = judge(Group(Tag.OPERATION), (), gate.abilities.of_queue(queue), 1, datetime.now(UTC), preferred)
    assert ticket.template == preferred
    new = NewJob(queue.id, ALICE.name, "mail to all", "", ticket.template)
    job = await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(b"%PDF"))
    assert set(job.template) == {attribute(A.PRINT_COLOR_MODE, "monochrome"), attribute(A.COPIES, 2)}
