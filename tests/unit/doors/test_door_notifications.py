"""Get-Notifications at the door (RFC 3996): what is there, what comes while a client waits, and when it ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.ipp import Attribute, Group, JobState, Message, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import Unavailable
from ippgate.model.subscription import Subscribed
from ippgate.notice.notices import MAX_TOLD
from ippgate.notice.settings import NoticeSettings
from tests.rig.eventually import eventually
from tests.unit.doors.client import message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, Gate

IPPGET = attribute(A.NOTIFY_PULL_METHOD, "ippget")
WAIT = attribute(A.NOTIFY_WAIT, True)
ASKED = (Subscribed.JOB_COMPLETED, Subscribed.JOB_PROGRESS, Subscribed.PRINTER_STATE_CHANGED)
LONG = 120.0


def doors(**notices: Any) -> DoorSettings:
    return DoorSettings(port=0, notices=NoticeSettings(**notices))


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    async with Gate(doors(wait=LONG, look=LONG)) as gate:
        yield gate


def of(*subscriptions: int) -> Attribute:
    return attribute(A.NOTIFY_SUBSCRIPTION_IDS, *subscriptions)


def first(*numbers: int) -> Attribute:
    return attribute(A.NOTIFY_SEQUENCE_NUMBERS, *numbers)


async def subscribed(gate: Gate, *more: Attribute, user: Attribute = ALICE) -> int:
    events = attribute(A.NOTIFY_EVENTS, *ASKED)
    answer = await gate.operate(
        Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET, events, *more]], user=user
    )
    group = answer.group(Tag.SUBSCRIPTION)
    assert group is not None
    return group.integer(A.NOTIFY_SUBSCRIPTION_ID) or 0


async def fetched(gate: Gate, *asked: Attribute, user: Attribute = ALICE) -> Message:
    return await gate.operate(Operation.GET_NOTIFICATIONS, *asked, user=user)


def events(answer: Message) -> list[Group]:
    return list(answer.groups_of(Tag.EVENT))


def numbers(answer: Message) -> list[tuple[int | None, int | None]]:
    return [(each.integer(A.NOTIFY_SUBSCRIPTION_ID), each.integer(A.NOTIFY_SEQUENCE_NUMBER)) for each in events(answer)]


async def seated(gate: Gate, clients: int = 1) -> None:
    """Wait until so many clients wait."""
    await eventually(lambda: gate.board.taken == clients, f"{clients} clients to wait")


# ── what is there ──


async def test_nothing_has_happened_yet(gate: Gate) -> None:
    answer = await fetched(gate, of(await subscribed(gate)))
    assert (status_of(answer), events(answer)) == (Status.SUCCESSFUL_OK, [])
    assert answer.operation.integer(A.NOTIFY_GET_INTERVAL) == 60
    assert (answer.operation.integer(A.PRINTER_UP_TIME) or 0) > 0


async def test_notices_are_told_from_the_number_asked_for(gate: Gate) -> None:
    one, two = await subscribed(gate), await subscribed(gate)
    for _ in range(3):
        gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    every = [(each, number) for each in (one, two) for number in (1, 2, 3)]
    assert numbers(await fetched(gate, of(one, two))) == every
    assert numbers(await fetched(gate, of(one, two), first(3))) == [every[2], *every[3:]]
    assert numbers(await fetched(gate, of(one, two), first(3, 2, 9))) == [every[2], *every[4:]]
    assert numbers(await fetched(gate, of(one, one), first(3))) == [every[2]]
    assert numbers(await fetched(gate, of(one), first(4))) == []


async def test_a_notice_of_a_job_tells_the_job(gate: Gate) -> None:
    made = await subscribed(gate, attribute(A.NOTIFY_USER_DATA, b"mine"))
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    [event] = events(await fetched(gate, of(made)))
    assert event.text(A.NOTIFY_PRINTER_URI) == FOLLOWME.text()
    assert event.text(A.NOTIFY_SUBSCRIBED_EVENT) == "job-completed"
    assert event.text(A.NOTIFY_TEXT) == "Job 17 was printed."
    assert (event.text(A.NOTIFY_CHARSET), event.text(A.NOTIFY_NATURAL_LANGUAGE)) == ("utf-8", "en")
    assert event.get(A.NOTIFY_USER_DATA) == attribute(A.NOTIFY_USER_DATA, b"mine")
    assert (event.integer(A.JOB_ID), event.integer(A.NOTIFY_JOB_ID)) == (17, 17)
    assert (event.integer(A.JOB_STATE), event.texts(A.JOB_STATE_REASONS)) == (JobState.COMPLETED, ["a-reason"])
    assert event.integer(A.JOB_IMPRESSIONS_COMPLETED) == 0
    assert (event.integer(A.PRINTER_UP_TIME) or 0) > 0
    assert A.PRINTER_CURRENT_TIME in event
    assert A.PRINTER_STATE not in event


async def test_a_notice_of_a_printer_tells_the_printer(gate: Gate) -> None:
    made = await subscribed(gate)
    gate.kept.happens(Subscribed.PRINTER_STATE_CHANGED, state=5)
    [event] = events(await fetched(gate, of(made)))
    assert (event.integer(A.PRINTER_STATE), event.texts(A.PRINTER_STATE_REASONS)) == (5, ["a-reason"])
    assert event.boolean(A.PRINTER_IS_ACCEPTING_JOBS) is True
    assert event.get(A.NOTIFY_USER_DATA) == attribute(A.NOTIFY_USER_DATA, b"")
    assert A.JOB_ID not in event


async def test_where_there_are_more_than_are_told_at_once_the_client_comes_back_soon(gate: Gate) -> None:
    made, gate.kept.at_once = await subscribed(gate), 2
    for _ in range(3):
        gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    answer = await fetched(gate, of(made))
    assert (numbers(answer), answer.operation.integer(A.NOTIFY_GET_INTERVAL)) == ([(made, 1), (made, 2)], 1)


async def test_an_answer_is_bounded_however_many_subscriptions_it_tells_of(gate: Gate) -> None:
    made = [await subscribed(gate) for _ in range(3)]
    for _ in range(150):
        gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    answer = await fetched(gate, of(*made))
    assert len(numbers(answer)) == MAX_TOLD == 200
    assert numbers(answer)[-1] == (made[1], 50)
    assert answer.operation.integer(A.NOTIFY_GET_INTERVAL) == 1
    assert numbers(await fetched(gate, of(*made), first(151, 51, 1)))[-1] == (made[2], 100)


async def test_when_a_job_has_ended_its_events_are_complete(gate: Gate) -> None:
    answer = await gate.operate(Operation.PRINT_JOB, subscriptions=[[IPPGET]], document=b"a page")
    job = answer.group(Tag.JOB)
    assert job is not None
    job_id = job.integer(A.JOB_ID) or 0
    gate.kept.happens(Subscribed.JOB_COMPLETED, job_id, JobState.COMPLETED)
    gate.kept.end(job_id)
    for more in ((), (WAIT,)):
        answer = await fetched(gate, of(1), *more)
        assert status_of(answer) is Status.SUCCESSFUL_OK_EVENTS_COMPLETE
        assert numbers(answer) == [(1, 1)]
        assert A.NOTIFY_GET_INTERVAL not in answer.operation


# ── refused ──


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ((), Status.CLIENT_ERROR_BAD_REQUEST, "notify-subscription-ids is missing: whose notices are asked for?"),
        (
            (Attribute(A.NOTIFY_SUBSCRIPTION_IDS, (attribute(A.LIMIT, 1).first, attribute("x-zero", 0).first)),),
            Status.CLIENT_ERROR_BAD_REQUEST,
            "notify-subscription-ids takes numbers greater than 0",
        ),
        ((of(99),), Status.CLIENT_ERROR_NOT_FOUND, "there is no subscription 99"),
        (
            (of(*range(1, 102)),),
            Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
            "101 subscriptions at once are too many: ask for 100 at most",
        ),
    ],
)
@pytest.mark.parametrize("more", [(), (WAIT,)])
async def test_what_cannot_be_fetched(
    gate: Gate, asked: tuple[Attribute, ...], status: Status, said: str, more: tuple[Attribute, ...]
) -> None:
    answer = await fetched(gate, *asked, *more)
    assert (status_of(answer), sentence_of(answer)) == (status, said)
    assert A.NOTIFY_GET_INTERVAL not in answer.operation


async def test_notices_of_others_are_not_told(gate: Gate) -> None:
    mine, theirs = await subscribed(gate), await subscribed(gate, user=BOB)
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    for more in ((), (WAIT,)):
        answer = await fetched(gate, of(mine, theirs), *more)
        assert status_of(answer) is Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert (sentence_of(answer), events(answer)) == (f"subscription {theirs} belongs to somebody else", [])


async def test_of_several_those_that_are_there_are_told(gate: Gate) -> None:
    made = await subscribed(gate)
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    answer = await fetched(gate, of(98, made, 99))
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert unsupported_of(answer).get(A.NOTIFY_SUBSCRIPTION_IDS) == of(98, 99)
    assert numbers(answer) == [(made, 1)]


# ── what comes ──


async def test_who_waits_is_answered_when_something_happens(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = asyncio.ensure_future(fetched(gate, of(made), first(1), WAIT))
    await seated(gate)
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    gate.board.heard(str(made))
    answer = await waiting
    assert (status_of(answer), numbers(answer)) == (Status.SUCCESSFUL_OK, [(made, 1)])
    assert answer.operation.integer(A.NOTIFY_GET_INTERVAL) == 1
    assert gate.board.taken == 0


async def test_what_is_there_already_is_not_waited_for(gate: Gate) -> None:
    made = await subscribed(gate)
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    assert numbers(await fetched(gate, of(made), WAIT)) == [(made, 1)]


async def test_a_wake_up_for_nothing_does_not_end_the_waiting(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
    await seated(gate)
    fetches = gate.kept.fetches
    gate.board.heard("")
    await eventually(lambda: gate.kept.fetches > fetches, "another look")
    assert not waiting.done()
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    gate.board.heard("")
    assert numbers(await waiting) == [(made, 1)]


async def test_a_wake_up_that_is_lost_costs_time_and_nothing_else() -> None:
    async with Gate(doors(wait=LONG, look=0.05)) as gate:
        made = await subscribed(gate)
        waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
        await seated(gate)
        gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
        assert numbers(await waiting) == [(made, 1)]


async def test_nobody_waits_longer_than_the_bound() -> None:
    async with Gate(doors(wait=0.05, look=LONG)) as gate:
        answer = await fetched(gate, of(await subscribed(gate)), WAIT)
        assert (status_of(answer), events(answer)) == (Status.SUCCESSFUL_OK, [])
        assert answer.operation.integer(A.NOTIFY_GET_INTERVAL) == 1


async def test_who_finds_no_seat_is_answered_at_once_and_comes_back_later() -> None:
    async with Gate(doors(wait=LONG, look=LONG, waiting=1)) as gate:
        made = await subscribed(gate)
        waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
        await seated(gate)
        answer = await fetched(gate, of(made), WAIT)
        assert (status_of(answer), events(answer)) == (Status.SUCCESSFUL_OK, [])
        assert answer.operation.integer(A.NOTIFY_GET_INTERVAL) == 60
        gate.board.close()
        await waiting


@pytest.mark.parametrize("how", ["half", "whole", "reset"])
async def test_a_client_that_leaves_gives_its_seat_back(gate: Gate, how: str) -> None:
    made = await subscribed(gate)
    async with gate.client() as client:
        await client.say(post(message_of(Operation.GET_NOTIFICATIONS, FOLLOWME, ALICE, of(made), WAIT)))
        await seated(gate)
        if how == "half":
            client.writer.write_eof()
            assert status_of((await client.hear()).ipp) is Status.SUCCESSFUL_OK
        elif how == "whole":
            client.writer.close()
        else:
            client.writer.transport.abort()
        await seated(gate, 0)


async def test_a_subscription_that_is_cancelled_meanwhile_is_complete(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
    await seated(gate)
    await gate.operate(Operation.CANCEL_SUBSCRIPTION, attribute(A.NOTIFY_SUBSCRIPTION_ID, made))
    gate.board.heard(str(made))
    answer = await waiting
    assert (status_of(answer), events(answer)) == (Status.SUCCESSFUL_OK_EVENTS_COMPLETE, [])
    assert A.NOTIFY_GET_INTERVAL not in answer.operation


async def test_a_gate_that_stops_lets_nobody_wait(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
    await seated(gate)
    gate.board.close()
    assert status_of(await waiting) is Status.SUCCESSFUL_OK
    assert status_of(await fetched(gate, of(made), WAIT)) is Status.SUCCESSFUL_OK


async def test_a_database_that_goes_away_is_waited_for(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = asyncio.ensure_future(fetched(gate, of(made), WAIT))
    await seated(gate)
    gate.kept.failure = Unavailable("the database cannot be reached at the moment; try again in a minute")
    gate.board.heard("")
    await eventually(lambda: gate.kept.failure is None, "a look at the database")
    assert not waiting.done()
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    gate.board.heard("")
    assert numbers(await waiting) == [(made, 1)]


async def test_a_database_that_is_away_from_the_beginning_is_told(gate: Gate) -> None:
    made = await subscribed(gate)
    gate.kept.failure = Unavailable("the database cannot be reached at the moment; try again in a minute")
    answer = await fetched(gate, of(made), WAIT)
    assert status_of(answer) is Status.SERVER_ERROR_TEMPORARY_ERROR
    assert gate.board.taken == 0


async def test_hundreds_wait_and_each_is_told_once(gate: Gate) -> None:
    made = await subscribed(gate)
    waiting = [asyncio.ensure_future(fetched(gate, of(made), WAIT)) for _ in range(300)]
    await seated(gate, 300)
    gate.kept.happens(Subscribed.JOB_COMPLETED, 17, JobState.COMPLETED)
    gate.board.heard(str(made))
    assert [numbers(answer) for answer in await asyncio.gather(*waiting)] == [[(made, 1)]] * 300


# ── leases that last while somebody fetches ──


@pytest.mark.parametrize(
    ("lease", "left", "touched"), [(0, 40_000.0, True), (0, 50_000.0, False), (3600, 100.0, False)]
)
async def test_whoever_fetches_keeps_a_lease_without_end(gate: Gate, lease: int, left: float, touched: bool) -> None:
    made = await subscribed(gate, attribute(A.NOTIFY_LEASE_DURATION, lease))
    gate.kept.lasts = left
    await fetched(gate, of(made))
    assert gate.kept.touched == ([made] if touched else [])
