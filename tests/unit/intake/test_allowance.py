"""How much may come: counted now and then, exact for what one worker takes itself (SECURITY S17)."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ippgate.intake.allowance import Allowance, Bounds, unlimited
from ippgate.model.errors import Busy, ClientGone, SpoolFull, TooLarge, TooManyJobs, Unavailable

QUEUE, OTHER = 1, 2


class World:
    """What the database has, the disk, and the time."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, str], tuple[int, int]] = {}
        self.room: int | None = 1_000_000
        self.now, self.counts = 100.0, 0
        self.away = False

    def allowance(self, **bounds: int) -> Allowance:
        return Allowance(Bounds(**bounds), self.count, lambda: self.room, clock=lambda: self.now)

    async def count(self) -> list[tuple[tuple[int, str], int, int]]:
        self.counts += 1
        if self.away:
            raise Unavailable("away")
        return [(key, *amount) for key, amount in self.held.items()]


@pytest.fixture
def world() -> World:
    return World()


async def taken(allowance: Allowance, owner: str, *chunks: int, queue: int = QUEUE, jobs: int = 1) -> None:
    """A job comes, is checked, and stays."""

    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield bytes(chunk)

    await allowance.check(queue, owner, 0, jobs=jobs)
    with allowance.admitted(queue, owner, jobs=jobs) as charge:
        async for _ in charge.over(body()):
            pass


async def test_without_bounds_everything_comes_and_nothing_is_counted(world: World) -> None:
    allowance = world.allowance()
    await allowance.refresh()
    for _ in range(100):
        await taken(allowance, "jake", 10_000)
    await unlimited().check(QUEUE, "jake", 2**50)
    assert world.counts == 0
    assert not allowance.full(QUEUE)


async def test_a_person_has_so_many_jobs_and_others_have_their_own(world: World) -> None:
    allowance = world.allowance(person_jobs=2)
    await taken(allowance, "jake", 1)
    await taken(allowance, "jake", 1, queue=OTHER)
    world.held = {(QUEUE, "jake"): (1, 1), (OTHER, "jake"): (1, 1)}
    with pytest.raises(TooManyJobs, match="2 of your jobs wait here already"):
        await taken(allowance, "jake", 1)
    await taken(allowance, "anna", 1)


async def test_a_queue_and_the_gate_have_so_many(world: World) -> None:
    allowance = world.allowance(queue_jobs=1, jobs=2)
    world.held = {(QUEUE, ""): (1, 0)}
    await allowance.refresh()
    with pytest.raises(TooManyJobs, match="1 jobs wait in this queue"):
        await allowance.check(QUEUE, "jake", 0)
    world.held[OTHER, ""] = (1, 0)
    await allowance.refresh()
    with pytest.raises(TooManyJobs, match="2 jobs wait here"):
        await allowance.check(3, "jake", 0)


@pytest.mark.parametrize(
    ("bounds", "kind", "words"),
    [
        ({"person_octets": 1000}, Busy, "your jobs that wait here would exceed 1000 octets"),
        ({"queue_octets": 1000}, SpoolFull, "what waits in this queue"),
        ({"octets": 1000}, SpoolFull, "what waits here leaves no room"),
        ({"low_water": 999_000}, SpoolFull, "nearly full"),
    ],
)
async def test_octets_are_refused_when_announced_and_cut_when_they_come(
    world: World, bounds: dict[str, int], kind: type[Exception], words: str
) -> None:
    allowance = world.allowance(**bounds)
    await allowance.refresh()
    await taken(allowance, "jake", 400, 400)
    with pytest.raises(kind, match=words):
        await allowance.check(QUEUE, "jake", 201)
    await allowance.check(QUEUE, "jake", 200)
    with pytest.raises(kind, match=words):
        await taken(allowance, "jake", 100, 101, jobs=0)
    await allowance.check(QUEUE, "jake", 200)  # what was cut is not held


async def _chunks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield bytes(size)


async def test_a_document_that_never_fits_a_person_s_share_is_too_large(world: World) -> None:
    with pytest.raises(TooLarge, match="larger than the 1000 octets that one person may have"):
        await world.allowance(person_octets=1000).check(QUEUE, "jake", 1001)


