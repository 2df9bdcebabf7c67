"""P2: does intake slow down with the number of held jobs? A thousand, a hundred thousand and a million take turns."""

from contextlib import AsyncExitStack

from bench.document import small
from bench.figure import Bar, Figure
from bench.gate import FORMAT, House
from bench.load import Intake, post
from bench.request import print_job
from bench.run import Run

FEW, MANY = 1_000, 100_000
SECONDS = 4
BAR = Bar("at least", 0.9)


async def ask(run: Run) -> list[Figure]:
    """The rate with each number of held jobs against the rate with the fewest."""
    rounds = run.choose(4, 2)
    rates: dict[int, list[Intake]] = {}
    async with AsyncExitStack() as stack:
        houses = {FEW: await stack.enter_async_context(run.house("p2-few", FEW))}
        if run.crowd_size != MANY:
            houses[MANY] = await stack.enter_async_context(run.house("p2-many", MANY))
        houses[run.crowd_size] = await run.crowd()
        for number in range(rounds):
            for held, house in houses.items():
                run.say(f"round {number + 1} of {rounds}: {held:,} held")
                rates.setdefault(held, []).append(await _round(house, SECONDS))
    return [_figure(held, rates) for held in rates if held != FEW]


async def _round(house: House, seconds: int) -> Intake:
    newest = await house.newest_job()
    async with house.serving() as serving:
        request = print_job(serving.where.uri, small(), document_format=FORMAT)
        return await post(serving.where, request, seconds, lambda: house.jobs_after(newest))


def _figure(held: int, rounds: dict[int, list[Intake]]) -> Figure:
    many, few = ([one.rate for one in rounds[number]] for number in (held, FEW))
    raw = {str(number): rounds[number] for number in (FEW, held)}
    return Figure.of_rounds("P2", f"the same, {held:,} held", "jobs/s", many, f"{FEW:,} held", few, bar=BAR, raw=raw)
