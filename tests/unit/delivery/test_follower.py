"""A job followed at a device that says what the test has it say."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest

from ippgate.delivery.follower import Follower
from ippgate.delivery.settings import DeliverySettings
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import OutcomeUnknown, Parcel, Refused, Sighting, Unreachable
from ippgate.store.jobs import JobStore, Move, Moved
from ippgate.store.lanes import LaneStore, Load
from ippgate.transport.port import Transport
from tests.rig.eventually import eventually
from tests.unit.model.nouns import device, sighting

SETTINGS = DeliverySettings(
    retry_first=0.001, retry_longest=0.001, busy_limit=0.01, follow_first=0.001, follow_longest=0.001,
    follow_limit=0.01, appear=0.004, history=60.0, attempts=5,
)  # fmt: skip
PARCEL = Parcel(5, UUID(int=5), "report", "alice", "application/pdf")
LOAD = Load(PARCEL, 7, JobState.PENDING, None, None, None, None, None, None, lease=3, attempts=0, age=0.0)
PRINTING = sighting(JobState.PROCESSING, "job-printing")
DONE = sighting(JobState.COMPLETED, impressions=4)
Said = Sighting | Exception | None


class Wire:
    """A transport that gives these answers, the last one for ever."""

    def __init__(self, seen: Sequence[Said] = (), found: Sequence[Said] = ()) -> None:
        self.seen, self.found = list(seen), list(found)
        self.cancelled: list[tuple[int, str]] = []
        self.asked = 0

    async def sight(self, device_job_id: int) -> Sighting | None:
        self.asked += 1
        return self._say(self.seen)

    async def find(self, parcel: Parcel) -> Sighting | None:
        self.asked += 1
        return self._say(self.found)

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        self.cancelled.append((device_job_id, user))

    def _say(self, answers: list[Said]) -> Sighting | None:
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(said, Exception):
            raise said
        return said


class Memory:
    """Both stores at once: keeps what they are told, or is away."""

    worker = UUID(int=1)

    def __init__(self) -> None:
        self.moves: list[Move] = []
        self.reports: list[Sighting] = []
        self.away = 0

    async def move(self, move: Move) -> Moved:
        self._check()
        self.moves.append(move)
        return Moved(move.job_id, JobState.PROCESSING)

    async def report(self, load: Load, sighting: Sighting) -> None:
        self._check()
        self.reports.append(sighting)

    def _check(self) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("away")


@pytest.fixture
def memory() -> Memory:
    return Memory()


def follower(wire: Wire, memory: Memory, *, settings: DeliverySettings = SETTINGS, **load: Any) -> Follower:
    resend = load.pop("resend_unknown", False)
    return Follower(
        replace(LOAD, **load),
        device(resend_unknown=resend),
        cast("Transport", wire),
        cast("JobStore", memory),
        cast("LaneStore", memory),
        settings,
    )


def ago(seconds: float) -> float:
    return time.monotonic() - seconds


# ── follow ──


async def test_a_job_is_followed_to_its_end_and_each_news_is_told_once(memory: Memory) -> None:
    stopped = sighting(JobState.PROCESSING_STOPPED, "media-empty", message="add paper")
    half = sighting(JobState.PROCESSING, "job-printing", impressions=2)
    wire = Wire([PRINTING, PRINTING, stopped, stopped, PRINTING, half, half, DONE])
    verdict = await follower(wire, memory).follow(17, confirmed=True)
    assert (verdict.event, verdict.impressions) == (Event.COMPLETE, 4)
    assert memory.reports == [PRINTING, half]
    assert [(move.event, move.reasons, move.message, move.lease) for move in memory.moves] == [
        (Event.STOP, ("media-empty",), "add paper", 3),
        (Event.RESUME, ("job-printing",), "", 3),
    ]
    assert wire.cancelled == []


async def test_what_the_store_did_not_hear_is_told_again(memory: Memory) -> None:
    memory.away = 2
    await follower(Wire([PRINTING, PRINTING, PRINTING, DONE]), memory).follow(17, confirmed=True)
    assert memory.reports == [PRINTING]


async def test_a_silent_device_is_waited_for_and_then_the_outcome_is_unknown(memory: Memory) -> None:
    wire = Wire([PRINTING, Unreachable("no route")])
    verdict = await follower(wire, memory).follow(17, confirmed=True)
    assert verdict.event is Event.HOLD
    assert verdict.message.startswith("outcome unknown: it has not answered since the job was sent (no route)")
    assert wire.asked > 5


async def test_patience_begins_anew_with_every_answer(memory: Memory) -> None:
    """However long a job waits at its device, an hour of silence later is not too much at once."""
    silence = [Unreachable("asleep")] * 8
    wire = Wire([*silence, PRINTING, *silence, PRINTING, *[PRINTING] * 40, *silence, DONE])
    assert (await follower(wire, memory).follow(17, confirmed=True)).event is Event.COMPLETE


async def test_a_job_that_its_device_forgot_is_unknown_and_one_that_was_cancelled_is_cancelled(memory: Memory) -> None:
    verdict = await follower(Wire([PRINTING, None]), memory).follow(17, confirmed=True)
    assert verdict.message.startswith("outcome unknown: the device no longer knows the job")
    verdict = await follower(Wire([PRINTING, None]), memory, cancel_by="user").follow(17, confirmed=True)
    assert (verdict.event, verdict.reasons) == (Event.CANCEL, ("job-canceled-by-user",))


async def test_a_cancel_is_asked_of_the_device_in_the_owners_name_and_its_answer_counts(memory: Memory) -> None:
    wire = Wire([PRINTING] * 3 + [sighting(JobState.CANCELED, impressions=1)])
    following = follower(wire, memory)
    following.cancel("operator")
    verdict = await following.follow(17, confirmed=True)
    assert wire.cancelled == [(17, "alice")]
    assert (verdict.event, verdict.reasons, verdict.impressions) == (Event.CANCEL, ("job-canceled-by-operator",), 1)


async def test_a_cancel_that_comes_too_late_does_not_make_a_printed_job_unprinted(memory: Memory) -> None:
    following = follower(Wire([DONE]), memory, cancel_by="user")
    assert (await following.follow(17, confirmed=True)).event is Event.COMPLETE


async def test_a_cancel_wakes_a_follower_that_rests(memory: Memory) -> None:
    patient = replace(SETTINGS, follow_first=60.0, follow_longest=60.0, follow_limit=math.inf)
    wire = Wire([PRINTING, sighting(JobState.CANCELED)])
    following = follower(wire, memory, settings=patient)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(following.follow(17, confirmed=True))
        await eventually(lambda: memory.reports, "the first look")
        following.cancel("user")
    assert task.result().event is Event.CANCEL


# ── trace ──


async def test_a_job_that_is_found_is_followed(memory: Memory) -> None:
    verdict = await follower(Wire([PRINTING, DONE], found=[PRINTING]), memory).trace(None, began=ago(1))
    assert verdict.event is Event.COMPLETE


async def test_a_job_that_appears_late_is_found(memory: Memory) -> None:
    wire = Wire([DONE], found=[None, None, PRINTING])
    assert (await follower(wire, memory).trace(None, began=ago(1))).event is Event.COMPLETE


async def test_a_job_that_the_device_never_had_is_sent_again_so_many_times(memory: Memory) -> None:
    verdict = await follower(Wire(found=[None]), memory).trace(None, began=ago(1))
    assert verdict.event is Event.RETRY
    verdict = await follower(Wire(found=[None]), memory, attempts=4).trace(None, began=ago(1))
    assert verdict.event is Event.HOLD
    assert "5 times" in verdict.message
    inherited = follower(Wire(found=[None]), memory, attempts=4, edge="sending", state=JobState.PROCESSING)
    assert (await inherited.trace(None, began=ago(1))).event is Event.RETRY


async def test_a_device_that_may_have_forgotten_it_leaves_the_outcome_unknown(memory: Memory) -> None:
    verdict = await follower(Wire(found=[None]), memory).trace(None, began=ago(61))
    assert verdict.message.startswith("outcome unknown: the device no longer knows the job")
    verdict = await follower(Wire([None]), memory).trace(17, began=ago(1))
    assert verdict.message.startswith("outcome unknown")


@pytest.mark.parametrize("error", [OutcomeUnknown("hides names"), Unreachable("no route"), Refused("HTTP 403")])
async def test_a_device_that_cannot_say_leaves_it_unknown_unless_the_operator_said_otherwise(
    memory: Memory, error: Exception
) -> None:
    verdict = await follower(Wire(found=[error]), memory).trace(None, began=ago(1))
    assert verdict.event is Event.HOLD
    assert verdict.message.startswith("outcome unknown")
    again = await follower(Wire(found=[error]), memory, resend_unknown=True).trace(None, began=ago(1))
    assert again.event is Event.RETRY


async def test_an_empty_job_at_the_device_is_cleared_away_and_sent_again(memory: Memory) -> None:
    waits = sighting(JobState.PENDING, "job-incoming")
    wire = Wire([waits, waits, waits, sighting(JobState.CANCELED)])
    verdict = await follower(wire, memory).trace(17, began=ago(1))
    assert verdict.event is Event.RETRY
    assert wire.cancelled
    assert set(wire.cancelled) == {(17, "alice")}


async def test_a_job_that_printed_while_it_was_cleared_away_is_printed(memory: Memory) -> None:
    wire = Wire([sighting(JobState.PENDING, "job-incoming")] * 2 + [DONE])
    assert (await follower(wire, memory).trace(17, began=ago(1))).event is Event.COMPLETE


async def test_pages_that_came_out_before_it_was_cleared_away_make_it_unknown(memory: Memory) -> None:
    wire = Wire([sighting(JobState.PENDING, "job-incoming")] * 2 + [sighting(JobState.CANCELED, impressions=2)])
    verdict = await follower(wire, memory).trace(17, began=ago(1))
    assert verdict.event is Event.HOLD
    assert "2 impressions" in verdict.message


async def test_a_device_that_prints_half_a_document_is_stopped_and_the_outcome_unknown(memory: Memory) -> None:
    wire = Wire([sighting(JobState.PROCESSING, "job-incoming", "job-printing")])
    verdict = await follower(wire, memory).trace(17, began=ago(1))
    assert verdict.message.startswith("outcome unknown: the connection broke while the device was printing")
    assert wire.cancelled == [(17, "alice")]


async def test_what_the_gate_broke_off_itself_is_cleared_away_whatever_its_state(memory: Memory) -> None:
    wire = Wire([sighting(JobState.CANCELED, "job-canceled-by-user")])
    assert (await follower(wire, memory).trace(17, began=ago(1), by_us=True)).event is Event.RETRY
    wire = Wire([sighting(JobState.ABORTED)])
    assert (await follower(wire, memory).trace(17, began=ago(1), by_us=True)).event is Event.RETRY
    wire = Wire([sighting(JobState.CANCELED)])
    assert (await follower(wire, memory, cancel_by="user").trace(17, began=ago(1), by_us=True)).event is Event.CANCEL