async def test_what_arrives_side_by_side_is_charged_to_one_bound(world: World) -> None:
    allowance = world.allowance(octets=1000)
    with allowance.admitted(QUEUE, "jake") as one:
        async for _ in one.over(_chunks(900)):
            with pytest.raises(SpoolFull):
                await taken(allowance, "anna", 101, queue=OTHER)
            await allowance.check(OTHER, "anna", 100)


async def test_what_its_client_left_is_not_held(world: World) -> None:
    allowance = world.allowance(octets=1000, person_jobs=1)

    async def broken() -> AsyncIterator[bytes]:
        yield bytes(900)
        raise ClientGone("gone")

    with pytest.raises(ClientGone), allowance.admitted(QUEUE, "jake") as charge:
        assert [len(chunk) async for chunk in charge.over(broken())] == []
    await allowance.check(QUEUE, "jake", 1000)


async def test_what_was_released_meanwhile_is_seen_before_anybody_is_refused(world: World) -> None:
    allowance = world.allowance(person_jobs=1)
    await taken(allowance, "jake", 1)
    world.now += 1.5
    await allowance.check(QUEUE, "jake", 0)  # nothing of it is in the database any more
    assert world.counts == 1


async def test_refusals_one_after_the_other_count_no_more_than_once_a_second(world: World) -> None:
    allowance = world.allowance(person_jobs=1)
    world.held = {(QUEUE, "jake"): (1, 1)}
    await allowance.refresh()
    for _ in range(50):
        with pytest.raises(TooManyJobs):
            await allowance.check(QUEUE, "jake", 0)
        world.now += 0.1
    assert world.counts <= 6


async def test_what_comes_while_it_is_counted_is_not_forgotten(world: World) -> None:
    allowance = world.allowance(jobs=3)
    begun, go = asyncio.Event(), asyncio.Event()
    count = world.count

    async def slowly() -> list[tuple[tuple[int, str], int, int]]:
        begun.set()
        await go.wait()
        return await count()

    allowance._count = slowly
    await taken(allowance, "jake", 1)
    world.held = {(QUEUE, "jake"): (1, 1)}
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(allowance.refresh())
        await begun.wait()
        await taken(allowance, "jake", 1)  # after what the count sees
        go.set()
    assert allowance._of("all", 0).jobs == 2


async def test_a_database_that_is_away_changes_no_count(world: World) -> None:
    allowance = world.allowance(person_jobs=2)
    await taken(allowance, "jake", 1)
    world.away = True
    with pytest.raises(Unavailable):
        await allowance.refresh()
    await taken(allowance, "jake", 1)
    with pytest.raises(TooManyJobs):
        await taken(allowance, "jake", 1)


async def test_a_large_job_counts_once_while_it_arrives(world: World) -> None:
    allowance = world.allowance(person_jobs=2)
    with allowance.admitted(QUEUE, "jake") as charge:
        charge.opened()
        world.held = {(QUEUE, "jake"): (1, 0)}
        await allowance.refresh()
        await allowance.check(QUEUE, "jake", 0)
    await allowance.check(QUEUE, "jake", 0)


async def test_whoever_brings_ever_new_names_fills_no_memory(world: World) -> None:
    allowance = world.allowance(person_jobs=2)
    for number in range(1000):
        await taken(allowance, f"name {number}", 1)
    assert len(allowance._under_way) == 0
    await allowance.refresh()
    assert len(allowance._since) == 0


async def test_full_is_told_while_no_octet_more_is_taken(world: World) -> None:
    allowance = world.allowance(queue_octets=1000)
    await taken(allowance, "jake", 999)
    assert not allowance.full(QUEUE)
    await taken(allowance, "jake", 1)
    assert allowance.full(QUEUE)
    assert not allowance.full(OTHER)


async def test_where_nobody_knows_what_is_free_the_low_water_mark_refuses_nobody(world: World) -> None:
    world.room = None
    allowance = world.allowance(low_water=10**12)
    await allowance.refresh()
    await allowance.check(QUEUE, "jake", 10**15)
