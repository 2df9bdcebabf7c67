"""Notices, as PostgreSQL writes them: of every change that somebody asked to hear of, in order, without a gap."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import DeviceReport
from ippgate.model.job import NewDocument
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Sighting
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.subscription import NewSubscription, Notice, Subscribed, Told
from ippgate.store.birth import Birth
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import Move
from ippgate.store.subscriptions import Subscribing, SubscriptionStore
from ippgate.store.traffic import TrafficStore
from tests.integration.gates import Connection, hold_queue
from tests.integration.store.births import a_device, a_queue, birth, born, by_carrier, claimed

EVERY = tuple(Subscribed)
URI = "ipp://gate/ipp/print/followme"
HELD = Move(0, Event.HOLD, (R.JOB_HOLD_UNTIL_SPECIFIED,))


def wanted(*events: Subscribed, **more: Any) -> NewSubscription:
    return NewSubscription(events or EVERY, URI, **more)


async def of_printer(
    gate: Gate, *events: Subscribed, queue: Queue | None = None, lasts: int = 3600, **more: Any
) -> int:
    """A subscription of the printer."""
    queue = queue or await a_queue(gate)
    made = await gate.subscriptions.add(queue.id, None, "alice", [(wanted(*events, lease=3600, **more), lasts)])
    assert made is not None
    return made[0]


async def of_job(gate: Gate, job_id: int, *events: Subscribed) -> int:
    """A subscription of a job that is there."""
    queue = await a_queue(gate)
    made = await gate.subscriptions.add(queue.id, job_id, "alice", [(wanted(*events), None)])
    assert made is not None
    return made[0]


async def told(gate: Gate, subscription: int, first: int = 1) -> Told:
    [found] = await gate.subscriptions.fetch([(subscription, first)])
    return found


async def notices(gate: Gate, subscription: int) -> list[Notice]:
    """All of them; their numbers are those that they must have."""
    found = list((await told(gate, subscription)).notices)
    assert [notice.number for notice in found] == list(range(1, len(found) + 1))
    assert sorted(notice.at for notice in found) == [notice.at for notice in found]
    return found


async def heard(gate: Gate, subscription: int) -> list[tuple[str, int]]:
    """What was told: each event and the state."""
    return [(str(notice.event), notice.state) for notice in await notices(gate, subscription)]


# ── jobs ──


async def test_the_life_of_a_job_is_told_in_order(gate: Gate) -> None:
    subscription = await of_printer(gate)
    load = await claimed(gate)
    for event, reasons in ((Event.START, (R.JOB_OUTGOING,)), (Event.STOP, (R.PRINTER_STOPPED,)), (Event.RESUME, ())):
        assert await gate.jobs.move(by_carrier(gate, load, event, *reasons))
    await gate.lanes.report(load, Sighting(1, JobState.PROCESSING, (R.JOB_PRINTING,), "", 3, 2))
    assert await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE, R.JOB_COMPLETED_SUCCESSFULLY, impressions=4))
    assert await heard(gate, subscription) == [
        ("job-created", 3),
        ("job-state-changed", 5),
        ("job-stopped", 6),
        ("job-state-changed", 5),
        ("job-progress", 5),
        ("job-state-changed", 5),
        ("job-progress", 9),
        ("job-completed", 9),
    ]
    last = (await notices(gate, subscription))[-1]
    assert (last.job_id, last.impressions, last.reasons) == (load.parcel.job_id, 4, (R.JOB_COMPLETED_SUCCESSFULLY,))


async def test_an_event_is_told_as_the_one_that_was_asked_for(gate: Gate) -> None:
    wide = await of_printer(gate, Subscribed.JOB_STATE_CHANGED)
    narrow = await of_printer(gate, Subscribed.JOB_COMPLETED)
    job_id = await born(gate)
    await gate.jobs.move(Move(job_id, Event.CANCEL, (R.JOB_CANCELED_BY_USER,)))
    assert await heard(gate, wide) == [("job-state-changed", 4), ("job-state-changed", 7)]
    assert await heard(gate, narrow) == [("job-completed", 7)]


async def test_a_lease_of_a_lane_is_nobody_s_business(gate: Gate) -> None:
    subscription = await of_printer(gate)
    await claimed(gate)
    assert await heard(gate, subscription) == [("job-created", 3)]


async def test_a_job_that_was_changed_says_so(gate: Gate) -> None:
    subscription = await of_printer(gate, Subscribed.JOB_CONFIG_CHANGED)
    job_id = await born(gate)
    [job] = await gate.jobs.get([job_id])
    assert await gate.jobs.change(replace(job, name="another"), seen=job)
    assert await gate.jobs.change(replace(job, name="another"), seen=job)  # nothing is changed by this one
    assert await gate.jobs.change(replace(job, name="another", hold_until="indefinite"), seen=job)
    assert [notice.job_id for notice in await notices(gate, subscription)] == [job_id, job_id]


async def test_another_order_of_jobs_is_the_printer_s_event(gate: Gate) -> None:
    subscription = await of_printer(gate, Subscribed.PRINTER_QUEUE_ORDER_CHANGED)
    job_id = await born(gate, await a_device(gate))
    [job] = await gate.jobs.get([job_id])
    assert await gate.jobs.change(replace(job, priority=90), seen=job)
    [notice] = await notices(gate, subscription)
    assert (notice.job_id, notice.state, notice.accepting) == (None, PrinterState.IDLE, True)


async def test_progress_is_told_no_oftener_than_was_asked_for(gate: Gate) -> None:
    seldom = await of_printer(gate, Subscribed.JOB_PROGRESS, Subscribed.JOB_COMPLETED, time_interval=3600)
    always = await of_printer(gate, Subscribed.JOB_PROGRESS, Subscribed.JOB_COMPLETED)
    load = await claimed(gate)
    await gate.jobs.move(by_carrier(gate, load, Event.START))
    for impressions in (1, 2, 3):
        await gate.lanes.report(load, Sighting(1, JobState.PROCESSING, (), "", impressions, None))
    await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE))
    assert [notice.impressions for notice in await notices(gate, seldom)] == [1, 3]
    assert [notice.impressions for notice in await notices(gate, always)] == [1, 2, 3, 3]


# ── whom it concerns ──


async def test_each_printer_has_its_own_events(gate: Gate) -> None:
    here, there = await hold_queue(gate), await hold_queue(gate, "other")
    mine, other = await of_printer(gate, queue=here), await of_printer(gate, queue=there)
    await born(gate)
    assert await heard(gate, mine) == [("job-created", 4)]
    assert await heard(gate, other) == []


async def test_a_job_s_subscription_hears_of_that_job_and_of_the_printer(gate: Gate) -> None:
    first, second = await born(gate), await born(gate)
    mine = await of_job(gate, first)
    await gate.jobs.move(Move(second, Event.CANCEL, ()))
    await TrafficStore(gate.database).accept("followme", accepting=False)
    await gate.jobs.move(Move(first, Event.CANCEL, ()))
    await TrafficStore(gate.database).accept("followme", accepting=True)
    assert await heard(gate, mine) == [("printer-state-changed", 3), ("job-completed", 7)]
    assert (await told(gate, mine)).subscription.ended


async def test_a_lease_that_is_over_hears_nothing_more(gate: Gate, sql: Connection) -> None:
    subscription = await of_printer(gate)
    await sql.execute("UPDATE subscription SET until = now() - interval '1 second'")
    await born(gate)
    assert await sql.fetchval("SELECT count(*) FROM notice") == 0
    assert await gate.subscriptions.fetch([(subscription, 1)]) == []
    assert await gate.subscriptions.get([subscription]) == []


# ── made together with a job ──


async def with_subscriptions(gate: Gate, **facts: Any) -> Birth:
    queue = await a_queue(gate)
    return birth(gate, queue, subscriptions=(wanted(), wanted(Subscribed.JOB_COMPLETED, user_data=b"\0\xff")), **facts)


async def test_a_job_s_subscriptions_hear_of_its_creation(gate: Gate) -> None:
    made = await with_subscriptions(gate)
    sealed = await gate.spool.seal_small(gate.keys.unwrap(made.key), 1, b"a page")
    accepted = await gate.jobs.accept(made, NewDocument(), sealed)
    again = await gate.jobs.accept(made, NewDocument(), sealed)  # its answer was lost
    assert again.job_id == accepted.job_id
    every, ended = await gate.subscriptions.listing(None, accepted.job_id, None, 10)
    assert (every.user_data, ended.user_data, ended.events) == (None, b"\0\xff", (Subscribed.JOB_COMPLETED,))
    assert await heard(gate, every.id) == [("job-created", 4)]
    assert await heard(gate, ended.id) == []


async def test_so_do_those_of_a_job_without_a_document(gate: Gate) -> None:
    job_id = (await gate.jobs.create(await with_subscriptions(gate), open_for=60)).job_id
    every, _ = await gate.subscriptions.listing(None, job_id, None, 10)
    assert await gate.jobs.close(job_id)
    assert [event for event, _ in await heard(gate, every.id)] == ["job-created"]
    await gate.jobs.move(Move(job_id, Event.ABORT, (R.ABORTED_BY_SYSTEM,)))
    assert await heard(gate, every.id) == [("job-created", 4), ("job-completed", 8)]


async def test_a_job_that_has_ended_takes_no_subscriptions(gate: Gate) -> None:
    job_id = await born(gate)
    await gate.jobs.move(Move(job_id, Event.CANCEL, ()))
    queue = await a_queue(gate)
    assert await gate.subscriptions.add(queue.id, job_id, "alice", [(wanted(), None)]) is None
    assert await gate.subscriptions.add(queue.id, 4711, "alice", [(wanted(), None)]) is None


async def test_a_subscription_that_comes_as_its_job_ends_ends_with_it(gate: Gate) -> None:
    queue = await a_queue(gate)
    for _ in range(20):
        job_id = await born(gate)
        made, _ = await asyncio.gather(
            gate.subscriptions.add(queue.id, job_id, "alice", [(wanted(), None)]),
            gate.jobs.move(Move(job_id, Event.CANCEL, ())),
        )
        if made is not None:
            assert (await told(gate, made[0])).subscription.ended
            assert await heard(gate, made[0]) == [("job-completed", 7)]


# ── printers ──


async def test_a_printer_at_rest_stops_when_it_is_paused(gate: Gate) -> None:
    subscription, traffic = await of_printer(gate), TrafficStore(gate.database)
    await traffic.pause("followme")
    await traffic.pause("followme")  # it is already
    await traffic.resume("followme")
    assert await heard(gate, subscription) == [("printer-stopped", 5), ("printer-state-changed", 3)]
    assert [notice.reasons for notice in await notices(gate, subscription)] == [("paused",), ()]


async def test_a_printer_that_prints_stops_when_its_last_job_has_ended(gate: Gate) -> None:
    loads = [await claimed(gate), await claimed(gate)]
    for load in loads:
        await gate.jobs.move(by_carrier(gate, load, Event.START))
    events = (Subscribed.PRINTER_STATE_CHANGED, Subscribed.PRINTER_STOPPED)
    subscription = await of_printer(gate, *events)
    await TrafficStore(gate.database).pause("followme")
    for load in loads:
        await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE))
    assert await heard(gate, subscription) == [("printer-state-changed", 4), ("printer-stopped", 5)]
    assert [notice.reasons for notice in await notices(gate, subscription)] == [("moving-to-paused",), ("paused",)]


async def test_of_jobs_that_end_at_once_the_last_one_stops_a_paused_printer(
    gate: Gate, gates: Callable[..., Awaitable[Gate]]
) -> None:
    other = await gates()
    left, right = await a_device(gate, "left"), await a_device(gate, "right")
    for _ in range(10):
        loads = [await claimed(gate, left), await claimed(other, right)]
        for one, load in zip((gate, other), loads, strict=True):
            await one.jobs.move(by_carrier(one, load, Event.START))
        subscription = await of_printer(gate, Subscribed.PRINTER_STOPPED)
        await TrafficStore(gate.database).pause("followme")
        await asyncio.gather(
            *(
                one.jobs.move(by_carrier(one, load, Event.COMPLETE))
                for one, load in zip((gate, other), loads, strict=True)
            )
        )
        assert await heard(gate, subscription) == [("printer-stopped", 5)]
        await TrafficStore(gate.database).resume("followme")


async def test_the_switches_of_a_queue_are_its_state_and_the_rest_its_configuration(gate: Gate) -> None:
    subscription, traffic, fleet = await of_printer(gate), TrafficStore(gate.database), FleetStore(gate.database)
    await traffic.accept("followme", accepting=False)
    await traffic.accept("followme", accepting=False)
    await traffic.hold_new("followme")
    [queue] = await fleet.queues()
    await fleet.set_queue(replace(queue, info="another", accepting=False))
    found = await notices(gate, subscription)
    assert [(str(notice.event), notice.accepting, notice.reasons) for notice in found] == [
        ("printer-state-changed", False, ()),
        ("printer-state-changed", False, ("hold-new-jobs",)),
        ("printer-config-changed", False, ("hold-new-jobs",)),
    ]


async def reported(gate: Gate, device_id: int, state: PrinterState, *reasons: str) -> None:
    await FleetStore(gate.database).report(device_id, DeviceReport(state, reasons))


async def test_a_printer_that_passes_on_is_as_its_device(gate: Gate) -> None:
    device = await a_device(gate)
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, device.name)
    subscription = await of_printer(gate, queue=queue)
    await reported(gate, device.id, PrinterState.STOPPED, "media-empty-error")
    await reported(gate, device.id, PrinterState.STOPPED, "media-empty-error")
    await reported(gate, device.id, PrinterState.STOPPED, "media-jam-error")
    await reported(gate, device.id, PrinterState.IDLE)
    found = [(str(one.event), one.state, one.reasons) for one in await notices(gate, subscription)]
    assert found == [
        ("printer-stopped", 5, ("media-empty-error",)),
        ("printer-state-changed", 5, ("media-jam-error",)),
        ("printer-state-changed", 3, ()),
    ]


async def test_of_several_devices_one_that_works_is_enough(gate: Gate) -> None:
    left, right = await a_device(gate, "left"), await a_device(gate, "right")
    await gate.fleet.add_group("pair", ["left", "right"])
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="pair")
    subscription = await of_printer(gate, queue=queue)
    await reported(gate, left.id, PrinterState.STOPPED, "media-jam-error")
    assert await heard(gate, subscription) == []
    await reported(gate, right.id, PrinterState.STOPPED, "media-empty-error")
    await reported(gate, left.id, PrinterState.PROCESSING)
    found = [(str(one.event), one.state, one.reasons) for one in await notices(gate, subscription)]
    assert found == [
        ("printer-stopped", 5, ("media-empty-error", "media-jam-error")),
        ("printer-state-changed", 4, ()),
    ]


async def test_a_queue_that_holds_does_not_care_for_devices(gate: Gate) -> None:
    device, subscription = await a_device(gate), await of_printer(gate)
    await reported(gate, device.id, PrinterState.STOPPED, "media-jam-error")
    assert await heard(gate, subscription) == []


# ── kept, and for how long ──


async def test_the_oldest_notices_fall_away(gate: Gate) -> None:
    store, queue = SubscriptionStore(gate.database, Subscribing((9, 9, 9, 9), 3)), await a_queue(gate)
    made = await store.add(queue.id, None, "alice", [(wanted(Subscribed.JOB_CREATED, lease=60), 60)])
    [subscription] = made or []
    for _ in range(5):
        await born(gate)
    assert [notice.number for notice in (await told(gate, subscription)).notices] == [3, 4, 5]
    assert (await told(gate, subscription)).subscription.number == 5


async def test_no_more_are_told_at_once_than_that(gate: Gate) -> None:
    store = SubscriptionStore(gate.database, at_once=2)
    subscription = await of_printer(gate, Subscribed.JOB_CREATED)
    for _ in range(3):
        await born(gate)
    async with store:
        [first] = await store.fetch([(subscription, 1)])
        [rest] = await store.fetch([(subscription, 3)])
    assert ([notice.number for notice in first.notices], first.more) == ([1, 2], True)
    assert ([notice.number for notice in rest.notices], rest.more) == ([3], False)


async def test_what_is_over_is_swept(gate: Gate, sql: Connection) -> None:
    lasting, over = await of_printer(gate), await of_printer(gate)
    job_id = await born(gate)
    ended = await of_job(gate, job_id)
    await gate.jobs.move(Move(job_id, Event.CANCEL, ()))
    assert await gate.subscriptions.sweep(120.0, 100) == (0, 0)
    await sql.execute("UPDATE subscription SET until = now() - interval '1 second' WHERE id = $1", over)
    await sql.execute("UPDATE subscription SET ended_at = now() - interval '121 seconds' WHERE id = $1", ended)
    await sql.execute("UPDATE notice SET at = now() - interval '121 seconds' WHERE number = 1")
    assert await gate.subscriptions.sweep(120.0, 100) == (2, 1)
    assert [each.id for each in await gate.subscriptions.all(100)] == [lasting]
    assert [notice.number for notice in (await told(gate, lasting)).notices] == [2]
    assert await sql.fetchval("SELECT count(*) FROM notice") == 1


async def test_sweeping_is_done_in_batches(gate: Gate, sql: Connection) -> None:
    for _ in range(3):
        await of_printer(gate)
    await sql.execute("UPDATE subscription SET until = now() - interval '1 second'")
    assert [await gate.subscriptions.sweep(120.0, 2) for _ in range(3)] == [(2, 0), (1, 0), (0, 0)]


async def test_a_purged_job_takes_its_subscriptions_with_it(gate: Gate, sql: Connection) -> None:
    job_id = await born(gate)
    await of_job(gate, job_id)
    await gate.jobs.move(Move(job_id, Event.CANCEL, ()))
    await gate.database.value("trash_reap", 100)
    assert await gate.jobs.purge(0.0, 10) == 1
    assert await sql.fetchval("SELECT count(*) FROM subscription") == 0


async def test_leases_are_renewed_touched_and_cancelled(gate: Gate, sql: Connection) -> None:
    subscription, job_id = await of_printer(gate, lasts=60), await born(gate)
    a_job_s = await of_job(gate, job_id)
    left = "SELECT extract(epoch FROM until - now())::integer FROM subscription WHERE id = $1"
    assert await gate.subscriptions.renew(subscription, 7200, 7200.0)
    assert 7100 < await sql.fetchval(left, subscription) <= 7200
    assert not await gate.subscriptions.renew(a_job_s, 7200, 7200.0)
    await gate.subscriptions.touch([subscription], 9000.0)  # it has an end
    assert await sql.fetchval(left, subscription) <= 7200
    assert await gate.subscriptions.renew(subscription, 0, 60.0)
    await gate.subscriptions.touch([subscription], 9000.0)
    assert await sql.fetchval(left, subscription) > 8900
    assert await gate.subscriptions.cancel(subscription)
    assert not await gate.subscriptions.cancel(subscription)
    assert not await gate.subscriptions.renew(subscription, 60, 60.0)


async def test_subscriptions_are_listed_by_what_they_are_of_and_whose(gate: Gate) -> None:
    queue, job_id = await a_queue(gate), await born(gate)
    mine, a_job_s = await of_printer(gate), await of_job(gate, job_id)
    made = await gate.subscriptions.add(queue.id, None, "bob", [(wanted(lease=60), 60)])
    assert made is not None

    async def ids(*asked: Any) -> list[int]:
        return [each.id for each in await gate.subscriptions.listing(*asked)]

    assert await ids(queue.id, None, None, 10) == [mine, *made]
    assert await ids(None, None, "bob", 10) == made
    assert await ids(None, job_id, None, 10) == [a_job_s]
    assert await ids(queue.id, None, None, 1) == [mine]
    assert [each.id for each in await gate.subscriptions.all(10, after=mine)] == [a_job_s, *made]
    assert await gate.subscriptions.count() == {"printer": 2, "job": 1}


# ── as many as there is room for ──


@pytest.mark.parametrize("bounds", [(3, 9, 9, 9), (9, 9, 3, 9), (9, 9, 9, 3)], ids=["person", "printer", "all"])
async def test_there_is_room_for_so_many_however_many_come_at_once(gate: Gate, bounds: Sequence[int]) -> None:
    store, queue = SubscriptionStore(gate.database, Subscribing(bounds, 9)), await a_queue(gate)
    wishes = [(wanted(lease=60), 60)] * 2
    made = await asyncio.gather(*(store.add(queue.id, None, "alice", wishes) for _ in range(6)))
    assert sorted(len(ids or ()) for ids in made) == [0, 0, 0, 0, 1, 2]
    assert len(await gate.subscriptions.all(100)) == 3


async def test_a_job_has_so_many(gate: Gate) -> None:
    store, queue, job_id = (
        SubscriptionStore(gate.database, Subscribing((9, 2, 1, 9), 9)),
        await a_queue(gate),
        await born(gate),
    )
    await of_printer(gate)  # those of the printer are counted apart
    made = await store.add(queue.id, job_id, "alice", [(wanted(), None)] * 3)
    assert len(made or ()) == 2


# ── many at once ──


async def test_whoever_reads_on_misses_nothing_whoever_writes(
    gate: Gate, gates: Callable[..., Awaitable[Gate]]
) -> None:
    """Jobs come and go through two workers while one reads on from the last number that it has seen."""
    other, count = await gates(), 60
    subscription = await of_printer(gate)
    seen: list[Notice] = []

    async def live(one: Gate) -> None:
        job_id = await born(one)
        await one.jobs.move(Move(job_id, Event.CANCEL, (R.JOB_CANCELED_BY_USER,)))

    async def read() -> None:
        while len(seen) < 2 * count:
            seen.extend((await told(gate, subscription, seen[-1].number + 1 if seen else 1)).notices)
            await asyncio.sleep(0)

    async with asyncio.timeout(60):
        await asyncio.gather(read(), *(live((gate, other)[number % 2]) for number in range(count)))
    assert [notice.number for notice in seen] == list(range(1, 2 * count + 1))
    of_each: dict[int | None, list[str]] = {}
    for notice in seen:
        of_each.setdefault(notice.job_id, []).append(notice.event)
    assert len(of_each) == count
    assert all(events == ["job-created", "job-completed"] for events in of_each.values())


async def test_whatever_happens_at_once_nobody_waits_for_ever(
    gate: Gate, gates: Callable[..., Awaitable[Gate]]
) -> None:
    """Jobs, switches, devices, subscriptions that come and go: all of it ends, and no number is missing."""
    other, queue, device = await gates(), await a_queue(gate), await a_device(gate)
    every = [await of_printer(gate) for _ in range(5)]
    direct = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, device.name)
    every += [await of_printer(gate, queue=direct) for _ in range(3)]

    async def jobs(one: Gate) -> None:
        for number in range(15):
            made = birth(one, queue, owner=f"anna{number}", subscriptions=(wanted(), wanted()))
            sealed = await one.spool.seal_small(one.keys.unwrap(made.key), 1, b"a page")
            job_id = (await one.jobs.accept(made, NewDocument(), sealed)).job_id
            await one.subscriptions.add(queue.id, job_id, f"bob{number}", [(wanted(), None)])
            await one.jobs.move(Move(job_id, Event.CANCEL, ()))

    async def switches(one: Gate) -> None:
        traffic = TrafficStore(one.database)
        for number in range(20):
            await traffic.accept("followme", accepting=bool(number % 2))
            await (traffic.pause if number % 2 else traffic.resume)("direct")
            await reported(one, device.id, (PrinterState.IDLE, PrinterState.STOPPED)[number % 2])

    async def comings(one: Gate) -> None:
        for _ in range(20):
            await one.subscriptions.cancel(await of_printer(one))
            await one.subscriptions.sweep(3600.0, 10)

    async with asyncio.timeout(60):
        await asyncio.gather(*(work(one) for one in (gate, other) for work in (jobs, jobs, switches, comings)))
    for subscription in every:
        await notices(gate, subscription)
